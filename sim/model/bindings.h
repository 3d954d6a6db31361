// Bindings: which address is whom, for traffic that shows only addresses.
//
// A capture shows a client's address, not who it is or what it proved; an access log may show no
// more. The file says it:
//
//   {"bindings": [
//     {"address": "203.0.113.0/28", "caller": "office", "credential": "user"},
//     {"address": "10.1.0.4", "caller": "app", "subnet": "vnet/apps", "visibleAddress":
//     "203.0.113.99",
//      "credential": "managed identity", "subscription": "…"},
//     {"address": "10.1.0.5", "resource": "foundry-1"},
//     {"address": "20.60.1.4", "resource": "stdocs", "name": "stdocs.blob.core.windows.net"}]}
//
// `{"bindings":[…]}` or a bare array. Members: `address` (an address or a prefix; required),
// exactly one of `caller` (a name for reports) and `resource` (a resource of the environment: as a
// client it is the caller, as a server the destination); `name` (the host name that a resource's
// address answers to); `credential`, `subscription`, `subnet`, `trustedService`; `visibleAddress`
// (the source address that the destination sees behind a NAT; `hidden`: none), `note`. Where no
// `visibleAddress` stands, the destination sees the address of the wire. The longest prefix wins.
// Comments and trailing commas are read.
//
// Errors, all of them, each with its place: an unknown member, a wrong type, a bad value, a prefix
// that stands twice, a resource or subnet that the environment does not have, a caller with the
// name of a resource. Cost of a look-up: a binary search for each length that stands in the file.
// Thread safety: immutable after reading.
#ifndef NSP_SIM_MODEL_BINDINGS_H_
#define NSP_SIM_MODEL_BINDINGS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/model/environment.h"

namespace nsp {

struct Binding {
  IpPrefix prefix;
  // The facts; its name is `caller` or the resource's as written, its address the visible one where
  // that was stated.
  Caller caller;
  std::string resource;  // a resource's name or id; empty: an outside caller
  std::optional<DomainName> name;
};

class Bindings {
 public:
  Bindings() = default;
  // REQUIRES: each prefix once.
  explicit Bindings(std::vector<Binding> bindings);

  // The binding with the longest prefix around this address, or null. Lives as long as this object.
  [[nodiscard]] const Binding* find(const IpAddress& address) const;
  [[nodiscard]] const std::vector<Binding>& all() const { return bindings_; }
  [[nodiscard]] bool empty() const { return bindings_.empty(); }

 private:
  std::vector<Binding> bindings_;  // longer prefixes first, those of one length in order
};

[[nodiscard]] Result<Bindings> read_bindings(std::string_view bytes, const std::string& file);

// Bindings that do not fit the environment: to resources or subnets that it does not have, callers
// with the name of a resource (`from` could mean either). An error each, at the binding.
[[nodiscard]] Diagnostics check_bindings(const Environment& environment, const Bindings& bindings);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_BINDINGS_H_
