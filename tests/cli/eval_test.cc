// `nspsim eval`: answers, exit statuses, errors in their place, files and pipes.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Eval : public ProgramTest {
 protected:
  Eval() { write("site.md", kSitePage); }

  Ran eval(std::string_view lines) const { return run({"eval", "--env", "site.md"}, lines); }
};

TEST_F(Eval, AnswersEachLineInOrder) {
  const Ran ran = eval(
      "{\"id\":1,\"from\":\"office\",\"to\":\"st\"}\n"
      "{\"id\":\"two\",\"from\":\"partner\",\"to\":\"st\"}\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(
      ran.out,
      R"({"id":1,"verdict":"allow","reason":"inbound rule office","legs":[{"direction":"inbound",)"
      R"("resource":"st","perimeter":"nsp","profile":"data","accessMode":"Learning",)"
      R"("publicNetworkAccess":"Enabled","verdict":"allow","reason":"inbound rule office","rule":"office",)"
      R"("clause":"IN-4","grade":"documented","logCategory":["NspPublicInboundPerimeterRulesAllowed"],)"
      R"("assumptions":[],"notes":[]}],"ifEnforced":{"verdict":"allow","reason":"inbound rule office"},)"
      R"("change":"unchanged"})"
      "\n"
      R"({"id":"two","verdict":"allow","reason":"resource rule ip 198.51.100.0/24","legs":[{)"
      R"("direction":"inbound","resource":"st","perimeter":"nsp","profile":"data","accessMode":"Learning",)"
      R"("publicNetworkAccess":"Enabled","verdict":"allow","reason":"resource rule ip 198.51.100.0/24",)"
      R"("rule":"ip 198.51.100.0/24","clause":"IN-9","grade":"documented",)"
      R"("logCategory":["NspPublicInboundResourceRulesAllowed"],"assumptions":[],"notes":[]}],)"
      R"("ifEnforced":{"verdict":"deny","reason":"no inbound rule"},"change":"revoked"})"
      "\n");
}

TEST_F(Eval, GoesOnAfterABadLineAndExitsWith3) {
  const Ran ran = eval(
      "nonsense\n\n{\"id\":2,\"to\":\"st\",\"from\":\"roamer\"}\n{\"id\":3,\"from\":\"nobody\","
      "\"to\":\"st\"}\n"
      "{\"id\":4,\"from\":\"office\",\"to\":\"st\"}");
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(ran.out, StartsWith("{\"id\":null,\"error\":{\"message\":\""));
  EXPECT_THAT(ran.out,
              HasSubstr("\n{\"id\":2,\"verdict\":\"undecided\",\"reason\":\"missing address\""));
  EXPECT_THAT(
      ran.out,
      HasSubstr(
          "\n{\"id\":3,\"error\":{\"message\":\"`nobody` is neither a resource nor a caller; "
          "leave `from` out where the line itself says who calls\",\"line\":4,\"column\":16}}\n"
          "{\"id\":4,\"verdict\":\"allow\""));
}

TEST_F(Eval, ExitsWith4WhenSomethingIsUndecided) {
  EXPECT_EQ(eval(R"({"from":"roamer","to":"st"})").status, 4);
}

TEST_F(Eval, ExitsWith5WhenThereIsNoLine) {
  const Ran ran = eval("\n\n");
  EXPECT_EQ(ran.status, 5);
  EXPECT_EQ(ran.out, "");
}

TEST_F(Eval, ReadsAFileAndWritesAFile) {
  write("attempts.jsonl", "{\"id\":1,\"from\":\"office\",\"to\":\"st\"}\n");
  const Ran to_stdout = run({"eval", "--env", "site.md", "attempts.jsonl"});
  EXPECT_EQ(to_stdout.status, 0);
  EXPECT_THAT(to_stdout.out, StartsWith("{\"id\":1,\"verdict\":\"allow\""));
  EXPECT_EQ(run({"eval", "attempts.jsonl", "--env", "site.md", "--output", "out.jsonl"}).status, 0);
  EXPECT_EQ(read("out.jsonl"), to_stdout.out);
  EXPECT_EQ(run({"eval", "--env", "site.md", "-"}, read("attempts.jsonl")).out, to_stdout.out);
}

