// Never matches, by what is missing at either end: profiles nobody is in, links that carry nothing.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_names.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

std::string rules_text(std::size_t count) {
  return count == 1 ? std::string("its rule applies to nothing")
                    : fmt::format("its {} rules apply to nothing", count);
}

// By name: a resource that has other rules than its profile is in a profile of the same name
// (sim/model/effective.h).
bool has_association(const Environment& environment, Index perimeter, Index profile) {
  const auto& profiles = environment.perimeters[perimeter].profiles;
  return std::ranges::any_of(environment.associations, [&](const Association& association) {
    return association.perimeter == perimeter &&
           iequals(profiles[association.profile].name, profiles[profile].name);
  });
}

// A profile without rules that nobody is in is a draft and harms nobody.
void find_empty_profiles(const LintInput& input, FindingSink& sink) {
  const auto& perimeters = input.environment().perimeters;
  for (Index p = 0; p < perimeters.size(); ++p) {
    for (Index i = 0; i < perimeters[p].profiles.size(); ++i) {
      const Profile& profile = perimeters[p].profiles[i];
      if (profile.rules.empty() || has_association(input.environment(), p, i)) continue;
      sink.add(profile.place, profile_subject(perimeters[p], profile),
               fmt::format("no resource is associated with profile `{}`, so {}", profile.name,
                           rules_text(profile.rules.size())));
    }
  }
}

void find_links_not_approved(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const PerimeterLink& link : environment.links) {
    if (link.status == ConnectionStatus::Approved) continue;
    sink.add(link.place, link_subject(environment, link),
             fmt::format("link `{}` to perimeter `{}` is {}, so it carries no traffic", link.name,
                         environment.perimeters[link.remote].name, to_string(link.status)));
  }
}

// One side of a link, as the other sees it.
struct LinkEnd {
  Index perimeter = kNone;
  const std::vector<Index>& profiles;
  bool all_profiles = false;

  [[nodiscard]] bool has(const Association& association) const {
    return association.perimeter == perimeter &&
           (all_profiles || std::ranges::find(profiles, association.profile) != profiles.end());
  }
};

// The members at one end, by whether their service knows links.
struct EndMembers {
  std::vector<std::string> names;        // of those without links, as subjects
  std::vector<std::string_view> titles;  // their services, each once
  std::vector<const Resource*> without;
  bool any_with = false;
};

EndMembers members_of(const Environment& environment, const LinkEnd& end) {
  EndMembers members;
  for (const Association& association : environment.associations) {
    if (!end.has(association)) continue;
    const Resource& resource = environment.resources[association.resource];
    const ServiceFacts& service = facts(resource.service);
    if (service.supports_links) {
      members.any_with = true;
      continue;
    }
    members.without.push_back(&resource);
    members.names.push_back(fmt::format("`{}`", resource.name));
    if (std::ranges::find(members.titles, service.title) == members.titles.end()) {
      members.titles.push_back(service.title);
    }
  }
  return members;
}

// Where every member of an end is without links, the link carries nothing; where some are, that is
// worth a note. An end that nobody is known to be in says nothing: its members may stand elsewhere.
void find_unsupported_end(const LintInput& input, const PerimeterLink& link, const LinkEnd& end,
                          FindingSink& sink) {
  const Environment& environment = input.environment();
  const EndMembers members = members_of(environment, end);
  if (members.without.empty()) return;
  std::vector<RelatedPlace> related;
  for (const Resource* resource : members.without) {
    related.push_back(
        {resource->place, fmt::format("`{}`, {}", resource->name, facts(resource->service).title)});
  }
  const std::string services = fmt::format("{}", fmt::join(members.titles, " and "));
  const std::string perimeter = environment.perimeters[end.perimeter].name;
  if (members.any_with) {
    sink.note(link.place, link_subject(environment, link),
              fmt::format("link `{}` carries nothing to or from {} of `{}`: {} does not support "
                          "links",
                          link.name, fmt::join(members.names, ", "), perimeter, services),
              std::move(related));
  } else {
    sink.add(link.place, link_subject(environment, link),
             fmt::format("link `{}` carries nothing: all that it joins of `{}` is {}, which does "
                         "not support links",
                         link.name, perimeter, services),
             std::move(related));
  }
}

void find_unsupported_links(const LintInput& input, FindingSink& sink) {
  for (const PerimeterLink& link : input.environment().links) {
    find_unsupported_end(input, link, {link.local, link.local_profiles, link.all_local_profiles},
                         sink);
    find_unsupported_end(input, link, {link.remote, link.remote_profiles, link.all_remote_profiles},
                         sink);
  }
}

constexpr std::array kLinksChecks{
    Check{.id = "NSP150",
          .name = "profile-without-association",
          .severity = Severity::Warning,
          .title = "a profile has rules and no associated resource",
          .basis = {Basis{"IN-4"}, Basis{"OUT-4"}},
          .remedy = "associate the resources that the rules are meant for, or remove the profile",
          .find = find_empty_profiles},
    Check{.id = "NSP151",
          .name = "link-of-unsupported-service",
          .severity = Severity::Warning,
          .title = "a link joins resources of a service without links",
          .basis = {Basis{"Links",
                          "Storage, Key Vault, Azure Monitor, Cosmos DB, SQL Database and Service "
                          "Bus support links. AI Search and Foundry do not"},
                    Basis{"IN-3"}},
          .remedy = "admit such a caller by a subscription rule and an outbound rule, or put both "
                    "ends into one perimeter",
          .find = find_unsupported_links},
    Check{.id = "NSP152",
          .name = "link-not-approved",
          .severity = Severity::Warning,
          .title = "a link between perimeters is not Approved",
          .basis = {Basis{"IN-3"}, Basis{"OUT-3"}},
          .remedy = "approve the link at the other perimeter, or remove it",
          .find = find_links_not_approved},
};

}  // namespace

std::span<const Check> association_and_link_checks() { return kLinksChecks; }

}  // namespace nsp
