// What reading the first bytes of a client said about the host name.
//
// The readers (client_hello.h, http_host.h) are pure functions from a stream's first bytes to this.
// They are asked again as bytes arrive: `need` says from how many bytes on that is of use, so that
// a stream that comes byte by byte costs no more than a constant times its length.
#ifndef NSP_SIM_CAPTURE_SPOKEN_NAME_H_
#define NSP_SIM_CAPTURE_SPOKEN_NAME_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nsp {

struct SpokenName {
  enum class State : std::uint8_t {
    NeedMore,  // all bytes so far fit; `name` may be there already, but is not all that there is to
               // know
    Found,
    None,   // it is this protocol, and says no name
    Other,  // it is not this protocol
  };
  State state = State::Other;
  std::string_view name = {};   // as sent; lives until the next call or as long as the bytes
  bool is_server_name = false;  // of TLS; else of HTTP
  bool encrypted = false;  // a TLS encrypted ClientHello stands beside: `name` is the outer one
  std::size_t need = 0;    // NeedMore: bytes of the stream from which on to ask again
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_SPOKEN_NAME_H_
