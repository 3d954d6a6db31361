// Single changes, whole: who, where, what. That nothing is missing is shown in tests/differential.
#include "sim/analysis/verdict_diff.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/analysis/environment_diff.h"
#include "sim/base/text.h"
#include "sim/scenario/section_environment.h"

namespace nsp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kHead = "# Page\n\n```scenario\nstatus: local\n```\n\n";
constexpr std::string_view kResources =
    "| resource | kind | profile | mode | identity | firewall |\n| - | - | - | - | - | - |\n";
constexpr std::string_view kRules = "| rule | profile | direction | allows |\n| - | - | - | - |\n";

Policy page(const std::vector<std::string>& resources, const std::vector<std::string>& rules = {}) {
  std::string text = std::string(kHead) + std::string(kResources);
  for (const std::string& row : resources) text += "| " + row + " |\n";
  if (!rules.empty()) text += "\n" + std::string(kRules);
  for (const std::string& row : rules) text += "| " + row + " |\n";
  BuildResult result = build_section(read_page(text, "page.md"), 0);
  EXPECT_TRUE(result.ok()) << text;
  return compile(std::move(result.environment));
}

std::string told(const Turned& turned) {
  return fmt::format("{} -> {}", verdict_word(turned.base), verdict_word(turned.candidate));
}

std::string told(const VerdictChange& change) {
  std::string who(to_string(change.asked));
  const auto add = [&](std::string_view word, const std::vector<std::string>& list) {
    if (!list.empty()) who += fmt::format(" {} {}", word, join(list, ","));
  };
  add("from", change.from);
  add("at", change.to);
  add("values", change.values);
  if (change.other_values) who += " and others";
  add("as", change.credentials);
  add("names", change.host_names);
  add("over", change.protocols);
  add("showing", change.shows);
  return fmt::format("{}{}: {}: {} | {}", to_string(change.turn),
                     change.only_enforced ? " if enforced" : "", who, told(change.now),
                     told(change.enforced));
}

VerdictDiff diff(const Policy& base, const Policy& candidate, bool reasons = false) {
  VerdictQuestion question;
  question.base = &base;
  question.candidate = &candidate;
  question.reasons = reasons;
  return diff_verdicts(question);
}

std::vector<std::string> told(const VerdictDiff& diff) {
  std::vector<std::string> lines;
  for (const VerdictChange& change : diff.changes) lines.push_back(told(change));
  return lines;
}

TEST(DiffVerdicts, AWiderPrefixOpensWhatItAdds) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"},
                           {"office | nsp/p | inbound | 203.0.113.0/28"});
  const Policy candidate = page({"s | search | nsp/p | Enforced | yes | open"},
                                {"office | nsp/p | inbound | 203.0.113.0/26"});
  EXPECT_THAT(told(diff(base, candidate)),
              ElementsAre("opened: address at s values 203.0.113.16/28,203.0.113.32/27: deny -> "
                          "allow | deny -> allow"));
  EXPECT_THAT(told(diff(candidate, base)),
              ElementsAre("closed: address at s values 203.0.113.16/28,203.0.113.32/27: allow -> "
                          "deny | allow -> deny"));
}

TEST(DiffVerdicts, PrivateAddressesNeverArriveAndPartNothing) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"});
  const Policy candidate =
      page({"s | search | nsp/p | Enforced | yes | open"}, {"all | nsp/p | inbound | 0.0.0.0/0"});
  EXPECT_THAT(told(diff(base, candidate)),
              ElementsAre("opened: address at s values 0.0.0.0/0: deny -> allow | deny -> allow"));
  const Policy inner = page({"s | search | nsp/p | Enforced | yes | open"},
                            {"inner | nsp/p | inbound | 10.0.0.0/8"});
  EXPECT_THAT(told(diff(base, inner)), IsEmpty());
}

TEST(DiffVerdicts, WhatChangesForAnyoneIsToldOnce) {
  const Policy base = page({"s | search | nsp/p | Learning | yes | open"},
                           {"office | nsp/p | inbound | 203.0.113.0/28"});
  const Policy candidate = page({"s | search | nsp/p | Enforced | yes | open"},
                                {"office | nsp/p | inbound | 203.0.113.0/28"});
  EXPECT_THAT(told(diff(base, candidate)),
              ElementsAre("closed: anyone at s: allow -> deny | deny -> deny",
                          "closed: host name from s and others: allow -> deny | deny -> deny"));
}

TEST(DiffVerdicts, SubscriptionsAreToldByTheirNames) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"});
  const Policy candidate =
      page({"s | search | nsp/p | Enforced | yes | open"},
           {"pipes | nsp/p | inbound | subscription 33333333-3333-3333-3333-333333333333"});
  EXPECT_THAT(told(diff(base, candidate)),
              ElementsAre("opened: subscription at s values 33333333-3333-3333-3333-333333333333 "
                          "as managed identity: deny -> allow | deny -> allow"));
}

