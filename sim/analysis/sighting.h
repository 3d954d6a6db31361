// What reports say of one judged observation: who, to whom, on which leg, under which profile.
//
// Shared by the reports of this floor, so that replay, agreement and readiness call the same thing
// by the same name. Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_SIGHTING_H_
#define NSP_SIM_ANALYSIS_SIGHTING_H_

#include <optional>
#include <string>

#include "sim/analysis/judged.h"

namespace nsp {

// The leg that was recorded; of an attempt seen whole the one that decided: then, where that
// changes the verdict, else now. Null for the control plane. Lives as long as `judged`.
[[nodiscard]] const Leg* leg_now(const Judged& judged);
[[nodiscard]] const Leg* leg_then(const Judged& judged);
[[nodiscard]] Direction direction_of(const Judged& judged);

// `nsp-ai/default` of the association that judged it; empty: none.
[[nodiscard]] std::string profile_of(const Policy& policy, const Leg* leg);
// … now, else then, else as recorded.
[[nodiscard]] std::string profile_of(const Comparison& comparison, const Judged& judged);

// Display names; empty where that end is no resource of the environment.
[[nodiscard]] std::string calling_resource(const Comparison& comparison, const Judged& judged);
[[nodiscard]] std::string called_resource(const Comparison& comparison, const Judged& judged);
// The resource, else what was recorded of it.
[[nodiscard]] std::string caller_name(const Comparison& comparison, const Judged& judged);
[[nodiscard]] std::string destination_name(const Comparison& comparison, const Judged& judged);

// The source address, empty: none was seen.
[[nodiscard]] std::string source_address(const Observation& observation);

// Stated, or the only one that fits; nothing: open.
[[nodiscard]] std::optional<Credential> credential_of(const Judged& judged);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SIGHTING_H_
