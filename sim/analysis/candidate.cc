#include "sim/analysis/candidate.h"

#include <algorithm>
#include <set>

namespace nsp {
namespace {

void associate(Environment& env, const Suggestion& suggestion) {
  const Perimeter& perimeter = env.perimeters[suggestion.at.perimeter];
  Association made;
  made.name = suggestion.name;
  made.id = perimeter.id.child("resourceAssociations", suggestion.name);
  made.resource = suggestion.resource;
  made.perimeter = suggestion.at.perimeter;
  made.profile = suggestion.at.profile;
  made.mode = AccessMode::Learning;
  made.mode_text = "Learning";
  Resource& resource = env.resources[suggestion.resource];
  resource.association = static_cast<Index>(env.associations.size());
  if (resource.identity == false) resource.identity = true;
  env.associations.push_back(std::move(made));
}

void link(Environment& env, const Suggestion& suggestion) {
  PerimeterLink made;
  made.name = suggestion.name;
  made.local = suggestion.at.perimeter;
  made.remote = suggestion.remote.perimeter;
  made.local_profiles = {suggestion.at.profile};
  made.remote_profiles = {suggestion.remote.profile};
  env.links.push_back(std::move(made));
}

void apply(Environment& env, const Suggestion& suggestion) {
  switch (suggestion.kind) {
    case SuggestionKind::ManagedIdentity:
      env.resources[suggestion.resource].identity = true;
      break;
    case SuggestionKind::Associate:
      associate(env, suggestion);
      break;
    case SuggestionKind::Link:
      link(env, suggestion);
      break;
    default:
      env.perimeters[suggestion.at.perimeter].profiles[suggestion.at.profile].rules.push_back(
          suggestion.rule);
      break;
  }
}

bool asks_identity_of(std::span<const Suggestion* const> suggestions, const ReadinessReport& report,
                      std::size_t observation) {
  return std::ranges::any_of(suggestions, [&](const Suggestion* s) {
    return asks_for_identity(s->kind) && std::ranges::any_of(s->targets, [&](std::size_t leg) {
             return report.legs[leg].observation == observation;
           });
  });
}

// The same call with a managed identity. What was recorded of the other credential no longer holds.
Observation with_identity(const Observation& seen) {
  Observation changed = seen;
  changed.attempt.credential = Credential::ManagedIdentity;
  changed.recorded.reset();
  return changed;
}

}  // namespace

Environment with_suggestions(Environment environment,
                             std::span<const Suggestion* const> suggestions) {
  for (const Suggestion* suggestion : suggestions) apply(environment, *suggestion);
  return environment;
}

Environment with_enforced(Environment environment, const std::vector<bool>& enforced) {
  for (std::size_t i = 0; i < enforced.size(); ++i) {
    if (enforced[i]) environment.associations[i].mode = AccessMode::Enforced;
  }
  return environment;
}

Prover::Prover(const Policy& baseline, const ReadinessReport& report, const Readings& readings)
    : baseline_(baseline),
      report_(report),
      readings_(readings),
      legs_of_observation_(report.judged.size()) {
  for (std::size_t i = 0; i < report.legs.size(); ++i) {
    const SeenLeg& leg = report.legs[i];
    const Association& at = baseline.environment().associations[leg.association];
    legs_of_observation_[leg.observation].push_back(i);
    of_profile_[{at.perimeter, at.profile}].push_back(leg.observation);
    if (leg.change() != Change::Revoked) continue;
    blockers_ += report.judged[leg.observation].observation->seen.weight;
  }
  for (std::size_t i = 0; i < report.judged.size(); ++i) {
    if (!report.judged[i].error.empty()) continue;
    const BoundAttempt& bound = report.judged[i].then.bound;
    for (const Index resource : {bound.caller, bound.destination}) {
      if (resource != kNone) of_resource_[resource].push_back(i);
    }
  }
}

Proof Prover::prove(std::span<const Suggestion* const> suggestions) const {
  return judge(suggestions, touched(suggestions));
}

Proof Prover::prove_all(std::span<const Suggestion* const> suggestions) const {
  std::vector<std::size_t> all(report_.judged.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return judge(suggestions, all);
}

std::vector<SeenLeg> Prover::legs_of(std::size_t observation, const Policy& candidate,
                                     const std::vector<bool>& enforced,
                                     std::span<const Suggestion* const> suggestions) const {
  const Observation& seen = *report_.judged[observation].observation;
  Comparison by{&baseline_, &candidate, {}, enforced_scope(enforced), readings_};
  const std::vector<Judged> judged = judge_all({&seen, 1}, by);
  std::vector<SeenLeg> legs = seen_legs(judged.front(), by, observation);
  if (!asks_identity_of(suggestions, report_, observation)) return legs;
  // As it is, the caller may not even have an identity (P-9), so "now" is of the candidate too;
  // what happened stays what happened.
  by.now = &candidate;
  const Observation changed = with_identity(seen);
  const std::vector<Judged> again = judge_all({&changed, 1}, by);
  std::vector<SeenLeg> changed_legs = seen_legs(again.front(), by, observation);
  for (SeenLeg& leg : changed_legs) {
    const auto same = std::ranges::find(legs, leg.direction, &SeenLeg::direction);
    if (same != legs.end()) leg.before = same->before;
  }
  return changed_legs;
}

// A leg that was to be refused or open, judged again.
void Prover::count(std::size_t number, Verdict after, Proof& proof) const {
  const SeenLeg& leg = report_.legs[number];
  const std::uint64_t weight = report_.judged[leg.observation].observation->seen.weight;
  const bool revoked = leg.change() == Change::Revoked;
  if (!revoked && leg.change() != Change::Undecided) return;
  if (after == Verdict::Allow) {
    (revoked ? proof.resolves : proof.settles) += weight;
    proof.resolved_legs.push_back(number);
  } else if (revoked && after == Verdict::Undecided) {
    proof.may_resolve += weight;
  }
  if (revoked && after != Verdict::Deny) proof.revoked_left -= weight;
}

// Refused as it happened, refused or open when Enforced without the suggestions, and now allowed.
void Prover::count_gained(const SeenLeg& again, Proof& proof) const {
  if (again.before != Verdict::Deny || again.after != Verdict::Allow) return;
  for (const std::size_t number : legs_of_observation_[again.observation]) {
    const SeenLeg& leg = report_.legs[number];
    if (leg.direction == again.direction && leg.after == Verdict::Allow) return;
  }
  proof.gained += report_.judged[again.observation].observation->seen.weight;
  proof.gained_legs.push_back({again.observation, again.direction});
}

Proof Prover::judge(std::span<const Suggestion* const> suggestions,
                    const std::vector<std::size_t>& observations) const {
  const Policy candidate = compile(with_suggestions(baseline_.environment(), suggestions));
  std::vector<bool> enforced = report_.selected;
  enforced.resize(candidate.environment().associations.size(), false);
  Proof proof;
  proof.revoked_left = blockers_;
  for (const std::size_t observation : observations) {
    const std::vector<SeenLeg> again = legs_of(observation, candidate, enforced, suggestions);
    for (const SeenLeg& leg : again) count_gained(leg, proof);
    for (const std::size_t number : legs_of_observation_[observation]) {
      const auto same =
          std::ranges::find(again, report_.legs[number].direction, &SeenLeg::direction);
      if (same != again.end()) count(number, same->after, proof);
    }
  }
  std::ranges::sort(proof.resolved_legs);
  std::ranges::sort(proof.gained_legs);
  return proof;
}

// A rule touches the legs of its profile, a link those of two, an association or identity the calls
// of its resource.
std::vector<std::size_t> Prover::touched(std::span<const Suggestion* const> suggestions) const {
  std::set<std::size_t> found;
  const auto add = [&](const auto& index, const auto& key) {
    const auto known = index.find(key);
    if (known != index.end()) found.insert(known->second.begin(), known->second.end());
  };
  for (const Suggestion* s : suggestions) {
    if (s->resource != kNone) {
      add(of_resource_, s->resource);
      continue;
    }
    add(of_profile_, s->at);
    if (s->kind == SuggestionKind::Link) add(of_profile_, s->remote);
  }
  return {found.begin(), found.end()};
}

}  // namespace nsp
