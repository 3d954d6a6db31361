#include "sim/lab/control_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace nsp::lab {
namespace {

using Failure = std::unexpected<std::string>;

class ControlConnection {
 public:
  explicit ControlConnection(int file) : file_(file) {}
  ControlConnection(ControlConnection&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ControlConnection(const ControlConnection&) = delete;
  ControlConnection& operator=(const ControlConnection&) = delete;
  ControlConnection& operator=(ControlConnection&&) = delete;
  ~ControlConnection() {
    if (file_ >= 0) ::close(file_);
  }

  [[nodiscard]] bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::send(file_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  [[nodiscard]] int file() const { return file_; }

  // The next line without its end; nothing: there is none, or it was cut short.
  [[nodiscard]] std::optional<std::string> line() {
    std::size_t end = buffer_.find('\n');
    while (end == std::string::npos) {
      std::array<char, 65536> piece;
      const ssize_t count = ::recv(file_, piece.data(), piece.size(), 0);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return std::nullopt;
      const std::size_t from = buffer_.size();
      buffer_.append(piece.data(), static_cast<std::size_t>(count));
      end = buffer_.find('\n', from);
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return line;
  }

 private:
  int file_;
  std::string buffer_;
};

Failure cannot_reach(const std::filesystem::path& socket, int error) {
  if (error == ENOENT || error == ECONNREFUSED) {
    return Failure(fmt::format("no lab runs at {}, start one with `nspsim lab up`",
                               socket.parent_path().string()));
  }
  return Failure(fmt::format("cannot reach the lab at {}: {}", socket.string(),
                             std::error_code(error, std::generic_category()).message()));
}

std::expected<ControlConnection, std::string> connect_to(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof(address.sun_path)) return cannot_reach(socket, ENAMETOOLONG);
  std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
  ControlConnection connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int file = connection.file();
  if (file < 0 || ::connect(file, reinterpret_cast<const sockaddr*>(&address),  // NOLINT
                            sizeof(address)) != 0) {
    return cannot_reach(socket, errno);
  }
  return connection;
}

}  // namespace

std::expected<std::string, std::string> ask_lab(const std::filesystem::path& socket,
                                                const ControlRequest& request) {
  std::optional<std::string> answer;
  auto done = follow_lab(socket, request, [&](std::string_view line) {
    answer = line;
    return false;
  });
  if (!done) return Failure(std::move(done.error()));
  if (!answer) return Failure("the lab ended before it answered");
  return *std::move(answer);
}

std::expected<void, std::string> follow_lab(const std::filesystem::path& socket,
                                            const ControlRequest& request,
                                            const std::function<bool(std::string_view)>& take) {
  auto connection = connect_to(socket);
  if (!connection) return Failure(std::move(connection.error()));
  if (!connection->send(control_line(request) + '\n')) {
    return Failure("the lab ended before it was asked");
  }
  for (auto line = connection->line(); line; line = connection->line()) {
    if (!take(*line)) break;
  }
  return {};
}

}  // namespace nsp::lab
