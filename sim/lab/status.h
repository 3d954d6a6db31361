// A lab's answer to `status`, for people.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_STATUS_H_
#define NSP_SIM_LAB_STATUS_H_

#include <expected>
#include <string>
#include <string_view>

namespace nsp::lab {

// A table of resources, one of callers, one of what was changed since the environment was loaded,
// and how the planes stand. `line`: the lab's own answer. The
// error is one line.
[[nodiscard]] std::expected<std::string, std::string> status_text(std::string_view line);
// The same as JSON with indentation.
[[nodiscard]] std::expected<std::string, std::string> status_json(std::string_view line);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_STATUS_H_
