#include "sim/lab/wire/command.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <set>
#include <thread>

namespace nsp::lab {
namespace {

using std::chrono::milliseconds;

constexpr std::array<int, 5> kHeld{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};

// ---- Between the two processes: packets, the sockets of doors beside one

struct Report {
  int step = 0;
  int error = 0;  // 0: all is well
};
using Rights = std::array<char, CMSG_SPACE(kMostDoors * sizeof(int))>;

struct DescriptorPacket {
  explicit DescriptorPacket(Report& report) : piece{&report, sizeof report} {
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
  }
  DescriptorPacket(const DescriptorPacket&) = delete;
  DescriptorPacket& operator=(const DescriptorPacket&) = delete;

  iovec piece;
  msghdr message{};
  alignas(cmsghdr) Rights rights{};
};

bool send_report(int link, Report report, const std::vector<int>& doors) {
  DescriptorPacket packet(report);
  if (!doors.empty()) {
    const std::size_t size = doors.size() * sizeof(int);
    packet.message.msg_control = packet.rights.data();
    packet.message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* head = CMSG_FIRSTHDR(&packet.message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(head), doors.data(), size);
  }
  return ::sendmsg(link, &packet.message, MSG_NOSIGNAL) >= 0;
}

// Nothing: the other side is gone.
std::optional<Report> receive_report(int link, std::vector<int>& doors) {
  Report report;
  DescriptorPacket packet(report);
  packet.message.msg_control = packet.rights.data();
  packet.message.msg_controllen = packet.rights.size();
  ssize_t size = -1;
  do {
    size = ::recvmsg(link, &packet.message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(sizeof report)) return std::nullopt;
  const cmsghdr* head = CMSG_FIRSTHDR(&packet.message);
  if (head != nullptr && head->cmsg_type == SCM_RIGHTS) {
    doors.resize((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(doors.data(), CMSG_DATA(head), doors.size() * sizeof(int));
  }
  return report;
}

// ---- The child

// Whether we are what a terminal's keys go to.
bool has_terminal() {
  const int terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return false;
  const bool foreground = ::tcgetpgrp(terminal) == ::getpgrp();
  ::close(terminal);
  return foreground;
}

Setup<std::vector<int>> enclose(const CommandPlan& plan) {
  if (auto entered = enter_namespace(); !entered) return std::unexpected(entered.error());
  if (auto covered = cover_resolver_files(plan.folder); !covered) {
    return std::unexpected(covered.error());
  }
  return open_doors(plan.doors);
}

// Tells the parent of the doors and waits for its word. False: there is none to wait for.
bool prepare(const CommandPlan& plan, int link) {
  Setup<std::vector<int>> doors;
  if (plan.enclosed) doors = enclose(plan);
  const Report report =
      doors ? Report{} : Report{static_cast<int>(doors.error().step), doors.error().error};
  if (!send_report(link, report, doors.value_or(std::vector<int>())) || !doors) return false;
  for (const int fd : *doors) ::close(fd);
  char word = 0;
  return ::recv(link, &word, 1, 0) == 1;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void become(CommandPlan plan, int link, const sigset_t& mask, pid_t parent) {
  if (!prepare(plan, link)) ::_exit(1);
  // A parent that dies takes the command with it.
  if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || ::getppid() != parent) ::_exit(1);
  ::signal(SIGPIPE, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  const std::vector<char*> words = pointers(plan.words);
  const std::vector<char*> environment = pointers(plan.environment);
  ::execvpe(words[0], words.data(), environment.data());
  const bool told = send_report(link, {0, errno}, {});
  ::_exit(told ? 126 : 127);
}

// ---- What it leaves behind

std::vector<pid_t> own_children() {
  std::ifstream in("/proc/thread-self/children");
  std::vector<pid_t> all;
  for (pid_t child = 0; in >> child;) all.push_back(child);
  return all;
}

void reap() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

// Each once, also those that others leave behind when they end. True: there is none any more.
bool end_children(int signal, milliseconds patience) {
  constexpr milliseconds kStep{2};
  std::set<pid_t> told;
  for (milliseconds waited{0}; waited < patience; waited += kStep) {
    reap();
    const std::vector<pid_t> children = own_children();
    if (children.empty()) return true;
    for (const pid_t child : children) {
      if (told.insert(child).second) ::kill(child, signal);
    }
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

}  // namespace

HeldSignals::HeldSignals() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : kHeld) sigaddset(&held, signal);
  ::sigprocmask(SIG_BLOCK, &held, &before_);
  file_ = ::signalfd(-1, &held, SFD_NONBLOCK | SFD_CLOEXEC);
}

HeldSignals::~HeldSignals() {
  // What arrived too late for the command is ours no more than what was passed on.
  const std::vector<Arrived> late = take();
  ::close(file_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

std::vector<HeldSignals::Arrived> HeldSignals::take() const {
  std::vector<Arrived> all;
  signalfd_siginfo info{};
  while (::read(file_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    all.push_back({static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL});
  }
  return all;
}

Setup<Command> Command::start(const CommandPlan& plan, const HeldSignals& signals) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::unexpected(SetupFailure{SetupFailure::Step::Process, errno});
  }
  const bool shares = has_terminal();
  const pid_t parent = ::getpid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t child = ::fork();
  if (child == 0) {
    if (!shares) ::setpgid(0, 0);
    ::close(ends[0]);
    become(plan, ends[1], signals.before(), parent);
  }
  const int error = errno;
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return std::unexpected(SetupFailure{SetupFailure::Step::Process, error});
  }
  if (!shares) ::setpgid(child, child);
  Command command(child, ends[0], shares);
  if (auto heard = command.hear_of_doors(plan.enclosed ? plan.doors.size() : 0); !heard) {
    return std::unexpected(heard.error());
  }
  return command;
}

Setup<void> Command::hear_of_doors(std::size_t count) {
  const std::optional<Report> report = receive_report(link_, doors_);
  if (!report || (report->error == 0 && doors_.size() != count)) {
    return std::unexpected(SetupFailure{SetupFailure::Step::Process, ECHILD});
  }
  if (report->error == 0) return {};
  return std::unexpected(
      SetupFailure{static_cast<SetupFailure::Step>(report->step), report->error});
}

Command::Command(Command&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      link_(std::exchange(other.link_, -1)),
      shares_(other.shares_),
      doors_(std::exchange(other.doors_, {})),
      status_(other.status_) {}

Command::~Command() {
  for (const int fd : doors_) ::close(fd);
  if (link_ >= 0) ::close(link_);
  if (process_ < 0) return;
  constexpr milliseconds kPatience{500};
  constexpr milliseconds kLastPatience{2'000};
  if (!end_children(SIGTERM, kPatience)) {
    const bool ended = end_children(SIGKILL, kLastPatience);
    (void)ended;  // a process that even SIGKILL cannot end hangs in the kernel
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

int Command::go() {
  const char word = 1;
  if (::send(link_, &word, 1, MSG_NOSIGNAL) != 1) return ECHILD;
  std::vector<int> none;
  const std::optional<Report> report = receive_report(link_, none);
  return report ? report->error : 0;
}

void Command::pass(const HeldSignals::Arrived& signal) const {
  if (signal.number == SIGCHLD || status_ || (shares_ && signal.typed)) return;
  ::kill(shares_ ? process_ : -process_, signal.number);
}

std::optional<int> Command::status() {
  int how = 0;
  for (pid_t ended = ::waitpid(-1, &how, WNOHANG); ended > 0;
       ended = ::waitpid(-1, &how, WNOHANG)) {
    if (ended != process_) continue;
    status_ = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
  }
  return status_;
}

}  // namespace nsp::lab
