#include "sim/document/template/position.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace nsp {
namespace {

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view piece : split(text, '/')) out.emplace_back(piece);
  return out;
}

}  // namespace

std::optional<ResourceId> Position::id() const {
  const std::vector<std::string> segments = pieces(type);
  std::string text = fmt::format("{}/providers/{}", base, segments.front());
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("/{}/{}", segments[i + 1], names[i]);
  }
  return ResourceId::parse(text);
}

std::optional<DeploymentFacts::Level> template_level(const Node& root) {
  using Level = DeploymentFacts::Level;
  const std::string schema = lower(root.string_at("$schema"));
  const auto says = [&](std::string_view word) { return schema.find(word) != std::string::npos; };
  if (says("/subscriptiondeploymenttemplate")) return Level::Subscription;
  if (says("/managementgroupdeploymenttemplate")) return Level::ManagementGroup;
  if (says("/tenantdeploymenttemplate")) return Level::Tenant;
  if (says("/deploymenttemplate")) return Level::Group;
  return std::nullopt;
}

std::string base_of(const DeploymentFacts& target) {
  switch (target.level) {
    case DeploymentFacts::Level::Group:
      return fmt::format("/subscriptions/{}/resourceGroups/{}", target.subscription,
                         target.resource_group);
    case DeploymentFacts::Level::Subscription:
      return fmt::format("/subscriptions/{}", target.subscription);
    case DeploymentFacts::Level::ManagementGroup:
      return fmt::format("/providers/Microsoft.Management/managementGroups/{}",
                         target.management_group);
    case DeploymentFacts::Level::Tenant:
      break;
  }
  return {};
}

std::string scope_id(std::string_view scope, const DeploymentFacts& target) {
  if (scope == "/") return {};
  if (scope.starts_with('/')) return std::string(scope);
  return fmt::format("{}/providers/{}", base_of(target), scope);
}

std::optional<Position> position_of(std::string_view type, std::string_view name,
                                    const std::string& base, const Position* parent) {
  Position position{parent != nullptr ? parent->base : base, std::string(type), pieces(name)};
  const std::string prefix = parent != nullptr ? lower(parent->type) + "/" : std::string();
  if (parent != nullptr && !lower(type).starts_with(prefix)) {
    position.type = fmt::format("{}/{}", parent->type, type);
  }
  const std::size_t wanted = pieces(position.type).size() - 1;
  if (parent != nullptr && position.names.size() < wanted) {
    position.names.insert(position.names.begin(), parent->names.begin(), parent->names.end());
  }
  if (wanted == 0 || position.names.size() != wanted) return std::nullopt;
  return position;
}

}  // namespace nsp
