// Runs a command as a caller or a resource of a running lab.
//
// In a network namespace where that is permitted: every name resolves as for the caller, every
// connection comes from its address, and nothing but the lab can be reached. Otherwise through the
// lab's proxy, which only programs that read proxy variables take part in.
//
// The command has our standard streams; SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on to it.
// When it ends, what it left in the background ends too.
//
// The library prints nothing. Thread safety: none. REQUIRES: the process has one thread and no
// other children; its signals are the call's until it returns.
#ifndef NSP_SIM_LAB_EXEC_H_
#define NSP_SIM_LAB_EXEC_H_

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/caller_facts.h"

namespace nsp::lab {

enum class NamespaceUse : std::uint8_t { Auto, Yes, No };

struct ExecOptions {
  NamespaceUse use = NamespaceUse::Auto;
  std::vector<std::string> words;         // the command; not empty
  std::vector<std::string> surroundings;  // `NAME=value`: the environment around it
  // Told, in one line, when there is no namespace although one was tried.
  std::function<void(std::string_view)> on_fallback;
};

struct ExecFailure {
  enum class What : std::uint8_t { NoNamespace, NotFound, NotExecutable };
  What what = What::NoNamespace;
  std::string text;  // one line
};

// The exit status, as a shell gives it: the command's own, or 128 and the signal that ended it.
[[nodiscard]] std::expected<int, ExecFailure> exec_as(const CallerFacts& facts,
                                                      const ExecOptions& options);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_EXEC_H_
