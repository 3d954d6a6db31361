#include "sim/report/import.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text_table.h"
#include "sim/model/drift.h"
#include "sim/model/rule_text.h"
#include "sim/model/secrets.h"
#include "sim/report/environment_json.h"
#include "sim/report/json_writer.h"

namespace nsp {
namespace {

std::size_t count_rules(const Environment& environment) {
  std::size_t count = 0;
  for (const Perimeter& perimeter : environment.perimeters) {
    for (const Profile& profile : perimeter.profiles) count += profile.rules.size();
  }
  return count;
}

std::size_t count_profiles(const Environment& environment) {
  std::size_t count = 0;
  for (const Perimeter& perimeter : environment.perimeters) count += perimeter.profiles.size();
  return count;
}

std::size_t count_shares(const Environment& environment) {
  std::size_t count = 0;
  for (const Resource& resource : environment.resources) count += resource.protocols.shares.size();
  return count;
}

// Kinds that are not there are left out.
std::string counts_section(const Environment& environment) {
  const std::pair<std::string_view, std::size_t> counts[] = {
      {"perimeter", environment.perimeters.size()},
      {"profile", count_profiles(environment)},
      {"access rule", count_rules(environment)},
      {"association", environment.associations.size()},
      {"link", environment.links.size()},
      {"resource", environment.resources.size()},
      {"virtual network", environment.networks.size()},
      {"subnet", environment.subnets.size()},
      {"private endpoint", environment.private_endpoints.size()},
      {"private DNS zone", environment.zones.size()},
      {"file share", count_shares(environment)},
      {"diagnostic setting", environment.diagnostic_settings.size()},
      {"role assignment", environment.role_assignments.size()},
      {"service tag", environment.service_tags.size()},
  };
  std::string text = "understood\n";
  for (const auto& [noun, count] : counts) {
    if (count != 0) text += fmt::format("  {}\n", count_of(count, noun));
  }
  return text;
}

std::string perimeter_section(const Perimeter& perimeter) {
  std::string text = fmt::format("\nperimeter {}{}\n", perimeter.name,
                                 perimeter.described ? "" : " (only named by others)");
  TextTable table;
  for (const Profile& profile : perimeter.profiles) {
    if (profile.rules.empty()) table.rows.push_back({"profile " + profile.name, "no rules"});
    for (const AccessRule& rule : profile.rules) {
      table.rows.push_back({"profile " + profile.name, std::string(to_string(rule.direction)),
                            rule.name, rule_text(rule)});
    }
  }
  return text + to_string(table, 2);
}

std::string access_text(const Resource& resource) {
  if (!resource.public_network_access_text.empty()) return resource.public_network_access_text;
  return resource.described ? "Enabled (by default)" : "not known";
}

std::string association_text(const Environment& environment, const Resource& resource) {
  if (resource.association == kNone) return "-";
  const Association& association = environment.associations[resource.association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  return fmt::format("{}/{}", perimeter.name, perimeter.profiles[association.profile].name);
}

std::string mode_text(const Environment& environment, const Resource& resource) {
  if (resource.association == kNone) return "-";
  const Association& association = environment.associations[resource.association];
  return association.mode == AccessMode::Unknown ? association.mode_text
                                                 : std::string(to_string(association.mode));
}

std::string resources_section(const Environment& environment) {
  if (environment.resources.empty()) return {};
  TextTable table;
  table.header = {"resource", "service", "publicNetworkAccess", "profile", "mode", "identity"};
  const std::vector<std::string> names = display_names(environment);
  for (Index i = 0; i < environment.resources.size(); ++i) {
    const Resource& resource = environment.resources[i];
    const std::string_view identity =
        !resource.identity ? "not known" : (*resource.identity ? "yes" : "no");
    const std::string_view title = resource.service == Service::Other
                                       ? std::string_view(resource.arm_type)
                                       : facts(resource.service).title;
    table.rows.push_back({names[i], std::string(title), access_text(resource),
                          association_text(environment, resource), mode_text(environment, resource),
                          std::string(identity)});
  }
  return "\nresources\n" + to_string(table, 2);
}

std::string profiles_text(const Perimeter& perimeter, const std::vector<Index>& profiles,
                          bool all) {
  if (all) return perimeter.name + "/*";
  std::string text;
  for (const Index profile : profiles) {
    text += fmt::format("{}{}/{}", text.empty() ? "" : ", ", perimeter.name,
                        perimeter.profiles[profile].name);
  }
  return text.empty() ? perimeter.name + "/(none)" : text;
}

std::string links_section(const Environment& environment) {
  if (environment.links.empty()) return {};
  TextTable table;
  table.header = {"link", "local", "remote", "status"};
  for (const PerimeterLink& link : environment.links) {
    table.rows.push_back({link.name,
                          profiles_text(environment.perimeters[link.local], link.local_profiles,
                                        link.all_local_profiles),
                          profiles_text(environment.perimeters[link.remote], link.remote_profiles,
                                        link.all_remote_profiles),
                          std::string(to_string(link.status))});
  }
  return "\nlinks\n" + to_string(table, 2);
}

std::string assumed_section(const Diagnostics& diagnostics) {
  std::string text = "\nassumed\n";
  if (diagnostics.empty()) return text + "  nothing\n";
  for (const Diagnostic& diagnostic : diagnostics) text += "  " + to_string(diagnostic) + '\n';
  return text;
}

std::string drift_subject(const Drift& drift) {
  switch (drift.kind) {
    case DriftKind::MissingRule:
      return fmt::format("rule {}, missing", drift.subject);
    case DriftKind::ExtraRule:
      return fmt::format("rule {}, extra", drift.subject);
    case DriftKind::ChangedRule:
      return fmt::format("rule {}, changed", drift.subject);
    case DriftKind::ProvisioningIssue:
      return fmt::format("issue {}", drift.subject);
    default:
      return drift.subject;
  }
}

// Sides in short; the sentences are for JSON and for findings.
std::string drift_section(const Environment& environment) {
  const std::vector<Drift> drift = find_drift(environment);
  if (drift.empty()) return {};
  const auto shown = [](const std::string& side) {
    if (looks_secret(side)) return std::string("redacted");
    return side.empty() ? std::string("-") : side;
  };
  TextTable table;
  table.header = {"resource", "what", "at the perimeter", "at the resource", "place"};
  for (const Drift& one : drift) {
    const Place& place = one.place();
    table.rows.push_back({display_name(environment, one.resource), drift_subject(one),
                          shown(one.perimeter_side), shown(one.resource_side),
                          to_string(Place{place.file, place.line, place.column, {}})});
  }
  return "\ndrift\n" + to_string(table, 2);
}

void write_side(JsonWriter& json, std::string_view name, const std::string& value,
                const Place& place) {
  json.key(name).object();
  json.member("value", looks_secret(value) ? "redacted" : value);
  if (place.line != 0) {
    json.member("file", place.file).member("line", place.line).member("column", place.column);
    if (!place.pointer.empty()) json.member("pointer", place.pointer);
  }
  json.end();
}

void write_drift(JsonWriter& json, const Environment& environment) {
  const std::vector<Drift> drift = find_drift(environment);
  if (drift.empty()) return;
  json.key("drift").array();
  for (const Drift& one : drift) {
    const Association& association = environment.associations[one.association];
    json.object().member("kind", to_string(one.kind));
    json.member(
        "association",
        fmt::format("{}/{}", environment.perimeters[association.perimeter].name, association.name));
    json.member("resource", display_name(environment, one.resource));
    json.member("subject", one.subject);
    write_side(json, "perimeterSide", one.perimeter_side, one.perimeter_place);
    write_side(json, "resourceSide", one.resource_side, one.resource_place);
    json.member("sentence", message_without_secrets(one.sentence)).end();
  }
  json.end();
}

std::string ignored_section(const Environment& environment) {
  std::string text = "\nignored\n";
  if (environment.ignored.empty()) return text + "  nothing\n";
  TextTable table;
  for (const auto& [what, count] : environment.ignored) {
    table.rows.push_back({what, fmt::format("{} times", count)});
    if (count == 1) table.rows.back()[1] = "once";
  }
  return text + to_string(table, 2);
}

}  // namespace

std::string import_as_text(const BuildResult& result, const RenderOptions& options) {
  const Environment& environment = result.environment;
  std::string text = counts_section(environment);
  if (options.quiet) return text;
  for (const Perimeter& perimeter : environment.perimeters) text += perimeter_section(perimeter);
  text += resources_section(environment);
  text += links_section(environment);
  text += drift_section(environment);
  text += assumed_section(without_drift(result));
  text += ignored_section(environment);
  return printable(text, true);
}

std::string import_as_json(const BuildResult& result) {
  const auto drift = [&](JsonWriter& json) { write_drift(json, result.environment); };
  return environment_as_json(result.environment, "nspsim.import/1", drift);
}

}  // namespace nsp
