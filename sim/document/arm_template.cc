// ARM templates whose values are literals. This version evaluates no expression: a resource whose
// name, or a value that the model acts on, is an expression is left out with a warning, never
// guessed at.
//
// A resource of a template has no full id. It gets one in a subscription of zeros and a resource
// group `template`: type `a/b/c` and name `x/y` of namespace `a` become `…/providers/a/b/x/c/y`. A
// nested child may write its type and name in full or only the last segment of each.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/readers.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

constexpr std::string_view kTemplateGroup =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/template";
constexpr std::string_view kExpressionCount = "template expression";

// The properties that the model acts on, of whatever type.
constexpr std::array<std::string_view, 33> kActedOn{"publicNetworkAccess",
                                                    "networkAcls",
                                                    "networkRuleSet",
                                                    "direction",
                                                    "addressPrefixes",
                                                    "subscriptions",
                                                    "serviceTags",
                                                    "fullyQualifiedDomainNames",
                                                    "networkSecurityPerimeters",
                                                    "privateLinkResource",
                                                    "profile",
                                                    "accessMode",
                                                    "autoApprovedRemotePerimeterResourceId",
                                                    "remotePerimeterResourceId",
                                                    "localInboundProfiles",
                                                    "remoteInboundProfiles",
                                                    "status",
                                                    "perimeterGuid",
                                                    "enabledLogCategories",
                                                    "customSubDomainName",
                                                    "restrictOutboundNetworkAccess",
                                                    "allowedFqdnList",
                                                    "sharedPrivateLinkResources",
                                                    "privateLinkResourceId",
                                                    "groupId",
                                                    "privateLinkServiceConnections",
                                                    "manualPrivateLinkServiceConnections",
                                                    "subnet",
                                                    "subnets",
                                                    "serviceEndpoints",
                                                    "aRecords",
                                                    "virtualNetwork",
                                                    "ipConfigurations"};

// `[…]` is an expression; `[[…` is an escaped bracket.
bool is_expression(const Node& node) {
  return node.is_string() && node.text.starts_with('[') && !node.text.starts_with("[[") &&
         node.text.ends_with(']');
}

struct Found {
  const Node* node;
  std::string pointer;
};

// The first expression inside `node`. Recursion is bounded by kMaxDepth.
std::optional<Found> find_expression(const Node& node, const std::string& pointer) {
  if (is_expression(node)) return Found{&node, pointer};
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (auto found = find_expression(node.items[i], pointer_join(pointer, i))) return found;
  }
  for (const Member& member : node.members) {
    if (auto found = find_expression(member.value, pointer_join(pointer, member.name))) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<Found> find_acted_on(const Node& resource, const std::string& pointer) {
  for (const std::string_view name : {"type", "name", "condition", "kind", "identity"}) {
    const Node* member = resource.find(name);
    if (member == nullptr) continue;
    if (auto found = find_expression(*member, pointer_join(pointer, name))) return found;
  }
  const Node* properties = resource.find("properties");
  if (properties == nullptr) return std::nullopt;
  const std::string inside = pointer_join(pointer, "properties");
  if (is_expression(*properties)) return Found{properties, inside};
  for (const Member& member : properties->members) {
    const auto same = [&](std::string_view name) { return iequals(name, member.name); };
    if (std::ranges::none_of(kActedOn, same)) continue;
    if (auto found = find_expression(member.value, pointer_join(inside, member.name))) return found;
  }
  return std::nullopt;
}

// An expression as a message shows it: one line, not too long.
std::string shown(std::string_view expression) {
  constexpr std::size_t kLongest = 80;
  std::string out;
  for (const char c : expression.substr(0, kLongest)) {
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  // Do not cut inside a UTF-8 sequence.
  while (!out.empty() && !is_utf8(out)) out.pop_back();
  return expression.size() > kLongest ? out + "…" : out;
}

// Where a resource stands: `type` in full, one name for each segment of it behind the namespace.
struct Position {
  std::string type;
  std::vector<std::string> names;
};

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view piece : split(text, '/')) out.emplace_back(piece);
  return out;
}

std::optional<Position> position_of(const Node& resource, const Position* parent) {
  Position position;
  position.type = resource.string_at("type");
  const std::string prefix = parent != nullptr ? lower(parent->type) + "/" : std::string();
  if (parent != nullptr && !lower(position.type).starts_with(prefix)) {
    position.type = parent->type + "/" + position.type;
  }
  position.names = pieces(resource.string_at("name"));
  const std::size_t wanted = pieces(position.type).size() - 1;
  if (parent != nullptr && position.names.size() < wanted) {
    position.names.insert(position.names.begin(), parent->names.begin(), parent->names.end());
  }
  if (wanted == 0 || position.names.size() != wanted) return std::nullopt;
  return position;
}

std::optional<ResourceId> id_of(const Position& position) {
  const std::vector<std::string> segments = pieces(position.type);
  std::string text = fmt::format("{}/providers/{}", kTemplateGroup, segments.front());
  for (std::size_t i = 0; i < position.names.size(); ++i) {
    text += fmt::format("/{}/{}", segments[i + 1], position.names[i]);
  }
  return ResourceId::parse(text);
}

