// Every case of every page, written as access-log records and read back: the same attempts, judged
// the same.
//
// A record tells what was in force when it was written. So what a case changes (its mode, its
// publicNetworkAccess, a missing association) is put into the environment that the record is read
// against, instead of into a scope. What records do not carry, above all the credential, must come
// back by evidence (sim/decision/evidence.h).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "sim/access_log/observe_log.h"
#include "sim/access_log/read_logs.h"
#include "sim/access_log/record_writer.h"
#include "sim/decision/describe.h"
#include "sim/decision/evidence.h"
#include "sim/scenario/run.h"

namespace nsp {
namespace {

// The environment as the scope sees it.
Environment in_force(const Policy& policy, const Scope& scope) {
  Environment environment = policy.environment();
  if (scope.mode) {
    for (Association& association : environment.associations) association.mode = *scope.mode;
  }
  if (scope.resource_with_access != kNone) {
    environment.resources[scope.resource_with_access].public_network_access =
        scope.public_network_access;
  }
  if (scope.not_associated != kNone) {
    environment.resources[scope.not_associated].association = kNone;
  }
  return environment;
}

std::string written(const Decided& decided, RecordShape shape) {
  std::string out;
  RecordWriter(shape).write(decided, out);
  return out;
}

std::string describe(const Decided& decided) {
  return fmt::format("{} to {}: {}", decided.attempt.from, decided.attempt.to,
                     outcome_text(decided.policy, decided.decision));
}

// The leg that a record of this category tells of.
const Leg& leg_of(const Decision& decision, LogCategory category) {
  return *decision.find(direction_of(category));
}

// What one end of the attempt can see of it, as read and as it was.
void expect_same_attempt(const BoundAttempt& read, const BoundAttempt& was, Direction direction) {
  EXPECT_EQ(read.caller, was.caller);
  EXPECT_EQ(read.destination, was.destination);
  EXPECT_EQ(read.host.text, was.host.text);
  if (direction == Direction::Outbound) return;
  EXPECT_EQ(read.path, was.path);
  EXPECT_EQ(read.protocol, was.protocol);
  // An address that nobody stated is none that the service saw, once it is recorded.
  const bool stated = was.address_view != AddressView::Missing;
  EXPECT_EQ(read.address_view, stated ? was.address_view : AddressView::Hidden);
  EXPECT_EQ(read.address, was.address);
}

// Whether a firewall that is not described lets trusted services pass is not known, and a record
// does not tell that its caller is none.
bool is_gap(const Policy& policy, const Leg& leg, const Judgement& again) {
  return !policy.environment().resources[leg.resource].firewall.known &&
         again.reason == "missing firewall" && leg.verdict == Verdict::Deny;
}

class Reader {
 public:
  void read(const Decided& decided) {
    SCOPED_TRACE(describe(decided));
    ++attempts;
    const WrittenCategories categories = written_categories(decided.decision);
    const LogTable table = read_log_bytes(written(decided, RecordShape::Raw), "raw.jsonl");
    const LogTable rows = read_log_bytes(written(decided, RecordShape::Table), "rows.jsonl");
    EXPECT_TRUE(table.unreadable.empty() && table.unknown_categories.empty() &&
                table.unknown_columns.empty());
    EXPECT_EQ(table.records, categories.count);
    EXPECT_EQ(table.tuples, rows.tuples);
    EXPECT_TRUE(rows.unknown_columns.empty());
    const Policy policy = compile(in_force(decided.policy, decided.scope));
    const LogObservations observed = observe_log(table, policy);
    ASSERT_EQ(observed.observations.size(), categories.count);
    for (const Observation& each : observed.observations) judge_again(decided, policy, each);
  }

  std::size_t attempts = 0;
  std::map<LogCategory, std::size_t> records;

 private:
  void judge_again(const Decided& decided, const Policy& policy, const Observation& observation) {
    const Recorded& recorded = *observation.recorded;
    SCOPED_TRACE(to_string(recorded.category));
    ++records[recorded.category];
    const Leg& leg = leg_of(decided.decision, recorded.category);
    EXPECT_EQ(recorded.rule, matched_rule(decided.policy, leg));
    const auto evidence = weigh(policy, policy, observation, decided.readings);
    ASSERT_TRUE(evidence) << evidence.error();
    EXPECT_TRUE(evidence->agrees);
    const auto again = judge(policy, observation, *evidence, {}, decided.readings);
    ASSERT_TRUE(again) << again.error();
    if (is_gap(policy, leg, *again)) return;
    EXPECT_EQ(again->verdict, leg.verdict) << again->reason;
    EXPECT_EQ(again->reason, reason_text(decided.policy, leg));
    EXPECT_EQ(leg_of(again->decision, recorded.category).categories, leg.categories);
    expect_same_attempt(again->bound, decided.bound, leg.direction);
  }
};

TEST(RecordsOfPages, ReadBackToTheSameAttempts) {
  Reader reader;
  RunOptions options;
  options.paths = {NSPSIM_SOURCE_DIR "/scenarios"};
  options.on_decision = [&](const Decided& decided) { reader.read(decided); };
  const RunResult result = run_pages(options);
  EXPECT_GT(result.pages.size(), 100U);
  EXPECT_GT(reader.attempts, 1'500U);
  // Every category comes up.
  EXPECT_EQ(reader.records.size(), Vocabulary<LogCategory>::words.size());
}

}  // namespace
}  // namespace nsp
