// A command as a child process: started, told of signals, waited for, ended with all that it left
// behind.
//
// Between start() and go() the child has entered its namespaces and waits, so that the doors that
// it opened there can be served before the command asks for anything.
//
// The command has a process group of its own, but for one that shares a terminal with us: then
// what is typed there reaches both. Whatever outlives it (processes in the background, daemons) is
// ended with it: nothing of it would have a network.
//
// Sources: execve(2), prctl(2) (PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG), signalfd(2), unix(7)
// (SCM_RIGHTS). Thread safety: none; the process has one thread and no other children.
#ifndef NSP_SIM_LAB_WIRE_COMMAND_H_
#define NSP_SIM_LAB_WIRE_COMMAND_H_

#include <signal.h>
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/lab/wire/enclosure.h"

namespace nsp::lab {

// Signals to pass on, and SIGCHLD, as something to read instead.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  struct Arrived {
    int number = 0;
    bool typed = false;  // at the terminal: its whole foreground group has it
  };
  // Those that have arrived since; none: an empty list.
  [[nodiscard]] std::vector<Arrived> take() const;
  [[nodiscard]] int file() const { return file_; }
  // As it was before.
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  int file_ = -1;
  sigset_t before_{};
};

struct CommandPlan {
  std::vector<std::string> words;        // not empty; the first is looked for in PATH
  std::vector<std::string> environment;  // `NAME=value`
  bool enclosed = false;                 // in a namespace, with these doors
  std::vector<Door> doors;
  std::filesystem::path folder;  // see cover_resolver_files()
};

class Command {
 public:
  [[nodiscard]] static Setup<Command> start(const CommandPlan& plan, const HeldSignals& signals);
  Command(Command&& other) noexcept;
  Command& operator=(Command&&) = delete;
  // Ends it, and all that it left.
  ~Command();

  // The sockets of the plan's doors, in their order: whoever takes them closes them.
  [[nodiscard]] std::vector<int> take_doors() { return std::exchange(doors_, {}); }
  // Runs it. 0: it runs; else what execve(2) says.
  [[nodiscard]] int go();
  void pass(const HeldSignals::Arrived& signal) const;
  // As a shell's: the exit status, or 128 and the signal. Nothing: it still runs.
  [[nodiscard]] std::optional<int> status();

 private:
  Command(pid_t process, int link, bool shares) : process_(process), link_(link), shares_(shares) {}
  [[nodiscard]] Setup<void> hear_of_doors(std::size_t count);

  pid_t process_ = -1;
  int link_ = -1;
  bool shares_ = false;  // our process group
  std::vector<int> doors_;
  std::optional<int> status_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_COMMAND_H_
