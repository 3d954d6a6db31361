// `--access-log` and `--table` of `run` and `eval`: what is written, when it takes its name, and
// that nothing half-done ever bears it.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kAttempts =
    "{\"from\":\"office\",\"to\":\"st\"}\n"
    "{\"from\":\"search-1\",\"to\":\"st\"}\n"
    "nonsense\n"
    "{\"from\":\"partner\",\"to\":\"search-1\"}\n";

// `TIME CATEGORY` of each raw record.
std::vector<std::string> summary(const std::string& records) {
  std::vector<std::string> all;
  std::string_view rest = records;
  const auto value = [](std::string_view line, std::string_view key) {
    const std::size_t at = line.find(key) + key.size();
    return std::string(line.substr(at, line.find('"', at) - at));
  };
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    all.push_back(value(line, "\"time\":\"") + " " + value(line, "\"category\":\""));
  }
  return all;
}

class AccessLogFile : public ProgramTest {
 protected:
  AccessLogFile() {
    write("site.md", kSitePage);
    write("page.md", std::string(kSitePage) + R"(
| case   | from     | to       | expect | Enforced | outbound | inbound |
| ------ | -------- | -------- | ------ | -------- | -------- | ------- |
| office | office   | st       | allow  | allow    |          | allow   |
| member | search-1 | st       |        |          | allow    | allow   |
| other  | partner  | search-1 |        | allow    |          |         |
)");
  }

  Ran eval(const std::vector<std::string>& more, std::string_view lines = kAttempts) const {
    std::vector<std::string> all{"eval", "--env", "site.md"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all, lines);
  }

  // Files of the working folder whose name starts so.
  [[nodiscard]] std::vector<fs::path> files(std::string_view start) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder() / "work")) {
      if (entry.path().filename().string().starts_with(start)) found.push_back(entry.path());
    }
    return found;
  }
};

