// Which rule a leg rests on, as a small value; Policy::rule_name() gives its words.
#ifndef NSP_SIM_POLICY_RULE_REF_H_
#define NSP_SIM_POLICY_RULE_REF_H_

#include <cstdint>

namespace nsp {

struct RuleRef {
  enum class Kind : std::uint8_t {
    None,
    Access,  // perimeter rule: `owner` is the perimeter, `profile` and `index` the rule in it
    DefaultAction,  // of the resource `owner`
    Ip,             // `index` into the resource's firewall.ip_rules
    Subnet,         // … subnet_rules
    Instance,       // … instance_rules
  };
  Kind kind = Kind::None;
  std::uint32_t owner = 0;
  std::uint32_t profile = 0;
  std::uint32_t index = 0;

  bool operator==(const RuleRef&) const = default;
};

}  // namespace nsp

#endif  // NSP_SIM_POLICY_RULE_REF_H_
