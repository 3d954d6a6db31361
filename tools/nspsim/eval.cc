// `nspsim eval`: a stream filter, one attempt a line in, one decision a line out.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <memory>
#include <string>

#include "sim/access_log/line_protocol.h"
#include "sim/base/text.h"
#include "sim/scenario/section_environment.h"
#include "tools/nspsim/access_log_option.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

struct EvalOptions {
  EnvironmentOptions environment;
  CommonOptions common;
  AccessLogOptions access_log;
  std::string attempts = "-";
};

// A file descriptor that is closed at the end, unless it is one of the three that every program
// has.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool is_standard(const std::string& file) { return file.empty() || file == "-"; }

int open_input(const std::string& file) {
  return is_standard(file) ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
}

// Opens without emptying: it may turn out to be the input.
int open_output(const std::string& file) {
  constexpr mode_t kPlainFile = 0666;
  if (is_standard(file)) return STDOUT_FILENO;
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kPlainFile);
}

// The same plain file under whatever names. Reading it while writing it would lose or repeat lines.
bool same_file(int a, int b) {
  struct stat of_a {};
  struct stat of_b {};
  if (::fstat(a, &of_a) != 0 || ::fstat(b, &of_b) != 0) return false;
  return S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

// An output file starts empty; standard output stays as it is, and so does a device.
bool make_empty(int fd) {
  struct stat about {};
  if (fd == STDOUT_FILENO || ::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return true;
  return ::ftruncate(fd, 0) == 0;
}

// Bytes read, 0 at the end, -1 after a failure.
ssize_t read_some(int fd, std::string& block) {
  for (;;) {
    const ssize_t count = ::read(fd, block.data(), block.size());
    if (count >= 0 || errno != EINTR) return count;
  }
}

// Answers what each read brings before it reads again, so that a person or a program at the other
// end of a pipe gets an answer to every line it has sent. Where nobody reads the answers any more,
// the access log still wants the rest.
// The error is the exit status of a failure on the way.
std::expected<int, int> filter(int in, int out, std::string_view target, LineEvaluator& evaluator,
                               const AccessLog& log) {
  LineStream stream(evaluator);
  std::string block(kBlock, '\0');
  std::string answers;
  bool reader_gone = false;
  for (;;) {
    const ssize_t count = read_some(in, block);
    if (count < 0) {
      print_error(fmt::format("cannot read the attempts: {}", std::strerror(errno)));
      return std::unexpected(kInvalidInput);
    }
    answers.clear();
    if (count == 0) {
      stream.finish(answers);
    } else {
      stream.feed(std::string_view(block.data(), static_cast<std::size_t>(count)), answers);
    }
    if (log.failed()) return std::unexpected(kInvalidInput);
    const Written written = reader_gone ? Written::Whole : write_all(out, answers, target);
    if (written == Written::Failed) return std::unexpected(kInvalidInput);
    reader_gone = reader_gone || written == Written::ReaderGone;
    if (count == 0 || (reader_gone && !log.wanted())) return exit_status(evaluator.counts());
  }
}

// `--env` takes every word that follows it. The last of several that is neither a document nor a
// page nor a folder is meant as the attempts: `eval --env site.json attempts.jsonl`, `eval --env
// site.json -`.
void give_back_attempts(EvalOptions& options, bool attempts_given) {
  auto& files = options.environment.files;
  if (attempts_given || files.size() < 2) return;
  const std::filesystem::path last = files.back();
  std::error_code ignored;
  const bool environment = iequals(last.extension().string(), ".json") || is_page(last) ||
                           std::filesystem::is_directory(last, ignored);
  if (environment) return;
  options.attempts = files.back();
  files.pop_back();
}

int cannot_open(const std::string& file) {
  print_error(fmt::format("cannot open `{}`: {}", file, std::strerror(errno)));
  return kInvalidInput;
}

int run_eval(const EvalOptions& options) {
  auto environment = load(options.environment, options.common.quiet);
  if (!environment) return environment.error();
  const std::string& output = options.common.output;
  const Descriptor in(open_input(options.attempts));
  if (!in.ok()) return cannot_open(options.attempts);
  const Descriptor out(open_output(output));
  if (!out.ok()) return cannot_open(output);
  const std::string target =
      is_standard(output) ? std::string(kStandardOutput) : fmt::format("`{}`", output);
  if (same_file(in.get(), out.get())) {
    print_error(fmt::format("{} is the file of attempts, expected another file", target));
    return kUsage;
  }
  auto log = AccessLog::open(options.access_log, {options.attempts, output});
  if (!log) return log.error();
  if (!make_empty(out.get())) return cannot_open(output);
  LineEvaluator evaluator(environment->policy, CallerBook(std::move(environment->callers)),
                          environment->readings);
  evaluator.on_decision(log->listener());
  const auto status = filter(in.get(), out.get(), target, evaluator, *log);
  if (!status) return status.error();
  const int logged = log->commit();
  return logged == kOk ? *status : logged;
}

}  // namespace

void setup_eval(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("eval", "answer a stream of attempts, one JSON line each");
  auto options = std::make_shared<EvalOptions>();
  add_environment_options(*command, options->environment);
  add_common_options(*command, options->common, {});
  add_access_log_options(*command, options->access_log);
  auto* attempts =
      command->add_option("ATTEMPTS", options->attempts, "file of attempts; `-` is standard input")
          ->type_name("FILE");
  command->footer(
      "example:\n"
      "  echo '{\"from\":\"search-1\",\"to\":\"stdocs\"}' | nspsim eval --env site.json");
  command->callback([options, attempts, &status] {
    give_back_attempts(*options, attempts->count() != 0);
    status = run_eval(*options);
  });
}

}  // namespace nsp::cli
