// Names for what is suggested: valid (1 to 80 of letters, digits, `_`, `.`, `-`, a letter or digit
// at both ends), unique where they have to be, the same in every run, and telling.
//
// Source of the pattern: Microsoft.Network from api-version 2024-06-01-preview on. Thread safety: a
// NameGiver for one thread.
#ifndef NSP_SIM_ANALYSIS_SUGGEST_NAMES_H_
#define NSP_SIM_ANALYSIS_SUGGEST_NAMES_H_

#include <set>
#include <string>
#include <string_view>

namespace nsp {

class NameGiver {
 public:
  // Names that are taken already, compared without case.
  void take(std::string_view name);
  // `wanted` made valid, numbered where it is taken; taken from then on.
  [[nodiscard]] std::string give(std::string_view wanted);

 private:
  std::set<std::string> taken_;  // lower case
};

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SUGGEST_NAMES_H_
