#include "sim/analysis/lint_suppressions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/analysis/lint_block.h"
#include "sim/model/build.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kSite = R"({"resources":[
{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/a"},
{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/a/links/l","properties":{"remotePerimeterResourceId":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/b","localInboundProfiles":["*"],"remoteInboundProfiles":["*"],"status":"Rejected"}}
]})";

Policy site() {
  BuildResult built = build_environment(read_documents(kSite, "infra/site.json"));
  EXPECT_TRUE(built.ok());
  return compile(std::move(built.environment));
}

std::vector<Suppression> suppressions(const std::string& entries) {
  auto read = read_suppressions(fmt::format(R"({{"suppressions":[{}]}})", entries), "s.json");
  EXPECT_TRUE(read.has_value());
  return read ? *std::move(read) : std::vector<Suppression>{};
}

constexpr Day kToday = 20'000;
constexpr std::string_view kEver = "2099-12-31";

// One that fits, for all that `more` does not say otherwise.
std::string suppression_entry(const std::string& more, std::string_view expires = kEver) {
  return fmt::format(R"({{"finding":"NSP152",{},"reason":"agreed","expires":"{}"}})", more,
                     expires);
}

struct Told {
  std::vector<std::string> findings;
  std::size_t suppressed = 0;
};

Told told(const std::string& entries, const LintSelection& selection = every_check(),
          Day today = kToday) {
  const Policy policy = site();
  const LintReport report = lint({policy, nullptr, {}}, selection, suppressions(entries), today);
  Told out;
  for (const Finding& finding : report.findings) out.findings.push_back(to_line(finding));
  out.suppressed = report.suppressed.size();
  return out;
}

const std::string kFinding =
    "warning NSP152 3:1 /resources/1: link `l` to perimeter `b` is Rejected, so it carries no "
    "traffic";

TEST(Suppressions, TakeAFindingAwayByObject) {
  EXPECT_THAT(told("").findings, ElementsAre(kFinding));
  const Told taken = told(suppression_entry(R"("object":"A/L")"));
  EXPECT_THAT(taken.findings, IsEmpty());
  EXPECT_EQ(taken.suppressed, 1u);
}

TEST(Suppressions, TakeAFindingAwayByFile) {
  EXPECT_THAT(told(suppression_entry(R"("file":"site.json")")).findings, IsEmpty());
  EXPECT_THAT(told(suppression_entry(R"("file":"infra/site.json")")).findings, IsEmpty());
  EXPECT_THAT(told(suppression_entry(R"("file":"e.json")")).findings,
              ElementsAre(kFinding,
                          "note NSP902 1:18 /suppressions/0: the suppression of NSP152 "
                          "for `e.json` fits no finding"));
}

TEST(Suppressions, MustFitInAllThatTheySay) {
  EXPECT_EQ(told(suppression_entry(R"("object":"a/l","file":"site.json")")).suppressed, 1u);
  EXPECT_EQ(told(suppression_entry(R"("object":"a/l","file":"other.json")")).suppressed, 0u);
  EXPECT_EQ(told(suppression_entry(R"("object":"a/m","file":"site.json")")).suppressed, 0u);
}

TEST(Suppressions, HoldUpToAndIncludingTheirLastDay) {
  const std::string june = suppression_entry(R"("object":"a/l")", "2026-06-30");
  const Day last = *parse_day("2026-06-30");
  EXPECT_THAT(told(june, every_check(), last).findings, IsEmpty());
  EXPECT_THAT(told(june, every_check(), last + 1).findings,
              ElementsAre(kFinding,
                          "warning NSP901 1:18 /suppressions/0: the suppression of NSP152 for "
                          "`a/l` expired on 2026-06-30; its reason was: agreed"));
}

TEST(Suppressions, OfOneFindingAreAllUsed) {
  const std::string two =
      suppression_entry(R"("object":"a/l")") + "," + suppression_entry(R"("file":"site.json")");
  EXPECT_THAT(told(two).findings, IsEmpty());
}

