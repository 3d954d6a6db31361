// The calls that a resource makes: its outbound leg judged here, its token put in, and then sent
// over the wire to whoever the name is for it.
//
// The destination's node judges the inbound leg when the call arrives. Connections come from the
// resource's own address, so that the destination knows the seat.
#ifndef NSP_SIM_LAB_WIRE_OUTBOUND_H_
#define NSP_SIM_LAB_WIRE_OUTBOUND_H_

#include <memory>
#include <optional>
#include <string>

#include "sim/lab/service.h"
#include "sim/lab/wire/core.h"

namespace nsp::lab {

// `https://host/path?query`, taken apart.
struct CallUrl {
  bool tls = true;
  std::string host;  // lower case, without a port
  std::optional<std::uint16_t> port;
  std::string target = "/";

  bool operator==(const CallUrl&) const = default;
};
// The error says what was expected.
[[nodiscard]] std::expected<CallUrl, std::string> parse_url(std::string_view url);

// A call and what a node adds to it.
struct Outgoing {
  std::string resource;  // key of the resource that calls
  OutCall call;
  std::optional<IpAddress> from;  // another address to call from than its own
};

// The answer's body is at most kMostAnswerBytes.
inline constexpr std::size_t kMostAnswerBytes = 64'000'000;
[[nodiscard]] Awaitable<OutResult> call_out(Core& core, Outgoing outgoing);

// Makes the calls of a piece of work, one after the other, until it has no more.
[[nodiscard]] Awaitable<void> run_work(Core& core, std::string resource, Work& work);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_OUTBOUND_H_
