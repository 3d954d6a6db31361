// The lab's own servers: identity endpoints, and the forward proxy.
//
// The proxy is for programs that run as a caller without a network namespace. Who asks is told by
// `Proxy-Authorization: Basic CALLER:SECRET`, the secret being the seat's identity header; names
// are resolved as for that caller, and connections come from its address. `CONNECT host:443` opens
// a tunnel to the node's HTTPS port, a plain `GET http://host/…` is passed on to its HTTP port.
// Only addresses of the lab are reached.
//
// Thread safety: none. Lifetime: the core outlives them.
#ifndef NSP_SIM_LAB_WIRE_FRONTS_H_
#define NSP_SIM_LAB_WIRE_FRONTS_H_

#include <memory>

#include "sim/lab/wire/core.h"
#include "sim/lab/wire/exchange.h"

namespace nsp::lab {

[[nodiscard]] Awaitable<void> serve_identity(Core& core, Exchange& exchange);
[[nodiscard]] Awaitable<void> serve_proxy(Core& core, Exchange& exchange);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_FRONTS_H_
