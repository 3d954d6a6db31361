#include "sim/decision/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/decision/describe.h"

namespace nsp {
namespace {

using Failure = std::unexpected<std::string>;

// The first one needs no proof of identity and carries no note of its own: what it is allowed,
// everybody at the same place is.
constexpr std::array kWithoutIdentity{Credential::User, Credential::ServicePrincipal,
                                      Credential::Key, Credential::Sas, Credential::Anonymous};

// A subnet that only the other one of two policies names is one that this one does not list.
std::expected<BoundAttempt, std::string> bind_as(const Policy& policy, const Attempt& seen,
                                                 const Hypothesis& hypothesis,
                                                 const Readings& readings) {
  Attempt attempt = filled_in(seen, hypothesis);
  if (!hypothesis.subnet.empty() && policy.find_subnet(hypothesis.subnet).index == kNone) {
    attempt.subnet.clear();
    attempt.unlisted_subnet = true;
  }
  return bind(policy, attempt, readings);
}

// The subscriptions that the rules of the destination's profile name, added to `all`.
void add_subscriptions(const Policy& policy, const Attempt& attempt, std::vector<Guid>& all) {
  const Lookup to = policy.find_resource(attempt.to);
  if (to.index == kNone) return;
  const CompiledResource& target = policy.resource(to.index);
  if (target.association == kNone) return;
  const Perimeter& perimeter = policy.environment().perimeters[target.perimeter];
  for (const AccessRule& rule : perimeter.profiles[target.profile].rules) {
    all.insert(all.end(), rule.subscriptions.begin(), rule.subscriptions.end());
  }
}

// The subnets that the destination's firewall names, added to `all`.
void add_subnets(const Policy& policy, const Attempt& attempt, std::vector<ResourceId>& all) {
  const Lookup to = policy.find_resource(attempt.to);
  if (to.index == kNone) return;
  const auto& rules = policy.environment().resources[to.index].firewall.subnet_rules;
  all.insert(all.end(), rules.begin(), rules.end());
}

// Each once, in order.
void make_set(auto& all) {
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
}

// A subscription that none of these is.
Guid another(const std::vector<Guid>& sorted) {
  Guid guid{0, 1};
  while (std::ranges::binary_search(sorted, guid)) ++guid.low;
  return guid;
}

// Every combination of what the observer could not see, before any evidence.
class Hypotheses {
 public:
  Hypotheses(const Policy& baseline, const Policy& candidate, const Observation& observation,
             const Readings& readings)
      : baseline_(baseline),
        candidate_(candidate),
        observation_(observation),
        readings_(readings),
        subnets_(subnets()) {}

  std::vector<Hypothesis> all() {
    const std::optional<Credential>& credential = attempt().credential;
    if (!credential || *credential == Credential::Unknown) {
      for (const Credential one : kWithoutIdentity) {
        if (proves_subscription(one)) {
          add_subscriptions_of(one);
        } else {
          add({.credential = one});
        }
      }
    }
    if (!credential || *credential == Credential::Unknown ||
        *credential == Credential::ManagedIdentity) {
      add_managed_identities();
    } else {
      add({});
    }
    return std::move(list_);
  }

 private:
  [[nodiscard]] const Attempt& attempt() const { return observation_.attempt; }

  // A resource has one identity or none (P-9), an outside caller that of some subscription.
  void add_managed_identities() {
    if (!attempt().outside) {
      const Lookup from = baseline_.find_resource(attempt().from);
      const bool has_none =
          from.index != kNone && baseline_.environment().resources[from.index].identity == false;
      if (!has_none || attempt().credential) add({.credential = Credential::ManagedIdentity});
      return;
    }
    if (attempt().subscription) return add({.credential = Credential::ManagedIdentity});
    add_subscriptions_of(Credential::ManagedIdentity);
  }

  // U6 may be read so that a service principal proves its subscription, too.
  [[nodiscard]] bool proves_subscription(Credential credential) const {
    return credential == Credential::ServicePrincipal && !readings_.is_default(Matter::U6) &&
           attempt().outside && !attempt().subscription;
  }

  void add_subscriptions_of(Credential credential) {
    std::vector<Guid> named;
    add_subscriptions(baseline_, attempt(), named);
    add_subscriptions(candidate_, attempt(), named);
    make_set(named);
    add({.credential = credential, .subscription = another(named), .other_subscription = true});
    for (const Guid& guid : named) add({.credential = credential, .subscription = guid});
  }

