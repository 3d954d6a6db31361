#include "sim/lab/edit_names.h"

#include <fmt/format.h>

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

}  // namespace

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
