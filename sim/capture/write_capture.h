// Synthetic captures: given who called whom by which name, packets that say so.
//
// Each flow is a DNS answer (where it has a name), a TCP handshake, a first message that names the
// host (a ClientHello or an HTTP request; nothing for other protocols, whose name is known by DNS
// alone), a short answer, and an orderly end: what read_capture() needs to find the same flow
// again. Packets of all flows stand in the order of time. The same flows give the same bytes.
//
// Two things cannot be written so that they read back: a flow without DNS and without a first
// message has no name; and two names that one client is given for one address within a minute are
// ambiguous where the first message does not tell them apart. Choose other addresses.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_CAPTURE_WRITE_CAPTURE_H_
#define NSP_SIM_CAPTURE_WRITE_CAPTURE_H_

#include <filesystem>
#include <span>
#include <string>

#include "sim/base/diagnostic.h"
#include "sim/capture/flow.h"

namespace nsp {

enum class FirstMessage : std::uint8_t { ClientHello, HttpRequest, None };

struct SyntheticFlow {
  // REQUIRES: both addresses of one family. A client port of zero is chosen: 49152 and on.
  SocketAddress client;
  SocketAddress server;
  DomainName name = {};      // empty: no DNS, and no name in the first message
  bool privatelink = false;  // the DNS answer goes through the `privatelink` alias of the name
  FirstMessage first_message = FirstMessage::ClientHello;
  Instant time;  // of the DNS question; all packets lie within 20 milliseconds from there
};

// The bytes of a pcap file.
[[nodiscard]] std::string make_capture(std::span<const SyntheticFlow> flows);
// Writes it beside `path` and renames.
[[nodiscard]] Result<void> write_capture(const std::filesystem::path& path,
                                         std::span<const SyntheticFlow> flows);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_WRITE_CAPTURE_H_