  // The subnets to try; none where the subnet is stated or counts for nothing.
  [[nodiscard]] std::vector<ResourceId> subnets() const {
    std::vector<ResourceId> named;
    const bool hidden = observation_.recorded && attempt().via == Via::ServiceEndpoint &&
                        attempt().subnet.empty() && !attempt().unlisted_subnet;
    if (!hidden) return named;
    add_subnets(baseline_, attempt(), named);
    add_subnets(candidate_, attempt(), named);
    make_set(named);
    return named;
  }

  void add(Hypothesis hypothesis) {
    hypothesis.other_subnet = !subnets_.empty();
    add_with_trust(hypothesis);
    hypothesis.other_subnet = false;
    for (const ResourceId& subnet : subnets_) {
      hypothesis.subnet = subnet.text();
      add_with_trust(hypothesis);
    }
  }

  // A record of the resource's own rules may tell of a trusted service.
  void add_with_trust(Hypothesis hypothesis) {
    list_.push_back(hypothesis);
    if (!may_be_trusted()) return;
    hypothesis.trusted_service = true;
    list_.push_back(std::move(hypothesis));
  }

  [[nodiscard]] bool may_be_trusted() const {
    if (!observation_.recorded || attempt().trusted_service) return false;
    const LogCategory category = observation_.recorded->category;
    return category == LogCategory::NspPublicInboundResourceRulesAllowed ||
           category == LogCategory::NspPublicInboundResourceRulesDenied;
  }

  const Policy& baseline_;
  const Policy& candidate_;
  const Observation& observation_;
  const Readings& readings_;
  std::vector<ResourceId> subnets_;
  std::vector<Hypothesis> list_;
};

bool shows_membership(LogCategory category) {
  return category == LogCategory::NspIntraPerimeterInboundAllowed ||
         category == LogCategory::NspOutboundAttempt ||
         category == LogCategory::NspCrossPerimeterInboundAllowed ||
         category == LogCategory::NspCrossPerimeterOutboundAllowed;
}

bool of_perimeter_rules(LogCategory category) {
  return category == LogCategory::NspPublicInboundPerimeterRulesAllowed ||
         category == LogCategory::NspPublicOutboundPerimeterRulesAllowed;
}

// `…ResourceRules…` for `…PerimeterRules…` of the same direction and action, or the other way
// round.
bool same_but_for_rules(LogCategory a, LogCategory b) {
  const auto is_public = [](LogCategory c) {
    return c <= LogCategory::NspPublicOutboundResourceRulesDenied;
  };
  return is_public(a) && is_public(b) && direction_of(a) == direction_of(b) &&
         is_denial(a) == is_denial(b);
}

// What the category says of itself, whatever the rules of that moment were.
bool category_admits(const Leg& leg, const Hypothesis& hypothesis, const Attempt& attempt,
                     LogCategory category) {
  if (shows_membership(category)) {
    const auto credential = hypothesis.credential ? hypothesis.credential : attempt.credential;
    return credential == Credential::ManagedIdentity;
  }
  return leg.reason != Reason::SamePerimeter;
}

// What the baseline makes of it. A leg that it cannot decide rules nothing out; under Enforced both
// kinds of public category are taken (C16).
bool baseline_admits(const Policy& policy, const Leg& leg, const Recorded& recorded) {
  if (leg.verdict == Verdict::Undecided) return true;
  const auto categories = leg.categories.view();
  if (std::ranges::find(categories, recorded.category) != categories.end()) {
    return recorded.rule.empty() || !of_perimeter_rules(recorded.category) ||
           policy.rule_name(leg.rule) == recorded.rule;
  }
  return leg.mode == AccessMode::Enforced &&
         std::ranges::any_of(categories, [&](LogCategory predicted) {
           return same_but_for_rules(predicted, recorded.category);
         });
}

// One hypothesis as the baseline sees it.
struct Weighed {
  Hypothesis hypothesis;
  Leg leg;
};

void keep_if(std::vector<Weighed>& all, Evidence& evidence, auto admits) {
  std::vector<Weighed> kept;
  std::ranges::copy_if(all, std::back_inserter(kept), admits);
  if (kept.empty()) {
    evidence.agrees = false;
    return;
  }
  evidence.narrowed = evidence.narrowed || kept.size() != all.size();
  all = std::move(kept);
}

// The service has words of its own for a resource's rules: only one that is ours tells something.
void keep_named(const Policy& policy, const Recorded& recorded, std::vector<Weighed>& all,
                Evidence& evidence) {
  if (recorded.rule.empty() ||
      recorded.category != LogCategory::NspPublicInboundResourceRulesAllowed) {
    return;
  }
  const auto named = [&](const Weighed& one) {
    return matched_rule(policy, one.leg) == recorded.rule;
  };
  if (std::ranges::any_of(all, named)) keep_if(all, evidence, named);
}

bool destination_unknown(const Attempt& attempt) { return attempt.outside && attempt.to.empty(); }

std::string no_leg(const Attempt& attempt, Direction direction) {
  return direction == Direction::Outbound
             ? fmt::format(
                   "`{}` is no resource of the environment, so its outbound leg cannot be "
                   "judged",
                   attempt.from)
             : fmt::format(
                   "`{}` is no resource of the environment, so its inbound leg cannot be "
                   "judged",
                   attempt.to);
}

// The fits of a record, from the hypotheses that the baseline could bind.
Evidence weigh_record(const Policy& baseline, const Observation& observation,
                      std::vector<Weighed> all) {
  const Recorded& recorded = *observation.recorded;
  Evidence evidence;
  evidence.predicted = all.front().leg.categories;
  keep_if(all, evidence, [&](const Weighed& one) {
    return category_admits(one.leg, one.hypothesis, observation.attempt, recorded.category);
  });
  keep_if(all, evidence,
          [&](const Weighed& one) { return baseline_admits(baseline, one.leg, recorded); });
  keep_named(baseline, recorded, all, evidence);
  const Leg& first = all.front().leg;
  evidence.predicted = first.categories;
  evidence.predicted_rule = matched_rule(baseline, first);
  for (Weighed& one : all) evidence.fits.push_back(one.hypothesis);
  return evidence;
}

Verdict verdict_of(const Decision& decision, const Leg* leg) {
  return leg != nullptr ? leg->verdict : decision.verdict;
}

std::string reason_of(const Policy& policy, const Decision& decision, const Leg* leg) {
  return leg != nullptr ? reason_text(policy, *leg) : reason_text(policy, decision);
}

Clause clause_of(const Decision& decision, const Leg* leg) {
  if (leg != nullptr) return leg->clause;
  return decision.leg_count == 0 ? Clause::G1 : decision.leg[decision.deciding_leg].clause;
}

// Collects what each hypothesis gives, and makes one verdict of it.
class Jury {
 public:
  // `of_leg`: of which leg alone; nothing: of the whole attempt.
  Jury(const Policy& policy, const Observation& observation, std::optional<Direction> of_leg,
       const Scope& scope, const Readings& readings)
      : policy_(policy),
        observation_(observation),
        of_leg_(of_leg),
        scope_(scope),
        readings_(readings) {}