// A check that does not run finds nothing, so nothing is known of its suppressions.
TEST(Suppressions, OfChecksThatDoNotRunAreNotLookedAt) {
  const auto some = select_checks({}, std::vector<std::string>{"NSP152"});
  EXPECT_THAT(told(suppression_entry(R"("object":"no/such")"), *some).findings, IsEmpty());
  const auto silent = select_checks({}, std::vector<std::string>{"NSP9xx"});
  EXPECT_THAT(told(suppression_entry(R"("object":"no/such")"), *silent).findings,
              ElementsAre(kFinding));
}

TEST(Suppressions, MayNameACheckInWordsAndStandAmongComments) {
  const auto read = read_suppressions(
      "{\"suppressions\": [ // ours\n"
      "  {\"finding\": \"Link-Not-Approved\", \"object\": \"a/l\",\n"
      "   \"reason\": \"agreed\", \"expires\": \"2026-02-28\"},\n"
      "]}",
      "s.json");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ(read->front().check->id, "NSP152");
  EXPECT_EQ(read->front().object, "a/l");
  EXPECT_EQ(read->front().file, "");
  EXPECT_EQ(read->front().reason, "agreed");
  EXPECT_EQ(read->front().last_day, 20'512);
  EXPECT_EQ(read->front().expires, "2026-02-28");
  EXPECT_EQ(to_string(read->front().place), "s.json:2:3 /suppressions/0");
}

std::vector<std::string> refused(const std::string& text) {
  const auto read = read_suppressions(text, "s.json");
  EXPECT_FALSE(read.has_value());
  std::vector<std::string> lines;
  for (const Diagnostic& each : read ? Diagnostics{} : read.error())
    lines.push_back(to_string(each));
  return lines;
}

TEST(Suppressions, AreRefusedWithEveryMistake) {
  EXPECT_THAT(refused("{}"),
              ElementsAre("error s.json:1:1: expected an object with the list `suppressions`"));
  EXPECT_THAT(refused("[]"),
              ElementsAre("error s.json:1:1: expected an object with the list `suppressions`"));
  EXPECT_THAT(refused(R"({"suppressions":[7]})"),
              ElementsAre("error s.json:1:18 /suppressions/0: a suppression is an object, not a "
                          "number"));
  EXPECT_THAT(refused(R"({"suppressions":[],"supressions":[]})"),
              ElementsAre("error s.json:1:20 /supressions: unknown member `supressions`, did you "
                          "mean `suppressions`?"));
  EXPECT_THAT(
      refused(R"({"suppressions":[{"finding":"NSP152","object":7,"reason":" ","until":"x"}]})"),
      ElementsAre("error s.json:1:18 /suppressions/0: a suppression needs `expires`",
                  "error s.json:1:47 /suppressions/0/object: `object` is a number, expected a "
                  "string",
                  "error s.json:1:58 /suppressions/0/reason: `reason` is empty",
                  "error s.json:1:62 /suppressions/0/until: unknown member `until`, expected "
                  "`finding`, `object`, `file`, `reason`, `expires`"));
  EXPECT_THAT(
      refused(R"({"suppressions":[{"finding":"NSP152","reason":"r","expires":"2026-01-01"}]})"),
      ElementsAre("error s.json:1:18 /suppressions/0: a suppression needs `object` or "
                  "`file`"));
  EXPECT_THAT(
      refused(
          R"({"suppressions":[{"finding":"link-not-aproved","object":"a","reason":"r","expires":"2026-02-29"}]})"),
      ElementsAre(
          "error s.json:1:29 /suppressions/0/finding: there is no check "
          "`link-not-aproved`; did you mean `link-not-approved`?",
          "error s.json:1:84 /suppressions/0/expires: `2026-02-29` is no date, expected one "
          "like `2026-06-30`"));
}

TEST(LintReport, CountsFromAThreshold) {
  const Policy policy = site();
  const LintReport report = lint({policy, nullptr, {}}, every_check(),
                                 suppressions(suppression_entry(R"("object":"no/such")")), kToday);
  EXPECT_EQ(report.count_from(Severity::Error), 0u);
  EXPECT_EQ(report.count_from(Severity::Warning), 1u);
  EXPECT_EQ(report.count_from(Severity::Note), 2u);
}

}  // namespace
}  // namespace nsp
