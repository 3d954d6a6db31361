// `nspsim readiness` from the outside: exit statuses, the files it writes, and that other commands
// read them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kRoot = NSPSIM_SOURCE_DIR;
const std::string kEnvironment = kRoot + "/fixtures/environments/rag.json";
const std::string kLog = kRoot + "/fixtures/access-logs/readiness-rag.jsonl";

constexpr std::string_view kPage = R"(# A perimeter

```scenario
status: local
```

| resource | kind    | profile  | mode     |
| -------- | ------- | -------- | -------- |
| st       | storage | nsp/data | Learning |

| rule   | profile  | direction | allows         |
| ------ | -------- | --------- | -------------- |
| office | nsp/data | inbound   | 203.0.113.0/28 |
)";

// One record of `st` a day of June 2026.
std::string log_of(std::string_view address, std::string_view category, std::string_view rule,
                   int days = 14) {
  std::string lines;
  for (int day = 1; day <= days; ++day) {
    lines += fmt::format(
        R"({{"time":"2026-06-{:02}T10:00:00Z","count":2,"category":"{}",)"
        R"("resourceId":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/page/)"
        R"(providers/Microsoft.Network/networkSecurityPerimeters/nsp","properties":{{)"
        R"("serviceResourceId":"/subscriptions/00000000-0000-0000-0000-000000000000/)"
        R"(resourceGroups/page/providers/Microsoft.Storage/storageAccounts/st","profile":"data",)"
        R"("matchedRule":{{"accessRule":"{}"}},"source":{{"ipAddress":"{}"}}}}}})"
        "\n",
        day, category, rule, address);
  }
  return lines;
}

class Readiness : public ProgramTest {
 protected:
  Readiness() { write("page.md", kPage); }

