// The condensed flows of captures as JSON text, for parts (part.h): the same flows give the same
// bytes, and reading gives the same flows.
//
// `{"files":1,"packets":…,"flows":…,"problems":{…},"warnings":[{…}],"attempts":[{…}]}`; an attempt
// has the members of a line of `eval` that it states, `outside`, and when it was seen.
// Thread safety: pure functions.
#ifndef NSP_SIM_ACCESS_LOG_CAPTURED_TEXT_H_
#define NSP_SIM_ACCESS_LOG_CAPTURED_TEXT_H_

#include <expected>
#include <string>
#include <string_view>

#include "sim/traffic/captured_traffic.h"

namespace nsp {

[[nodiscard]] std::string captured_text(const CapturedTraffic& traffic);

// The error names the member that is not as expected.
[[nodiscard]] std::expected<CapturedTraffic, std::string> read_captured_text(std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_CAPTURED_TEXT_H_
