// Drift: where a resource's own copy of its place in a perimeter differs from what the perimeter's
// documents say.
//
// An association is written at the perimeter (the control plane) and copied to the resource, whose
// data plane obeys the copy. Copying takes time and can fail: the portal then shows an enforced
// association while the resource still lets everything in, or a new rule while the resource
// refuses. Where an environment holds both sides, the perimeter's documents and the resource's
// EffectiveConfiguration, each difference is one Drift. What only one side says is none: an
// absent version, an absent mode. Rules made by links are listed at the resource only, and service
// tags at the perimeter only (no configuration has a member for them), so neither is drift. A side
// that holds values which only a deployment tells is not compared.
//
// A configuration's `provisioningState` other than `Succeeded` and each of its `provisioningIssues`
// are drift too, whatever the perimeter says: the copy is then not known to be the last one.
//
// Source: azure-rest-api-specs, common-types networksecurityperimeter.json and Microsoft.Network
// resourceAssociations.
//
// Thread safety: pure function, plain values.
#ifndef NSP_SIM_MODEL_DRIFT_H_
#define NSP_SIM_MODEL_DRIFT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/model/build.h"
#include "sim/model/environment.h"

namespace nsp {

enum class DriftKind : std::uint8_t {
  NotListed,          // the resource reports an association that its perimeter does not list
  Perimeter,          // another perimeter, or one of the same id with another GUID
  Profile,            // another profile
  AccessMode,         // another accessMode
  RulesVersion,       // another accessRulesVersion of the same profile
  MissingRule,        // a rule of the profile that the resource does not have
  ExtraRule,          // a rule that the resource has and the profile has not
  ChangedRule,        // a rule of both with other elements, or of the other direction
  ProvisioningState,  // a state other than `Succeeded` on either side
  ProvisioningIssue,  // one that the resource reports, or that the association says there is
};

template <>
struct Vocabulary<DriftKind> {
  static constexpr std::array<std::string_view, 10> words{
      "not listed",   "perimeter",  "profile",      "access mode",        "rules version",
      "missing rule", "extra rule", "changed rule", "provisioning state", "provisioning issue"};
};

struct Drift {
  DriftKind kind = DriftKind::NotListed;
  Index association = kNone;  // of the environment
  Index resource = kNone;     // of the environment
  std::string subject = {};   // the rule's name, else the setting: `accessMode`
  // The values on the two sides, of a changed rule what only that side has; may be empty.
  std::string perimeter_side = {};
  std::string resource_side = {};
  Place perimeter_place = {};  // no line: nothing is written there
  Place resource_place = {};   // likewise
  std::string sentence = {};   // all of it, in the style of a message

  // Where a person should look first: at the resource's side, if it has one.
  [[nodiscard]] const Place& place() const {
    return resource_place.line != 0 ? resource_place : perimeter_place;
  }
};

// In order of the configurations, then of the kinds; rules by name.
[[nodiscard]] std::vector<Drift> find_drift(const Environment& environment);

// As build_environment() puts it among its diagnostics.
[[nodiscard]] Diagnostic as_warning(Drift drift);

// The diagnostics that tell of something else.
[[nodiscard]] Diagnostics without_drift(const BuildResult& result);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_DRIFT_H_
