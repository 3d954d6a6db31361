// `nspsim explain` and `nspsim matrix` on the command line: options, exit statuses, where what is
// printed goes. What the reports say is tested in tests/unit/report.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Explain : public ProgramTest {
 protected:
  Explain() { write("site.md", kSitePage); }

  Ran explain(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"explain", "--env", "site.md"});
    return run(arguments);
  }
};

TEST_F(Explain, StartsWithTheVerdict) {
  const Ran ran = explain({"--from", "office", "--to", "st"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(
      ran.out,
      StartsWith("allowed: `office` reaches `st`, by inbound rule office (IN-4, documented)\n"));
}

TEST_F(Explain, ExitsWith4WhenUndecided) {
  const Ran ran = explain({"--from", "roamer", "--to", "st", "--quiet"});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(
      ran.out,
      "undecided: whether `roamer` reaches `st` depends on a missing fact, address (G-10, ours)\n");
}

TEST_F(Explain, LetsOptionsOverrideTheCaller) {
  const Ran ran = explain({"--from", "roamer", "--to", "st", "--address", "192.0.2.9", "--quiet"});
  EXPECT_EQ(ran.out, "allowed: `roamer` reaches `st`, by inbound rule office (IN-4, documented)\n");
}

TEST_F(Explain, TakesACallerFromTheOptionsAlone) {
  const Ran ran = explain({"--outside", "laptop", "--to", "search-1", "--as", "user", "--address",
                           "192.0.2.200", "--quiet"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "allowed: `laptop` reaches `search-1`, by inbound rule office (IN-4, documented)\n");
}

TEST_F(Explain, DecidesAsIfAssociationsWereEnforced) {
  const std::vector<std::string> partner{"--from", "partner", "--to",
                                         "st",     "--quiet", "--if-enforced"};
  EXPECT_EQ(
      explain(partner).out,
      "denied, if enforced: `partner` does not reach `st`, no inbound rule (IN-5, documented)\n");
  auto named = partner;
  named.push_back("search-1");
  EXPECT_EQ(explain(named).out,
            "allowed, if enforced: `partner` reaches `st`, by resource rule ip 198.51.100.0/24 "
            "(IN-9, documented)\n");
  named.back() = "nowhere";
  const Ran unknown = explain(named);
  EXPECT_EQ(unknown.status, 3);
  EXPECT_EQ(
      unknown.err,
      "nspsim: error: `nowhere` is no association, expected the name of one or of its resource\n");
}

TEST_F(Explain, RefusesAnUnknownCaller) {
  const Ran ran = explain({"--from", "nobody", "--to", "st"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err,
            "nspsim: error: `nobody` is neither a resource nor a caller; use `--outside nobody` "
            "for a caller from "
            "outside\n");
}

TEST_F(Explain, RefusesBadWordsAsUsage) {
  for (const std::vector<std::string>& bad :
       std::vector<std::vector<std::string>>{{"--as", "root"},
                                             {"--via", "train"},
                                             {"--address", "7"},
                                             {"--protocol", "ftp"},
                                             {"--subscription", "x"},
                                             {"--name", "a b"},
                                             {"--outside", "x"},
                                             {"--format", "junit"}}) {
    std::vector<std::string> arguments{"--from", "office", "--to", "st"};
    arguments.insert(arguments.end(), bad.begin(), bad.end());
    const Ran ran = explain(arguments);
    EXPECT_EQ(ran.status, 2) << bad.front();
    EXPECT_THAT(ran.err, StartsWith("nspsim: error: ")) << bad.front();
    EXPECT_EQ(ran.out, "") << bad.front();
  }
}

TEST_F(Explain, SaysWhichWordsItExpects) {
  EXPECT_THAT(explain({"--from", "office", "--to", "st", "--protocol", "ftp"}).err,
              HasSubstr("`ftp` is not expected, expected `https`, `nfs`, `smb` or `sftp`\n"));
}

TEST_F(Explain, PrintsJsonWithItsSchema) {
  const Ran ran = explain({"--from", "partner", "--to", "st", "--format", "json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, StartsWith("{\n  \"schema\": \"nspsim.explain/1\",\n"));
  EXPECT_THAT(ran.out, HasSubstr("\"change\": \"revoked\""));
}

TEST_F(Explain, WritesToAFile) {
  EXPECT_EQ(explain({"--from", "office", "--to", "st", "--quiet", "--output", "why.txt"}).out, "");
  EXPECT_THAT(read("why.txt"), StartsWith("allowed: `office` reaches `st`"));
}

TEST_F(Explain, ColoursTheVerdictWhenAsked) {
  EXPECT_THAT(explain({"--from", "office", "--to", "st", "--quiet", "--color", "always"}).out,
              StartsWith("\x1b[32mallowed\x1b[0m: "));
}

class MatrixCommand : public ProgramTest {
 protected:
  MatrixCommand() { write("site.md", kSitePage); }
};

TEST_F(MatrixCommand, ExitsWith4WhenACellIsUndecided) {
  const Ran ran = run({"matrix", "--env", "site.md", "--quiet"});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.out,
            "now: 5 allowed, 1 denied, 2 undecided\n"
            "if enforced: 4 allowed, 2 denied, 2 undecided\n");
}

TEST_F(MatrixCommand, TakesOneCredentialForAll) {
  const Ran ran = run({"matrix", "--env", "site.md", "--as", "key", "--quiet"});
  EXPECT_EQ(ran.out,
            "now: 3 allowed, 3 denied, 2 undecided\n"
            "if enforced: 2 allowed, 4 denied, 2 undecided\n");
}

TEST_F(MatrixCommand, TakesAPageInAnyCase) {
  write("SITE.MD", kSitePage);
  EXPECT_EQ(run({"matrix", "--env", "SITE.MD", "--quiet"}).out,
            run({"matrix", "--env", "site.md", "--quiet"}).out);
}

// What follows `--assume ID=WORD` is a path.
TEST_F(MatrixCommand, RunTakesItsPagesAfterAnAssumption) {
  write("one/page.md",
        std::string(kSitePage) +
            "\n| case | from | to | expect |\n|---|---|---|---|\n| a | office | st | allow |\n");
  const Ran ran = run({"run", "--assume", "U6=match,C3=none", "one", "--quiet"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "1 page, 1 cell: 1 passed, 0 failed\n");
}

TEST_F(MatrixCommand, ExitsWith5WhenThereIsNobody) {
  write("one.json", R"({"resources":[]})");
  EXPECT_EQ(run({"matrix", "--env", "one.json", "--quiet"}).status, 5);
}

TEST_F(MatrixCommand, PrintsJsonWithItsSchema) {
  EXPECT_THAT(run({"matrix", "--env", "site.md", "--format", "json"}).out,
              StartsWith("{\n  \"schema\": \"nspsim.matrix/1\",\n"));
}

}  // namespace
}  // namespace nsp::test
