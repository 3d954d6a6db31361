// What a service answers where the network admits a call and its credential proves nothing.
//
// The perimeter comes first, authentication after it (clause G-4): whoever sees one of these
// answers was let in by the perimeter. Codes as each service's documentation has them; messages in
// our words. Role assignments are not judged: a good credential may do everything.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_AUTHENTICATION_H_
#define NSP_SIM_LAB_AUTHENTICATION_H_

#include <optional>
#include <string>

#include "sim/lab/credential.h"
#include "sim/lab/message.h"

namespace nsp::lab {

// There is a credential, and it proves what it claims.
[[nodiscard]] bool is_good(const Shown& shown);

// Nothing: the credential is good.
[[nodiscard]] std::optional<Response> authentication_refusal(Service service, const Shown& shown,
                                                             const std::string& request_id,
                                                             const std::string& time);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_AUTHENTICATION_H_
