#include "sim/report/readiness_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/report/replay_words.h"

namespace nsp {
namespace {

int badness(ReadinessVerdict verdict) {
  switch (verdict) {
    case ReadinessVerdict::NotReady:
      return 0;
    case ReadinessVerdict::InsufficientEvidence:
      return 1;
    case ReadinessVerdict::Ready:
      break;
  }
  return 2;
}

std::uint64_t weight_of(const ReadinessFacts& facts, std::size_t leg) {
  const ReadinessReport& report = facts.report;
  return report.judged[report.legs[leg].observation].observation->seen.weight;
}

Comparison comparison(const ReadinessFacts& facts) {
  return {facts.policy, facts.policy, {}, enforced_scope(facts.report.selected), {}};
}

void add_row(TextTable& table, const Blocker& blocker) {
  std::string how = std::string(to_string(blocker.direction));
  if (blocker.path != Path::Public) how += fmt::format(", {}", to_string(blocker.path));
  table.rows.push_back({grouped(blocker.seen.weight), how, blocker.peer,
                        blocker.credential.empty() ? "?" : blocker.credential, blocker.now,
                        blocker.then, date_text(blocker.seen.first), date_text(blocker.seen.last)});
}

}  // namespace

std::vector<std::size_t> worst_first(const ReadinessFacts& facts) {
  std::vector<std::size_t> order(facts.report.associations.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const AssociationReadiness& one = facts.report.associations[a];
    const AssociationReadiness& other = facts.report.associations[b];
    if (one.verdict != other.verdict) return badness(one.verdict) < badness(other.verdict);
    return one.weight(Change::Revoked) > other.weight(Change::Revoked);
  });
  return order;
}

std::string where_text(const AssociationReadiness& association) {
  return fmt::format("{}, profile {}, {}", association.resource, association.profile,
                     to_string(association.mode));
}

TextTable blocker_table(const AssociationReadiness& association, std::size_t most) {
  TextTable table;
  table.header = {"events", "leg", "who", "as", "now", "if enforced", "first", "last"};
  for (const std::vector<Blocker>* list : {&association.blockers, &association.undecided}) {
    for (const Blocker& blocker : *list) {
      if (most != 0 && table.rows.size() == most) return table;
      add_row(table, blocker);
    }
  }
  return table;
}

std::vector<Step> steps_for(const ReadinessFacts& facts, const AssociationReadiness& association) {
  std::vector<Step> steps;
  const std::uint64_t open =
      association.weight(Change::Revoked) + association.weight(Change::Undecided);
  for (std::size_t i = 0; i < facts.suggestions.all.size(); ++i) {
    const Suggestion& one = facts.suggestions.all[i];
    const auto here = one.resolves_at.find(association.association);
    if (here == one.resolves_at.end()) continue;
    steps.push_back(
        {i, one.chosen, one.text,
         fmt::format("resolves {} of {}, gains {}; admits {}", grouped(here->second),
                     grouped_count(open, "event"), grouped(one.proof.gained), one.admits)});
  }
  std::ranges::stable_sort(steps, [](const Step& a, const Step& b) { return a.chosen > b.chosen; });
  return steps;
}

std::vector<std::string> unresolved_texts(const ReadinessFacts& facts,
                                          const AssociationReadiness& association) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> groups;
  const Comparison by = comparison(facts);
  for (const UnresolvedBlocker& one : facts.suggestions.unresolved) {
    const SeenLeg& leg = facts.report.legs[one.leg];
    if (leg.association != association.association) continue;
    const Judged& judged = facts.report.judged[leg.observation];
    groups[{peer_name(judged, by, leg.direction), one.why}] += weight_of(facts, one.leg);
  }
  std::vector<std::string> texts;
  for (const auto& [key, weight] : groups) {
    texts.push_back(
        fmt::format("{} of {}: {}", grouped_count(weight, "event"), key.first, key.second));
  }
  return texts;
}

std::vector<std::string> gained_texts(const ReadinessFacts& facts, const Proof& proof) {
  std::vector<std::string> texts;
  const Comparison by = comparison(facts);
  for (const LegAt& at : proof.gained_legs) {
    const Judged& judged = facts.report.judged[at.observation];
    const bool inbound = at.direction == Direction::Inbound;
    texts.push_back(fmt::format("{} {} {} {}",
                                grouped_count(judged.observation->seen.weight, "event"),
                                inbound ? "of" : "to", peer_name(judged, by, at.direction),
                                inbound ? "to " + judged.observation->attempt.to
                                        : "of " + judged.observation->attempt.from));
  }
  return texts;
}

TextTable rollout_table(const ReadinessFacts& facts) {
  TextTable table;
  table.header = {"step", "switch", "first", "then it breaks", "evidence"};
  for (const RolloutStep& step : facts.rollout.steps) {
    const AssociationReadiness& of = facts.report.associations[step.association];
    std::vector<std::string> needs;
    for (const std::size_t s : step.needs) needs.push_back(facts.suggestions.all[s].text);
    std::string breaks = step.breaks == 0 ? "nothing seen" : grouped_count(step.breaks, "event");
    if (step.breaks_alone != step.breaks) {
      breaks += fmt::format(" ({} without)", grouped(step.breaks_alone));
    }
    if (step.undecided != 0) breaks += fmt::format(", {} undecided", grouped(step.undecided));
    const bool enough = std::ranges::all_of(of.gaps, &EvidenceGap::accepted);
    table.rows.push_back({std::to_string(table.rows.size() + 1), of.name,
                          needs.empty() ? "nothing" : join(needs, "; "), breaks,
                          enough ? "enough" : "insufficient"});
  }
  return table;
}

std::string readiness_summary(const ReadinessFacts& facts) {
  const ReadinessReport& report = facts.report;
  std::uint64_t refused = 0;
  for (const AssociationReadiness& one : report.associations)
    refused += one.weight(Change::Revoked);
  std::string text =
      fmt::format("{} ready, {} not ready, {} with insufficient evidence",
                  report.count(ReadinessVerdict::Ready), report.count(ReadinessVerdict::NotReady),
                  report.count(ReadinessVerdict::InsufficientEvidence));
  if (report.log.empty()) return text + ": there are no records";
  if (refused == 0) return text + ": nothing seen would be refused";
  const std::uint64_t left = facts.suggestions.proof.revoked_left;
  return fmt::format("{}: {} would be refused, {} with what is suggested", text,
                     grouped_count(refused, "event"), left == 0 ? "none" : grouped(left));
}

}  // namespace nsp
