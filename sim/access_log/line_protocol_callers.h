// The `--callers` file: who calls from outside the modelled resources, the caller table of a page
// as JSON.
//
// `{"callers":[…]}` or a bare array of objects with the columns of the table as members: `caller`
// (or `name`; required), `address` (`hidden`: none is visible), `credential`, `subscription`,
// `subnet`, `trustedService` (or `trusted service`; true, false, "yes" or "no"), `note`. Comments
// and trailing commas are read, as in every document.
//
// Errors, all of them, each with its place: an unknown member, a wrong type, a bad value, a name
// that stands twice. Thread safety: plain values; CallerBook is immutable after its construction.
#ifndef NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_CALLERS_H_
#define NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_CALLERS_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/model/environment.h"
#include "sim/traffic/attempt.h"

namespace nsp {

[[nodiscard]] Result<std::vector<Caller>> read_callers(std::string_view bytes,
                                                       const std::string& file);

// Callers that share their name with a resource: an error each, since `from` could mean either.
[[nodiscard]] Diagnostics check_callers(const Environment& environment,
                                        const std::vector<Caller>& callers);

// The attempt that this caller makes, as far as the caller says; `to` and the rest are the user's.
[[nodiscard]] Attempt attempt_of(const Caller& caller);

// Callers by name, without case.
class CallerBook {
 public:
  CallerBook() = default;
  explicit CallerBook(std::vector<Caller> callers);

  // Null when nobody has that name. Lives as long as the book.
  [[nodiscard]] const Caller* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Caller>& all() const { return callers_; }
  [[nodiscard]] bool empty() const { return callers_.empty(); }

 private:
  std::vector<Caller> callers_;
  std::unordered_map<std::string, std::size_t> by_name_;  // lower case → index
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_CALLERS_H_
