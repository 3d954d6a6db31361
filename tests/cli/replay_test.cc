// `nspsim replay` and `nspsim merge`: what is printed, exit statuses, filters, shards, captures.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Replay : public ProgramTest {
 protected:
  Replay() {
    write("site.md", kSitePage);
    write("log.jsonl", recorded("office", 3) + recorded("partner", 2));
  }

  // The records that this environment writes of somebody who calls `st` so often.
  [[nodiscard]] std::string recorded(const std::string& caller, int times) const {
    std::string lines;
    for (int i = 0; i < times; ++i) lines += R"({"from":")" + caller + "\",\"to\":\"st\"}\n";
    EXPECT_EQ(run({"eval", "--env", "site.md", "--access-log", "made.jsonl"}, lines).status, 0);
    return read("made.jsonl");
  }

  [[nodiscard]] Ran replay(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"replay", "--env", "site.md", "--logs", "log.jsonl"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Replay, SaysWhatEnforcingRevokes) {
  const Ran ran = replay();
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "compared as it is, and as if every association were Enforced\n"
            "\n"
            "revoked  2 events\n"
            "  2  198.51.100.33 → st\n"
            "     leg          inbound, public, profile nsp/data\n"
            "     now          allow: resource rule ip 198.51.100.0/24\n"
            "     if enforced  deny: no inbound rule\n"
            "     nearest      office: source 198.51.100.33 is far before the start of\n"
            "                  203.0.113.0/28\n"
            "     seen         2026-01-01\n"
            "     recorded     NspPublicInboundResourceRulesAllowed\n"
            "\n"
            "unchanged\n"
            "  3  st  allow: inbound rule office\n"
            "\n"
            "agreement  100 % of 5 recorded events are as the environment predicts\n"
            "\n"
            "replayed 5 records, 2026-01-01: 2 revoked, 0 gained, 0 undecided, 3 unchanged\n");
}

TEST_F(Replay, ComparesWithACandidate) {
  std::string page(kSitePage);
  page.replace(page.find("192.0.2.0/24 "), 13, "198.51.100.0/24");
  write("wider.md", page);
  const Ran same = replay({"--candidate", "wider.md"});
  EXPECT_EQ(same.status, 0);
  EXPECT_THAT(same.out, StartsWith("compared as it is, and in the candidate\n"));
  const Ran enforced = replay({"--candidate", "wider.md", "--if-enforced", "st"});
  EXPECT_EQ(enforced.status, 0);
  EXPECT_THAT(
      enforced.out,
      StartsWith(
          "compared as it is, and in the candidate as if nsp/st-association were Enforced\n"));
}

