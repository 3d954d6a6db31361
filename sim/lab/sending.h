// How an attempt goes over the wire: from which address to which, under which name, with which
// credential. What a caller that behaves as the attempt says would do.
//
// The inverse is attempt_of() (gate.h): a node that receives what was sent as planned here judges
// the inbound leg that the attempt has. tests/differential holds the two together.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_SENDING_H_
#define NSP_SIM_LAB_SENDING_H_

#include <expected>
#include <string>

#include "sim/lab/gate.h"

namespace nsp::lab {

struct Sending {
  Index caller = kNone;  // a resource, or kNone: an outside caller
  // Whether a resource calls from its own address. Otherwise from `post`, which the edition must
  // have.
  bool own_address = false;
  Post post;
  Index destination = kNone;  // kNone: `host` is outside the environment
  Index endpoint = kNone;  // into private_endpoints, whose address is called; else the public one
  std::string host;
  std::string operation = "data";
  Proven proven;
};

// An error, in words, for what a lab cannot send: other protocols than HTTPS, management, a
// credential that nobody stated, a resource without a host name, a capability that no call asks
// for.
[[nodiscard]] std::expected<Sending, std::string> plan_sending(const Policy& policy,
                                                               const Attempt& attempt,
                                                               const BoundAttempt& bound);

// Where the connection goes, and where it comes from. REQUIRES: the edition is of the policy that
// planned it, and has the post.
[[nodiscard]] IpAddress address_called(const Edition& edition, const Sending& sending);
[[nodiscard]] IpAddress address_calling(const Edition& edition, const Sending& sending);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SENDING_H_
