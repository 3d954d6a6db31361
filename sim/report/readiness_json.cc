// Readiness for a program: `nspsim.readiness/1`.
#include <array>

#include "sim/report/activity_json.h"
#include "sim/report/readiness_report.h"
#include "sim/report/readiness_words.h"
#include "sim/report/replay_members.h"

namespace nsp {
namespace {

class ReadinessWriter {
 public:
  explicit ReadinessWriter(const ReadinessFacts& facts)
      : facts_(facts),
        by_{facts.policy, facts.policy, {}, enforced_scope(facts.report.selected), {}} {}

  std::string write() {
    json_.object().member("schema", "nspsim.readiness/1");
    write_replay_members(json_, facts_.replay);
    coverage();
    json_.key("associations").array();
    for (const AssociationReadiness& one : facts_.report.associations) association(one);
    json_.end();
    combination();
    json_.key("rollout").array();
    for (const RolloutStep& step : facts_.rollout.steps) rollout_step(step);
    json_.end();
    summary();
    json_.end();
    return json_.take();
  }

 private:
  void instant(std::string_view name, const std::optional<Instant>& when) {
    json_.key(name);
    when ? json_.value(to_string(*when)) : json_.null();
  }

  void coverage() {
    const LogCoverage& log = facts_.report.log;
    const CoverageOptions& asked = facts_.report.asked;
    json_.key("coverage").object();
    json_.member("windowDays", asked.window).member("spanDays", log.span());
    json_.member("coveredDays", log.covered());
    std::vector<std::string> holes;
    for (const Day day : log.holes) holes.push_back(day_text(day));
    json_.member("daysWithoutRecords", holes);
    instant("knownUntil", log.empty() ? std::nullopt : std::optional(log.known_until));
    json_.key("missed").array();
    for (const Day period : {1, 7, 14, 30, 91, 365}) missed(period, log);
    json_.end().end();
  }

  // In thousandths, so that the same log gives the same bytes everywhere.
  void missed(Day period, const LogCoverage& log) {
    constexpr double kThousand = 1000;
    constexpr double kHalf = 0.5;
    const auto thousandths =
        static_cast<int>(missed_chance(period, log.covered()) * kThousand + kHalf);
    json_.object().member("periodDays", period).member("chancePerMille", thousandths).end();
  }

  void blocker(const Blocker& one) {
    json_.object();
    write_activity(json_, one.seen);
    json_.member("direction", to_string(one.direction)).member("peer", one.peer);
    write_text_or_null(json_, "credential", one.credential);
    json_.member("path", to_string(one.path)).member("now", one.now).member("then", one.then);
    json_.member("clause", facts(one.clause).id);
    json_.end();
  }

  void blockers(std::string_view name, const std::vector<Blocker>& list) {
    json_.key(name).array();
    for (const Blocker& one : list) blocker(one);
    json_.end();
  }

  void weights(const AssociationReadiness& one) {
    json_.key("weights").object();
    for (const Change change :
         {Change::Unchanged, Change::Revoked, Change::Gained, Change::Undecided}) {
      json_.member(to_string(change), one.weight(change));
    }
    json_.end();
  }

  void gaps(const AssociationReadiness& one) {
    json_.key("gaps").array();
    for (const EvidenceGap& gap : one.gaps) {
      json_.object().member("gap", to_string(gap.gap)).member("text", gap.text);
      json_.member("accepted", gap.accepted).end();
    }
    json_.end();
  }

  void association(const AssociationReadiness& one) {
    json_.object().member("association", one.name).member("resource", one.resource);
    json_.member("profile", one.profile).member("mode", to_string(one.mode));
    json_.member("verdict", to_string(one.verdict));
    json_.member("blockers", one.weight(Change::Revoked));
    json_.member("silentDays", one.silent_days);
    json_.member("why", one.why).member("remarks", one.remarks);
    json_.key("seen").object();
    write_activity(json_, one.seen);
    json_.end();
    weights(one);
    blockers("breaks", one.blockers);
    blockers("undecided", one.undecided);
    gaps(one);
    json_.key("suggestions").array();
    for (const Step& step : steps_for(facts_, one)) {
      const Suggestion& of = facts_.suggestions.all[step.suggestion];
      suggestion(of, of.resolves_at.at(one.association));
    }
    json_.end();
    json_.member("unresolved", unresolved_texts(facts_, one));
    json_.end();
  }

