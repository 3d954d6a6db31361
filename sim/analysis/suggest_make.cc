#include "sim/analysis/suggest_make.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/analysis/suggest_prefixes.h"
#include "sim/model/limits.h"

namespace nsp {
namespace {

// `a, b and 3 more`.
std::string first_few(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

std::string number_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

bool may_show_identity(const Judged& judged) {
  const auto& stated = judged.observation->attempt.credential;
  if (stated && *stated != Credential::Unknown) return stated == Credential::ManagedIdentity;
  return std::ranges::any_of(judged.evidence.fits, [](const Hypothesis& h) {
    return h.credential == Credential::ManagedIdentity;
  });
}

}  // namespace

SuggestionMaker::SuggestionMaker(const Policy& policy, const ReadinessReport& report,
                                 const SuggestOptions& options)
    : policy_(policy), report_(report), options_(options) {
  for (const Association& a : env().associations) child_names_[a.perimeter].take(a.name);
  for (const PerimeterLink& one : env().links) {
    for (const Index end : std::set<Index>{one.local, one.remote}) {
      child_names_[end].take(one.name);
      ++links_[end];
    }
  }
}

const Judged& SuggestionMaker::judged(std::size_t leg) const {
  return report_.judged[report_.legs[leg].observation];
}

ProfileAt SuggestionMaker::profile_of(std::size_t leg) const {
  const Association& a = env().associations[report_.legs[leg].association];
  return {a.perimeter, a.profile};
}

ProfileAt SuggestionMaker::profile_of_resource(Index resource) const {
  const CompiledResource& compiled = policy_.resource(resource);
  return {compiled.perimeter, compiled.profile};
}

const Profile& SuggestionMaker::profile(ProfileAt at) const {
  return env().perimeters[at.perimeter].profiles[at.profile];
}

std::string SuggestionMaker::profile_text(ProfileAt at) const {
  return fmt::format("{}/{}", env().perimeters[at.perimeter].name, profile(at).name);
}

std::uint64_t SuggestionMaker::weight(std::size_t leg) const {
  return judged(leg).observation->seen.weight;
}

std::optional<Guid> SuggestionMaker::subscription(std::size_t leg) const {
  const Judged& one = judged(leg);
  if (!may_show_identity(one)) return std::nullopt;
  const Index caller = one.then.bound.caller;
  return caller != kNone ? env().resources[caller].subscription
                         : one.observation->attempt.subscription;
}

bool SuggestionMaker::states_identity(std::size_t leg) const {
  return judged(leg).observation->attempt.credential == Credential::ManagedIdentity;
}

std::string SuggestionMaker::condition(const LegList& legs) const {
  const bool known =
      std::ranges::all_of(legs, [&](std::size_t leg) { return states_identity(leg); });
  return known ? "" : ", and let the caller show its managed identity";
}

bool SuggestionMaker::is_called_for(const Suggestion& suggestion) const {
  if (suggestion.kind != SuggestionKind::Associate && suggestion.kind != SuggestionKind::Link) {
    return true;
  }
  return std::ranges::any_of(suggestion.targets, [&](std::size_t leg) {
    const bool by_address = report_.legs[leg].direction == Direction::Inbound &&
                            judged(leg).then.bound.address_view == AddressView::Visible;
    return states_identity(leg) || !by_address;
  });
}

bool SuggestionMaker::can_be_helped(std::size_t leg) const {
  return report_.legs[leg].judged && report_.legs[leg].clause_after != Clause::C11;
}

std::vector<Suggestion> SuggestionMaker::identities(const LegList& legs) {
  std::map<Index, LegList> members;
  std::map<Index, std::map<ProfileAt, LegList>> outsiders;
  std::map<std::pair<ProfileAt, ProfileAt>, LegList> neighbours;
  for (const std::size_t leg : legs) {
    const BoundAttempt& bound = judged(leg).then.bound;
    if (!can_be_helped(leg) || bound.caller == kNone || bound.destination == kNone) continue;
    const ProfileAt from = profile_of_resource(bound.caller);
    const ProfileAt to = profile_of_resource(bound.destination);
    if (from.perimeter == kNone) {
      outsiders[bound.caller][to].push_back(leg);
    } else if (from.perimeter == to.perimeter) {
      members[bound.caller].push_back(leg);
    } else if (to.perimeter != kNone) {
      neighbours[std::minmax(from, to)].push_back(leg);
    }
  }
  std::vector<Suggestion> made;
  for (auto& [caller, targets] : members) made.push_back(identity(caller, std::move(targets)));
  for (auto& [caller, profiles] : outsiders) {
    // A resource is in one perimeter at most: the one that it calls most.
    const auto load = [&](const auto& entry) {
      std::uint64_t sum = 0;
      for (const std::size_t leg : entry.second) sum += weight(leg);
      return sum;
    };
    const auto most = std::ranges::max_element(profiles, {}, load);
    if (!facts(env().resources[caller].service).onboarded) continue;
    made.push_back(association(caller, most->first, most->second));
  }
  for (auto& [ends, targets] : neighbours) {
    if (links_[ends.first.perimeter] >= kMostLinks || links_[ends.second.perimeter] >= kMostLinks) {
      for (const std::size_t leg : targets) {
        refusals_[leg] = fmt::format("a perimeter has at most {} links (LINK)", kMostLinks);
      }
      continue;
    }
    made.push_back(link(ends.first, ends.second, std::move(targets)));
  }
  return made;
}

Suggestion SuggestionMaker::identity(Index caller, LegList targets) {
  const Resource& resource = env().resources[caller];
  std::set<std::string> callees;
  for (const std::size_t leg : targets) {
    callees.insert(policy_.display_name(judged(leg).then.bound.destination));
  }
  Suggestion made;
  made.kind = SuggestionKind::ManagedIdentity;
  made.resource = caller;
  made.at = profile_of_resource(caller);
  made.targets = std::move(targets);
  made.text =
      fmt::format("{}let `{}` call {} with its managed identity",
                  resource.identity == false ? "give it a managed identity and " : "",
                  policy_.display_name(caller), first_few({callees.begin(), callees.end()}));
  made.admits =
      "nothing else: a change at the caller, the perimeter stays (IN-2, OUT-2); the identity needs "
      "the role that the key stood for (G-4)";
  return made;
}

Suggestion SuggestionMaker::association(Index caller, ProfileAt at, LegList targets) {
  const std::string name = policy_.display_name(caller);
  Suggestion made;
  made.kind = SuggestionKind::Associate;
  made.resource = caller;
  made.at = at;
  made.name = child_names_[at.perimeter].give(env().resources[caller].name);
  made.text = fmt::format("associate `{}` with profile {}, in Learning{}", name, profile_text(at),
                          condition(targets));
  made.targets = std::move(targets);
  made.admits = fmt::format(
      "every member of `{}` and `{}` admit each other's managed identities (IN-2), and the rules "
      "of "
      "the profile count at `{}`",
      env().perimeters[at.perimeter].name, name, name);
  return made;
}

Suggestion SuggestionMaker::link(ProfileAt a, ProfileAt b, LegList targets) {
  const Perimeter& local = env().perimeters[a.perimeter];
  const Perimeter& remote = env().perimeters[b.perimeter];
  ++links_[a.perimeter];
  ++links_[b.perimeter];
  Suggestion made;
  made.kind = SuggestionKind::Link;
  made.at = a;
  made.remote = b;
  made.name =
      child_names_[a.perimeter].give(fmt::format("{}-{}", local.name, remote.name).substr(0, 70));
  made.text = fmt::format("link profile {} with profile {}{}", profile_text(a), profile_text(b),
                          condition(targets));
  made.targets = std::move(targets);
  made.admits = fmt::format(
      "every managed identity of a resource of either profile at the resources of the other, both "
      "ways, where the services support links (IN-3): {} with {}",
      where(a), where(b));
  return made;
}

std::vector<Suggestion> SuggestionMaker::rules(const LegList& legs) {
  std::map<std::pair<ProfileAt, Direction>, LegList> groups;
  for (const std::size_t leg : legs) {
    if (!can_be_helped(leg)) continue;
    groups[{profile_of(leg), report_.legs[leg].direction}].push_back(leg);
  }
  std::vector<Suggestion> made;
  for (const auto& [key, group] : groups) {
    const auto& [at, direction] = key;
    auto one = direction == Direction::Inbound ? inbound_rule(at, group) : outbound_rule(at, group);
    if (one) made.push_back(std::move(*one));
  }
  return made;
}

std::optional<Suggestion> SuggestionMaker::inbound_rule(ProfileAt at, const LegList& legs) {
  std::vector<IpAddress> wanted;
  Suggestion made;
  for (const std::size_t leg : legs) {
    const BoundAttempt& bound = judged(leg).then.bound;
    if (bound.address_view != AddressView::Visible) continue;
    wanted.push_back(bound.address);
    made.targets.push_back(leg);
  }
  if (wanted.empty()) return std::nullopt;
  PrefixCover cover = cover_addresses(wanted, refused_addresses(at), options_.max_unseen);
  const std::size_t free = room(at, Direction::Inbound);
  if (cover.prefixes.size() > free) {
    keep_heaviest(cover.prefixes, free, made.targets);
    cover = {cover.prefixes, 0};
    std::set<IpAddress> covered(wanted.begin(), wanted.end());
    for (const IpPrefix& prefix : cover.prefixes) {
      const auto seen =
          std::ranges::count_if(covered, [&](const IpAddress& a) { return prefix.contains(a); });
      cover.unseen += static_cast<std::uint64_t>(prefix.last().bits - prefix.first().bits) + 1 -
                      static_cast<std::uint64_t>(seen);
    }
  }
  if (cover.prefixes.empty()) return std::nullopt;
  use(at, Direction::Inbound, cover.prefixes.size());
  made.kind = SuggestionKind::InboundRule;
  made.at = at;
  made.unseen = cover.unseen;
  made.rule.direction = Direction::Inbound;
  made.rule.name = rule_name(at, fmt::format("callers-of-{}", whose(at, made.targets)));
  std::vector<std::string> texts;
  for (const IpPrefix& prefix : cover.prefixes) {
    texts.push_back(to_string(prefix));
    made.rule.prefixes.push_back({prefix, texts.back()});
  }
  made.text = fmt::format("inbound rule `{}` of profile {}: {}", made.rule.name, profile_text(at),
                          first_few(texts));
  made.admits =
      fmt::format("{} nobody has seen, and any credential from these prefixes (R-1), at {}",
                  cover.unseen == 0   ? "no address that"
                  : cover.unseen == 1 ? "1 address that"
                                      : fmt::format("{} addresses that", cover.unseen),
                  where(at));
  return made;
}

// Addresses whose calls to this profile were refused and will be: none of them may slip in.
std::vector<IpAddress> SuggestionMaker::refused_addresses(ProfileAt at) const {
  std::vector<IpAddress> refused;
  for (std::size_t i = 0; i < report_.legs.size(); ++i) {
    const SeenLeg& leg = report_.legs[i];
    if (leg.direction != Direction::Inbound || leg.before != Verdict::Deny || !leg.judged) continue;
    if (leg.after == Verdict::Allow || profile_of(i) != at) continue;
    const BoundAttempt& bound = judged(i).then.bound;
    if (bound.address_view == AddressView::Visible) refused.push_back(bound.address);
  }
  return refused;
}

void SuggestionMaker::keep_heaviest(std::vector<IpPrefix>& prefixes, std::size_t free,
                                    const LegList& legs) {
  const auto load = [&](const IpPrefix& prefix) {
    std::uint64_t sum = 0;
    for (const std::size_t leg : legs) {
      if (prefix.contains(judged(leg).then.bound.address)) sum += weight(leg);
    }
    return sum;
  };
  std::vector<std::pair<std::uint64_t, IpPrefix>> loaded;
  for (const IpPrefix& prefix : prefixes) loaded.emplace_back(load(prefix), prefix);
  std::ranges::stable_sort(loaded, [](const auto& a, const auto& b) { return a.first > b.first; });
  prefixes.clear();
  for (std::size_t i = 0; i < std::min(free, loaded.size()); ++i) {
    prefixes.push_back(loaded[i].second);
  }
  std::ranges::sort(prefixes);
  for (const std::size_t leg : legs) {
    const IpAddress& address = judged(leg).then.bound.address;
    if (std::ranges::any_of(prefixes, [&](const IpPrefix& p) { return p.contains(address); })) {
      continue;
    }
    refusals_[leg] = no_room(profile_of(leg), Direction::Inbound);
  }
}

std::string SuggestionMaker::no_room(ProfileAt at, Direction direction) const {
  return fmt::format(
      "profile {} takes {} {} rule elements (C2), and what was seen needs more: let rules admit "
      "more "
      "unseen addresses, or split the profile",
      profile_text(at), kMostElements, to_string(direction));
}

std::optional<Suggestion> SuggestionMaker::outbound_rule(ProfileAt at, const LegList& legs) {
  std::map<std::string, LegList> names;
  for (const std::size_t leg : legs) {
    const std::string& host = judged(leg).then.bound.host.text;
    if (!host.empty()) names[host].push_back(leg);
  }
  const std::size_t free = room(at, Direction::Outbound);
  Suggestion made;
  std::vector<std::string> texts;
  for (const auto& [host, of_host] : names) {
    const auto pattern = DomainPattern::parse(host);
    if (!pattern || texts.size() == free) {
      for (const std::size_t leg : of_host) refusals_[leg] = no_room(at, Direction::Outbound);
      continue;
    }
    texts.push_back(host);
    made.rule.host_names.push_back(*pattern);
    made.targets.insert(made.targets.end(), of_host.begin(), of_host.end());
  }
  if (texts.empty()) return std::nullopt;
  use(at, Direction::Outbound, texts.size());
  made.kind = SuggestionKind::OutboundRule;
  made.at = at;
  made.rule.direction = Direction::Outbound;
  made.rule.name = rule_name(at, fmt::format("calls-of-{}", whose(at, made.targets)));
  made.text = fmt::format("outbound rule `{}` of profile {}: {}", made.rule.name, profile_text(at),
                          first_few(texts));
  made.admits = fmt::format("{} and no other, with any credential, from {}",
                            number_of(texts.size(), "host name"), where(at));
  return made;
}

std::vector<Suggestion> SuggestionMaker::subscriptions(const LegList& legs) {
  std::map<std::pair<ProfileAt, Guid>, LegList> groups;
  for (const std::size_t leg : legs) {
    if (!can_be_helped(leg) || report_.legs[leg].direction != Direction::Inbound) continue;
    const auto guid = subscription(leg);
    if (guid) groups[{profile_of(leg), *guid}].push_back(leg);
  }
  std::vector<Suggestion> made;
  for (auto& [key, targets] : groups) {
    const auto& [at, guid] = key;
    if (room(at, Direction::Inbound) == 0) {
      for (const std::size_t leg : targets) refusals_[leg] = no_room(at, Direction::Inbound);
      continue;
    }
    use(at, Direction::Inbound, 1);
    Suggestion one;
    one.kind = SuggestionKind::SubscriptionRule;
    one.at = at;
    one.rule.direction = Direction::Inbound;
    one.rule.name = rule_name(at, fmt::format("subscription-{}", to_string(guid).substr(0, 8)));
    one.rule.subscriptions = {guid};
    one.text = fmt::format("inbound rule `{}` of profile {}: subscription {}{}", one.rule.name,
                           profile_text(at), to_string(guid), condition(targets));
    one.targets = std::move(targets);
    one.admits = fmt::format(
        "every managed identity of the whole subscription (R-2), whatever its resource, at {}",
        where(at));
    made.push_back(std::move(one));
  }
  return made;
}

std::vector<Suggestion> SuggestionMaker::wildcards(const LegList& legs) {
  std::map<std::pair<ProfileAt, std::string>, std::map<std::string, LegList>> groups;
  for (const std::size_t leg : legs) {
    const std::string& host = judged(leg).then.bound.host.text;
    const std::size_t dot = host.find('.');
    // `*.com` is no rule to offer.
    if (!can_be_helped(leg) || dot == host.npos || host.find('.', dot + 1) == host.npos) continue;
    groups[{profile_of(leg), host.substr(dot + 1)}][host].push_back(leg);
  }
  std::vector<Suggestion> made;
  for (const auto& [key, names] : groups) {
    const auto& [at, suffix] = key;
    const auto pattern = DomainPattern::parse("*." + suffix);
    if (names.size() < 2 || !pattern || room(at, Direction::Outbound) == 0) continue;
    use(at, Direction::Outbound, 1);
    Suggestion one;
    one.kind = SuggestionKind::OutboundWildcard;
    one.at = at;
    one.rule.direction = Direction::Outbound;
    one.rule.name = rule_name(at, fmt::format("all-of-{}", suffix));
    one.rule.host_names = {*pattern};
    for (const auto& [host, of_host] : names) {
      one.targets.insert(one.targets.end(), of_host.begin(), of_host.end());
    }
    const bool of_service = std::ranges::any_of(all_services(), [&](const ServiceFacts& service) {
      return std::ranges::find(service.hosts, suffix, &ServiceHost::suffix) != service.hosts.end();
    });
    one.text = fmt::format("outbound rule `{}` of profile {}: *.{}", one.rule.name,
                           profile_text(at), suffix);
    one.admits = fmt::format("{} under {}, of which {} were seen{}, from {}",
                             of_service ? "every account of every tenant" : "every name", suffix,
                             names.size(), of_service ? ": data can leave through any of them" : "",
                             where(at));
    made.push_back(std::move(one));
  }
  return made;
}

std::size_t SuggestionMaker::room(ProfileAt at, Direction direction) const {
  const auto known = used_.find({at, direction});
  const std::size_t used =
      rule_elements(profile(at), direction) + (known == used_.end() ? 0 : known->second);
  return used >= kMostElements ? 0 : kMostElements - used;
}

void SuggestionMaker::use(ProfileAt at, Direction direction, std::size_t elements) {
  used_[{at, direction}] += elements;
}

std::string SuggestionMaker::rule_name(ProfileAt at, std::string_view wanted) {
  const auto [names, fresh] = rule_names_.try_emplace(at);
  if (fresh) {
    for (const AccessRule& rule : profile(at).rules) names->second.take(rule.name);
  }
  return names->second.give(wanted);
}

std::string SuggestionMaker::whose(ProfileAt at, const LegList& legs) const {
  std::set<Index> resources;
  for (const std::size_t leg : legs) {
    resources.insert(env().associations[report_.legs[leg].association].resource);
  }
  return resources.size() == 1 ? env().resources[*resources.begin()].name : profile(at).name;
}

std::string SuggestionMaker::where(ProfileAt at) const {
  std::vector<std::string> names;
  for (const Association& a : env().associations) {
    if (ProfileAt{a.perimeter, a.profile} == at) names.push_back(policy_.display_name(a.resource));
  }
  std::ranges::sort(names);
  return first_few(names);
}

}  // namespace nsp
