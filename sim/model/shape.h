// The shape of each modelled document: which members the model knows. Inside this folder only.
//
// A member is held (the model has it and writes it again), kept (Azure always returns it and it
// says nothing about the network: written again as it stands) or unknown, which is everything else:
// kept as well, and counted, with its path, so that nobody believes it was understood. One walk
// over a document against its shape finds all of that; the readers need not know of it.
//
// Thread safety: constant data and pure functions.
#ifndef NSP_SIM_MODEL_SHAPE_H_
#define NSP_SIM_MODEL_SHAPE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/secrets.h"
#include "sim/document/node.h"
#include "sim/model/services.h"
#include "sim/model/unknown.h"

namespace nsp {

struct Shape;

enum class Use : std::uint8_t { Held, Kept };

struct KnownMember {
  std::string_view name;
  const Shape* inside = nullptr;  // of the object, or of each item of the list; null: not looked at
  Use use = Use::Held;
};

struct Shape {
  std::span<const KnownMember> members;
  // What names an item of a list.
  std::string_view key = "name";
  // Of an ARM resource, the members held beside `properties`; `members` are then those inside it,
  // which az may have flattened. Empty: a plain object.
  std::span<const KnownMember> around = {};
};

extern const Shape kPerimeterShape;
extern const Shape kProfileShape;
extern const Shape kRuleShape;
extern const Shape kAssociationShape;
extern const Shape kLinkShape;
extern const Shape kLoggingShape;
extern const Shape kConfigurationShape;
extern const Shape kConnectionShape;  // of a private endpoint, as the resource lists it
extern const Shape kSharedLinkShape;
extern const Shape kNetworkShape;
extern const Shape kSubnetShape;
extern const Shape kEndpointShape;
extern const Shape kZoneGroupShape;
extern const Shape kZoneShape;
extern const Shape kRecordShape;
extern const Shape kZoneLinkShape;
extern const Shape kDiagnosticSettingShape;
extern const Shape kRoleAssignmentShape;
extern const Shape kFileShareShape;
[[nodiscard]] const Shape& resource_shape(Service service);

// What `body` says beyond its shape, without `secrets`. Each member that is neither known nor empty
// nor mere bookkeeping is counted in `counts` under `type path`: `… networkAcls.ipRules[].comment`.
[[nodiscard]] Unknown unknown_in(const Node& body, const Shape& shape, std::string_view type,
                                 const SecretTexts& secrets,
                                 std::map<std::string, std::size_t>& counts);

// Changes by itself or says nothing about the network, wherever it stands: `provisioningState`.
[[nodiscard]] bool is_bookkeeping(std::string_view property);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_SHAPE_H_
