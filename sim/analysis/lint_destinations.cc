// Will surprise: diagnostic logs that go where they never arrive.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_prove.h"
#include "sim/base/text.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// The perimeter whose logs these are, or that the resource is in whose logs these are.
Index perimeter_of(const Environment& environment, const ResourceId& scope) {
  for (Index i = 0; i < environment.perimeters.size(); ++i) {
    if (environment.perimeters[i].id == scope) return i;
  }
  for (const Association& association : environment.associations) {
    const std::string& member = environment.resources[association.resource].id.key();
    if (scope.key() == member || scope.key().starts_with(member + "/")) {
      return association.perimeter;
    }
  }
  return kNone;
}

const Resource* find_described(const Environment& environment, const ResourceId& id) {
  const auto found = std::ranges::find(environment.resources, id, &Resource::id);
  return found == environment.resources.end() ? nullptr : &*found;
}

bool is_in(const Environment& environment, const Resource* resource, Index perimeter) {
  return resource != nullptr && resource->association != kNone &&
         environment.associations[resource->association].perimeter == perimeter;
}

// An authorization rule stands in its namespace.
std::vector<ResourceId> destinations_of(const DiagnosticSetting& setting) {
  std::vector<ResourceId> all{setting.storage_account, setting.workspace,
                              setting.event_hub_rule.ancestor(types::kEventHubs)};
  std::erase_if(all, [](const ResourceId& id) { return id.empty(); });
  return all;
}

// `stcontoso/blobServices/default`: what stands behind the type.
std::string_view scope_name(const ResourceId& scope) {
  constexpr std::string_view kProviders = "/providers/";
  const auto at = lower(scope.text()).rfind(kProviders);
  if (at == std::string::npos) return scope.name();
  const std::string_view text = scope.text();
  const auto type = text.find('/', at + kProviders.size());
  const auto name = text.find('/', type + 1);
  return text.substr(name + 1);
}

std::string subject_of(const DiagnosticSetting& setting) {
  return fmt::format("{}/{}", scope_name(setting.scope), setting.name);
}

// Of a destination that is not described nobody says which perimeter it is in: a note.
void find_outside(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const DiagnosticSetting& setting : environment.diagnostic_settings) {
    const Index perimeter = perimeter_of(environment, setting.scope);
    if (perimeter == kNone) continue;
    for (const ResourceId& destination : destinations_of(setting)) {
      const Resource* resource = find_described(environment, destination);
      if (is_in(environment, resource, perimeter)) continue;
      const std::string& name = environment.perimeters[perimeter].name;
      if (resource != nullptr) {
        sink.add(setting.place, subject_of(setting),
                 fmt::format("diagnostic setting `{}` of `{}` sends logs to `{}`, which is not in "
                             "perimeter `{}`: it receives nothing, whatever the outbound rules",
                             setting.name, scope_name(setting.scope), destination.name(), name),
                 {{resource->place, "the destination"}});
      } else {
        sink.note(setting.place, subject_of(setting),
                  fmt::format("diagnostic setting `{}` of `{}` sends logs to `{}`, which no "
                              "document associates with perimeter `{}`: outside it would receive "
                              "nothing",
                              setting.name, scope_name(setting.scope), destination.name(), name));
      }
    }
  }
}

constexpr std::array kDestinationsChecks{
    Check{
        .id = "NSP360",
        .name = "logs-leave-perimeter",
        .severity = Severity::Warning,
        .title = "a diagnostic setting sends logs out of the perimeter",
        .basis = {Basis{"The outbound leg",
                        "Diagnostic logs that a resource ships do not go by outbound rules. A log "
                        "destination outside the perimeter receives nothing"}},
        .remedy = "associate the destination with the same perimeter",
        .find = find_outside},
};

}  // namespace

std::span<const Check> destination_checks() { return kDestinationsChecks; }

}  // namespace nsp
