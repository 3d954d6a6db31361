// Settings that a service does not take.
#include <fmt/format.h>

#include "sim/analysis/lint_families.h"
#include "sim/base/text.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

void find_secured_accounts(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  const std::vector<std::string> names = display_names(environment);
  for (std::size_t i = 0; i < environment.resources.size(); ++i) {
    const Resource& resource = environment.resources[i];
    if (!iequals(resource.arm_type, types::kCognitiveServices) ||
        resource.public_network_access != PublicNetworkAccess::SecuredByPerimeter) {
      continue;
    }
    sink.add(resource.place, names[i],
             fmt::format("`publicNetworkAccess` of `{}` is `SecuredByPerimeter`, which no "
                         "api-version of its service accepts",
                         resource.name));
  }
}

constexpr std::array kServicesChecks{
    Check{.id = "NSP390",
          .name = "secured-by-perimeter-not-accepted",
          .severity = Severity::Warning,
          .title = "a Foundry or Azure OpenAI account is set to SecuredByPerimeter",
          .basis = {Basis{"Services",
                          "No stored api-version takes SecuredByPerimeter: it is "
                          "flagged"},
                    Basis{"G-8"}},
          .remedy = "set `publicNetworkAccess` to `Disabled` and enforce the association",
          .find = find_secured_accounts},
};

}  // namespace

std::span<const Check> service_checks() { return kServicesChecks; }

}  // namespace nsp
