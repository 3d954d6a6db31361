#include "sim/lab/wire/emulator.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <csignal>
#include <deque>
#include <system_error>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/wire/command.h"
#include "sim/lab/wire/outbound.h"

namespace nsp::lab {
namespace {

using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

constexpr std::string_view kListens = "successfully listens on ";

// ---- The keeper

// Its files: what it says and what the emulator says are one, and the pipe to the lab.
constexpr int kLife = 3;

void arrange_keeper_files(int life, int said) {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(said, STDOUT_FILENO);
  ::dup2(said, STDERR_FILENO);
  if (life == kLife) {
    ::fcntl(life, F_SETFD, FD_CLOEXEC);
  } else {
    ::dup3(life, kLife, O_CLOEXEC);
  }
  ::close_range(kLife + 1, ~0U, 0);
}

int say_as_keeper(const std::string& text, int status) {
  const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
  return written < 0 ? 1 : status;
}

// Until the command ends or the lab is gone. What is kept in its folder goes with the lab, so that
// there is nothing that the emulator should be given time for.
int wait_for_command(Command& command, const HeldSignals& signals) {
  while (!command.status()) {
    std::array<pollfd, 2> waits{{{kLife, POLLIN, 0}, {signals.file(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) {
      command.pass({SIGKILL, false});
      return 0;
    }
    for (const HeldSignals::Arrived& signal : signals.take()) command.pass(signal);
  }
  return command.status().value_or(1);
}

int keep_emulator(const EmulatorPlan& plan) {
  const HeldSignals signals;
  CommandPlan of_command;
  of_command.words = plan.words;
  of_command.environment = plan.environment;
  auto command = Command::start(of_command, signals);
  if (!command) return say_as_keeper(to_string(command.error()) + '\n', 1);
  if (const int error = command->go(); error != 0) {
    const std::string why = std::generic_category().message(error);
    return say_as_keeper(fmt::format("cannot run `{}`: {}\n", plan.words.front(), why), 127);
  }
  return wait_for_command(*command, signals);
}

// ---- The lab's side

struct PipeEnds {
  int read = -1;
  int write = -1;
};

std::optional<PipeEnds> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return PipeEnds{ends[0], ends[1]};
}

std::unexpected<std::string> cannot_start() {
  return std::unexpected("cannot start a process: " + std::generic_category().message(errno));
}

}  // namespace

struct Emulator::Inside {
  Inside(IoContext& context, pid_t process, int life_end, int said)
      : io(context), keeper(process), life(life_end), output(context, said), news(context) {
    news.expires_at(Clock::time_point::max());
  }

  void hear(std::string_view bytes);
  void hear_line(std::string_view line);
  void end();
  static Awaitable<void> listen(std::shared_ptr<Inside> self);

  IoContext& io;
  pid_t keeper;  // -1: waited for
  int life;
  Descriptor output;
  Timer news;  // never expires: cancelled when something is known
  std::string rest;
  std::deque<std::string> lines;  // the last
  std::optional<Endpoint> at;
  std::optional<int> status;
};

void Emulator::Inside::hear_line(std::string_view line) {
  constexpr std::size_t kKeptLines = 5;
  constexpr std::size_t kMostOfLine = 300;
  if (trim(line).empty()) return;
  lines.emplace_back(trim(line).substr(0, kMostOfLine));
  if (lines.size() > kKeptLines) lines.pop_front();
  const std::size_t found = line.find(kListens);
  if (found == std::string_view::npos || at) return;
  const auto url = parse_url(trim(line.substr(found + kListens.size())));
  const auto address = url ? IpAddress::parse(url->host) : std::nullopt;
  if (!address || !url->port) return;
  at = Endpoint{*address, *url->port};
  // What it said of its start tells nothing of its end.
  lines.clear();
  news.cancel();
}

void Emulator::Inside::hear(std::string_view bytes) {
  constexpr std::size_t kMostHeld = 65'536;
  rest += bytes;
  for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
    hear_line(std::string_view(rest).substr(0, end));
    rest.erase(0, end + 1);
  }
  if (rest.size() > kMostHeld) rest.clear();
}

// The pipe has no writer any more: the keeper is gone, or is going.
void Emulator::Inside::end() {
  hear_line(std::exchange(rest, {}));
  if (keeper < 0) return;
  int how = 0;
  while (::waitpid(keeper, &how, 0) < 0 && errno == EINTR) {
  }
  keeper = -1;
  status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
  news.cancel();
}

Awaitable<void> Emulator::Inside::listen(std::shared_ptr<Inside> self) {
  std::array<char, 4096> piece;
  ErrorCode error;
  while (!error) {
    const std::size_t count =
        co_await self->output.async_read_some(asio::buffer(piece), into(error));
    self->hear({piece.data(), count});
  }
  if (error != asio::error::operation_aborted) self->end();
}

std::expected<std::unique_ptr<Emulator>, std::string> Emulator::start(IoContext& io,
                                                                      const EmulatorPlan& plan) {
  const std::optional<PipeEnds> life = make_pipe();
  const std::optional<PipeEnds> said = life ? make_pipe() : std::nullopt;
  if (!said) return cannot_start();
  const pid_t keeper = ::fork();
  if (keeper == 0) {
    // No terminal: what is typed there is for the lab.
    ::setsid();
    arrange_keeper_files(life->read, said->write);
    ::_exit(keep_emulator(plan));
  }
  ::close(life->read);
  ::close(said->write);
  if (keeper < 0) return cannot_start();
  auto inside = std::make_shared<Inside>(io, keeper, life->write, said->read);
  spawn(io, Inside::listen(inside));
  return std::unique_ptr<Emulator>(new Emulator(std::move(inside)));
}

Emulator::~Emulator() {
  ::close(inside_->life);
  ErrorCode ignored;
  inside_->output.close(ignored);
  inside_->end();
}

Awaitable<std::expected<Endpoint, std::string>> Emulator::listening(
    std::chrono::milliseconds longest) {
  const std::shared_ptr<Inside> inside = inside_;
  const Clock::time_point until = Clock::now() + longest;
  while (!inside->at && !inside->status && Clock::now() < until) {
    inside->news.expires_at(until);
    ErrorCode ignored;
    co_await inside->news.async_wait(into(ignored));
  }
  if (inside->at) co_return *inside->at;
  if (const auto how = ended()) co_return std::unexpected("it ended: " + *how);
  co_return std::unexpected(fmt::format(
      "it did not say where it listens within {} s: {}", longest.count() / 1000,
      join(std::vector<std::string>(inside->lines.begin(), inside->lines.end()), "; ")));
}

std::optional<std::string> Emulator::ended() const {
  if (!inside_->status) return std::nullopt;
  const std::vector<std::string> lines(inside_->lines.begin(), inside_->lines.end());
  return fmt::format("exit status {}{}{}", *inside_->status, lines.empty() ? "" : ": ",
                     join(lines, "; "));
}

}  // namespace nsp::lab
