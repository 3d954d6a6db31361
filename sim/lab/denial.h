// What a denied caller gets: the answer that the destination's service gives, as the catalogue of
// documented and observed errors has it (denial_seen in sim/decision/describe.h).
//
// Storage answers in XML with the code in `x-ms-error-code`; everybody else with the `error` object
// of Azure's REST guidelines. Messages are in our words. A service whose denial no source shows
// answers 403 `Forbidden` and says so. SQL Database does not speak HTTP: over HTTP it answers so,
// too.
//
// Every answer of a lab, denial or not, also says what was decided, in fields of our own:
// `x-nspsim-verdict`, `x-nspsim-reason`, `x-nspsim-clause`. A verdict that could not be decided is
// a denial that names the missing fact there: a node fails closed.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_DENIAL_H_
#define NSP_SIM_LAB_DENIAL_H_

#include <string>

#include "sim/lab/gate.h"
#include "sim/lab/message.h"

namespace nsp::lab {

// Adds the three fields about that leg. A leg that was not judged (management) is allowed.
void add_verdict(const GateDecision& decided, const Leg* leg, Headers& headers);
// Of a lab without enforcement: verdict `not asked`, reason `enforcement is off`.
void add_no_verdict(Headers& headers);

// REQUIRES: the leg does not allow, and is one of `decided`. `time`: RFC 3339, for the answer's
// text.
[[nodiscard]] Response denied_answer(const GateDecision& decided, const Leg& leg,
                                     const std::string& request_id, const std::string& time);

// An error of a service, in its own form: XML for Storage, JSON elsewhere. Also for answers that
// have nothing to do with the perimeter (400, 401, 404, 501).
[[nodiscard]] Response error_answer(Service service, unsigned status, const std::string& code,
                                    const std::string& message, const std::string& request_id,
                                    const std::string& time);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_DENIAL_H_