TEST_F(AccessLogFile, OfEvalHoldsWhatIsDecidedNow) {
  const Ran ran = eval({"--access-log", "log.jsonl"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, eval({}).out);
  EXPECT_THAT(summary(read("log.jsonl")),
              ElementsAre("2026-01-01T00:00:00Z NspPublicInboundPerimeterRulesAllowed",
                          "2026-01-01T00:00:01Z NspOutboundAttempt",
                          "2026-01-01T00:00:01Z NspIntraPerimeterInboundAllowed",
                          "2026-01-01T00:00:02Z NspPublicInboundPerimeterRulesDenied"));
}

TEST_F(AccessLogFile, HasTheSameBytesEachTimeAndRowsWhereAsked) {
  EXPECT_EQ(eval({"--access-log", "one.jsonl", "--table"}).status, 3);
  EXPECT_EQ(eval({"--access-log", "two.jsonl", "--table"}).status, 3);
  EXPECT_EQ(read("one.jsonl"), read("two.jsonl"));
  EXPECT_THAT(read("one.jsonl"),
              StartsWith("{\"TimeGenerated\":\"2026-01-01T00:00:00Z\",\"TimeGeneratedEndTime\":"));
  EXPECT_EQ(std::ranges::count(read("one.jsonl"), '\n'), 4);
}

// `expect`, `outbound` and `inbound` of a row are one attempt; each other column is one of its own.
TEST_F(AccessLogFile, OfRunHoldsOneAttemptForEachCircumstanceOfARow) {
  const Ran ran = run({"run", "page.md", "--access-log", "log.jsonl"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(summary(read("log.jsonl")),
              ElementsAre("2026-01-01T00:00:00Z NspPublicInboundPerimeterRulesAllowed",
                          "2026-01-01T00:00:01Z NspPublicInboundPerimeterRulesAllowed",
                          "2026-01-01T00:00:02Z NspOutboundAttempt",
                          "2026-01-01T00:00:02Z NspIntraPerimeterInboundAllowed",
                          "2026-01-01T00:00:03Z NspPublicInboundPerimeterRulesDenied"));
  EXPECT_EQ(ran.out, run({"run", "page.md"}).out);
}

TEST_F(AccessLogFile, OfRunHoldsTheCellsOfAGrid) {
  write("grid.md", std::string(kSitePage) + R"(
| calls    | st | search-1 |
| -------- | -- | -------- |
| office   | .  | .        |
| search-1 | .  | -        |
)");
  EXPECT_EQ(run({"run", "grid.md", "--access-log", "log.jsonl"}).status, 0);
  EXPECT_THAT(summary(read("log.jsonl")),
              ElementsAre("2026-01-01T00:00:00Z NspPublicInboundPerimeterRulesAllowed",
                          "2026-01-01T00:00:01Z NspPublicInboundPerimeterRulesAllowed",
                          "2026-01-01T00:00:02Z NspOutboundAttempt",
                          "2026-01-01T00:00:02Z NspIntraPerimeterInboundAllowed"));
}

TEST_F(AccessLogFile, StaysAsItWasWhenTheRunFails) {
  write("log.jsonl", "old\n");
  EXPECT_EQ(eval({"missing.jsonl", "--access-log", "log.jsonl"}).status, 3);
  const Ran full = eval({"--output", "/dev/full", "--access-log", "log.jsonl"});
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(full.err, "nspsim: error: cannot write to `/dev/full`: No space left on device\n");
  EXPECT_EQ(read("log.jsonl"), "old\n");
  EXPECT_EQ(files("log.jsonl").size(), 1U);
}

TEST_F(AccessLogFile, SaysWhenItCannotBeWritten) {
  const Ran nowhere = eval({"--access-log", "no/where.jsonl"});
  EXPECT_EQ(nowhere.status, 3);
  EXPECT_EQ(nowhere.out, "");
  EXPECT_EQ(nowhere.err, "error no/where.jsonl: cannot be written: No such file or directory\n");
  const Ran full = eval({"--access-log", "/dev/full"});
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(full.err, "error /dev/full: cannot be written: No space left on device\n");
  const Ran pages = run({"run", "page.md", "--access-log", "/dev/full"});
  EXPECT_EQ(pages.status, 3);
  EXPECT_EQ(pages.err, "error /dev/full: cannot be written: No space left on device\n");
}

// Runs this in the working folder, `PROGRAM` standing for the program.
int shell(const fs::path& folder, std::string command) {
  for (std::size_t at = 0; (at = command.find("PROGRAM")) != std::string::npos;) {
    command.replace(at, 7, NSPSIM_PROGRAM);
  }
  return std::system(fmt::format("cd '{}' && {}", folder.string(), command).c_str());
}

TEST_F(AccessLogFile, StreamsIntoAPipe) {
  write("attempts.jsonl", kAttempts);
  EXPECT_EQ(shell(folder() / "work",
                  "PROGRAM eval --env site.md attempts.jsonl --output answers.jsonl "
                  "--access-log /dev/stdout | cat > piped.jsonl"),
            0);
  EXPECT_EQ(eval({"--access-log", "log.jsonl"}).status, 3);
  EXPECT_EQ(read("piped.jsonl"), read("log.jsonl"));
  EXPECT_EQ(read("answers.jsonl"), eval({}).out);
}

TEST_F(AccessLogFile, RefusesFilesThatAreInUse) {
  write("attempts.jsonl", kAttempts);
  for (const std::string other : {"attempts.jsonl", "./out.jsonl"}) {
    const Ran ran = eval({"attempts.jsonl", "--output", "out.jsonl", "--access-log", other});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err, fmt::format("nspsim: error: `--access-log` names `{}`, which is in use, "
                                   "expected another file\n",
                                   other));
    EXPECT_EQ(read("attempts.jsonl"), kAttempts);
  }
}

TEST_F(AccessLogFile, RefusesCommandLinesThatMakeNoSense) {
  const Ran dash = eval({"--access-log", "-"});
  EXPECT_EQ(dash.status, 2);
  EXPECT_THAT(dash.err, HasSubstr("`-` is no file, expected one"));
  EXPECT_EQ(eval({"--table"}).status, 2);
  EXPECT_EQ(run({"run", "page.md", "--list", "--access-log", "log.jsonl"}).status, 2);
  EXPECT_EQ(run({"run", "page.md", "--update", "--access-log", "log.jsonl"}).status, 2);
  EXPECT_FALSE(exists("log.jsonl"));
}

std::string many_attempts(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "{\"from\":\"office\",\"to\":\"st\"}\n";
  return lines;
}

// A program with its input still open; it is killed at the end.
class Running {
 public:
  Running(const fs::path& folder, const std::vector<std::string>& arguments) {
    int input[2];
    EXPECT_EQ(::pipe2(input, O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) become(folder, arguments, input[0]);
    ::close(input[0]);
    input_ = input[1];
  }
  ~Running() { kill(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::write(input_, text.data(), text.size());
      ASSERT_GT(sent, 0);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The signal that ended it.
  int kill() {
    if (child_ <= 0) return 0;
    int status = 0;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, &status, 0);
    ::close(input_);
    child_ = 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  [[noreturn]] static void become(const fs::path& folder, std::vector<std::string> arguments,
                                  int input) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(input, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    if (::chdir(folder.c_str()) != 0) std::_Exit(126);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(NSPSIM_PROGRAM, argv.data());
    std::_Exit(127);
  }

  pid_t child_ = 0;
  int input_ = -1;
};

TEST_F(AccessLogFile, IsWholeOldOrWholeNewWhenTheProgramIsKilled) {
  write("log.jsonl", "old\n");
  Running program(folder() / "work",
                  {"nspsim", "eval", "--env", "site.md", "--access-log", "log.jsonl"});
  program.send(many_attempts(5'000));
  const auto written = [&] {
    for (const fs::path& file : files("log.jsonl.")) {
      if (fs::file_size(file) > 1'000'000) return true;
    }
    return false;
  };
  for (int i = 0; i < 300 && !written(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(written()) << "records do not stream";
  EXPECT_EQ(program.kill(), SIGKILL);
  EXPECT_EQ(read("log.jsonl"), "old\n");

  EXPECT_EQ(eval({"--access-log", "log.jsonl"}, many_attempts(5'000)).status, 0);
  EXPECT_EQ(summary(read("log.jsonl")).size(), 5'000U);
}

// Whoever reads the answers may stop; the log still tells of every line.
TEST_F(AccessLogFile, IsWholeWhenNobodyReadsTheAnswers) {
  write("attempts.jsonl", many_attempts(20'000));
  EXPECT_EQ(shell(folder() / "work",
                  "PROGRAM eval --env site.md attempts.jsonl --access-log log.jsonl | head -n 1 "
                  ">/dev/null"),
            0);
  EXPECT_EQ(summary(read("log.jsonl")).size(), 20'000U);
}

}  // namespace
}  // namespace nsp::test
