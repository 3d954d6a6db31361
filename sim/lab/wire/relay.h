// Joins the network namespace of a command to the lab: what comes in at a door goes on to the node
// that was called, from the address of the caller.
//
// Bytes pass unread, both ways at once through 16 KiB each; a direction that ends, ends on the
// other side too while the other one goes on; a connection that breaks on one side breaks on the
// other. What the lab has nothing for is refused (the connection is reset). At most `connections`
// at a time; one too many is refused. Of datagrams at most `queries` wait for their answer at a
// time, each for `patience`; the rest is dropped, as networks do.
//
// Thread safety: none; everything happens in the io_context's one thread.
#ifndef NSP_SIM_LAB_WIRE_RELAY_H_
#define NSP_SIM_LAB_WIRE_RELAY_H_

#include <chrono>
#include <cstddef>
#include <memory>

#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/relay_plan.h"

namespace nsp::lab {

struct RelayLimits {
  std::size_t connections = 1024;
  std::size_t queries = 256;
  std::chrono::milliseconds patience{5'000};
};

class Relay {
 public:
  // `seat`: the address of the caller.
  Relay(IoContext& io, IpAddress seat, const LabPortOptions& ports, RelayLimits limits = {});
  // As stop().
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Serves a door. `fd` is the socket there, listening (of TCP) or bound (of UDP), not blocking; it
  // belongs to the relay from now on.
  void open(const Door& door, int fd);

  // Closes the doors and every connection.
  void stop();

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_RELAY_H_