  std::expected<Judgement, std::string> verdict(const Evidence& evidence) && {
    for (const Hypothesis& hypothesis : evidence.fits) {
      if (auto heard = hear(hypothesis); !heard) return Failure(std::move(heard.error()));
    }
    return settled();
  }

 private:
  // The error is that of binding, or of a leg that is not there.
  std::expected<void, std::string> hear(const Hypothesis& hypothesis) {
    auto bound = bind_as(policy_, observation_.attempt, hypothesis, readings_);
    if (!bound) return Failure(std::move(bound.error()));
    const Decision decision = evaluate(policy_, *bound, scope_, readings_);
    const Leg* leg = nullptr;
    if (of_leg_) {
      leg = decision.find(*of_leg_);
      if (leg == nullptr) return Failure(no_leg(observation_.attempt, *of_leg_));
    }
    add(hypothesis, *bound, decision, leg);
    return {};
  }

  Judgement settled() {
    if (result_.possibilities.size() == 1 || !differ()) {
      result_.possibilities.clear();
      return std::move(result_);
    }
    result_.verdict = Verdict::Undecided;
    result_.clause = Clause::G10;
    result_.reason = undecided_reason();
    return std::move(result_);
  }

  void add(const Hypothesis& hypothesis, const BoundAttempt& bound, const Decision& decision,
           const Leg* leg) {
    const Verdict verdict = verdict_of(decision, leg);
    std::string reason = reason_of(policy_, decision, leg);
    if (!heard_) {
      result_.verdict = verdict;
      result_.reason = reason;
      result_.clause = clause_of(decision, leg);
      result_.decision = decision;
      result_.bound = bound;
      heard_ = true;
    }
    const auto same = [&](const Possibility& p) {
      return p.verdict == verdict && p.reason == reason;
    };
    if (std::ranges::none_of(result_.possibilities, same)) {
      result_.possibilities.push_back({hypothesis, verdict, std::move(reason)});
    }
  }

  [[nodiscard]] bool differ() const {
    return std::ranges::any_of(result_.possibilities,
                               [&](const Possibility& p) { return p.verdict != result_.verdict; });
  }