TEST_F(Replay, EnforcesTheNamedAssociationsOnly) {
  EXPECT_EQ(replay({"--if-enforced", "search-1"}).status, 0);
  EXPECT_EQ(replay({"--if-enforced", "nsp/st-association"}).status, 1);
  const Ran unknown = replay({"--if-enforced", "sarch-1"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.err,
            "nspsim: error: `sarch-1` is no association, expected the name of one or of its "
            "resource; did you mean `search-1`?\n");
}

TEST_F(Replay, FiltersAndTellsOfNamesThatNobodyHas) {
  EXPECT_EQ(replay({"--rule", "office"}).status, 0);
  EXPECT_EQ(replay({"--profile", "data", "--resource", "st"}).status, 1);
  EXPECT_EQ(replay({"--category", "NspPublicInboundPerimeterRulesAllowed"}).status, 0);
  const Ran nobody = replay({"--profile", "dta", "--quiet"});
  EXPECT_EQ(nobody.status, 5);
  EXPECT_EQ(nobody.err,
            "nspsim: error: no record is of the profile `dta`; did you mean `data`?\n"
            "nspsim: error: nothing passes the filters\n");
  EXPECT_EQ(nobody.out, "replayed 5 records: 0 revoked, 0 gained, 0 undecided, 0 unchanged\n");
  const Ran category = replay({"--category", "NspPublicInboundResourceRuleAllowed"});
  EXPECT_EQ(category.status, 2);
  EXPECT_THAT(category.err, HasSubstr("did you mean `NspPublicInboundResourceRulesAllowed`?"));
}

TEST_F(Replay, IsWrongUsageWithoutTraffic) {
  const Ran ran = run({"replay", "--env", "site.md"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.err,
            "nspsim: error: nothing to replay, expected `--logs`, `--capture` or `--interface`\n");
}

TEST_F(Replay, ReportsUnreadableRecordsAndRefusesAFileOfNothingElse) {
  write("torn.jsonl", read("log.jsonl") + "{\"torn\n");
  const Ran torn = run({"replay", "--env", "site.md", "--logs", "torn.jsonl"});
  EXPECT_EQ(torn.status, 1);
  EXPECT_THAT(torn.out, HasSubstr("\nreading\n  1 unreadable record: "));
  write("junk.jsonl", "junk\n");
  const Ran junk = run({"replay", "--env", "site.md", "--logs", "junk.jsonl"});
  EXPECT_EQ(junk.status, 3);
  EXPECT_THAT(junk.err, StartsWith("error junk.jsonl:1:1: "));
  EXPECT_EQ(run({"replay", "--env", "site.md", "--logs", "missing.jsonl"}).status, 3);
}

TEST_F(Replay, TellsWhatTheEnvironmentDoesNotKnow) {
  std::string foreign = recorded("office", 1);
  for (std::size_t at; (at = foreign.find("storageAccounts/st\"")) != std::string::npos;) {
    foreign.replace(at, 19, "storageAccounts/gone\"");
  }
  write("log.jsonl", foreign);
  const Ran ran = replay();
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.out, HasSubstr("not judged\n  1  "));
  EXPECT_THAT(ran.out, HasSubstr(", 1 not judged\n"));
}

TEST_F(Replay, WritesTheRecordsThatReadBack) {
  ASSERT_EQ(replay({"--access-log", "again.jsonl"}).status, 1);
  const Ran again = run({"replay", "--env", "site.md", "--logs", "again.jsonl"});
  // Records that look alike come back as one with a count.
  const std::string before = replay().out;
  EXPECT_EQ(again.out.substr(0, again.out.find("\nreplayed ")),
            before.substr(0, before.find("\nreplayed ")));
  EXPECT_THAT(again.out, HasSubstr("replayed 2 records, "));
  const Ran taken = replay({"--access-log", "log.jsonl"});
  EXPECT_EQ(taken.status, 2);
}

TEST_F(Replay, JsonIsTheSameForAnyJobsAndOrderOfFiles) {
  write("more.jsonl", recorded("partner", 4));
  const auto ask = [&](const char* jobs, const char* a, const char* b) {
    return run({"replay", "--env", "site.md", "--format", "json", "--jobs", jobs, "--logs", a, b});
  };
  const Ran one = ask("1", "log.jsonl", "more.jsonl");
  EXPECT_EQ(one.status, 1);
  EXPECT_EQ(ask("3", "more.jsonl", "log.jsonl").out, one.out);
}

class Merge : public Replay {
 protected:
  // Three parts of this command, in 1.part, 2.part and 3.part.
  void shard(const std::vector<std::string>& arguments) const {
    for (const std::string index : {"1", "2", "3"}) {
      std::vector<std::string> more = arguments;
      more.insert(more.end(), {"--shard", index + "/3", "--output", index + ".part"});
      const Ran ran = run(more);
      EXPECT_EQ(ran.status, 0) << ran.err;
      EXPECT_EQ(ran.out, "");
    }
  }
};

TEST_F(Merge, IsByteForByteOneRun) {
  write("log.jsonl", recorded("office", 40) + recorded("partner", 30) + "torn\n");
  const std::string captures = std::string(NSPSIM_SOURCE_DIR) + "/fixtures/captures/built";
  for (const std::string format : {"text", "json", "ndjson", "csv", "markdown", "html"}) {
    const std::vector<std::string> whole{"replay",
                                         "--env",
                                         "site.md",
                                         "--logs",
                                         "log.jsonl",
                                         "--capture",
                                         captures,
                                         "--if-enforced",
                                         "st",
                                         "--format",
                                         format,
                                         "--assume",
                                         "C5=publicNetworkAccess"};
    shard(whole);
    const Ran merged = run({"merge", "3.part", "1.part", "2.part"});
    const Ran one = run(whole);
    EXPECT_EQ(merged.out, one.out) << format;
    EXPECT_EQ(merged.status, one.status);
    EXPECT_THAT(one.status, AnyOf(1, 4));
  }
}

TEST_F(Merge, WritesAFileLikeOneRun) {
  shard({"replay", "--env", "site.md", "--logs", "log.jsonl", "--format", "json"});
  EXPECT_EQ(run({"merge", "1.part", "2.part", "3.part", "--output", "out.json"}).status, 1);
  EXPECT_EQ(read("out.json"), replay({"--format", "json"}).out);
}

TEST_F(Merge, RefusesAnotherEnvironment) {
  shard({"replay", "--env", "site.md", "--logs", "log.jsonl"});
  std::string page(kSitePage);
  page.replace(page.find("192.0.2.0/24"), 12, "192.0.3.0/24");
  write("other.md", page);
  const Ran ran = run({"merge", "1.part", "2.part", "3.part", "--env", "other.md"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err,
            "nspsim: error: the parts were made with another environment, expected the same: name "
            "it with `--env`, or make the parts anew\n");
  // The environment lies elsewhere now.
  write("moved.md", kSitePage);
  write("site.md", page);
  EXPECT_EQ(run({"merge", "1.part", "2.part", "3.part"}).status, 3);
  EXPECT_EQ(run({"merge", "1.part", "2.part", "3.part", "--env", "moved.md"}).status, 1);
}

TEST_F(Merge, RefusesPartsThatDoNotMakeAWhole) {
  shard({"replay", "--env", "site.md", "--logs", "log.jsonl"});
  const Ran missing = run({"merge", "1.part", "3.part"});
  EXPECT_EQ(missing.status, 3);
  EXPECT_EQ(missing.err, "error 1.part: no part is shard 2/3\n");
  const Ran none = run({"merge", "site.md"});
  EXPECT_EQ(none.status, 3);
  EXPECT_EQ(none.err, "error site.md: is not a part, expected a JSON object\n");
  EXPECT_EQ(run({"replay", "--env", "site.md", "--logs", "log.jsonl", "--shard", "4/3"}).status, 2);
}

TEST_F(Replay, ReadsCaptures) {
  const std::string root = NSPSIM_SOURCE_DIR;
  const Ran ran = run({"replay", "--env", root + "/fixtures/environments/rag.json", "--bindings",
                       root + "/fixtures/bindings/rag.json", "--capture",
                       root + "/fixtures/captures/real", "--quiet"});
  EXPECT_THAT(ran.status, AnyOf(0, 1, 4));
  EXPECT_THAT(ran.out, StartsWith("replayed "));
  EXPECT_THAT(ran.out, HasSubstr(" flows, "));
  const Ran none = run({"replay", "--env", "site.md", "--capture", "site.md"});
  EXPECT_EQ(none.status, 3);
  EXPECT_THAT(none.err, StartsWith("error site.md: is not a capture that can be read"));
}

TEST_F(Replay, NamesTheInterfacesThatThereAre) {
  const Ran ran = run({"replay", "--env", "site.md", "--interface", "nosuch0", "--duration", "1"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(ran.err, StartsWith("error nosuch0: "));
  EXPECT_EQ(run({"replay", "--env", "site.md", "--logs", "log.jsonl", "--duration", "1"}).status,
            2);
}

}  // namespace
}  // namespace nsp::test
