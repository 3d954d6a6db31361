// `nspsim diff`: two environments, or the two of a plan; what is told, and how it exits.
#include <gmock/gmock.h>

#include <string>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::string fixture(std::string_view name) {
  return std::string(NSPSIM_SOURCE_DIR "/fixtures/environments/") + std::string(name);
}

class Diff : public ProgramTest {
 protected:
  Diff() {
    const std::string page(kSitePage);
    write("site.md", page);
    write("wider.md",
          replaced(page, "203.0.113.0/28, 192.0.2.0/24", "203.0.113.0/27, 192.0.2.0/24"));
    write("narrower.md",
          replaced(page, "203.0.113.0/28, 192.0.2.0/24", "203.0.113.0/28              "));
    write("same.md",
          replaced(page, "203.0.113.0/28, 192.0.2.0/24", "192.0.2.7/24, 203.0.113.0/28"));
  }
};

TEST_F(Diff, TellsWhatIsWrittenAndWhoIsJudgedDifferently) {
  const Ran ran = run({"diff", "site.md", "wider.md"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, R"(base       site.md
candidate  wider.md

configuration
  ~ rule nsp/data/office (site.md:14:3 -> wider.md:14:3)
    addressPrefixes: +203.0.113.0/27 -203.0.113.0/28

verdicts
  at st
    opened    deny -> allow: from 203.0.113.16/28, over https
              resource rules -> inbound rule office
  at search-1
    opened    deny -> allow: from 203.0.113.16/28
              no inbound rule -> inbound rule office

2 opened; 1 change of configuration
)");
  EXPECT_EQ(run({"diff", "site.md", "wider.md", "--quiet"}).out,
            "2 opened; 1 change of configuration\n");
}

TEST_F(Diff, NoDifferenceIsSaidAndExitsWith0) {
  const Ran ran = run({"diff", "site.md", "same.md", "--strict"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "base       site.md\ncandidate  same.md\n\nno verdict changes; no change of "
            "configuration\n");
}

TEST_F(Diff, TheCallersOfPagesAndTablesAreAskedByName) {
  write("callers.json", R"([{"caller":"lab","address":"203.0.113.20","credential":"user"}])");
  const Ran ran = run({"diff", "site.md", "wider.md", "--callers", "callers.json"});
  EXPECT_THAT(ran.out, HasSubstr("    opened    deny -> allow: caller lab\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("caller office")));
}

TEST_F(Diff, AllowListsWhatMayChange) {
  EXPECT_EQ(run({"diff", "site.md", "narrower.md"}).status, 1);
  EXPECT_EQ(run({"diff", "site.md", "narrower.md", "--allow", "closed"}).status, 0);
  EXPECT_EQ(run({"diff", "site.md", "narrower.md", "--allow", "opened"}).status, 1);
  EXPECT_EQ(run({"diff", "site.md", "wider.md", "--allow", "closed,Opened"}).status, 0);
  EXPECT_EQ(run({"diff", "site.md", "wider.md", "--allow", "opened", "--strict"}).status, 1);
  const Ran wrong = run({"diff", "site.md", "wider.md", "--allow", "closed,shut"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err,
              HasSubstr("`shut` is no change of a verdict, expected one of opened, closed, "
                        "undecided, decided, added, removed, path, reason, if-enforced"));
}

TEST_F(Diff, ConfigurationAloneFailsOnlyIfStrict) {
  const std::string page(kSitePage);
  write("renamed.md", replaced(page, "| office | nsp/data", "| bureau | nsp/data"));
  const Ran ran = run({"diff", "site.md", "renamed.md"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("\nno verdict changes; 2 changes of configuration\n"));
  EXPECT_EQ(run({"diff", "site.md", "renamed.md", "--strict"}).status, 1);
  const Ran reasons = run({"diff", "site.md", "renamed.md", "--reasons"});
  EXPECT_EQ(reasons.status, 0);
  EXPECT_THAT(reasons.out, HasSubstr("inbound rule office -> inbound rule bureau\n"));
}

TEST_F(Diff, WhatBecomesUndecidedExitsWith4AndNamesTheExpression) {
  std::string site = run({"import", "site.md", "--format", "json"}).out;
  write("site.json", site);
  write("open.json",
        replaced(site, "\"203.0.113.0/28\"", "\"203.0.113.0/28\",\n \"[parameters('lab')]\""));
  const Ran ran = run({"diff", "site.json", "open.json", "--quiet"});
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.out, HasSubstr(" undecided"));
  const Ran whole = run({"diff", "site.json", "open.json", "--format", "json"});
  EXPECT_THAT(whole.out, HasSubstr("missing rule value, addressPrefixes is `[parameters('lab')]`, "
                                   "which only a deployment tells (open.json:"));
  EXPECT_EQ(run({"diff", "site.json", "open.json", "--allow", "undecided"}).status, 0);
  EXPECT_EQ(run({"diff", "open.json", "site.json"}).status, 1);
}

TEST_F(Diff, TakesTheTwoSidesOfAPlan) {
  const Ran ran = run({"diff", "--terraform-plan", fixture("terraform/pull-request.json")});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("terraform/pull-request.json, before\n"));
  EXPECT_THAT(ran.out, HasSubstr("terraform/pull-request.json, after\n"));
  EXPECT_THAT(ran.out, HasSubstr("    addressPrefixes: +203.0.113.0/27 -203.0.113.0/28\n"));
  EXPECT_THAT(ran.out, HasSubstr("    accessMode: Learning -> Enforced\n"));
  EXPECT_THAT(ran.out, HasSubstr("    closed    allow -> deny: anyone whom no rule names\n"
                                 "              resource rule default action -> no inbound rule"));
  // 203.0.113.0/27 is let in before by the open firewall and after by the rule.
  const std::string now = ran.out.substr(0, ran.out.find("verdicts if every association"));
  EXPECT_THAT(now, Not(HasSubstr("deny -> allow: from")));
}

TEST_F(Diff, SaysWhatIsOnlyOnOneSide) {
  const Ran ran = run({"diff", "--terraform-plan", fixture("terraform/plan.json"), "--quiet"});
  EXPECT_EQ(ran.status, 1);
  const Ran text = run({"diff", "--terraform-plan", fixture("terraform/plan.json")});
  EXPECT_THAT(text.out, HasSubstr("\nonly in the base: stold; only in the candidate: "));
  EXPECT_THAT(text.out, HasSubstr("  at stold\n    removed   allow -> absent: anyone whom no rule "
                                  "names\n"));
}

TEST_F(Diff, TakesSeveralFilesASide) {
  const std::string page(kSitePage);
  write("site.json", run({"import", "site.md", "--format", "json"}).out);
  write(
      "vault.json",
      R"({"resources":[{"id":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv","properties":{}}]})");
  const Ran ran = run({"diff", "--base", "site.json", "--candidate", "site.json", "vault.json"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, StartsWith("base       site.json\ncandidate  site.json, vault.json\n"
                                  "only in the candidate: kv\n"));
  EXPECT_THAT(ran.out, HasSubstr("    added     absent -> allow: anyone whom no rule names\n"));
}

TEST_F(Diff, IsMadeForCommentsAndAnnotations) {
  const Ran markdown = run({"diff", "site.md", "wider.md", "--format", "markdown"});
  EXPECT_EQ(markdown.status, 1);
  EXPECT_THAT(markdown.out,
              StartsWith("## Perimeter changes\n\n2 opened; 1 change of configuration\n"));
  EXPECT_THAT(markdown.out, HasSubstr("| at search-1 | **opened** | from 203.0.113.16/28"));
  EXPECT_THAT(markdown.out, HasSubstr("addressPrefixes: +203.0.113.0/27 -203.0.113.0/28"));
  const Ran github = run({"diff", "site.md", "wider.md", "--format", "github"});
  EXPECT_EQ(github.out,
            "::notice file=wider.md,line=14,col=3,title=configuration::rule nsp/data/office "
            "changed%0AaddressPrefixes: +203.0.113.0/27 -203.0.113.0/28\n"
            "::warning title=opened::at st: from 203.0.113.16/28, over https: deny -> allow "
            "(resource rules -> inbound rule office)\n"
            "::warning title=opened::at search-1: from 203.0.113.16/28: deny -> allow (no inbound "
            "rule -> inbound rule office)\n"
            "2 opened; 1 change of configuration\n");
}

TEST_F(Diff, WritesToAFile) {
  const Ran ran = run({"diff", "site.md", "wider.md", "--quiet", "--output", "diff.txt"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(read("diff.txt"), "2 opened; 1 change of configuration\n");
}

TEST_F(Diff, RefusesWhatIsNoPair) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"diff"},
           {"diff", "site.md"},
           {"diff", "--base", "site.md"},
           {"diff", "site.md", "wider.md", "--base", "site.md"},
           {"diff", "site.md", "wider.md", "--terraform-plan", "plan.json"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("expected two environments: BASE CANDIDATE, `--base FILE… "
                                   "--candidate FILE…` or `--terraform-plan FILE`"));
  }
  write("broken.json", "not json");
  const Ran ran = run({"diff", "site.md", "broken.json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("error broken.json:1:1"));
}

}  // namespace
}  // namespace nsp::test
