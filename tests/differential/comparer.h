// Holds the engine against the reference, one attempt at a time, and keeps the first differences
// for the report.
#ifndef NSP_TESTS_DIFFERENTIAL_COMPARER_H_
#define NSP_TESTS_DIFFERENTIAL_COMPARER_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "sim/decision/evaluate.h"
#include "sim/policy/policy.h"
#include "tests/reference/reference.h"

namespace nsp::differential {

// What the engine decided, in the reference's form.
[[nodiscard]] reference::Outcome as_outcome(const Policy& policy, const Decision& decision);

// One line a resource, a rule, a link, … ; for people who look at a difference. Of a large
// environment only the resources that the attempt names.
[[nodiscard]] std::string describe(const Environment& environment, const Attempt& attempt);
[[nodiscard]] std::string describe(const Attempt& attempt);
[[nodiscard]] std::string describe(const Scope& scope);
[[nodiscard]] std::string describe(const reference::Outcome& outcome);

class Comparer {
 public:
  // Different differences, that is: the same two outcomes again are only counted.
  static constexpr std::size_t kEnough = 5;

  // Binds once and evaluates under each scope. `label` says which environment it is.
  void compare(const Policy& policy, const Attempt& attempt, std::span<const Scope> scopes,
               const Readings& readings = {}, std::string_view label = "");

  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] bool had_enough() const { return differences_.size() >= kEnough; }
  // Empty when engine and reference agreed on everything.
  [[nodiscard]] std::string report() const;

 private:
  struct Difference {
    std::string first;
    std::uint64_t count = 0;
  };

  void note(const Policy& policy, const Attempt& attempt, const Scope& scope,
            std::string_view label, const std::string& engine, const std::string& reference);

  std::uint64_t compared_ = 0;
  std::map<std::string, Difference> differences_;  // by the two outcomes
};

// How many of `1 in N` environments a run looks at: all in a release build or with
// NSPSIM_EXHAUSTIVE set, else a fixed sample.
[[nodiscard]] std::uint64_t sampling(std::uint64_t sampled);
// True for the environments of the sample: the same ones in every run.
[[nodiscard]] bool in_sample(std::uint64_t environment, std::uint64_t one_in);

}  // namespace nsp::differential

#endif  // NSP_TESTS_DIFFERENTIAL_COMPARER_H_