  // A gap that is there whatever the hypothesis is named by the engine; else what the hypotheses
  // differ in.
  [[nodiscard]] std::string undecided_reason() const {
    const auto& all = result_.possibilities;
    const auto gap = std::ranges::find(all, Verdict::Undecided, &Possibility::verdict);
    const bool settled_both_ways =
        std::ranges::find(all, Verdict::Allow, &Possibility::verdict) != all.end() &&
        std::ranges::find(all, Verdict::Deny, &Possibility::verdict) != all.end();
    if (gap != all.end() && !settled_both_ways) return gap->reason;
    const auto same = [&](auto Hypothesis::*fact) {
      return std::ranges::all_of(all, [&](const Possibility& p) {
        return p.hypothesis.*fact == all.front().hypothesis.*fact;
      });
    };
    const Fact fact = !same(&Hypothesis::credential)        ? Fact::Credential
                      : !same(&Hypothesis::subscription)    ? Fact::Subscription
                      : !same(&Hypothesis::trusted_service) ? Fact::TrustedService
                                                            : Fact::Subnet;
    return fmt::format("missing {}", to_string(fact));
  }

  const Policy& policy_;
  const Observation& observation_;
  const std::optional<Direction> of_leg_;
  const Scope& scope_;
  const Readings& readings_;
  Judgement result_;
  bool heard_ = false;
};

Judgement unknown_destination() {
  Judgement judgement;
  judgement.verdict = Verdict::Undecided;
  judgement.reason = fmt::format("missing {}", to_string(Fact::HostName));
  judgement.clause = Clause::G10;
  return judgement;
}

}  // namespace

Attempt filled_in(const Attempt& seen, const Hypothesis& hypothesis) {
  Attempt attempt = seen;
  if (hypothesis.credential) attempt.credential = hypothesis.credential;
  if (hypothesis.subscription) attempt.subscription = hypothesis.subscription;
  attempt.trusted_service = seen.trusted_service || hypothesis.trusted_service;
  if (!hypothesis.subnet.empty()) attempt.subnet = hypothesis.subnet;
  attempt.unlisted_subnet = seen.unlisted_subnet || hypothesis.other_subnet;
  return attempt;
}

std::string to_string(const Hypothesis& hypothesis) {
  std::string text = "as stated";
  if (hypothesis.credential) text = fmt::format("credential {}", to_string(*hypothesis.credential));
  if (hypothesis.subscription) {
    const std::string_view who =
        to_string(hypothesis.credential.value_or(Credential::ManagedIdentity));
    text = hypothesis.other_subscription
               ? fmt::format("{} of a subscription that no rule names", who)
               : fmt::format("{} of subscription {}", who, to_string(*hypothesis.subscription));
  }
  if (hypothesis.other_subnet) text += ", in a subnet that no rule names";
  if (const auto subnet = ResourceId::parse(hypothesis.subnet)) {
    text += fmt::format(", in subnet {}/{}", subnet->parent().name(), subnet->name());
  }
  if (hypothesis.trusted_service) text += ", as a trusted service";
  return text;
}

std::expected<Evidence, std::string> weigh(const Policy& baseline, const Policy& candidate,
                                           const Observation& observation,
                                           const Readings& readings) {
  Evidence evidence;
  if (destination_unknown(observation.attempt)) {
    evidence.fits.emplace_back();
    return evidence;
  }
  std::vector<Hypothesis> all = Hypotheses(baseline, candidate, observation, readings).all();
  if (!observation.recorded) {
    evidence.fits = std::move(all);
    return evidence;
  }
  const Direction direction = direction_of(observation.recorded->category);
  std::vector<Weighed> weighed;
  for (const Hypothesis& hypothesis : all) {
    auto bound = bind_as(baseline, observation.attempt, hypothesis, readings);
    if (!bound) return Failure(std::move(bound.error()));
    const Decision decision = evaluate(baseline, *bound, {}, readings);
    const Leg* leg = decision.find(direction);
    if (leg == nullptr) return Failure(no_leg(observation.attempt, direction));
    weighed.push_back({hypothesis, *leg});
  }
  return weigh_record(baseline, observation, std::move(weighed));
}

std::expected<Judgement, std::string> judge(const Policy& policy, const Observation& observation,
                                            const Evidence& evidence, const Scope& scope,
                                            const Readings& readings) {
  if (destination_unknown(observation.attempt)) return unknown_destination();
  std::optional<Direction> of_leg;
  if (observation.recorded) of_leg = direction_of(observation.recorded->category);
  return Jury(policy, observation, of_leg, scope, readings).verdict(evidence);
}

std::expected<Judgement, std::string> judge_leg(const Policy& policy,
                                                const Observation& observation, Direction direction,
                                                const Evidence& evidence, const Scope& scope,
                                                const Readings& readings) {
  if (destination_unknown(observation.attempt)) {
    return Failure(no_leg(observation.attempt, direction));
  }
  return Jury(policy, observation, direction, scope, readings).verdict(evidence);
}

}  // namespace nsp
