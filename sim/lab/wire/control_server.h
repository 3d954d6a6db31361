// The control socket of a lab: one JSON object a line in, one line (of `logs` many) out, see
// sim/lab/control.h.
//
// A Unix socket, mode 0600. One line is answered before the next is read; a line that is none is
// answered with what was expected. At most kMostConnections at a time; one more is told so. A line
// must be whole within `patience`, and each answer be taken, or its connection ends.
//
// Thread safety: none. Lifetime: feed and handler outlive the server.
#ifndef NSP_SIM_LAB_WIRE_CONTROL_SERVER_H_
#define NSP_SIM_LAB_WIRE_CONTROL_SERVER_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sim/lab/control.h"
#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/problem.h"
#include "sim/lab/wire/record_feed.h"

namespace nsp::lab {

class ControlServer {
 public:
  static constexpr std::size_t kMostConnections = 64;

  // The line to answer with, for anything but `logs`.
  using Answer = std::function<std::string(const ControlRequest&)>;

  static constexpr std::chrono::milliseconds kPatience{10'000};

  ControlServer(IoContext& io, RecordFeed& feed, Answer answer,
                std::chrono::milliseconds patience = kPatience);
  // Closes all.
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  // REQUIRES: nothing is at `path`, and its folder is the user's alone.
  [[nodiscard]] Result<void> listen(const std::filesystem::path& path);
  void stop();

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_CONTROL_SERVER_H_
