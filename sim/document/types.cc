#include "sim/document/types.h"

#include <algorithm>
#include <array>

#include "sim/base/text.h"

namespace nsp::types {
namespace {

constexpr std::array kKnown{kPerimeter,
                            kProfile,
                            kAccessRule,
                            kAssociation,
                            kLink,
                            kLinkReference,
                            kLoggingConfiguration,
                            kVirtualNetwork,
                            kSubnet,
                            kPrivateEndpoint,
                            kZoneGroup,
                            kDnsZone,
                            kDnsRecord,
                            kDnsLink,
                            kStorage,
                            kSearch,
                            kCognitiveServices,
                            kProject,
                            kSharedPrivateLink,
                            kKeyVault,
                            kCosmosDb,
                            kEventHubs,
                            kServiceBus,
                            kSql,
                            kAppConfiguration};

constexpr std::array kBeside{kDiagnosticSetting, kRoleAssignment, kUserAssignedIdentity,
                             kFileShare};

}  // namespace

std::string_view canonical(std::string_view type) {
  for (const std::string_view known : kKnown) {
    if (iequals(known, type)) return known;
  }
  for (const std::string_view known : kMonitor) {
    if (iequals(known, type)) return known;
  }
  for (const std::string_view known : kBeside) {
    if (iequals(known, type)) return known;
  }
  return {};
}

bool matters(std::string_view type) {
  const std::string_view known = canonical(type);
  return !known.empty() && std::ranges::find(kBeside, known) == kBeside.end();
}

bool ends_with_segment(std::string_view type, std::string_view segment) {
  return iequals(type.substr(type.rfind('/') + 1), segment);
}

}  // namespace nsp::types
