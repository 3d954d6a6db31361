// The network namespace that a command runs in: its own loopback interface, its own doors, its own
// files of name resolution. The steps that a child process takes for itself before the command.
//
// With the right to (root), a network and a mount namespace; without it a user namespace around
// both, in which the user stays who it is. Everything is gone with the last process and the last
// socket in it: nothing is mounted, written or named outside.
//
// Sources: namespaces(7), user_namespaces(7), netdevice(7), mount(2), resolv.conf(5),
// nsswitch.conf(5). Thread safety: none; the process has one thread.
#ifndef NSP_SIM_LAB_WIRE_ENCLOSURE_H_
#define NSP_SIM_LAB_WIRE_ENCLOSURE_H_

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/wire/relay_plan.h"

namespace nsp::lab {

// What the system refused, and why.
struct SetupFailure {
  enum class Step : std::uint8_t { Process, Namespace, User, Interface, Door, Names };
  Step step = Step::Namespace;
  int error = 0;  // errno
};
// `cannot make a network namespace: Operation not permitted`.
[[nodiscard]] std::string to_string(const SetupFailure& failure);

template <class T>
using Setup = std::expected<T, SetupFailure>;

// The process is in new namespaces afterwards, with loopback up and the metadata service's address
// on it.
[[nodiscard]] Setup<void> enter_namespace();

// One socket each, in order: listening or bound, not blocking, closed on exec.
[[nodiscard]] Setup<std::vector<int>> open_doors(const std::vector<Door>& doors);

// The resolver asks the lab's name server. `folder`: any folder that exists; it is covered for a
// moment, in the process's own mount namespace.
[[nodiscard]] Setup<void> cover_resolver_files(const std::filesystem::path& folder);

// An nsswitch.conf(5) whose hosts come from files and DNS, all else as it is.
[[nodiscard]] std::string with_hosts_by_dns(std::string_view nsswitch);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_ENCLOSURE_H_
