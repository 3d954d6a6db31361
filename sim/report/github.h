// GitHub workflow commands, which annotate the lines of a change.
//
// Source: GitHub, "Workflow commands for GitHub Actions"; the escapes are those of its toolkit's
// command.ts. Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_GITHUB_H_
#define NSP_SIM_REPORT_GITHUB_H_

#include <string>
#include <string_view>

#include "sim/base/diagnostic.h"

namespace nsp {

// `error`, `warning` or `notice`.
[[nodiscard]] std::string_view github_level(Severity severity);

// `::LEVEL file=…,line=…,col=…,title=…::MESSAGE` and a line end.
[[nodiscard]] std::string github_command(std::string_view level, const Place& place,
                                         std::string_view title, std::string_view message);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_GITHUB_H_
