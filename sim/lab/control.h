// What the programs of a user say to a running lab, and what it answers: the control protocol.
//
// One JSON object a line, over the lab's Unix socket. A request names what to do in `do`:
//
//   {"do":"set","of":"association","name":"nsp-ai/a-docs","property":"accessMode","value":"Enforced"}
//   {"do":"set","of":"resource","name":"stdocs","property":"networkAcls.ipRules",
//    "value":"203.0.113.0/28","how":"add"}        of a list also `remove`; the default is `set`
//   {"do":"add-rule","profile":"nsp-ai/default","name":"office","addressPrefixes":["203.0.113.0/28"],
//    "subscriptions":[],"serviceTags":[],"fullyQualifiedDomainNames":[]}
//   {"do":"remove-rule","profile":"nsp-ai/default","name":"office"}
//   {"do":"associate","resource":"search-1","profile":"nsp-ai/default","accessMode":"Learning"}
//   {"do":"dissociate","resource":"search-1"}
//   {"do":"reload","files":["/abs/site.json"]}      none: those that the lab was started with
//   {"do":"status"}   {"do":"logs","follow":true}   {"do":"caller","caller":"office"} {"do":"stop"}
//   {"do":"keys","resource":"stdocs"}               none: of all resources; see key_list.h
//
// The answer is one line, of `logs` many (each an access-log record):
//
//   {"ok":true,"done":"office added to nsp-ai/default","warnings":[],"edition":3,"behindMs":90000}
//   {"ok":false,"errors":["unknown profile …"]}
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_CONTROL_H_
#define NSP_SIM_LAB_CONTROL_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/lab/edit.h"

namespace nsp::lab {

struct Reload {
  std::vector<std::string> files;
  bool operator==(const Reload&) const = default;
};
struct AskStatus {
  bool operator==(const AskStatus&) const = default;
};
struct AskLogs {
  bool follow = false;
  bool operator==(const AskLogs&) const = default;
};
// What a program needs to run as a caller or a resource: addresses, secrets, variables.
struct AskCaller {
  std::string name;
  bool operator==(const AskCaller&) const = default;
};
// The keys of a resource; empty: of all.
struct AskKeys {
  std::string resource;
  bool operator==(const AskKeys&) const = default;
};
struct StopLab {
  bool operator==(const StopLab&) const = default;
};
using ControlRequest = std::variant<Edit, Reload, AskStatus, AskLogs, AskCaller, AskKeys, StopLab>;

// Longer lines are refused.
inline constexpr std::size_t kMostControlBytes = 1'048'576;  // 1 MiB

// The error says what was expected.
[[nodiscard]] std::expected<ControlRequest, std::string> parse_control(std::string_view line);
// The line, without its end. Parsing it gives the request again.
[[nodiscard]] std::string control_line(const ControlRequest& request);

struct ControlDone {
  std::string done;
  std::vector<std::string> warnings;
  std::uint64_t edition = 0;
  std::uint64_t behind_ms = 0;  // until the data plane has it

  bool operator==(const ControlDone&) const = default;
};
[[nodiscard]] std::string answer_line(const std::expected<ControlDone, Refusal>& answer);
// What a lab answered, as the asking program reads it. An answer that is none is an error, too.
[[nodiscard]] std::expected<ControlDone, Refusal> parse_answer(std::string_view line);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_CONTROL_H_
