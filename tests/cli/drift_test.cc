// Both sides of drift from the command line: `--effective`, warnings, what `import` shows.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/";

class DriftCommands : public ProgramTest {
 protected:
  // The association is enforced and admits the office, the resource still learns and admits nobody.
  DriftCommands() {
    const std::string group(kGroup);
    const std::string nsp = group + "Microsoft.Network/networkSecurityPerimeters/nsp";
    const std::string st = group + "Microsoft.Storage/storageAccounts/st";
    write(
        "site.json",
        R"({"resources":[
{"id":")" + nsp +
            R"("},
{"id":")" + nsp +
            R"(/profiles/p","properties":{"accessRulesVersion":"2"}},
{"id":")" + nsp +
            R"(/profiles/p/accessRules/office","properties":{"direction":"Inbound","addressPrefixes":["203.0.113.0/24"]}},
{"id":")" + nsp +
            R"(/resourceAssociations/a","properties":{"privateLinkResource":{"id":")" + st +
            R"("},"profile":{"id":")" + nsp +
            R"(/profiles/p"},"accessMode":"Enforced"}},
{"id":")" + st +
            R"(","properties":{"networkAcls":{"defaultAction":"Deny","bypass":"None","ipRules":[{"value":"192.0.2.9"}]}}},
{"id":")" + st +
            R"(/networkSecurityPerimeterConfigurations/x.a","properties":{"networkSecurityPerimeter":{"id":")" +
            nsp + R"("},"profile":{"name":"p","accessRulesVersion":1,"accessRules":[]},
  "resourceAssociation":{"name":"a","accessMode":"Learning"}}}
]})");
    write("callers.json",
          R"([{"caller":"office","address":"203.0.113.7","credential":"user"},
              {"caller":"friend","address":"192.0.2.9","credential":"user"}])");
  }

  std::string matrix(const std::string& side) {
    const Ran ran = run({"matrix", "--env", "site.json", "--callers", "callers.json", "--effective",
                         side, "--format", "json"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }
};

TEST_F(DriftCommands, ImportListsBothSides) {
  const Ran ran = run({"import", "site.json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, HasSubstr("\ndrift\n"
                                 "  resource  what                  at the perimeter  at the "
                                 "resource  place\n"
                                 "  st        accessMode            Enforced          Learning"));
  EXPECT_THAT(ran.out, HasSubstr("  st        accessRulesVersion    2                 1 "));
  EXPECT_THAT(ran.out, HasSubstr("  st        rule office, missing  203.0.113.0/24    - "));
  EXPECT_THAT(ran.out, HasSubstr("\nassumed\n  nothing\n"));
}

TEST_F(DriftCommands, ImportWritesBothSidesAgain) {
  const Ran first = run({"import", "site.json", "--format", "json", "--quiet"});
  EXPECT_THAT(first.out, HasSubstr("\"kind\": \"missing rule\""));
  EXPECT_THAT(first.out, HasSubstr("\"sentence\": \"resource `st` reports `accessMode` "
                                   "`Learning`, its association at site.json:5:1 has "
                                   "`Enforced`\""));
  write("again.json", first.out);
  const Ran again = run({"import", "again.json", "--format", "json", "--quiet"});
  const auto resources = [](const std::string& out) {
    return out.substr(0, out.find("\"drift\""));
  };
  EXPECT_EQ(resources(again.out), resources(first.out));
  EXPECT_NE(again.out.find("\"drift\""), std::string::npos);
}

TEST_F(DriftCommands, EveryCommandWarns) {
  const Ran ran = run({"matrix", "--env", "site.json", "--callers", "callers.json"});
  EXPECT_THAT(ran.err, HasSubstr("warning site.json:7:"));
  EXPECT_THAT(ran.err, HasSubstr("resource `st` does not have rule `office` at site.json:4:1 of "
                                 "profile `p`\n"));
  EXPECT_EQ(run({"matrix", "--env", "site.json", "--callers", "callers.json", "--quiet"}).err, "");
}

TEST_F(DriftCommands, EffectiveTakesASide) {
  EXPECT_EQ(
      matrix("perimeter"),
      run({"matrix", "--env", "site.json", "--callers", "callers.json", "--format", "json"}).out);
  const auto explain = [&](const std::string& from, std::vector<std::string> more) {
    std::vector<std::string> arguments{"explain", "--env", "site.json", "--callers", "callers.json",
                                       "--from",  from,    "--to",      "st",        "--quiet"};
    std::ranges::move(more, std::back_inserter(arguments));
    return run(arguments).out;
  };
  EXPECT_THAT(explain("office", {}),
              StartsWith("allowed: `office` reaches `st`, by inbound rule office"));
  EXPECT_THAT(explain("office", {"--effective", "resource"}), StartsWith("denied: "));
  EXPECT_THAT(explain("office", {"--effective", "resource"}), HasSubstr("resource rules"));
  EXPECT_THAT(explain("friend", {"--effective", "perimeter"}), HasSubstr("no inbound rule"));
  EXPECT_THAT(explain("friend", {"--effective", "resource"}),
              StartsWith("allowed: `friend` reaches `st`, by resource rule ip 192.0.2.9"));
}

TEST_F(DriftCommands, PagesSayWhichSide) {
  const auto page = [&](const std::string& key, const std::string& outcome) {
    write("page.md", "# Page\n\n```scenario\nenvironment: site.json\nstatus: local\n" + key +
                         "```\n\n| caller | address | credential |\n|---|---|---|\n"
                         "| office | 203.0.113.7 | user |\n\n"
                         "| case | from | to | expect |\n|---|---|---|---|\n"
                         "| one | office | st | " +
                         outcome + " |\n");
  };
  page("effective: resource\n", "deny: resource rules");
  const Ran told = run({"run", "page.md", "--strict"});
  EXPECT_EQ(told.status, 0) << told.out;
  EXPECT_THAT(told.out, Not(HasSubstr("remarks")));
  page("", "allow: inbound rule office");
  EXPECT_EQ(run({"run", "page.md"}).status, 0);
  EXPECT_NE(run({"run", "page.md", "--strict"}).status, 0);
  EXPECT_EQ(run({"run", "page.md", "--effective", "resource"}).status, 1);
  page("effective: perimeter\n", "allow: inbound rule office");
  EXPECT_EQ(run({"run", "page.md", "--effective", "resource"}).status, 0);
  EXPECT_EQ(run({"run", "page.md", "--env", "site.json", "--effective", "resource"}).status, 0);
  page("effective: both\n", "allow");
  const Ran wrong = run({"run", "page.md"});
  EXPECT_THAT(wrong.out + wrong.err, HasSubstr("page.md:6:12: unknown side `both`"));
}

TEST_F(DriftCommands, AWrongSideIsAMistake) {
  const Ran ran = run({"matrix", "--env", "site.json", "--effective", "both"});
  EXPECT_EQ(ran.status, 2);
  write("log.jsonl", "");
  const Ran candidate = run({"readiness", "--env", "site.json", "--logs", "log.jsonl",
                             "--effective", "resource", "--candidate-output", "new.json"});
  EXPECT_EQ(candidate.status, 2);
  EXPECT_EQ(candidate.err,
            "nspsim: error: `--candidate-output` writes down a perimeter, expected "
            "`--effective perimeter`\n");
}

TEST_F(DriftCommands, BicepMustBeBuilt) {
  write("main.bicep", "param x string\n");
  const Ran ran = run({"matrix", "--env", "main.bicep"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err,
            "error main.bicep: must be built before it can be read: `az bicep build --file "
            "main.bicep` (or `bicep build main.bicep`) builds the template\n");
  const Ran folder = run({"import", "."});
  EXPECT_THAT(folder.out + folder.err, HasSubstr("note ./main.bicep: Bicep is not read: "));
}

}  // namespace
}  // namespace nsp::test
