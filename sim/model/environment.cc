#include "sim/model/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "sim/base/text.h"

namespace nsp {
namespace {

bool is_id(std::string_view text) { return text.starts_with('/'); }

// The one index for which `fits` holds; ambiguous when there are several.
template <class Fits>
Lookup find_one(std::size_t count, Fits fits) {
  Lookup found;
  for (std::size_t i = 0; i < count; ++i) {
    if (!fits(i)) continue;
    if (found.index != kNone) return {kNone, true};
    found.index = static_cast<Index>(i);
  }
  return found;
}

// Lower case, with today's spelling of every segment; empty when it is no id.
std::string lookup_key(std::string_view text) {
  const auto id = ResourceId::parse(text);
  return id ? id->key() : std::string();
}

}  // namespace

Lookup find_resource(const Environment& environment, std::string_view name_or_id) {
  const auto& resources = environment.resources;
  if (is_id(name_or_id)) {
    const std::string key = lookup_key(name_or_id);
    return find_one(resources.size(), [&](std::size_t i) { return resources[i].id.key() == key; });
  }
  return find_one(resources.size(),
                  [&](std::size_t i) { return iequals(resources[i].name, name_or_id); });
}

Lookup find_subnet(const Environment& environment, std::string_view name_or_id) {
  const auto& subnets = environment.subnets;
  if (is_id(name_or_id)) {
    const std::string key = lookup_key(name_or_id);
    return find_one(subnets.size(), [&](std::size_t i) { return subnets[i].id.key() == key; });
  }
  const auto slash = name_or_id.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view network = name_or_id.substr(0, slash);
  const std::string_view subnet = name_or_id.substr(slash + 1);
  return find_one(subnets.size(), [&](std::size_t i) {
    return iequals(subnets[i].name, subnet) && subnets[i].network < environment.networks.size() &&
           iequals(environment.networks[subnets[i].network].name, network);
  });
}

bool has_service_endpoint(const Subnet& subnet, Service service) {
  const std::string_view wanted = facts(service).service_endpoint;
  if (wanted.empty()) return false;
  return std::ranges::any_of(subnet.service_endpoints, [&](const std::string& endpoint) {
    // `Microsoft.Storage.Global` serves as `Microsoft.Storage` does.
    return iequals(endpoint, wanted) || iequals(endpoint, fmt::format("{}.Global", wanted));
  });
}

bool serves_host(const Resource& resource, std::string_view group, std::string_view host) {
  return resource.service != Service::Storage || group.empty() ||
         host.starts_with(fmt::format("{}.{}.", lower(resource.name), lower(group)));
}

bool serves_host(const Resource& resource, const std::vector<std::string>& groups,
                 std::string_view host) {
  return groups.empty() || std::ranges::any_of(groups, [&](const std::string& group) {
           return serves_host(resource, group, host);
         });
}

Index find_host(const Environment& environment, const DomainName& host) {
  for (std::size_t i = 0; i < environment.resources.size(); ++i) {
    for (const DomainName& name : environment.resources[i].host_names) {
      if (name == host) return static_cast<Index>(i);
    }
  }
  return kNone;
}

std::string display_name(const Environment& environment, Index resource) {
  const Resource& entry = environment.resources[resource];
  const bool ambiguous = find_resource(environment, entry.name).ambiguous;
  return ambiguous ? entry.id.text() : entry.name;
}

std::vector<std::string> display_names(const Environment& environment) {
  std::unordered_map<std::string, std::size_t> count;
  for (const Resource& resource : environment.resources) ++count[lower(resource.name)];
  std::vector<std::string> names;
  names.reserve(environment.resources.size());
  for (const Resource& resource : environment.resources) {
    names.push_back(count[lower(resource.name)] > 1 ? resource.id.text() : resource.name);
  }
  return names;
}

}  // namespace nsp
