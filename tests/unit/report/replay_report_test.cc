#include "sim/report/replay_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/report/csv.h"
#include "sim/report/html.h"
#include "tests/unit/analysis/observations.h"

namespace nsp {
namespace {

using testing::HasSubstr;
using testing::Not;

ReplayTuple tuple(Change change, std::string caller, std::uint64_t weight) {
  ReplayTuple one;
  one.change = change;
  one.caller = caller;
  one.address = std::move(caller);
  one.to = "stdocs";
  one.profile = "nsp-ai/default";
  one.now = {Verdict::Allow, "resource rule default action", Clause::In9, {}};
  one.then = {Verdict::Deny, "no inbound rule", Clause::In5, {}};
  one.nearest_miss = "office: source 203.0.113.20 is 5 past the end of 203.0.113.0/28";
  one.seen = test::activity(weight, "2026-06-01T10:00:00Z", "2026-06-02T10:00:00Z");
  one.recorded = {LogCategory::NspPublicInboundResourceRulesAllowed};
  return one;
}

ReplayReport sample() {
  ReplayReport report;
  report.about = "as it is, and as if every association were Enforced";
  report.counts.log_files = 1;
  report.counts.records = 48211;
  report.counts.unreadable = {{"not JSON", 3}};
  report.replay.tuples = {tuple(Change::Revoked, "203.0.113.20", 1097)};
  ReplayTuple kept = tuple(Change::Unchanged, "203.0.113.7", 12);
  kept.now = {Verdict::Allow, "inbound rule office", Clause::In4, {}};
  kept.then = kept.now;
  kept.nearest_miss.clear();
  report.replay.tuples.push_back(kept);
  report.replay.weights = {12, 1097, 0, 0};
  report.replay.unjudged = {{"`gone` is not known", test::activity(2, "2026-06-03T00:00:00Z")}};
  report.replay.unjudged_weight = 2;
  report.agreement.agreeing = 1000;
  report.agreement.disagreeing = 1;
  report.agreement.disagreements = {{"stdocs",
                                     "default",
                                     {"NspPublicInboundPerimeterRulesAllowed", "home"},
                                     {"NspPublicInboundPerimeterRulesDenied", ""},
                                     test::activity(1, "2026-06-01T10:00:00Z"),
                                     "203.0.113.7",
                                     "stdocs",
                                     "profile `default` has no rule `home`"}};
  return report;
}

TEST(ReplayText, Puts_what_changes_in_blocks_and_the_summary_last) {
  EXPECT_EQ(replay_as_text(sample(), {}),
            "compared as it is, and as if every association were Enforced\n"
            "\n"
            "revoked  1,097 events\n"
            "  1,097  203.0.113.20 → stdocs\n"
            "         leg          inbound, public, profile nsp-ai/default\n"
            "         now          allow: resource rule default action\n"
            "         if enforced  deny: no inbound rule\n"
            "         nearest      office: source 203.0.113.20 is 5 past the end of\n"
            "                      203.0.113.0/28\n"
            "         seen         2026-06-01 to 2026-06-02\n"
            "         recorded     NspPublicInboundResourceRulesAllowed\n"
            "\n"
            "unchanged\n"
            "  12  stdocs  allow: inbound rule office\n"
            "\n"
            "not judged\n"
            "  2  `gone` is not known\n"
            "\n"
            "agreement  99.9 % of 1,001 recorded events are as the environment predicts\n"
            "  1  stdocs, profile default\n"
            "     recorded   NspPublicInboundPerimeterRulesAllowed by home\n"
            "     predicted  NspPublicInboundPerimeterRulesDenied\n"
            "     such as    203.0.113.7 → stdocs\n"
            "     why        profile `default` has no rule `home`\n"
            "\n"
            "reading\n"
            "  3 unreadable records: not JSON\n"
            "\n"
            "replayed 48,211 records, 2026-06-01 to 2026-06-03: 1,097 revoked, 0 gained, 0 "
            "undecided, 12 unchanged, 2 not judged\n");
}

TEST(ReplayText, Quiet_is_the_summary) {
  EXPECT_EQ(replay_as_text(sample(), {.quiet = true}),
            "replayed 48,211 records, 2026-06-01 to 2026-06-03: 1,097 revoked, 0 gained, 0 "
            "undecided, 12 unchanged, 2 not judged\n");
}

TEST(ReplayText, Shows_values_of_what_is_open_once) {
  ReplayReport report;
  ReplayTuple open = tuple(Change::Undecided, "203.0.113.20", 1);
  open.now = {Verdict::Undecided,
              "missing credential",
              Clause::G10,
              {{"credential user", Verdict::Deny, "no inbound rule"}}};
  open.then = open.now;
  report.replay.tuples = {open};
  report.replay.weights = {0, 0, 0, 1};
  EXPECT_THAT(replay_as_text(report, {}),
              HasSubstr("     now          undecided: missing credential\n"
                        "                    credential user: deny (no inbound rule)\n"
                        "     if enforced  the same\n"));
}

TEST(ReplayText, Lists_twenty_of_a_change_unless_asked_for_all) {
  ReplayReport report;
  for (int i = 0; i < 23; ++i) {
    report.replay.tuples.push_back(tuple(Change::Revoked, "203.0.113." + std::to_string(i), 1));
  }
  report.replay.weights = {0, 23, 0, 0};
  EXPECT_THAT(replay_as_text(report, {}), HasSubstr("  … and 3 more; `--all` lists them\n"));
  report.all = true;
  EXPECT_THAT(replay_as_text(report, {}), HasSubstr("203.0.113.22 → stdocs"));
}

TEST(ReplayText, Keeps_out_what_would_move_the_cursor) {
  ReplayReport report = sample();
  report.replay.tuples[0].caller = "a\x1b[2Jb";
  EXPECT_THAT(replay_as_text(report, {}), Not(HasSubstr("\x1b")));
}

TEST(ReplayJson, Has_the_members_of_the_contract) {
  const std::string json = replay_as_json(sample());
  EXPECT_THAT(json, HasSubstr("\"schema\": \"nspsim.replay/1\""));
  EXPECT_THAT(json, HasSubstr("\"first\": \"2026-06-01T10:00:00Z\""));
  EXPECT_THAT(json, HasSubstr("\"unreadable\": 3"));
  EXPECT_THAT(json, HasSubstr("\"revoked\": 1097"));
  EXPECT_THAT(json, HasSubstr("\"nearestMiss\": \"office: source 203.0.113.20"));
}

TEST(ReplayNdjson, Is_the_head_and_then_a_tuple_a_line) {
  const std::string lines = replay_as_ndjson(sample());
  EXPECT_THAT(lines, testing::StartsWith("{\"schema\":\"nspsim.replay/1\","));
  EXPECT_EQ(std::ranges::count(lines, '\n'), 3);
  EXPECT_THAT(lines, HasSubstr("\n{\"change\":\"revoked\",\"weight\":1097,"));
}

TEST(ReplayCsv, Is_a_row_a_tuple) {
  const std::string csv = replay_as_csv(sample());
  EXPECT_THAT(csv, testing::StartsWith("change,weight,first,last,direction,from,"));
  EXPECT_THAT(csv, HasSubstr("\nrevoked,1097,2026-06-01T10:00:00Z,2026-06-02T10:00:00Z,inbound,"
                             "203.0.113.20,203.0.113.20,,stdocs,nsp-ai/default,,public,allow,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
}

TEST(ReplayPages, Escape_what_users_wrote) {
  ReplayReport report = sample();
  report.replay.tuples[0].to = "<script>alert(1)</script>|";
  const std::string html = replay_as_html(report);
  EXPECT_THAT(html, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;|"));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, HasSubstr("<td class=\"bad\">deny: no inbound rule</td>"));
  const std::string markdown = replay_as_markdown(report);
  EXPECT_THAT(markdown, HasSubstr("&lt;script>alert(1)&lt;/script>\\|"));
  EXPECT_THAT(markdown, HasSubstr("### Revoked"));
}

TEST(Csv, Quotes_where_it_must) {
  EXPECT_EQ(to_csv({{"a", "b"}, {{"x,y", "say \"no\""}, {"two\nlines", ""}}}),
            "a,b\n\"x,y\",\"say \"\"no\"\"\"\n\"two\nlines\",\n");
}

TEST(Wrapped, Breaks_at_spaces_and_leaves_long_words) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("unbreakable", 4, 2), "unbreakable");
}

TEST(Grouped, Sets_thousands_apart) {
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped_count(1, "event"), "1 event");
  EXPECT_EQ(grouped_count(2000, "event"), "2,000 events");
}

}  // namespace
}  // namespace nsp
