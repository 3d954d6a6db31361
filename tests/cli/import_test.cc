// `nspsim import`: what was understood, assumed and ignored; the environment as documents again.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Import : public ProgramTest {
 protected:
  Import() { write("site.md", kSitePage); }
};

TEST_F(Import, TellsWhatAPageBuilds) {
  const Ran ran = run({"import", "site.md"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, R"(understood
  1 perimeter
  1 profile
  1 access rule
  2 associations
  2 resources

perimeter nsp
  profile data  inbound  office  203.0.113.0/28, 192.0.2.0/24

resources
  resource  service    publicNetworkAccess   profile   mode      identity
  st        Storage    Enabled (by default)  nsp/data  Learning  yes
  search-1  AI Search  Enabled (by default)  nsp/data  Enforced  yes

assumed
  nothing

ignored
  nothing
)");
}

TEST_F(Import, PrintsAnEnvironmentThatReadsBackAsItself) {
  const Ran first = run({"import", "site.md", "--format", "json", "--output", "site.json"});
  EXPECT_EQ(first.status, 0);
  EXPECT_EQ(first.out, "");
  EXPECT_THAT(read("site.json"),
              StartsWith("{\n  \"schema\": \"nspsim.import/1\",\n  \"resources\": [\n"));
  const Ran second = run({"import", "site.json", "--format", "json"});
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.out, read("site.json"));
  const Ran page = run({"matrix", "--env", "site.md"});
  write("callers.json", R"([{"caller":"office","address":"203.0.113.7","credential":"user"},
      {"caller":"partner","address":"198.51.100.33","credential":"key"},{"caller":"roamer","credential":"user"}])");
  EXPECT_EQ(run({"matrix", "--env", "site.json", "--callers", "callers.json"}).out, page.out);
}

TEST_F(Import, TellsWhatWasAssumedAndIgnored) {
  write("site.json", R"({"resources":[
  {"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st",
   "properties":{"minimumTlsVersion":"TLS1_2"}},
  {"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/publicIPAddresses/ip",
   "properties":{}},
  {"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp",
   "properties":{}},
  {"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp/profiles/data",
   "properties":{}},
  {"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp/resourceAssociations/a",
   "properties":{"privateLinkResource":{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st"},
     "profile":{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp/profiles/data"}}}
]})");
  const Ran ran = run({"import", "site.json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out,
              HasSubstr("  st        Storage  Enabled (by default)  nsp/data  Learning  no\n"));
  EXPECT_THAT(
      ran.out,
      HasSubstr("assumed\n  note site.json:10:3 /resources/4: `accessMode` is absent, taken as "
                "`Learning`\n"));
  EXPECT_THAT(ran.out, HasSubstr("ignored\n  Microsoft.Network/publicIPAddresses"));
}

TEST_F(Import, RedactsWhatItPrints) {
  const Ran text = run({"import", "site.md", "--redact"});
  EXPECT_EQ(text.status, 0);
  EXPECT_EQ(text.err, "");
  for (const char* name : {"office", "nsp", "data", "203.0.113", "search-1", "site"}) {
    EXPECT_THAT(text.out, Not(HasSubstr(name)));
  }
  EXPECT_THAT(text.out, HasSubstr("  AI Search  Enabled (by default)  "));
  EXPECT_EQ(run({"import", "site.md", "--redact"}).out, text.out);
  EXPECT_NE(run({"import", "site.md", "--redact", "--redact-key", "k"}).out, text.out);
  EXPECT_EQ(run({"import", "site.md", "--redact-key", "k"}).status, 2);
}

TEST_F(Import, PrintsARedactedEnvironmentThatJudgesAsBefore) {
  const std::vector<std::string> redacted{"import",   "site.md", "--redact", "--redact-key", "k",
                                          "--format", "json",    "--output", "redacted.json"};
  EXPECT_EQ(run(redacted).status, 0);
  EXPECT_EQ(run({"import", "site.md", "--format", "json", "--output", "site.json"}).status, 0);
  const Ran again = run({"import", "redacted.json", "--format", "json"});
  EXPECT_EQ(again.out, read("redacted.json"));
  EXPECT_THAT(again.out, Not(HasSubstr("office")));
  const Ran redacted_names = run({"import", "redacted.json", "--quiet"});
  EXPECT_EQ(redacted_names.out, run({"import", "site.json", "--quiet"}).out);
}

TEST_F(Import, TakesEitherSideOfAPlan) {
  const std::string plan = NSPSIM_SOURCE_DIR "/fixtures/environments/terraform/pull-request.json";
  const Ran before = run({"import", plan, "--before"});
  const Ran after = run({"import", plan, "--after"});
  EXPECT_EQ(before.status, 0);
  EXPECT_THAT(before.out, HasSubstr("  profile data  inbound  office  203.0.113.0/28\n"));
  EXPECT_THAT(before.out, HasSubstr("nsp-site/data  Learning"));
  EXPECT_EQ(after.status, 0);
  EXPECT_THAT(after.out, HasSubstr("  profile data  inbound  office  203.0.113.0/27\n"));
  EXPECT_THAT(after.out, HasSubstr("nsp-site/data  Enforced"));
  EXPECT_EQ(run({"import", plan}).out, after.out);
  EXPECT_EQ(run({"import", plan, "--before", "--after"}).status, 2);
}

TEST_F(Import, ExitsWith3AndSaysEverythingThatIsWrong) {
  write("a.json", "{\"resources\":[{}]}");
  write("b.json", "not json");
  const Ran ran = run({"import", "a.json", "b.json", "c.json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("error a.json:1:15 /resources/0: "));
  EXPECT_THAT(ran.err, HasSubstr("error b.json:1:1"));
  EXPECT_THAT(ran.err, HasSubstr("error c.json: "));
}

TEST_F(Import, RefusesAPageThatBuildsNothing) {
  write("prose.md", "# Prose\n\nNothing here.\n");
  const Ran ran = run({"import", "prose.md"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err, "error prose.md: the page builds no environment\n");
}

}  // namespace
}  // namespace nsp::test
