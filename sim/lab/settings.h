// What can be set of an environment's objects while a lab runs: one table of properties, by Azure's
// own names.
//
//   networkAcls.defaultAction=Deny       of a resource
//   networkAcls.ipRules+=203.0.113.0/28  one more element of a list; -= takes one out, = sets all
//   accessMode=Enforced                  of an association
//   privateLinkServiceConnectionState.status=Rejected   of a private endpoint
//
// A name is its path below `properties`; the last word of it will do (`defaultAction`, `status`).
// The table says where a property may be set, which values it has, and where it stands in the
// documents; sim/lab/edit.h makes the change. The settings of resources,
// associations, connections and zones that a verdict depends on are there; rules are added and
// removed whole, and a link's lists of profiles are not there.
//
// Thread safety: constant data and pure functions.
#ifndef NSP_SIM_LAB_SETTINGS_H_
#define NSP_SIM_LAB_SETTINGS_H_

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/services.h"

namespace nsp::lab {

// What has properties.
enum class Bearer : std::uint8_t {
  Resource,
  Association,
  Endpoint,    // a private endpoint: its connection, as both sides describe it
  SharedLink,  // a private link that a resource opens outward
  Link,        // between two perimeters
  Subnet,
  Zone,  // of private DNS
};
inline constexpr std::size_t kBearers = 7;
[[nodiscard]] std::string_view word_of(Bearer bearer);   // `shared-link`: the option's name
[[nodiscard]] std::string_view prose_of(Bearer bearer);  // `a shared private link`

enum class SetHow : std::uint8_t { Set, Add, Remove };
[[nodiscard]] std::string_view sign_of(SetHow how);  // `=`, `+=`, `-=`

// The kinds of values. Those from Prefixes on are lists.
enum class ValueForm : std::uint8_t {
  Word,   // one of `words`
  Words,  // some of them, with commas between
  Truth,  // `true` or `false`
  Prefixes,
  Subnets,
  Resources,
  HostNames,
  ServiceNames,
  Networks,  // linked to a zone
  Records,   // of a zone: `LABEL:ADDRESS`; of one that is taken out, LABEL is enough
};

struct Setting {
  Bearer of = Bearer::Resource;
  std::string_view name;
  ValueForm form = ValueForm::Word;
  std::span<const std::string_view> words{};  // empty where values are free
  bool (*fits)(Service) = nullptr;            // of a resource; null: whatever it is
  std::string_view member{};  // of a list: what an element is called, `value`; or ""

  [[nodiscard]] bool is_list() const { return form >= ValueForm::Prefixes; }
};

[[nodiscard]] std::span<const Setting> all_settings();
// Those of that name, whole or its last word, without case: `bypass` is one of AI Search and one of
// all others. The error says what there is, and the nearest.
[[nodiscard]] std::expected<std::vector<const Setting*>, std::string> settings_named(
    Bearer of, std::string_view name);
// What has a property of that name. The error says what properties there are, and the nearest.
[[nodiscard]] std::expected<std::vector<Bearer>, std::string> bearers_of(std::string_view name);
// What a value may be: "`Allow` or `Deny`", "true or false", "address prefixes".
[[nodiscard]] std::string values_of(const Setting& setting);

struct Assignment {
  std::string property;
  SetHow how = SetHow::Set;
  std::string value;

  bool operator==(const Assignment&) const = default;
};
// `PROPERTY=VALUE`, `PROPERTY+=VALUE`, `PROPERTY-=VALUE`. The property is not looked up.
[[nodiscard]] std::expected<Assignment, std::string> parse_assignment(std::string_view text);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SETTINGS_H_