  Ran assess(std::string_view log, std::vector<std::string> more = {}) {
    write("log.jsonl", log);
    std::vector<std::string> arguments{"readiness", "--env", "page.md", "--logs", "log.jsonl"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Readiness, IsReadyWithStatusZero) {
  const Ran ran = assess(log_of("203.0.113.7", "NspPublicInboundPerimeterRulesAllowed", "office"),
                         {"--logged", "all", "--quiet"});
  EXPECT_EQ(ran.out,
            "ready  nsp/st-association\n"
            "1 ready, 0 not ready, 0 with insufficient evidence: nothing seen would be refused\n");
  EXPECT_EQ(ran.status, 0);
}

TEST_F(Readiness, GatesOnBlockersWithStatusOne) {
  const Ran ran =
      assess(log_of("198.51.100.7", "NspPublicInboundResourceRulesAllowed", ""), {"--quiet"});
  EXPECT_EQ(ran.out,
            "not ready  nsp/st-association\n"
            "0 ready, 1 not ready, 0 with insufficient evidence: 28 events would be refused, none "
            "with what is suggested\n");
  EXPECT_EQ(ran.status, 1);
}

TEST_F(Readiness, SaysThatTheEvidenceIsInsufficientWithStatusFour) {
  const std::string log =
      log_of("203.0.113.7", "NspPublicInboundPerimeterRulesAllowed", "office", 3);
  const Ran ran = assess(log, {"--logged", "all"});
  EXPECT_THAT(ran.out,
              StartsWith("insufficient evidence  nsp/st-association  (st, profile nsp/data, "
                         "Learning)\n  why\n    - the log has records on 3 days (2026-06-01 "
                         "to 2026-06-03), 14 were asked\n      for\n"));
  EXPECT_EQ(ran.status, 4);
  const Ran accepted =
      assess(log, {"--logged", "all", "--accept", "window", "--accept", "period", "--quiet"});
  EXPECT_EQ(accepted.status, 0) << accepted.out;
  const Ran shorter = assess(log, {"--logged", "all", "--window", "3d", "--period", "1d"});
  EXPECT_EQ(shorter.status, 0) << shorter.out;
}

TEST_F(Readiness, NoRecordIsNoEvidenceWithStatusFive) {
  const Ran ran = assess("", {"--quiet"});
  EXPECT_EQ(ran.out,
            "insufficient evidence  nsp/st-association\n"
            "0 ready, 0 not ready, 1 with insufficient evidence: there are no records\n");
  EXPECT_EQ(ran.err, "nspsim: error: no record was read: there is no evidence\n");
  EXPECT_EQ(ran.status, 5);
}

TEST_F(Readiness, TellsWhatIsWrongWithTheCommandLine) {
  const std::string log =
      log_of("203.0.113.7", "NspPublicInboundPerimeterRulesAllowed", "office", 1);
  EXPECT_THAT(assess(log, {"--window", "0d"}).err, HasSubstr("expected at least `1d`"));
  EXPECT_THAT(assess(log, {"--window", "a week"}).err,
              HasSubstr("`a week` is no number of days, expected one like `14d`, at most 3650"));
  EXPECT_EQ(assess(log, {"--accept", "no records"}).status, 2);
  EXPECT_THAT(assess(log, {"--logged", "NspIntraPerimeterInboundAlowed"}).err,
              HasSubstr("did you mean `NspIntraPerimeterInboundAllowed`?"));
  EXPECT_THAT(assess(log, {"--as-of", "yesterday"}).err,
              HasSubstr("`yesterday` is no time, expected one like `2026-06-30T12:00:00Z`"));
  EXPECT_EQ(assess(log, {"--association", "nobody"}).status, 2);
  const Ran emit = assess(log, {"--emit", "az", "--format", "json"});
  EXPECT_EQ(emit.err,
            "nspsim: error: `--emit` shows its commands in the text form only, expected `--emit-to "
            "FILE`\n");
  EXPECT_EQ(emit.status, 2);
}

TEST_F(Readiness, CandidateHoldsInEveryOtherCommand) {
  const std::string log = log_of("198.51.100.7", "NspPublicInboundResourceRulesAllowed", "");
  EXPECT_EQ(assess(log, {"--candidate-output", "candidate.json"}).status, 1);
  const Ran now = run({"replay", "--env", "page.md", "--logs", "log.jsonl", "--quiet"});
  EXPECT_THAT(now.out, HasSubstr(": 28 revoked, 0 gained, 0 undecided, 0 unchanged"));
  const Ran then = run({"replay", "--env", "page.md", "--candidate", "candidate.json",
                        "--if-enforced", "--logs", "log.jsonl", "--quiet"});
  EXPECT_THAT(then.out, HasSubstr(": 0 revoked, 0 gained, 0 undecided, 28 unchanged"));
  EXPECT_EQ(then.status, 0) << then.err;
  const Ran again = run({"readiness", "--env", "candidate.json", "--logs", "log.jsonl", "--accept",
                         "disagreement", "--logged", "all", "--quiet"});
  EXPECT_EQ(again.status, 0) << again.out;
  const Ran import = run({"import", "candidate.json"});
  EXPECT_EQ(import.status, 0) << import.out << import.err;
}

TEST_F(Readiness, EmitsCommandsAndTemplates) {
  const std::string log = log_of("198.51.100.7", "NspPublicInboundResourceRulesAllowed", "");
  EXPECT_EQ(assess(log, {"--emit-to", "az.sh"}).status, 1);
  EXPECT_THAT(read("az.sh"), EndsWith("--name callers-of-st \\\n  --direction Inbound "
                                      "--address-prefixes \"['198.51.100.7/32']\"\n"));
  EXPECT_EQ(assess(log, {"--emit", "terraform", "--emit-to", "main.tf"}).status, 1);
  EXPECT_THAT(read("main.tf"),
              HasSubstr("resource \"azurerm_network_security_perimeter_access_rule\" "
                        "\"nsp_data_callers_of_st\" {\n"));
  EXPECT_EQ(assess(log, {"--emit", "arm", "--emit-to", "arm.json"}).status, 1);
  EXPECT_THAT(read("arm.json"), HasSubstr("\"name\": \"nsp/data/callers-of-st\""));
  EXPECT_EQ(run({"import", "arm.json"}).status, 0);
}

TEST_F(Readiness, ShardsMergeIntoOneRun) {
  const std::vector<std::string> whole{"readiness", "--env", kEnvironment, "--logs", kLog, "--all"};
  const Ran one = run(whole);
  EXPECT_EQ(one.status, 1);
  std::vector<std::string> merge{"merge"};
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    std::vector<std::string> part = whole;
    part.insert(part.end(), {"--shard", shard, "--output", fmt::format("{}.part", shard[0])});
    EXPECT_EQ(run(part).status, 0);
    merge.push_back(fmt::format("{}.part", shard[0]));
  }
  const Ran merged = run(merge);
  EXPECT_EQ(merged.out, one.out);
  EXPECT_EQ(merged.status, one.status);
}

TEST_F(Readiness, TheFixtureIsWhatItsScriptMakes) {
  const std::string command = kRoot + "/tools/make_readiness_log";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string made;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    made.append(buffer, n);
  const int status = ::pclose(pipe);
  if (status != 0) GTEST_SKIP() << "python3 is not installed";
  std::ifstream in(kLog, std::ios::binary);
  EXPECT_EQ(made, std::string(std::istreambuf_iterator<char>(in), {}));
}

}  // namespace
}  // namespace nsp::test
