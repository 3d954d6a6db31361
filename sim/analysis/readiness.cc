#include "sim/analysis/readiness.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/analysis/readiness_gaps.h"
#include "sim/analysis/sighting.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

std::string credential_word(const Judged& judged) {
  const auto credential = judged.error.empty() ? credential_of(judged) : std::nullopt;
  return credential && *credential != Credential::Unknown ? std::string(to_string(*credential))
                                                          : "";
}

// What makes two legs one line.
using BlockerKey = std::tuple<Direction, std::string, std::string, Path, std::string, std::string>;

// Everything of one association, gathered leg by leg.
class ReadinessGatherer {
 public:
  ReadinessGatherer(const Policy& policy, const ReadinessReport& report,
                    const ReadinessOptions& options, const Comparison& by)
      : policy_(policy), report_(report), options_(options), by_(by) {}

  AssociationReadiness gather(Index association, const std::vector<std::size_t>& legs,
                              const std::bitset<13>& recorded) {
    name(association);
    std::vector<const SeenLeg*> own;
    for (const std::size_t number : legs) {
      own.push_back(&report_.legs[number]);
      add(number);
    }
    of_.blockers = lines(blockers_);
    of_.undecided = lines(undecided_);
    for (auto& [key, seen] : peers_) of_.peers.push_back({key.first, key.second, seen});
    of_.silent_days = silent_days(report_.log, of_.seen.days, options_.coverage.window);
    of_.gaps = evidence_gaps(
        {policy_, report_.log, options_.coverage, of_, own, report_.judged, recorded});
    decide();
    return std::move(of_);
  }

 private:
  void name(Index association) {
    const Environment& env = policy_.environment();
    const Association& document = env.associations[association];
    const Perimeter& perimeter = env.perimeters[document.perimeter];
    of_.association = association;
    of_.name = fmt::format("{}/{}", perimeter.name, document.name);
    of_.resource = policy_.display_name(document.resource);
    of_.profile = fmt::format("{}/{}", perimeter.name, perimeter.profiles[document.profile].name);
    of_.mode = document.mode;
    of_.enforced_already = document.mode == AccessMode::Enforced;
  }

  void add(std::size_t number) {
    const SeenLeg& leg = report_.legs[number];
    const Judged& judged = report_.judged[leg.observation];
    const Activity& seen = judged.observation->seen;
    const Change change = leg.change();
    of_.seen.merge(seen);
    of_.weights[static_cast<std::size_t>(change)] += seen.weight;
    const std::string peer = peer_name(judged, by_, leg.direction);
    // A private path is not touched by enforcement, so it does not matter how often it was seen.
    const bool is_private = leg.clause_after == Clause::In1 || leg.clause_after == Clause::Out1;
    if (!is_private) peers_[{leg.direction, peer}].merge(seen);
    if (change == Change::Revoked) add(blockers_, number, peer);
    if (change == Change::Undecided) add(undecided_, number, peer);
  }

  void add(std::map<BlockerKey, Blocker>& lines, std::size_t number, const std::string& peer) {
    const SeenLeg& leg = report_.legs[number];
    const Judged& judged = report_.judged[leg.observation];
    const Path path = judged.then.bound.path;
    const std::string credential = credential_word(judged);
    Blocker& line =
        lines[{leg.direction, peer, credential, path, leg.reason_now, leg.reason_after}];
    line.direction = leg.direction;
    line.peer = peer;
    line.credential = credential;
    line.path = path;
    line.now = leg.reason_now;
    line.then = leg.reason_after;
    line.clause = leg.clause_after;
    line.seen.merge(judged.observation->seen);
    line.legs.push_back(number);
  }

  static std::vector<Blocker> lines(std::map<BlockerKey, Blocker>& by_key) {
    std::vector<Blocker> all;
    for (auto& [key, line] : by_key) all.push_back(std::move(line));
    std::ranges::stable_sort(
        all, [](const Blocker& a, const Blocker& b) { return a.seen.weight > b.seen.weight; });
    return all;
  }

  void decide() {
    const bool gap_left =
        std::ranges::any_of(of_.gaps, [](const EvidenceGap& g) { return !g.accepted; });
    const bool no_log = report_.log.empty();
    if (of_.enforced_already && !no_log) {
      of_.verdict = ReadinessVerdict::Ready;
      of_.why.emplace_back("Enforced already: nothing changes");
      of_.gaps.clear();
      return;
    }
    if (!of_.blockers.empty()) {
      of_.verdict = ReadinessVerdict::NotReady;
      explain_blockers();
    } else if (!gap_left) {
      of_.verdict = ReadinessVerdict::Ready;
      of_.why.push_back(
          fmt::format("all {} seen on {} days of records stay as they are when Enforced",
                      events(of_.seen.weight), report_.log.covered()));
    }
    for (const EvidenceGap& gap : of_.gaps) {
      (gap.accepted ? of_.remarks : of_.why)
          .push_back(gap.accepted ? fmt::format("accepted ({}): {}", to_string(gap.gap), gap.text)
                                  : gap.text);
    }
    if (!no_log) {
      of_.remarks.push_back(
          fmt::format("nothing is known after {}: records take up to {} minutes to arrive (C10)",
                      to_string(report_.log.known_until), kLogLatency.count()));
    }
  }