class TemplateReader {
 public:
  explicit TemplateReader(DocumentSet& set) : set_(set) {}

  // `resources` is an array, or with symbolic names an object.
  void read(const Node& root, const std::string& pointer) {
    const Node* resources = root.find("resources");
    if (resources == nullptr || resources->is_null()) return;
    const std::string at = pointer_join(pointer, "resources");
    if (is_expression(*resources)) return skip_expression({resources, at});
    if (!resources->is_array() && !resources->is_object()) {
      return add_error(set_, *resources, at,
                       fmt::format("expected an array or object of resources, found {}",
                                   kind_name(resources->kind)));
    }
    read_all(*resources, at, nullptr);
  }

 private:
  void read_all(const Node& resources, const std::string& pointer, const Position* parent) {
    for (std::size_t i = 0; i < resources.items.size(); ++i) {
      read_one(resources.items[i], pointer_join(pointer, i), parent);
    }
    for (const Member& member : resources.members) {
      read_one(member.value, pointer_join(pointer, member.name), parent);
    }
  }

  void skip_expression(const Found& found) {
    ++set_.ignored[std::string(kExpressionCount)];
    add_warning(set_, *found.node, found.pointer,
                fmt::format("`{}` is a template expression, which this version does not evaluate: "
                            "the resource is ignored",
                            shown(found.node->text)));
  }

  // The children of a resource that is left out have no place to stand.
  void count_children(const Node& resource) {
    const Node* children = resource.find("resources");
    if (children == nullptr) return;
    set_.ignored[std::string(kExpressionCount)] +=
        children->items.size() + children->members.size();
  }

  void skip_typeless(const Node& resource, const std::string& pointer) {
    ++set_.ignored["resource without a type"];
    add_warning(set_, resource, pointer, "a resource without a `type` is ignored");
  }

  // A copy loop's resources have names that only its expressions tell.
  bool skip_loop(const Node& resource, const std::string& pointer) {
    const Node* loop = resource.find("copy");
    if (loop == nullptr) return false;
    ++set_.ignored[std::string(kExpressionCount)];
    add_warning(set_, *loop, pointer_join(pointer, "copy"),
                "a `copy` loop, which this version does not evaluate: the resource is ignored");
    return true;
  }

  static bool is_left_out(const Node& resource) {
    const Node* existing = resource.find("existing");
    if (existing != nullptr && existing->boolean) return true;
    const Node* condition = resource.find("condition");
    return condition != nullptr && condition->is(Node::Kind::Bool) && !condition->boolean;
  }

  void read_one(const Node& resource, const std::string& pointer, const Position* parent) {
    if (!resource.is_object()) {
      return add_error(
          set_, resource, pointer,
          fmt::format("expected a resource object, found {}", kind_name(resource.kind)));
    }
    if (is_left_out(resource)) return;
    const std::string_view type = resource.string_at("type");
    if (type.empty() && parent == nullptr) return skip_typeless(resource, pointer);
    if (iequals(type, types::kDeployment)) return read_deployment(resource, pointer);
    const bool modelled = parent != nullptr || !types::canonical(type).empty();
    if (!modelled && find_acted_on(resource, pointer)) {
      ++set_.ignored[std::string(type)];
      return;
    }
    if (skip_loop(resource, pointer)) return count_children(resource);
    if (const auto found = find_acted_on(resource, pointer)) {
      skip_expression(*found);
      return count_children(resource);
    }
    add_resource(resource, pointer, parent);
  }

  void add_resource(const Node& resource, const std::string& pointer, const Position* parent) {
    const auto position = position_of(resource, parent);
    const auto id = position ? id_of(*position) : std::nullopt;
    if (!id && parent == nullptr && types::canonical(resource.string_at("type")).empty()) {
      ++set_.ignored[std::string(resource.string_at("type"))];
      return;
    }
    if (!id) {
      return add_error(set_, resource, pointer,
                       fmt::format("name `{}` does not fit type `{}`, expected one name for each "
                                   "segment of the type",
                                   resource.string_at("name"), resource.string_at("type")));
    }
    const std::string_view known = types::canonical(id->type());
    Node body = resource;
    std::erase_if(body.members, [](const Member& m) { return iequals(m.name, "resources"); });
    body.add("id", Node::string(id->text(), resource));
    const std::string type = known.empty() ? id->type() : std::string(known);
    set_.resources.push_back({*id, type, std::string(id->name()), std::move(body), pointer});
    const Node* children = resource.find("resources");
    if (children != nullptr) read_all(*children, pointer_join(pointer, "resources"), &*position);
  }

  void read_deployment(const Node& deployment, const std::string& pointer) {
    const Node* inner = deployment.at({"properties", "template"});
    if (inner != nullptr && inner->is_object()) {
      return read(*inner, pointer + "/properties/template");
    }
    ++set_.ignored[std::string(types::kDeployment)];
  }

  DocumentSet& set_;
};

}  // namespace

void read_template(DocumentSet& set, const Node& root, const std::string& pointer) {
  TemplateReader(set).read(root, pointer);
}

}  // namespace nsp
