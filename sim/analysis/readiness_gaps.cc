#include "sim/analysis/readiness_gaps.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

// `1 day`, `5 days`.
std::string days(Day count) { return fmt::format("{} day{}", count, count == 1 ? "" : "s"); }
// `a, b and 3 more`, each in backticks.
std::string first_quoted(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += fmt::format("{}`{}`", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

class Gaps {
 public:
  explicit Gaps(const GapInput& input)
      : in_(input), env_(input.policy.environment()), of_(input.association) {}

  std::vector<EvidenceGap> find() {
    no_records();
    window();
    silence();
    categories();
    seen_once();
    periods();
    capability();
    private_hops();
    disagreement();
    lost_records();
    undecided();
    return std::move(gaps_);
  }

 private:
  void add(Gap gap, std::string text) {
    const bool accepted =
        may_be_accepted(gap) && in_.asked.accepted.test(static_cast<std::size_t>(gap));
    gaps_.push_back({gap, std::move(text), accepted});
  }

  [[nodiscard]] const Resource& resource() const {
    return env_.resources[env_.associations[of_.association].resource];
  }
  [[nodiscard]] const Perimeter& perimeter() const {
    return env_.perimeters[env_.associations[of_.association].perimeter];
  }
  [[nodiscard]] std::string span_text() const {
    return fmt::format("{} to {}", day_text(in_.log.first_day), day_text(in_.log.last_day));
  }

  void no_records() {
    if (in_.log.empty()) return add(Gap::NoRecords, "there are no records: no evidence at all");
    if (of_.seen.weight != 0) return;
    add(Gap::NoRecords, fmt::format("no record of `{}` in {} of log ({}): silence is no evidence",
                                    of_.resource, days(in_.log.span()), span_text()));
  }

  void window() {
    if (in_.log.empty() || in_.log.covered() >= in_.asked.window) return;
    std::string text = fmt::format("the log has records on {} ({}), {} were asked for",
                                   days(in_.log.covered()), span_text(), in_.asked.window);
    if (!in_.log.holes.empty()) {
      text += fmt::format("; nothing at all on {}", days_text(in_.log.holes));
    }
    add(Gap::Window, std::move(text));
  }

  void silence() {
    const Day most = in_.asked.max_silent_days.value_or(in_.asked.window / 2);
    if (of_.seen.weight == 0 || of_.silent_days <= most) return;
    add(Gap::SilentDays,
        fmt::format("no record of `{}` on {} of the last {}, at most {} may be silent",
                    of_.resource, days(of_.silent_days),
                    days(std::min(in_.asked.window, in_.log.span())), most));
  }

  // What would show a blocker, and what speaks for its being collected.
  void categories() {
    category(LogCategory::NspPublicInboundResourceRulesAllowed);
    if (resource().service != Service::KeyVault) {
      category(LogCategory::NspPublicOutboundResourceRulesAllowed);
    }
  }

  void category(LogCategory wanted) {
    const auto bit = static_cast<std::size_t>(wanted);
    if (in_.log.empty() || in_.recorded.test(bit) || in_.asked.logged.test(bit)) return;
    const auto& enabled = perimeter().enabled_log_categories;
    if (enabled.empty()) {
      return add(Gap::Categories,
                 fmt::format("nothing shows that {} is collected: no record has it, and the "
                             "environment holds no logging configuration of `{}`",
                             to_string(wanted), perimeter().name));
    }
    if (std::ranges::any_of(
            enabled, [&](const std::string& word) { return iequals(word, to_string(wanted)); })) {
      return;
    }
    const bool group = std::ranges::any_of(
        enabled, [](const std::string& word) { return iequals(word, "allLogs"); });
    add(Gap::Categories,
        group
            ? fmt::format("`{}` collects `allLogs`, which was seen to collect nothing (C17): name "
                          "{} by itself",
                          perimeter().name, to_string(wanted))
            : fmt::format("`{}` does not collect {}, which would show what breaks",
                          perimeter().name, to_string(wanted)));
  }

  void seen_once() {
    if (in_.log.span() < 2) return;  // everything was seen on one day: the window says it
    std::vector<std::string> names;
    Day least = 0;
    for (const Peer& peer : of_.peers) {
      if (peer.seen.days.size() != 1) continue;
      names.push_back(peer.name);
      least = std::max(
          least, least_period(peer.seen.days.days().front(), in_.log.first_day, in_.log.last_day));
    }
    if (names.empty()) return;
    const Day covered = in_.log.covered();
    add(Gap::SeenOnce,
        fmt::format("seen on one day only: {}; if periodic, one comes every {} or more rarely, and "
                    "another of a period of {} would be missed with a chance of {}",
                    first_quoted(names), days(least), days(2 * covered),
                    percent_text(missed_chance(2 * covered, covered))));
  }

  void periods() {
    if (in_.log.empty()) return;
    const Day covered = in_.log.covered();
    const double chance = missed_chance(in_.asked.period, covered);
    if (chance > 0) {
      add(Gap::Period,
          fmt::format("a caller of every {} would be missed with a chance of {} in {} of records",
                      days(in_.asked.period), percent_text(chance), days(covered)));
    }
    for (const Peer& peer : of_.peers) {
      const auto period = estimated_period(peer.seen.days);
      if (!period || missed_chance(*period, covered) == 0) continue;
      add(Gap::Period,
          fmt::format("`{}` comes about every {:.1f} days: another like it would be missed with a "
                      "chance of {} in {} of records",
                      peer.name, *period, percent_text(missed_chance(*period, covered)),
                      days(covered)));
    }
  }

  [[nodiscard]] std::uint64_t weight_if(auto holds) const {
    std::uint64_t weight = 0;
    for (const SeenLeg* leg : in_.legs) {
      if (holds(*leg)) weight += in_.judged[leg->observation].observation->seen.weight;
    }
    return weight;
  }

  void capability() {
    const std::uint64_t weight = weight_if([](const SeenLeg& leg) {
      return leg.notes.test(static_cast<std::size_t>(Note::CapabilityMayBeUnavailable));
    });
    if (weight == 0) return;
    add(Gap::Capability,
        fmt::format("{} of fine-tuning or Assistants: the network admits them, the service may "
                    "refuse them when Enforced (FOUNDRY)",
                    events(weight)));
  }

  // An approved connection whose use cannot be seen in the log.
  void private_hops() {
    const auto approved = std::ranges::count(
        resource().private_connections, ConnectionStatus::Approved, &PrivateConnection::status);
    if (approved == 0 || in_.log.empty()) return;
    const std::uint64_t seen = weight_if([&](const SeenLeg& leg) {
      const auto& recorded = in_.judged[leg.observation].observation->recorded;
      return leg.direction == Direction::Inbound && leg.clause_after == Clause::In1 &&
             (!recorded || recorded->category == LogCategory::NspPrivateInboundAllowed);
    });
    if (seen != 0) return;
    const bool may_be_silent = resource().service == Service::Search ||
                               resource().service == Service::Foundry ||
                               resource().service == Service::OpenAi;
    add(Gap::PrivateHop,
        fmt::format("`{}` has an approved private endpoint and no NspPrivateInboundAllowed record: "
                    "who uses it is not known{}",
                    of_.resource,
                    may_be_silent ? ", and this service may not log it (C3)"
                                  : "; clients that mean to use it may arrive in public"));
  }

  void disagreement() {
    const std::uint64_t weight = weight_if([](const SeenLeg& leg) { return !leg.agrees; });
    if (weight == 0) return;
    add(Gap::Disagreement,
        fmt::format(
            "{} of {} are recorded otherwise than this environment predicts: it has changed "
            "since, or is not what was in force",
            weight, events(of_.seen.weight)));
  }

  void lost_records() {
    if (in_.asked.lost_records == 0) return;
    add(Gap::LostRecords,
        fmt::format("{} record{} could not be read or tell too little: what they would show is not "
                    "known",
                    in_.asked.lost_records, in_.asked.lost_records == 1 ? "" : "s"));
  }

  void undecided() {
    const std::uint64_t weight = of_.weight(Change::Undecided);
    if (weight == 0) return;
    add(Gap::Undecided,
        fmt::format("{} cannot be decided: {} (G-10)", events(weight), of_.undecided.front().then));
  }

  const GapInput& in_;
  const Environment& env_;
  const AssociationReadiness& of_;
  std::vector<EvidenceGap> gaps_;
};

}  // namespace

std::string events(std::uint64_t count) {
  return fmt::format("{} event{}", count, count == 1 ? "" : "s");
}

std::vector<EvidenceGap> evidence_gaps(const GapInput& input) { return Gaps(input).find(); }

}  // namespace nsp
