#include "sim/lab/edit_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

// `, did you mean …?` where a known name is close.
std::string hint(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view nearest = nearest_word(name, views);
  return nearest.empty() ? "" : fmt::format(", did you mean `{}`?", nearest);
}

std::string association_text(const Environment& env, const Association& association) {
  return env.perimeters[association.perimeter].name + '/' + association.name;
}

bool goes_by(const Environment& env, const Association& association, std::string_view name) {
  return iequals(association.name, name) || iequals(association.id.text(), name) ||
         iequals(association_text(env, association), name) ||
         iequals(env.resources[association.resource].name, name) ||
         iequals(env.resources[association.resource].id.text(), name);
}

std::vector<std::string> association_names(const Environment& env) {
  std::vector<std::string> names;
  for (const Association& association : env.associations) {
    names.push_back(association_text(env, association));
    names.push_back(association.name);
    names.push_back(env.resources[association.resource].name);
  }
  return names;
}

std::vector<ProfileRef> all_profiles(const Environment& env) {
  std::vector<ProfileRef> all;
  for (const Perimeter& perimeter : env.perimeters) {
    for (const Profile& profile : perimeter.profiles) all.push_back({&perimeter, &profile});
  }
  return all;
}

bool goes_by(const ProfileRef& ref, std::string_view name) {
  return iequals(ref.profile->name, name) || iequals(ref.profile->id.text(), name) ||
         iequals(ref.text(), name);
}

// One thing that a name may stand for, with every name that it goes by.
template <class T>
struct NamedThing {
  T thing;
  std::vector<std::string> names;
};

// `what` and `expected` are for messages: `private endpoint`, `its name or id`.
template <class T>
Named<T> the_one(const std::vector<NamedThing<T>>& all, const std::string& name,
                 std::string_view what, std::string_view expected) {
  const NamedThing<T>* found = nullptr;
  std::vector<std::string> known;
  for (const NamedThing<T>& one : all) {
    known.insert(known.end(), one.names.begin(), one.names.end());
    const auto is_it = [&](const std::string& text) { return iequals(text, name); };
    if (std::ranges::none_of(one.names, is_it)) continue;
    if (found != nullptr) {
      return std::unexpected(
          fmt::format("`{}` is the name of several {}s, expected {}", name, what, expected));
    }
    found = &one;
  }
  if (found != nullptr) return found->thing;
  return std::unexpected(fmt::format("unknown {} `{}`, expected {} of one of the environment{}",
                                     what, name, expected, hint(name, known)));
}

// Things in a list, each with the names that `names_of` tells.
template <class List, class Names>
std::vector<NamedThing<Index>> things_in(const List& list, const Names& names_of) {
  std::vector<NamedThing<Index>> all;
  for (const auto& one : list) all.push_back({static_cast<Index>(all.size()), names_of(one)});
  return all;
}

}  // namespace

Named<ResourceId> endpoint_named(const Environment& env, const std::string& name) {
  std::vector<NamedThing<ResourceId>> all;
  const auto add = [&](const ResourceId& id) {
    const auto same = [&](const auto& known) { return known.thing == id; };
    if (id.empty() || std::ranges::any_of(all, same)) return;
    all.push_back({id, {std::string(id.name()), id.text()}});
  };
  for (const PrivateEndpoint& endpoint : env.private_endpoints) add(endpoint.id);
  for (const Resource& resource : env.resources) {
    for (const PrivateConnection& connection : resource.private_connections) {
      add(connection.endpoint);
    }
  }
  return the_one(all, name, "private endpoint", "the name or id");
}

Named<SharedLinkRef> shared_link_named(const Environment& env, const std::string& name) {
  std::vector<NamedThing<SharedLinkRef>> all;
  for (Index i = 0; i < env.resources.size(); ++i) {
    const Resource& resource = env.resources[i];
    for (std::size_t at = 0; at < resource.shared_private_links.size(); ++at) {
      const std::string& own = resource.shared_private_links[at].name;
      all.push_back({{i, at}, {own, resource.name + '/' + own}});
    }
  }
  return the_one(all, name, "shared private link", "`resource/link`");
}

Named<Index> link_named(const Environment& env, const std::string& name) {
  const auto names_of = [&](const PerimeterLink& link) {
    return std::vector{link.name, env.perimeters[link.local].name + '/' + link.name};
  };
  return the_one(things_in(env.links, names_of), name, "perimeter link", "`perimeter/link`");
}

Named<Index> subnet_named(const Environment& env, const std::string& name) {
  const auto names_of = [&](const Subnet& subnet) {
    return std::vector{env.networks[subnet.network].name + '/' + subnet.name, subnet.id.text()};
  };
  return the_one(things_in(env.subnets, names_of), name, "subnet", "`network/subnet`");
}

Named<Index> network_named(const Environment& env, const std::string& name) {
  const auto names_of = [](const VirtualNetwork& network) {
    return std::vector{network.name, network.id.text()};
  };
  return the_one(things_in(env.networks, names_of), name, "virtual network", "the name or id");
}

Named<Index> zone_named(const Environment& env, const std::string& name) {
  const auto names_of = [](const PrivateDnsZone& zone) {
    return std::vector{zone.name.text(), zone.id.text()};
  };
  return the_one(things_in(env.zones, names_of), name, "private DNS zone", "the name or id");
}

Named<Index> resource_named(const Environment& env, const std::string& name) {
  const Lookup found = find_resource(env, name);
  if (found.ambiguous) {
    return std::unexpected(
        fmt::format("`{}` is the name of several resources, expected one of their ids", name));
  }
  if (found.index != kNone) return found.index;
  return std::unexpected(fmt::format("unknown resource `{}`, expected one of the environment{}",
                                     name, hint(name, display_names(env))));
}

Named<std::vector<Index>> associations_named(const Environment& env, const std::string& name) {
  std::vector<Index> found;
  for (Index i = 0; i < env.associations.size(); ++i) {
    if (name == "*" || goes_by(env, env.associations[i], name)) found.push_back(i);
  }
  if (name == "*" && !found.empty()) return found;
  if (found.size() == 1) return found;
  if (found.empty()) {
    return std::unexpected(
        fmt::format("unknown association `{}`, expected its name or that of its resource{}", name,
                    hint(name, association_names(env))));
  }
  return std::unexpected(fmt::format(
      "`{}` is the name of several associations, expected `perimeter/association`", name));
}

Named<ProfileRef> profile_named(const Environment& env, const std::string& name) {
  std::vector<ProfileRef> found;
  std::vector<std::string> known;
  for (const ProfileRef& ref : all_profiles(env)) {
    if (goes_by(ref, name)) found.push_back(ref);
    known.push_back(ref.text());
    known.push_back(ref.profile->name);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return std::unexpected(
        fmt::format("unknown profile `{}`, expected `profile` or `perimeter/profile`{}", name,
                    hint(name, known)));
  }
  return std::unexpected(
      fmt::format("`{}` is the name of several profiles, expected `perimeter/profile`", name));
}

}  // namespace nsp::lab
