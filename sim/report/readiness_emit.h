// Suggestions as commands and templates, ready to be made: `az` commands, an ARM template,
// Terraform.
//
// Only the chosen ones; what is no change of a perimeter (let a caller show its managed identity)
// stands there as a comment, or in the template's metadata. Everything starts in Learning: nothing
// here switches to Enforced.
//
// Sources: the Azure CLI reference of `az network perimeter` (extension nsp), Microsoft.Network
// api-version 2024-07-01, the azurerm provider from 4.58 (links: azapi, since azurerm has none).
// Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_READINESS_EMIT_H_
#define NSP_SIM_REPORT_READINESS_EMIT_H_

#include <string>

#include "sim/analysis/suggest.h"

namespace nsp {

enum class EmitForm : std::uint8_t { Az, Arm, Terraform };
template <>
struct Vocabulary<EmitForm> {
  static constexpr std::array<std::string_view, 3> words{"az", "arm", "terraform"};
};

// REQUIRES: the suggestions are of this environment.
[[nodiscard]] std::string emit(const Environment& environment, const Suggestions& suggestions,
                               EmitForm form);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_READINESS_EMIT_H_
