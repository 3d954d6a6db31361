// A connected socket, plain or TLS, that waits no longer than it is told.
//
// TLS works on the socket itself: OpenSSL reads and writes it, and this class waits until it can.
// So an idle connection has no buffers of its own; asio::ssl::stream would keep 68 KB for each.
//
// One coroutine may read while another writes. Thread safety: none. Lifetime: outlives the
// coroutines that wait in it.
#ifndef NSP_SIM_LAB_WIRE_STREAM_H_
#define NSP_SIM_LAB_WIRE_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/deadlines.h"
#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/problem.h"
#include "sim/lab/wire/tls.h"

namespace nsp::lab {

// What one try without waiting came to.
struct Step {
  enum class Kind : std::uint8_t {
    Done,       // `count` bytes, at least one
    WantRead,   // once the socket can be read
    WantWrite,  // once it can be written
    End,        // the peer sends no more
    Failed,     // `Stream::failure()` tells why
  };
  Kind kind = Kind::Failed;
  std::size_t count = 0;
};

enum class Waits : std::uint8_t { Read, Write };

class Stream {
 public:
  Stream(Socket socket, const std::shared_ptr<Deadlines>& deadlines);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // A new socket, connected from `from`, where given, to `to` before `due`.
  [[nodiscard]] static Awaitable<Result<std::unique_ptr<Stream>>> connect(
      IoContext& io, std::shared_ptr<Deadlines> deadlines, std::optional<IpAddress> from,
      Endpoint to, Clock::time_point due);

  // TLS from here on: the handshake, before `due`. `ssl` knows which side it is.
  [[nodiscard]] Awaitable<Result<void>> handshake(SslPtr ssl, Clock::time_point due);
  [[nodiscard]] const SSL* ssl() const { return ssl_.get(); }

  // REQUIRES: at least one byte.
  [[nodiscard]] Step try_read(std::span<char> into);
  [[nodiscard]] Step try_write(std::string_view bytes);
  // Decrypted bytes wait to be read, so that waiting for the socket would be in vain.
  [[nodiscard]] bool has_pending() const;
  // Of the last step that failed.
  [[nodiscard]] Problem failure() const { return failure_; }

  // Until the socket can be read or written. `way` is what the caller is about, and may be woken
  // early by the other way's end: try again, and wait again.
  [[nodiscard]] Awaitable<Result<void>> wait(Waits way, Step::Kind want, Clock::time_point due);

  // 0: the peer sends no more.
  [[nodiscard]] Awaitable<Result<std::size_t>> read_some(std::span<char> into, Patience& patience);
  [[nodiscard]] Awaitable<Result<void>> write_all(std::string_view bytes, Patience& patience);

  // Waits of that way, now and later, have the error Stopped.
  void stop(Waits way);
  // Sends no more; TLS says so first.
  void end_writing();
  // No more in either direction.
  void cut();
  // Reads and drops, even where reading was stopped, before `due` and up to `most` bytes, until the
  // peer has closed.
  [[nodiscard]] Awaitable<void> linger(Clock::time_point due, std::uint64_t most);
  // An unused connection that the peer has closed, or that has said what nobody asked for.
  [[nodiscard]] bool is_stale();

 private:
  struct Side {
    explicit Side(std::shared_ptr<Deadlines> deadlines, Stream& stream);
    bool expired = false;
    bool stopped = false;
    Deadlines::Slot slot;
  };
  [[nodiscard]] Side& side(Waits way) { return way == Waits::Read ? reading_ : writing_; }
  [[nodiscard]] Step failed_plain(int error);
  [[nodiscard]] Step failed_tls(int result);
  // The error that connecting came to, as errno has it; 0: none.
  [[nodiscard]] Awaitable<int> finish_connecting(Clock::time_point due);
  void wake();

  Socket socket_;
  int fd_;  // for OpenSSL, which points to it
  SslPtr ssl_;
  Problem failure_;
  Side reading_;
  Side writing_;
  bool cut_ = false;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_STREAM_H_
