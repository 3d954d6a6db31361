// From flows to observations: which attempt a flow was, in the names of an environment.
//
// A packet shows addresses; bindings say who has them, names and the environment say where they
// lead.
//
// Who: the binding of the client's address, a caller or a resource; without one an outside caller
// that is called by its address.
//
// With what: what the binding states. A capture shows no credential, so without a statement it
// stays empty, for a bound resource too: its default would be a guess (sim/decision/evidence.h
// weighs each one).
//
// To whom, the first of these that holds:
//   - the resource that answers to the flow's host name (a `privatelink` name stands for its public
//     one),
//   - the resource to which the server's address is bound,
//   - the resource whose private endpoint, or whose record in a private DNS zone, has the address,
//   - the host name itself, or that of the address's binding,
//   - nobody knows: `to` is empty.
// An address that two private networks use for different resources leads to neither.
//
// By which path: to a private address over a private endpoint, where the environment has one there
// or DNS led there through a `privatelink` name; to a public address the service endpoint, where
// the client's subnet has that of the service, else public; anything else is left to name
// resolution (Via::Auto). A public address behind a `privatelink` alias is public: that is what the
// alias resolves to outside the linked networks.
//
// From where: the binding's `visibleAddress`, or none if it is hidden; else the address on the wire
// if it is public or the path private. A private address never arrives on the public path (P-6):
// what the NAT made of it is a fact that the capture lacks, so the address is left empty.
//
// Over what: by the server's port. 2049 is NFS, 445 SMB, 22 SFTP if the destination is Storage;
// everything else is HTTPS.
//
// Thread safety: immutable; shared freely. Lifetime: refers to the policy and the bindings.
#ifndef NSP_SIM_CAPTURE_OBSERVE_H_
#define NSP_SIM_CAPTURE_OBSERVE_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "sim/capture/flow.h"
#include "sim/model/bindings.h"
#include "sim/policy/policy.h"
#include "sim/traffic/observation.h"

namespace nsp {

// False for what serves the call and is none: DNS, and UDP other than QUIC (port 443), which no
// service's data plane speaks.
[[nodiscard]] bool is_attempt(const Flow& flow);

// What a reader of the flow should know beside it: that the client was told by its port, that the
// name is perhaps an outer one. In words, in a fixed order; often none.
[[nodiscard]] std::vector<std::string> notes(const Flow& flow);

class FlowObserver {
 public:
  FlowObserver(const Policy& policy, const Bindings& bindings);

  // Weight 1, seen from the first packet to the last, packets both ways. REQUIRES:
  // is_attempt(flow).
  [[nodiscard]] Observation observe(const Flow& flow) const;

 private:
  struct Destination {
    Index resource = kNone;
    std::string to;
    std::optional<DomainName> name;
    bool by_private_address = false;
  };
  // A resource at a private address, and the name that it has there.
  struct AtAddress {
    Index resource = kNone;
    std::optional<DomainName> name;
  };
  struct AddressHash {
    std::size_t operator()(const IpAddress& address) const;
  };

  void add_private_endpoints();
  void add_zone_records();
  void add_private_address(const IpAddress& address, const AtAddress& at);
  [[nodiscard]] const AtAddress* at_private_address(const IpAddress& address) const;
  [[nodiscard]] Destination find_destination(const Flow& flow) const;
  [[nodiscard]] Destination named(const DomainName& name) const;
  [[nodiscard]] Destination bound(const Binding& binding) const;
  [[nodiscard]] Via find_path(const Flow& flow, const Destination& destination,
                              const Attempt& attempt) const;
  [[nodiscard]] bool has_service_endpoint(const std::string& subnet, Index resource) const;
  void set_caller(Attempt& attempt, const Flow& flow) const;
  [[nodiscard]] Protocol find_protocol(const Flow& flow, Index resource) const;

  const Policy& policy_;
  const Bindings& bindings_;
  // resource kNone: an address of several resources
  std::unordered_map<IpAddress, AtAddress, AddressHash> private_addresses_;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_OBSERVE_H_
