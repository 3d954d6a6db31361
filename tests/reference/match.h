// Whether a rule, a membership or a firewall entry matches an attempt: one function a question.
#ifndef NSP_TESTS_REFERENCE_MATCH_H_
#define NSP_TESTS_REFERENCE_MATCH_H_

#include <string>

#include "tests/reference/case.h"

namespace nsp::reference {

// Whether something matches; where a fact is missing that would have let it match, which.
struct Match {
  bool yes = false;
  std::string rule;  // the name of what matched
  Fact missing = Fact::None;
};

[[nodiscard]] Match same_perimeter(const Case& c);                         // IN-2, OUT-2
[[nodiscard]] Match linked(const Case& c);                                 // IN-3, OUT-3
[[nodiscard]] Match inbound_rule(const Case& c, const Profile& profile);   // IN-4
[[nodiscard]] Match outbound_rule(const Case& c, const Profile& profile);  // OUT-4
[[nodiscard]] Match bypass(const Case& c);                                 // IN-7, IN-9
[[nodiscard]] Match resource_rule(const Case& c);                          // IN-9
[[nodiscard]] Match egress_allows(const Case& c);                          // OUT-7

[[nodiscard]] bool is_foundry(const Resource& resource);

}  // namespace nsp::reference

#endif  // NSP_TESTS_REFERENCE_MATCH_H_
