// What was written differently between two environments, in their own words: objects added,
// removed, changed; which setting, from what to what, and where both sides say so.
//
// Objects are the same when their ids are; of those that are left, when their short names are under
// the same parents (or no parent), where that is one pair. Order never matters (G-3): lists are
// compared as sets, prefixes and ids as values (203.0.113.7/28 is 203.0.113.0/28). Settings that
// the model does not know are not compared.
//
// Example: rule `office` of `nsp-ai/default`: addressPrefixes without 203.0.113.0/28, with
// 203.0.113.0/27.
//
// Cost: linear in what the environments hold, times the logarithm of it. Thread safety: pure
// functions, plain values.
#ifndef NSP_SIM_ANALYSIS_CONFIGURATION_DIFF_H_
#define NSP_SIM_ANALYSIS_CONFIGURATION_DIFF_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/base/vocabulary.h"
#include "sim/model/environment.h"

namespace nsp {

enum class ObjectKind : std::uint8_t {
  Perimeter,
  Profile,
  Rule,
  Association,
  Link,
  Resource,
  VirtualNetwork,
  Subnet,
  PrivateEndpoint,
  Zone,
  ServiceTag,
};
template <>
struct Vocabulary<ObjectKind> {
  static constexpr std::array<std::string_view, 11> words{
      "perimeter",  "profile",         "rule",   "association",      "link",
      "resource",   "virtual network", "subnet", "private endpoint", "private DNS zone",
      "service tag"};
};

// One setting of an object. A list has `is_list`: its elements as texts, sorted, each once.
struct Setting {
  std::string name;  // as the document calls it: `accessMode`, `networkAcls.ipRules`
  std::vector<std::string> values;
  bool is_list = false;

  bool operator==(const Setting&) const = default;
};

struct ConfiguredObject {
  ObjectKind kind = ObjectKind::Perimeter;
  std::string name;  // `nsp-ai/default/office`
  std::string key;  // what tells it apart from the others of its kind: its id, or of a rule its way
  Place place;
  std::vector<Setting> settings;
};

// Every object of an environment, with what it says, in the order of kinds, then of keys.
[[nodiscard]] std::vector<ConfiguredObject> configured_objects(const Environment& environment);

// A setting that differs. Of a list what came and what went; of anything else the value of each
// side, empty where it says nothing.
struct SettingChange {
  std::string name;
  bool is_list = false;
  std::string from;
  std::string to;
  std::vector<std::string> added;
  std::vector<std::string> removed;

  bool operator==(const SettingChange&) const = default;
};

enum class ObjectChangeKind : std::uint8_t { Added, Removed, Changed };
template <>
struct Vocabulary<ObjectChangeKind> {
  static constexpr std::array<std::string_view, 3> words{"added", "removed", "changed"};
};

struct ObjectChange {
  ObjectChangeKind change = ObjectChangeKind::Changed;
  ObjectKind kind = ObjectKind::Perimeter;
  std::string name;
  std::optional<Place> base;       // nothing where that side lacks it
  std::optional<Place> candidate;  // …
  std::vector<SettingChange> settings;

  bool operator==(const ObjectChange&) const = default;
};

// In the order of kinds, then of names.
[[nodiscard]] std::vector<ObjectChange> diff_configurations(const Environment& base,
                                                            const Environment& candidate);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_CONFIGURATION_DIFF_H_