  void suggestion(const Suggestion& one, std::uint64_t resolves) {
    json_.object().member("kind", to_string(one.kind)).member("chosen", one.chosen);
    json_.member("text", one.text);
    rule(one);
    json_.member("resolves", resolves).member("gained", one.proof.gained);
    gains(one.proof);
    json_.member("revokedLeft", one.proof.revoked_left);
    json_.member("admitsUnseenAddresses", one.unseen).member("admits", one.admits);
    json_.end();
  }

  void gains(const Proof& proof) {
    json_.key("gains").array();
    for (const LegAt& at : proof.gained_legs) {
      const Judged& judged = facts_.report.judged[at.observation];
      const bool inbound = at.direction == Direction::Inbound;
      const Attempt& attempt = judged.observation->attempt;
      json_.object().member("direction", to_string(at.direction));
      json_.member("peer", peer_name(judged, by_, at.direction));
      json_.member("resource", inbound ? attempt.to : attempt.from);
      json_.member("weight", judged.observation->seen.weight).end();
    }
    json_.end();
  }

  void rule(const Suggestion& one) {
    json_.key("rule");
    if (one.rule.name.empty()) {
      json_.null();
      return;
    }
    std::vector<std::string> prefixes;
    std::vector<std::string> subscriptions;
    std::vector<std::string> names;
    for (const WrittenPrefix& prefix : one.rule.prefixes) prefixes.push_back(prefix.text);
    for (const Guid& guid : one.rule.subscriptions) {
      subscriptions.push_back("/subscriptions/" + to_string(guid));
    }
    for (const DomainPattern& pattern : one.rule.host_names) names.push_back(to_string(pattern));
    json_.object().member("name", one.rule.name);
    json_.member("direction", one.rule.direction == Direction::Inbound ? "Inbound" : "Outbound");
    json_.member("addressPrefixes", prefixes).member("subscriptions", subscriptions);
    json_.member("fullyQualifiedDomainNames", names).end();
  }

  // All chosen suggestions together.
  void combination() {
    const Proof& proof = facts_.suggestions.proof;
    json_.key("combined").object();
    std::size_t chosen = 0;
    for (const Suggestion& one : facts_.suggestions.all) chosen += one.chosen ? 1 : 0;
    json_.member("suggestions", chosen).member("resolves", proof.resolves);
    json_.member("settles", proof.settles).member("revokedLeft", proof.revoked_left);
    json_.member("gained", proof.gained);
    gains(proof);
    json_.end();
  }

  void rollout_step(const RolloutStep& step) {
    std::vector<std::string> needs;
    for (const std::size_t s : step.needs) needs.push_back(facts_.suggestions.all[s].text);
    json_.object();
    json_.member("association", facts_.report.associations[step.association].name);
    json_.member("needs", needs).member("breaksAlone", step.breaks_alone);
    json_.member("breaks", step.breaks).member("undecided", step.undecided);
    json_.member("notes", step.notes).end();
  }

  void summary() {
    const ReadinessReport& report = facts_.report;
    json_.key("summary").object();
    json_.member("ready", report.count(ReadinessVerdict::Ready));
    json_.member("notReady", report.count(ReadinessVerdict::NotReady));
    json_.member("insufficientEvidence", report.count(ReadinessVerdict::InsufficientEvidence));
    json_.member("text", readiness_summary(facts_)).end();
  }

  const ReadinessFacts& facts_;
  Comparison by_;
  JsonWriter json_;
};

}  // namespace

std::string readiness_as_json(const ReadinessFacts& facts) {
  return ReadinessWriter(facts).write();
}

}  // namespace nsp
