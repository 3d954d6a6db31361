// The server name of a TLS client, from its ClientHello.
//
// A ClientHello is one handshake message in one or more records, which lie in one or more segments:
// post-quantum key shares alone are longer than a packet. The reader takes the stream's first
// bytes, joins the records, and looks for the extension server_name. Everything up to there is
// checked, lengths against each other included, so that no other protocol reads as TLS.
//
// Encrypted ClientHello (extension 0xfe0d): the name that stands in clear is the outer one, which
// belongs to the provider. Browsers also send that extension with nothing in it ("GREASE"); on the
// wire the two are alike by design, so `encrypted` means that the name may be an outer one.
//
// A literal address in the extension is against RFC 6066 and no name.
//
// Sources: RFC 8446 sections 4.1.2 and 5.1, RFC 6066 section 3, RFC 9849 (ECH). Thread safety: one
// reader a thread.
#ifndef NSP_SIM_CAPTURE_CLIENT_HELLO_H_
#define NSP_SIM_CAPTURE_CLIENT_HELLO_H_

#include <vector>

#include "sim/capture/bytes.h"
#include "sim/capture/spoken_name.h"

namespace nsp {

class ClientHelloReader {
 public:
  // `stream`: what the client sent, from its first byte on. The name lives until the next call, or
  // less where `stream` does.
  SpokenName read(Bytes stream);

 private:
  std::vector<std::uint8_t> joined_;  // the message where it spans records
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_CLIENT_HELLO_H_
