#include "sim/analysis/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/analysis/candidate.h"
#include "sim/analysis/suggest_make.h"
#include "sim/analysis/suggest_reasons.h"

namespace nsp {
namespace {

class Suggester {
 public:
  Suggester(const Policy& policy, const ReadinessReport& report, const Readings& readings,
            const SuggestOptions& options)
      : report_(report),
        prover_(policy, report, readings),
        maker_(policy, report, options),
        policy_(policy) {}

  Suggestions run() {
    const std::vector<std::size_t> open = open_legs();
    admit(maker_.identities(open), true);
    admit(maker_.rules(left(open)), true);
    admit(maker_.subscriptions(open), true);
    admit(maker_.wildcards(left_without_wildcards(open)), false);
    std::ranges::stable_sort(out_.all, [](const Suggestion& a, const Suggestion& b) {
      return std::tie(a.kind, a.text) < std::tie(b.kind, b.text);
    });
    combine(open);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::vector<std::size_t> open_legs() const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < report_.legs.size(); ++i) {
      const Change change = report_.legs[i].change();
      if (change == Change::Revoked || change == Change::Undecided) open.push_back(i);
    }
    return open;
  }

  [[nodiscard]] std::vector<std::size_t> left(const std::vector<std::size_t>& open) const {
    std::vector<std::size_t> rest;
    std::ranges::copy_if(open, std::back_inserter(rest),
                         [&](std::size_t leg) { return !resolved_.contains(leg); });
    return rest;
  }

  // Wildcards are another way for what exact names resolve, so those count as open.
  [[nodiscard]] std::vector<std::size_t> left_without_wildcards(
      const std::vector<std::size_t>& open) const {
    std::vector<std::size_t> outbound;
    std::ranges::copy_if(open, std::back_inserter(outbound), [&](std::size_t leg) {
      return report_.legs[leg].direction == Direction::Outbound && !by_identity_.contains(leg);
    });
    return outbound;
  }

  // Proves each; those that help nothing are dropped, those that resolve something new are chosen.
  void admit(std::vector<Suggestion> suggestions, bool may_be_chosen) {
    for (Suggestion& suggestion : suggestions) {
      const Suggestion* const one = &suggestion;
      suggestion.proof = prover_.prove({&one, 1});
      const Proof& proof = suggestion.proof;
      if (proof.resolved_legs.empty() && proof.may_resolve == 0) continue;
      suggestion.chosen =
          may_be_chosen && resolves_something_new(proof) && maker_.is_called_for(suggestion);
      if (suggestion.chosen) keep(suggestion);
      for (const std::size_t leg : proof.resolved_legs) {
        suggestion.resolves_at[report_.legs[leg].association] +=
            report_.judged[report_.legs[leg].observation].observation->seen.weight;
      }
      out_.all.push_back(std::move(suggestion));
    }
  }

  [[nodiscard]] bool resolves_something_new(const Proof& proof) const {
    return std::ranges::any_of(proof.resolved_legs,
                               [&](std::size_t leg) { return !resolved_.contains(leg); });
  }

  void keep(const Suggestion& suggestion) {
    resolved_.insert(suggestion.proof.resolved_legs.begin(), suggestion.proof.resolved_legs.end());
    if (suggestion.kind > SuggestionKind::Link) return;
    by_identity_.insert(suggestion.proof.resolved_legs.begin(),
                        suggestion.proof.resolved_legs.end());
  }

  void combine(const std::vector<std::size_t>& open) {
    std::vector<const Suggestion*> chosen;
    for (const Suggestion& s : out_.all) {
      if (s.chosen) chosen.push_back(&s);
    }
    out_.candidate = with_suggestions(policy_.environment(), chosen);
    out_.proof = prover_.prove_all(chosen);
    for (const std::size_t leg : open) {
      if (std::ranges::binary_search(out_.proof.resolved_legs, leg)) continue;
      out_.unresolved.push_back({leg, why_unresolved(policy_, report_, leg, maker_.refusals())});
    }
  }

  const ReadinessReport& report_;
  Prover prover_;
  SuggestionMaker maker_;
  const Policy& policy_;
  Suggestions out_;
  std::set<std::size_t> resolved_;
  std::set<std::size_t> by_identity_;
};

}  // namespace

Suggestions suggest(const Policy& policy, const ReadinessReport& report, const Readings& readings,
                    const SuggestOptions& options) {
  return Suggester(policy, report, readings, options).run();
}

std::size_t rule_elements(const Profile& profile, Direction direction) {
  std::size_t count = 0;
  for (const AccessRule& rule : profile.rules) {
    if (rule.direction != direction) continue;
    count += rule.prefixes.size() + rule.subscriptions.size() + rule.service_tags.size() +
             rule.host_names.size();
  }
  return count;
}

}  // namespace nsp
