#include "sim/lab/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/base/vocabulary.h"

namespace nsp::lab {
namespace {

using std::string_view;

bool is_search(Service service) { return service == Service::Search; }
bool is_storage(Service service) { return service == Service::Storage; }
bool has_acls(Service service) { return service != Service::Search; }
bool has_local_keys(Service service) { return service != Service::Storage; }
bool limits_egress(Service service) {
  return service == Service::Foundry || service == Service::OpenAi ||
         service == Service::CognitiveServices;
}

constexpr std::array<string_view, 2> kYesNo{"yes", "no"};
constexpr std::array<string_view, 2> kActions{"Allow", "Deny"};
constexpr std::array<string_view, 4> kBypasses{"AzureServices", "Logging", "Metrics", "None"};
constexpr std::array<string_view, 2> kSearchBypasses{"AzureServices", "None"};
constexpr std::array<string_view, 6> kProvisioning{"Succeeded", "Creating", "Updating",
                                                   "Deleting",  "Accepted", "Failed"};
constexpr std::span<const string_view> kAccess = Vocabulary<PublicNetworkAccess>::words;
// The portal's word for Learning is read as it (contradiction C1).
constexpr std::array<string_view, 4> kModes{"Learning", "Enforced", "Audit", "Transition"};
constexpr std::span<const string_view> kStates = Vocabulary<ConnectionStatus>::words;
constexpr std::span<const string_view> kFree;

using enum ValueForm;

constexpr std::array kSettings{
    Setting{Bearer::Resource, "publicNetworkAccess", Word, kAccess},
    Setting{Bearer::Resource, "identity", Word, kYesNo},
    Setting{Bearer::Resource, "networkAcls.defaultAction", Word, kActions, has_acls},
    Setting{Bearer::Resource, "networkAcls.bypass", Words, kBypasses, has_acls},
    Setting{Bearer::Resource, "networkAcls.ipRules", Prefixes, kFree, has_acls, "value"},
    Setting{Bearer::Resource, "networkAcls.virtualNetworkRules", Subnets, kFree, has_acls, "id"},
    Setting{Bearer::Resource, "networkAcls.resourceAccessRules", Resources, kFree, has_acls,
            "resourceId"},
    Setting{Bearer::Resource, "networkRuleSet.ipRules", Prefixes, kFree, is_search, "value"},
    Setting{Bearer::Resource, "networkRuleSet.bypass", Word, kSearchBypasses, is_search},
    Setting{Bearer::Resource, "allowSharedKeyAccess", Truth, kFree, is_storage},
    Setting{Bearer::Resource, "disableLocalAuth", Truth, kFree, has_local_keys},
    Setting{Bearer::Resource, "restrictOutboundNetworkAccess", Truth, kFree, limits_egress},
    Setting{Bearer::Resource, "allowedFqdnList", HostNames, kFree, limits_egress},
    Setting{Bearer::Association, "accessMode", Word, kModes},
    Setting{Bearer::Association, "provisioningState", Word, kProvisioning},
    Setting{Bearer::Association, "hasProvisioningIssues", Word, kYesNo},
    Setting{Bearer::Endpoint, "privateLinkServiceConnectionState.status", Word, kStates},
    Setting{Bearer::SharedLink, "status", Word, kStates},
    Setting{Bearer::Link, "status", Word, kStates},
    Setting{Bearer::Subnet, "serviceEndpoints", ServiceNames, kFree, nullptr, "service"},
    Setting{Bearer::Zone, "virtualNetworkLinks", Networks},
    Setting{Bearer::Zone, "aRecords", Records},
};

string_view last_word(string_view name) { return name.substr(name.rfind('.') + 1); }

std::string listed(std::span<const string_view> words, string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += fmt::format("{0}{1}{0}", quote, words[i]);
  }
  return text;
}

bool goes_by(const Setting& setting, string_view name) {
  return iequals(setting.name, name) || iequals(last_word(setting.name), name);
}

// `what`: `property of a resource`; the settings are those that the test picks.
template <class Test>
std::string no_such_setting(string_view name, string_view what, const Test& test) {
  std::vector<string_view> names;
  std::vector<string_view> known;
  for (const Setting& setting : kSettings) {
    if (!test(setting)) continue;
    if (std::ranges::find(names, setting.name) == names.end()) names.push_back(setting.name);
    known.push_back(setting.name);
    known.push_back(last_word(setting.name));
  }
  const string_view nearest = nearest_word(name, known);
  return fmt::format("`{}` is no {}, expected {}{}", name, what, listed(names, ""),
                     nearest.empty() ? "" : fmt::format(", did you mean `{}`?", nearest));
}

}  // namespace

string_view word_of(Bearer bearer) {
  constexpr std::array<string_view, kBearers> kWords{
      "resource", "association", "endpoint", "shared-link", "link", "subnet", "zone"};
  return kWords[static_cast<std::size_t>(bearer)];
}

string_view prose_of(Bearer bearer) {
  constexpr std::array<string_view, kBearers> kWords{
      "a resource",       "an association", "a private endpoint", "a shared private link",
      "a perimeter link", "a subnet",       "a private DNS zone"};
  return kWords[static_cast<std::size_t>(bearer)];
}

string_view sign_of(SetHow how) {
  constexpr std::array<string_view, 3> kSigns{"=", "+=", "-="};
  return kSigns[static_cast<std::size_t>(how)];
}

std::span<const Setting> all_settings() { return kSettings; }

std::expected<std::vector<const Setting*>, std::string> settings_named(Bearer of,
                                                                       string_view name) {
  std::vector<const Setting*> found;
  for (const Setting& setting : kSettings) {
    if (setting.of == of && goes_by(setting, name)) found.push_back(&setting);
  }
  if (!found.empty()) return found;
  return std::unexpected(
      no_such_setting(name, fmt::format("property of {}", prose_of(of)),
                      [of](const Setting& setting) { return setting.of == of; }));
}

std::expected<std::vector<Bearer>, std::string> bearers_of(string_view name) {
  std::vector<Bearer> all;
  for (const Setting& setting : kSettings) {
    const bool known = std::ranges::find(all, setting.of) != all.end();
    if (goes_by(setting, name) && !known) all.push_back(setting.of);
  }
  if (!all.empty()) return all;
  return std::unexpected(no_such_setting(name, "property", [](const Setting&) { return true; }));
}

std::string values_of(const Setting& setting) {
  switch (setting.form) {
    case Word:
      return listed(setting.words, "`");
    case Words:
      return listed(setting.words, "`") + ", or some with commas between";
    case Truth:
      return "`true` or `false`";
    case Prefixes:
      return "address prefixes";
    case Subnets:
      return "subnets as `vnet/subnet` or ids";
    case Resources:
      return "resources by name or id";
    case HostNames:
      return "host names";
    case ServiceNames:
      return "services such as `Microsoft.Storage`";
    case Networks:
      return "virtual networks";
    case Records:
      return "records as `label:address`";
  }
  return {};
}

std::expected<Assignment, std::string> parse_assignment(string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == string_view::npos || equals == 0) {
    return std::unexpected(
        fmt::format("`{}` sets nothing, expected PROPERTY=VALUE, or of a list PROPERTY+=VALUE or "
                    "PROPERTY-=VALUE",
                    text));
  }
  Assignment out;
  const char sign = text[equals - 1];
  if (sign == '+') out.how = SetHow::Add;
  if (sign == '-') out.how = SetHow::Remove;
  out.property = trim(text.substr(0, equals - (out.how == SetHow::Set ? 0 : 1)));
  out.value = trim(text.substr(equals + 1));
  return out;
}

}  // namespace nsp::lab
