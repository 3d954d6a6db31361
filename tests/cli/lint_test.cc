// `nspsim lint`: findings, thresholds, selections, suppressions, and how it exits.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/"
    "Microsoft.Network/networkSecurityPerimeters/";

std::string document(std::string_view status) {
  const std::string group(kGroup);
  return "{\"resources\": [\n{\"id\": \"" + group + "nsp\"},\n/* größe */ {\"id\": \"" + group +
         "nsp/links/to-partner\",\n \"properties\": {\"remotePerimeterResourceId\": \"" + group +
         "partner\", \"localInboundProfiles\": [\"*\"], \"remoteInboundProfiles\": [\"*\"], "
         "\"status\": \"" +
         std::string(status) + "\"}}]}\n";
}

class Lint : public ProgramTest {
 protected:
  Lint() {
    write("site.json", document("Pending"));
    write("good.json", document("Approved"));
    write("accepted.json",
          "{\"suppressions\": [\n {\"finding\": \"NSP152\", \"object\": \"nsp/to-partner\", "
          "\"reason\": \"signs in June\", \"expires\": \"2026-06-30\"}]}\n");
  }

  [[nodiscard]] Ran lint(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"lint", "--enable", "NSP152,NSP9xx"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Lint, TellsFindingsWithBasisAndRemedy) {
  const Ran ran = lint({"--env", "site.json"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, R"(never matches

warning NSP152: link-not-approved
  site.json:3:15 /resources/1
    link `to-partner` to perimeter `partner` is Pending, so it carries no
    traffic
  because  a member of a linked perimeter is allowed by an Approved link that
           names both profiles (IN-3)
  because  a call to a linked perimeter leaves freely, as IN-3 (OUT-3)
  do       approve the link at the other perimeter, or remove it

1 finding: 1 warning; 3 checks ran
)");
}

TEST_F(Lint, IsQuietWhereNothingIsWrong) {
  const Ran ran = lint({"--env", "good.json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "0 findings; 3 checks ran\n");
}

TEST_F(Lint, ExitsByTheThreshold) {
  EXPECT_EQ(lint({"--env", "site.json", "--threshold", "error"}).status, 0);
  EXPECT_EQ(lint({"--env", "site.json", "--threshold", "warning"}).status, 1);
  EXPECT_EQ(lint({"--env", "site.json", "--threshold", "note"}).status, 1);
  const std::vector<std::string> stale{"--env",         "good.json", "--suppressions",
                                       "accepted.json", "--today",   "2026-06-30"};
  EXPECT_EQ(lint(stale).status, 0);
  std::vector<std::string> strict = stale;
  strict.insert(strict.end(), {"--threshold", "note"});
  EXPECT_EQ(lint(strict).status, 1);
}

TEST_F(Lint, TakesSuppressionsUntilTheyExpire) {
  const auto on = [&](const std::string& day) {
    return lint(
        {"--env", "site.json", "--suppressions", "accepted.json", "--today", day, "--quiet"});
  };
  EXPECT_EQ(on("2026-06-30").status, 0);
  EXPECT_EQ(on("2026-06-30").out, "0 findings; 1 suppressed; 3 checks ran\n");
  EXPECT_EQ(on("2026-07-01").status, 1);
  EXPECT_THAT(on("2026-07-01").out,
              AllOf(StartsWith("warning accepted.json:2:2 /suppressions/0: NSP901: the suppression "
                               "of NSP152 for `nsp/to-partner` expired on 2026-06-30; its reason "
                               "was: signs in June\nwarning site.json:3:15 /resources/1: NSP152: "),
                    EndsWith("\n2 findings: 2 warnings; 3 checks ran\n")));
}

TEST_F(Lint, AsksTheClockForTheDay) {
  write("old.json",
        "{\"suppressions\": [{\"finding\": \"NSP152\", \"object\": \"nsp/to-partner\", "
        "\"reason\": \"r\", \"expires\": \"2001-01-01\"}]}");
  EXPECT_THAT(lint({"--env", "site.json", "--suppressions", "old.json", "--quiet"}).out,
              HasSubstr("NSP901"));
  write("far.json",
        "{\"suppressions\": [{\"finding\": \"NSP152\", \"object\": \"nsp/to-partner\", "
        "\"reason\": \"r\", \"expires\": \"2199-01-01\"}]}");
  EXPECT_EQ(lint({"--env", "site.json", "--suppressions", "far.json"}).status, 0);
}

TEST_F(Lint, RefusesWrongSuppressionsWithTheirPlace) {
  write("wrong.json", "{\"suppressions\": [\n  {\"finding\": \"NSP152\", \"object\": \"x\"}]}");
  const Ran ran = lint({"--env", "site.json", "--suppressions", "wrong.json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "error wrong.json:2:3 /suppressions/0: a suppression needs `reason`\n"
            "error wrong.json:2:3 /suppressions/0: a suppression needs `expires`\n");
  EXPECT_THAT(lint({"--env", "site.json", "--suppressions", "none.json"}).err,
              StartsWith("error none.json: "));
}

TEST_F(Lint, RefusesUnknownChecksAndWords) {
  const Ran ran = run({"lint", "--env", "site.json", "--disable", "link-not-aproved"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.err,
            "nspsim: error: --disable: there is no check `link-not-aproved`; did you mean "
            "`link-not-approved`?\nsee `nspsim lint --help`\n");
  EXPECT_EQ(lint({"--env", "site.json", "--threshold", "fatal"}).status, 2);
  const Ran day = lint({"--env", "site.json", "--suppressions", "accepted.json", "--today", "now"});
  EXPECT_EQ(day.status, 2);
  EXPECT_THAT(day.err, HasSubstr("`now` is no date, expected one like `2026-06-30`"));
  EXPECT_EQ(lint({}).status, 2);
  EXPECT_EQ(lint({}).err, "nspsim: error: --env is required\n");
}

TEST_F(Lint, SelectsNothingWhereAllIsDisabled) {
  const Ran ran = run({"lint", "--env", "site.json", "--disable", "NSPxxx"});
  EXPECT_EQ(ran.status, 5);
  EXPECT_EQ(ran.err, "nspsim: error: nothing was selected: every check is disabled\n");
}

TEST_F(Lint, ListsChecksWithoutAnEnvironment) {
  const Ran ran = run({"lint", "--list", "--enable", "link-not-approved"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "never matches\n  NSP152  warning  link-not-approved\n"
            "                     a link between perimeters is not Approved\n");
  EXPECT_THAT(run({"lint", "--list", "--format", "json"}).out,
              StartsWith("{\n  \"schema\": \"nspsim.lint-checks/1\",\n"));
  const Ran sarif = run({"lint", "--list", "--format", "sarif"});
  EXPECT_EQ(sarif.status, 2);
  EXPECT_EQ(sarif.err, "nspsim: error: `--list` knows the formats `text` and `json`\n");
}

// SARIF counts characters, places count bytes: the comment before the link has two letters of two
// bytes.
TEST_F(Lint, CountsCharactersInSarif) {
  const Ran ran = lint({"--env", "site.json", "--format", "sarif"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr(R"(                "region": {
                  "startLine": 3,
                  "startColumn": 13
                })"));
}

TEST_F(Lint, RefusesAnEnvironmentWithErrors) {
  write("bad.json", "{");
  const Ran ran = lint({"--env", "bad.json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
}

// Pages are environments, too; a place in a page has line and column.
TEST_F(Lint, TakesAPageAsItsEnvironment) {
  write("site.md", kSitePage);
  const Ran ran = run({"lint", "--env", "site.md", "--enable", "NSP451", "--quiet"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("NSP451: the documents hold no logging configuration of "
                                 "perimeter `nsp`"));
  EXPECT_THAT(ran.err, IsEmpty());
}

}  // namespace
}  // namespace nsp::test