TEST_F(Eval, SaysWhenTheFileOfAttemptsIsMissing) {
  const Ran ran = run({"eval", "missing.jsonl", "--env", "site.md"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err, "nspsim: error: cannot open `missing.jsonl`: No such file or directory\n");
}

TEST_F(Eval, TakesCallersFromAFile) {
  write("callers.json", R"([{"caller":"office","address":"198.51.100.1","credential":"user"}])");
  const Ran ran = run({"eval", "--env", "site.md", "--callers", "callers.json"},
                      R"({"from":"office","to":"st"})");
  EXPECT_THAT(
      ran.out,
      StartsWith(R"({"id":null,"verdict":"allow","reason":"resource rule ip 198.51.100.0/24")"));
}

TEST_F(Eval, RefusesABadCallersFile) {
  write("callers.json", "[{\"caller\":\"a\",\n\"adress\":\"hidden\"},{\"caller\":\"ST\"}]");
  const Ran bad = run({"eval", "--env", "site.md", "--callers", "callers.json"}, "{}");
  EXPECT_EQ(bad.status, 3);
  EXPECT_EQ(bad.err,
            "error callers.json:2:1 /0/adress: unknown member `adress`, did you mean `address`\n");
  write("callers.json", R"([{"caller":"ST"}])");
  const Ran clash = run({"eval", "--env", "site.md", "--callers", "callers.json"}, "{}");
  EXPECT_EQ(clash.status, 3);
  EXPECT_EQ(clash.err,
            "error callers.json:1:2 /0: caller `ST` has the name of a resource, call it something "
            "else\n");
}

TEST_F(Eval, TakesAnotherReading) {
  const Ran ran =
      run({"eval", "--env", "site.md", "--assume", "U6=match"}, R"({"from":"office","to":"st"})");
  EXPECT_EQ(ran.status, 0);
  const Ran bad = run({"eval", "--env", "site.md", "--assume", "U6=perhaps"}, "");
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err,
              HasSubstr("unknown reading `perhaps` of `U6`, expected `no-match` or `match`"));
}

TEST_F(Eval, RefusesAnEnvironmentThatIsNone) {
  write("broken.json", "{\"resources\":[{}]}");
  const Ran ran = run({"eval", "--env", "broken.json"}, "{}");
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, StartsWith("error broken.json:1:15 /resources/0: "));
}

TEST_F(Eval, SurvivesALineLongerThanItsLimit) {
  const std::string lines = "{\"id\":\"" + std::string(std::size_t{40} << 20, 'x') +
                            "\"}\n{\"id\":2,\"from\":\"office\",\"to\":\"st\"}\n";
  const Ran ran = eval(lines);
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(
      ran.out,
      StartsWith("{\"id\":null,\"error\":{\"message\":\"the line is longer than 16777216 bytes\","
                 "\"line\":1,\"column\":1}}\n{\"id\":2,\"verdict\":\"allow\""));
}

// A person at a terminal, or a program that asks one thing at a time, gets each answer before the
// next question.
TEST_F(Eval, AnswersWhileTheInputIsStillOpen) {
  int to_program[2];
  int from_program[2];
  ASSERT_EQ(::pipe2(to_program, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(from_program, O_CLOEXEC), 0);
  const std::string page = (folder() / "work" / "site.md").string();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(to_program[0], STDIN_FILENO);
    ::dup2(from_program[1], STDOUT_FILENO);
    ::execl(NSPSIM_PROGRAM, "nspsim", "eval", "--env", page.c_str(), nullptr);
    std::_Exit(127);
  }
  ::close(to_program[0]);
  ::close(from_program[1]);
  constexpr std::string_view kQuestion = "{\"id\":1,\"from\":\"office\",\"to\":\"st\"}\n";
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(::write(to_program[1], kQuestion.data(), kQuestion.size()),
              static_cast<ssize_t>(kQuestion.size()));
    pollfd waiting{from_program[0], POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 30'000), 1) << "no answer while the input is open";
    std::string answer(4096, '\0');
    answer.resize(static_cast<std::size_t>(::read(from_program[0], answer.data(), answer.size())));
    EXPECT_THAT(answer, StartsWith("{\"id\":1,\"verdict\":\"allow\""));
  }
  ::close(to_program[1]);
  ::close(from_program[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Eval, RefusesToWriteOverItsAttempts) {
  constexpr std::string_view kAttempt = "{\"id\":1,\"from\":\"office\",\"to\":\"st\"}\n";
  write("attempts.jsonl", kAttempt);
  for (const std::string other : {"attempts.jsonl", "./attempts.jsonl"}) {
    const Ran ran = run({"eval", "attempts.jsonl", "--env", "site.md", "--output", other});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err,
              "nspsim: error: `" + other + "` is the file of attempts, expected another file\n");
    EXPECT_EQ(read("attempts.jsonl"), kAttempt);
  }
}

TEST_F(Eval, ReplacesALongerOutput) {
  write("out.jsonl", std::string(10'000, 'x'));
  EXPECT_EQ(run({"eval", "--env", "site.md", "--output", "out.jsonl"},
                R"({"id":1,"from":"office","to":"st"})")
                .status,
            0);
  EXPECT_THAT(read("out.jsonl"), ::testing::Not(HasSubstr("x")));
}

TEST_F(Eval, ReportsANameThatIsTooLong) {
  const std::string name(5000, 'a');
  const Ran ran = run({"eval", "--env", "site.md", name});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err, "nspsim: error: cannot open `" + name + "`: File name too long\n");
}

TEST_F(Eval, ReadsItsAttemptsAfterAnAssumption) {
  write("attempts.jsonl", "{\"id\":1,\"from\":\"office\",\"to\":\"st\"}\n");
  const Ran ran = run({"eval", "--env", "site.md", "--assume", "U6=match,C3=none", "--assume",
                       "U2=match", "attempts.jsonl"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("{\"id\":1,\"verdict\":\"allow\""));
}

}  // namespace
}  // namespace nsp::test