TEST(DiffVerdicts, HostNamesAreToldByThePatternsThatNameThem) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"},
                           {"out | nsp/p | outbound | a.example.com"});
  const Policy candidate = page({"s | search | nsp/p | Enforced | yes | open"},
                                {"out | nsp/p | outbound | *.example.com, contoso.com"});
  // a.example.com is allowed on both sides.
  EXPECT_THAT(told(diff(base, candidate)),
              ElementsAre("opened: host name from s values *.example.com,contoso.com: deny -> "
                          "allow | deny -> allow"));
}

TEST(DiffVerdicts, ChangesThatOnlyEnforcingWouldShowAreApart) {
  const Policy base = page({"s | search | nsp/p | Learning | yes | open"},
                           {"office | nsp/p | inbound | 203.0.113.0/28"});
  const Policy candidate = page({"s | search | nsp/p | Learning | yes | open"});
  const VerdictDiff changes = diff(base, candidate);
  EXPECT_THAT(told(changes),
              ElementsAre("closed if enforced: address at s values 203.0.113.0/28: allow -> allow "
                          "| allow -> deny"));
  EXPECT_EQ(totals(changes).only_enforced[static_cast<std::size_t>(Turn::Closed)], 1U);
  EXPECT_EQ(totals(changes).now[static_cast<std::size_t>(Turn::Closed)], 0U);
}

TEST(DiffVerdicts, ReasonsCountWhereAsked) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"},
                           {"office | nsp/p | inbound | 203.0.113.0/28"});
  const Policy candidate = page({"s | search | nsp/p | Enforced | yes | open"},
                                {"home | nsp/p | inbound | 203.0.113.0/28"});
  EXPECT_THAT(told(diff(base, candidate)), IsEmpty());
  EXPECT_THAT(told(diff(base, candidate, true)),
              ElementsAre("reason: address at s values 203.0.113.0/28: allow -> allow | allow -> "
                          "allow"));
}

TEST(DiffVerdicts, AWayOutHiddenByAShutDoorSaysWhatOpensIt) {
  const std::string target = "t | search | nsp/p | Enforced | yes | open";
  const Policy base = page({"s | foundry | nsp/p | Learning | no | closed", target},
                           {"office | nsp/p | inbound | 203.0.113.0/28"});
  const Policy candidate = page({"s | foundry | nsp/p | Enforced | no | closed", target},
                                {"office | nsp/p | inbound | 203.0.113.0/28"});
  EXPECT_THAT(
      told(diff(base, candidate)),
      ElementsAre("closed: resource from s at t as user,service principal,key,sas,anonymous "
                  "showing 203.0.113.0/28: allow -> deny | deny -> deny",
                  "closed: host name from s and others: allow -> deny | deny -> deny"));
}

TEST(DiffVerdicts, AResourceOfOneSideIsAbsentOnTheOther) {
  const Policy base = page({"s | search | nsp/p | Enforced | yes | open"});
  const Policy candidate =
      page({"s | search | nsp/p | Enforced | yes | open", "t | key vault | | | no | 192.0.2.0/24"});
  const VerdictDiff changes = diff(base, candidate);
  EXPECT_THAT(changes.only_candidate, ElementsAre("t"));
  EXPECT_THAT(changes.only_base, IsEmpty());
  EXPECT_THAT(told(changes),
              ElementsAre("added: address at t values 192.0.2.0/24: absent -> allow | absent -> "
                          "allow",
                          "added: host name from t and others: absent -> allow | absent -> allow"));
}

TEST(DiffVerdicts, AlikeResourcesAreOneClass) {
  std::vector<std::string> many;
  for (int i = 0; i < 50; ++i)
    many.push_back(fmt::format("s{} | search | nsp/p | Enforced | yes | open", i));
  const Policy base = page(many);
  const Policy candidate = page(many, {"office | nsp/p | inbound | 203.0.113.0/28"});
  const VerdictDiff changes = diff(base, candidate);
  ASSERT_EQ(changes.changes.size(), 1U);
  EXPECT_EQ(changes.changes[0].to.size(), 50U);
  EXPECT_EQ(changes.resources, 50U);
  EXPECT_EQ(changes.caller_classes, 1U);
  EXPECT_EQ(changes.destination_classes, 1U);
}

TEST(WorstNotAllowed, PassesWhatIsAllowed) {
  VerdictDiff diff;
  VerdictChange change;
  change.turn = Turn::Clouded;
  diff.changes.push_back(change);
  EXPECT_EQ(worst_not_allowed(diff, {}), Turn::Clouded);
  change.turn = Turn::Opened;
  diff.changes.push_back(change);
  EXPECT_EQ(worst_not_allowed(diff, {}), Turn::Opened);
  Allowance allowance;
  allowance.turns.set(static_cast<std::size_t>(Turn::Opened));
  EXPECT_EQ(worst_not_allowed(diff, allowance), Turn::Clouded);
  diff.changes.back().turn = Turn::Closed;
  diff.changes.back().only_enforced = true;
  EXPECT_EQ(worst_not_allowed(diff, allowance), Turn::Closed);
  allowance.only_enforced = true;
  EXPECT_EQ(worst_not_allowed(diff, allowance), Turn::Clouded);
  diff.changes.front().turn = Turn::Path;
  EXPECT_EQ(worst_not_allowed(diff, allowance), std::nullopt);
}

}  // namespace
}  // namespace nsp