  // One sentence a reason, the heaviest first.
  void explain_blockers() {
    std::vector<std::pair<const Blocker*, std::uint64_t>> reasons;
    for (const Blocker& blocker : of_.blockers) {
      const auto same = std::ranges::find_if(reasons, [&](const auto& r) {
        return r.first->then == blocker.then && r.first->direction == blocker.direction;
      });
      if (same == reasons.end()) {
        reasons.emplace_back(&blocker, blocker.seen.weight);
      } else {
        same->second += blocker.seen.weight;
      }
    }
    std::ranges::stable_sort(reasons, [](auto& a, auto& b) { return a.second > b.second; });
    for (const auto& [blocker, weight] : reasons) {
      of_.why.push_back(fmt::format("{} {} will be refused: {} ({}){}", events(weight),
                                    to_string(blocker->direction), blocker->then,
                                    facts(blocker->clause).id, masked(*blocker)));
    }
  }

  [[nodiscard]] std::string_view masked(const Blocker& blocker) const {
    return blocker.clause == Clause::C11
               ? "; today the resource's own firewall admits this protocol and masks it"
               : "";
  }

  const Policy& policy_;
  const ReadinessReport& report_;
  const ReadinessOptions& options_;
  const Comparison& by_;
  AssociationReadiness of_;
  std::map<BlockerKey, Blocker> blockers_;
  std::map<BlockerKey, Blocker> undecided_;
  std::map<std::pair<Direction, std::string>, Activity> peers_;
};

// Legs and recorded categories, sorted by who they belong to.
struct Sorted {
  std::map<Index, std::vector<std::size_t>> legs;  // association → legs
  std::map<Index, std::bitset<13>> categories;     // perimeter → recorded
};

Sorted sort_legs(const Policy& policy, const ReadinessReport& report) {
  Sorted sorted;
  const Environment& env = policy.environment();
  for (std::size_t i = 0; i < report.legs.size(); ++i) {
    const SeenLeg& leg = report.legs[i];
    sorted.legs[leg.association].push_back(i);
    const auto& recorded = report.judged[leg.observation].observation->recorded;
    if (!recorded) continue;
    sorted.categories[env.associations[leg.association].perimeter].set(
        static_cast<std::size_t>(recorded->category));
  }
  return sorted;
}

std::vector<bool> all_or(const std::vector<bool>& selected, std::size_t count) {
  return selected.empty() ? std::vector<bool>(count, true) : selected;
}

void collect_legs(ReadinessReport& report, const Comparison& by) {
  for (std::size_t i = 0; i < report.judged.size(); ++i) {
    std::vector<SeenLeg> legs = seen_legs(report.judged[i], by, i);
    if (legs.empty()) report.elsewhere += report.judged[i].observation->seen.weight;
    for (SeenLeg& leg : legs) report.legs.push_back(std::move(leg));
  }
}

Activity all_activity(std::span<const Observation> observations) {
  Activity all;
  for (const Observation& observation : observations) all.merge(observation.seen);
  return all;
}

}  // namespace

Scope enforced_scope(const std::vector<bool>& selected) {
  Scope scope = if_enforced();
  scope.only = &selected;
  return scope;
}

std::string peer_name(const Judged& judged, const Comparison& comparison, Direction direction) {
  if (direction == Direction::Outbound) {
    const std::string to = destination_name(comparison, judged);
    return to.empty() ? "a destination without a name" : to;
  }
  std::string resource = calling_resource(comparison, judged);
  if (!resource.empty()) return resource;
  std::string address = source_address(*judged.observation);
  const std::string& from = judged.observation->attempt.from;
  if (from.empty()) return address.empty() ? "a caller without an address" : address;
  return address.empty() || from == address ? from : fmt::format("{} ({})", from, address);
}

std::size_t ReadinessReport::count(ReadinessVerdict verdict) const {
  return static_cast<std::size_t>(
      std::ranges::count(associations, verdict, &AssociationReadiness::verdict));
}

ReadinessReport assess_readiness(const Policy& policy, std::span<const Observation> observations,
                                 const ReadinessOptions& options) {
  const std::size_t count = policy.environment().associations.size();
  ReadinessReport report;
  report.asked = options.coverage;
  report.log = log_coverage(all_activity(observations), options.coverage);
  report.selected = all_or(options.selected, count);
  const Comparison by{&policy, &policy, {}, enforced_scope(report.selected), options.readings};
  report.judged = judge_all(observations, by, options.jobs);
  collect_legs(report, by);
  Sorted sorted = sort_legs(policy, report);
  for (Index i = 0; i < count; ++i) {
    if (!report.selected[i]) continue;
    ReadinessGatherer gatherer(policy, report, options, by);
    report.associations.push_back(gatherer.gather(
        i, sorted.legs[i], sorted.categories[policy.environment().associations[i].perimeter]));
  }
  std::ranges::sort(report.associations, [](const auto& a, const auto& b) {
    return std::tuple(lower(a.name), a.association) < std::tuple(lower(b.name), b.association);
  });
  return report;
}

int exit_status(const ReadinessReport& report) {
  if (report.associations.empty() || report.log.empty()) return 5;
  if (report.count(ReadinessVerdict::NotReady) != 0) return 1;
  return report.count(ReadinessVerdict::InsufficientEvidence) != 0 ? 4 : 0;
}

}  // namespace nsp
