#include "sim/decision/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

namespace nsp {
namespace {

// How far the prefix `element` is from the address; nothing for other elements.
std::optional<Uint128> distance(const BoundAttempt& bound, const std::string& element) {
  const auto prefix = IpPrefix::parse(element);
  if (!prefix || bound.address_view != AddressView::Visible ||
      prefix->network.v4 != bound.address.v4) {
    return std::nullopt;
  }
  const Uint128 at = bound.address.bits;
  if (at < prefix->first().bits) return prefix->first().bits - at;
  return at - std::min(at, prefix->last().bits);
}

// Characters that both texts end in.
std::size_t common_end(std::string_view a, std::string_view b) {
  const auto [left, right] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  return static_cast<std::size_t>(left - a.rbegin());
}

// Smaller is nearer.
using Rank = std::tuple<int, Uint128>;

Rank rank_of(const BoundAttempt& bound, const RuleTrial& trial) {
  constexpr Uint128 kNear = 65535;
  constexpr Uint128 kLongestName = 253;
  if (const auto far = distance(bound, trial.element)) return {*far <= kNear ? 0 : 3, *far};
  if (trial.element.starts_with("subscription ")) {
    return {bound.credential == Credential::ManagedIdentity ? 1 : 4, 0};
  }
  const std::size_t same = common_end(trial.element, bound.host.text);
  if (trial.rule.kind == RuleRef::Kind::Access && same > 0 && trial.element.contains('.')) {
    return {2, kLongestName - std::min<Uint128>(same, kLongestName)};
  }
  return {4, 0};
}

bool tries_perimeter_rules(const TraceStep& step) {
  return step.clause == Clause::In4 || step.clause == Clause::Out4;
}

const RuleTrial* nearest_of(const BoundAttempt& bound, const Trace& trace, Direction direction,
                            bool perimeter_rules) {
  const RuleTrial* best = nullptr;
  for (const TraceStep& step : trace.steps) {
    if (step.direction != direction || tries_perimeter_rules(step) != perimeter_rules) continue;
    for (const RuleTrial& trial : step.trials) {
      if (trial.matched) continue;
      if (best == nullptr || rank_of(bound, trial) < rank_of(bound, *best)) best = &trial;
    }
  }
  return best;
}

}  // namespace

const RuleTrial* most_telling(const BoundAttempt& bound,
                              const std::vector<const RuleTrial*>& trials) {
  const RuleTrial* best = trials.front();
  std::optional<Uint128> nearest;
  for (const RuleTrial* trial : trials) {
    if (trial->matched) return trial;
    const auto here = distance(bound, trial->element);
    if (here && (!nearest || *here < *nearest)) {
      nearest = here;
      best = trial;
    }
  }
  return best;
}

std::string nearest_miss(const BoundAttempt& bound, const Trace& trace, Direction direction) {
  const RuleTrial* best = nearest_of(bound, trace, direction, true);
  if (best == nullptr) best = nearest_of(bound, trace, direction, false);
  if (best == nullptr) return {};
  return fmt::format("{}: {}", best->rule_name, best->why.empty() ? best->element : best->why);
}

}  // namespace nsp
