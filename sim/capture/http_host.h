// The host name of an HTTP/1 client, from its first request.
//
// `CONNECT host:port` names it in its target, as does an absolute target (`GET http://host/…`,
// which counts before `Host`, RFC 9112 section 3.2.2); else the first field `Host` does. A port is
// left out; a literal address is no name. HTTP/2's preface is not HTTP/1.
//
// Sources: RFC 9110 section 7.2, RFC 9112 section 3. Thread safety: a pure function.
#ifndef NSP_SIM_CAPTURE_HTTP_HOST_H_
#define NSP_SIM_CAPTURE_HTTP_HOST_H_

#include "sim/capture/bytes.h"
#include "sim/capture/spoken_name.h"

namespace nsp {

// `stream`: what the client sent, from its first byte on. The name is a view into it.
[[nodiscard]] SpokenName read_http_host(Bytes stream);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_HTTP_HOST_H_
