// The asking side of a lab's control socket: one request, its answer.
//
// Blocking, for programs. Thread safety: pure but for the socket.
#ifndef NSP_SIM_LAB_CONTROL_CLIENT_H_
#define NSP_SIM_LAB_CONTROL_CLIENT_H_

#include <expected>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "sim/lab/control.h"

namespace nsp::lab {

// The line that the lab answers with. The error is one line; where nobody listens it says how to
// start a lab.
[[nodiscard]] std::expected<std::string, std::string> ask_lab(const std::filesystem::path& socket,
                                                              const ControlRequest& request);

// Every line that comes until the lab has no more; `take` gives false to stop.
[[nodiscard]] std::expected<void, std::string> follow_lab(
    const std::filesystem::path& socket, const ControlRequest& request,
    const std::function<bool(std::string_view)>& take);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_CONTROL_CLIENT_H_
