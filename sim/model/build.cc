#include "sim/model/build.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/base/secrets.h"
#include "sim/base/text.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

void read_service_tags(Builder& builder, const DocumentSet& documents) {
  for (const ServiceTagDocument& tag : documents.service_tags) {
    auto& prefixes = builder.environment.service_tags[lower(tag.name)];
    const Spot list{&tag.prefixes, tag.pointer};
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Spot item = list.item(i);
      if (!item.node->is_string()) {
        builder.error(item.place(), "expected an address prefix as a string");
      } else if (const auto prefix = builder.prefix(item)) {
        prefixes.push_back(prefix->prefix);
      }
    }
  }
}

bool comes_before(const Diagnostic& a, const Diagnostic& b) {
  return std::tie(a.place, a.severity, a.message) < std::tie(b.place, b.severity, b.message);
}

}  // namespace

BuildResult build_environment(const DocumentSet& documents) {
  Builder builder(documents.secrets);
  builder.diagnostics = documents.diagnostics;
  for (const auto& [what, count] : documents.ignored) builder.environment.ignored[what] += count;
  sort_documents(builder, documents);
  build_resources(builder);
  build_perimeters(builder);
  build_configurations(builder);
  build_associations(builder);
  build_links(builder);
  build_networks(builder);
  build_endpoints(builder);
  build_zone_groups(builder);
  build_diagnostic_settings(builder);
  build_role_assignments(builder);
  read_service_tags(builder, documents);
  check_limits(builder);
  warn_of_drift(builder);
  for (Diagnostic& one : builder.diagnostics) hide_secrets(one, documents.secrets);
  std::ranges::sort(builder.diagnostics, comes_before);
  return {std::move(builder.environment), std::move(builder.diagnostics)};
}

BuildResult load_environment(std::span<const std::filesystem::path> paths) {
  return build_environment(load_documents(paths));
}

}  // namespace nsp
