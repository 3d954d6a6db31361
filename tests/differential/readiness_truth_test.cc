// A million records with known truth: attempts whose every fact we know are recorded as the service
// would, written, read back, and assessed. What readiness says of each association is what the
// reference evaluator says of the attempts themselves.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/access_log/observe_log.h"
#include "sim/access_log/read_logs.h"
#include "sim/access_log/record_writer.h"
#include "sim/analysis/readiness.h"
#include "sim/policy/policy.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"
#include "tests/reference/small_world.h"

namespace nsp::differential {
namespace {

using reference::SmallWorld;

constexpr int kDays = 30;
std::uint64_t records_wanted() { return sampling(8) == 1 ? 1'000'000 : 50'000; }

Environment make_environment() {
  SmallWorld world;
  const Index perimeter = world.add_perimeter("nsp", {"default", "strict"});
  const Guid home = reference::guid(1);
  world.add_resource("st", Service::Storage, home);
  world.add_resource("quiet", Service::Storage, home);
  Resource& foundry = world.add_resource("fo", Service::Foundry, home);
  foundry.firewall.default_allow = false;
  foundry.firewall.ip_rules = {reference::prefix("198.51.100.0/24")};
  world.add_resource("se", Service::Search, home);
  world.add_resource("done", Service::Storage, home);
  world.add_resource("outside", Service::Storage, home);
  for (Index r = 0; r < 4; ++r) world.associate(r, {perimeter, 0}, AccessMode::Learning);
  world.associate(4, {perimeter, 1}, AccessMode::Enforced);
  world.add_rule({perimeter, 0}, "office", Direction::Inbound).prefixes = {
      reference::prefix("203.0.113.0/28")};
  world.add_rule({perimeter, 0}, "pipelines", Direction::Inbound).subscriptions = {
      reference::guid(7)};
  world.add_rule({perimeter, 0}, "api", Direction::Outbound).host_names = {
      reference::pattern("api.partner.example")};
  return std::move(world.env);
}

std::vector<Attempt> make_attempts(const Environment& env) {
  std::vector<Attempt> all;
  for (const char* address : {"203.0.113.5", "198.51.100.7", "198.51.100.8", "192.0.2.9"}) {
    for (Index to = 0; to < 5; ++to) {
      for (const Credential credential :
           {Credential::User, Credential::Key, Credential::Sas, Credential::ManagedIdentity}) {
        Attempt attempt;
        attempt.from = address;
        attempt.outside = true;
        attempt.to = env.resources[to].name;
        attempt.credential = credential;
        attempt.address = reference::address(address);
        attempt.subscription =
            reference::guid(credential == Credential::ManagedIdentity && to % 2 == 0 ? 7 : 8);
        all.push_back(attempt);
      }
    }
  }
  for (const Resource& from : env.resources) {
    for (const Credential credential : {Credential::ManagedIdentity, Credential::Key}) {
      Attempt attempt;
      attempt.from = from.name;
      attempt.credential = credential;
      for (const Resource& to : env.resources) {
        if (&to == &from) continue;
        attempt.to = to.name;
        all.push_back(attempt);
      }
      for (const char* host : {"api.partner.example", "api.weather.example"}) {
        attempt.to = host;
        all.push_back(attempt);
      }
    }
  }
  return all;
}

// What is true of one association.
struct Truth {
  Activity seen;
  std::uint64_t revoked = 0;
  bool operator==(const Truth&) const = default;
};

// An attempt with what the reference says of each leg that leaves a record.
struct RecordedTruth {
  Attempt attempt;
  BoundAttempt bound;
  Decision decision;
  struct RecordedLeg {
    Index association;
    std::uint64_t records;
    bool revoked;
  };
  std::vector<RecordedLeg> legs;
};

RecordedTruth record_of(const Policy& policy, const Attempt& attempt) {
  RecordedTruth one{attempt, bind(policy, attempt).value(), {}, {}};
  one.decision = evaluate(policy, one.bound);
  const auto now = reference::decide(policy.environment(), attempt).value();
  const auto then = reference::decide(policy.environment(), attempt, if_enforced()).value();
  for (std::size_t i = 0; i < now.legs.size(); ++i) {
    const reference::LegOutcome& leg = now.legs[i];
    const Index association = one.decision.leg[i].association;
    if (association != kNone && !leg.categories.empty()) {
      one.legs.push_back({association, leg.categories.size(),
                          leg.verdict == Verdict::Allow && then.legs[i].verdict == Verdict::Deny});
    }
    if (leg.verdict == Verdict::Deny) break;  // refused on its way out, it never arrives
  }
  return one;
}

class MillionRecords {
 public:
  explicit MillionRecords(const Policy& policy) : policy_(policy) {
    for (const Attempt& attempt : make_attempts(policy.environment())) {
      RecordedTruth one = record_of(policy, attempt);
      if (!one.legs.empty()) attempts_.push_back(std::move(one));
    }
  }

  void make(std::uint64_t wanted) {
    std::string bytes;
    while (records_ < wanted) {
      next(bytes);
      if (bytes.size() > (1U << 22)) flush(bytes);
    }
    flush(bytes);
  }

  [[nodiscard]] const LogTable& table() const { return table_; }
  [[nodiscard]] const std::map<Index, Truth>& truth() const { return truth_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }

 private:
  void next(std::string& bytes) {
    const std::size_t which = dice_.roll(attempts_.size());
    const RecordedTruth& one = attempts_[which];
    const bool quiet = one.attempt.to == "quiet" || one.attempt.from == "quiet";
    const auto day = static_cast<int>(quiet ? 3 * dice_.roll(4) : dice_.roll(kDays));
    const Instant first =
        kRecordStart + std::chrono::days{day} + std::chrono::seconds{dice_.roll(80'000)};
    const RecordedTimes times{first, first + std::chrono::seconds{dice_.roll(3'000)},
                              1 + dice_.roll(4)};
    const Scope scope;
    const Readings readings;
    writer_.write({policy_, one.attempt, one.bound, scope, readings, one.decision}, times,
                  std::nullopt, bytes);
    for (const RecordedTruth::RecordedLeg& leg : one.legs) {
      Truth& truth = truth_[leg.association];
      truth.seen.add(leg.records * times.count, times.first, times.last);
      truth.revoked += leg.revoked ? leg.records * times.count : 0;
      records_ += leg.records;
    }
  }

  void flush(std::string& bytes) {
    table_.merge(read_log_bytes(bytes, "made.jsonl"));
    bytes.clear();
  }

  const Policy& policy_;
  std::vector<RecordedTruth> attempts_;
  Dice dice_{2'026};
  RecordWriter writer_{RecordShape::Raw};
  LogTable table_;
  std::map<Index, Truth> truth_;
  std::uint64_t records_ = 0;
};

TEST(ReadinessTruth, OfAMillionRecordsEqualsTheReference) {
  const Policy policy = compile(make_environment());
  MillionRecords made(policy);
  made.make(records_wanted());
  EXPECT_EQ(made.table().records, made.records());
  EXPECT_TRUE(made.table().unreadable.empty());
  const LogObservations observed = observe_log(made.table(), policy);
  EXPECT_TRUE(observed.unusable.empty());
  const ReadinessReport report = assess_readiness(policy, observed.observations, {});
  ASSERT_EQ(report.associations.size(), 5U);
  std::uint64_t revoked = 0;
  for (const AssociationReadiness& one : report.associations) {
    const Truth& truth = made.truth().at(one.association);
    EXPECT_EQ(one.seen, truth.seen) << one.name;
    EXPECT_EQ(one.weight(Change::Revoked), truth.revoked) << one.name;
    EXPECT_EQ(one.weight(Change::Undecided), 0U) << one.name;
    EXPECT_EQ(one.verdict == ReadinessVerdict::NotReady, truth.revoked != 0) << one.name;
    EXPECT_EQ(one.silent_days, silent_days(report.log, truth.seen.days, 14)) << one.name;
    revoked += truth.revoked;
  }
  fmt::print("{} records, {} tuples, {} events refused when enforced\n", made.records(),
             made.table().tuples.size(), revoked);
  EXPECT_GT(revoked, made.records() / 10);
  EXPECT_EQ(report.log.covered(), kDays);
}

}  // namespace
}  // namespace nsp::differential
