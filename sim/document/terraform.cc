// Plans and states to documents: first every resource, then what lies over others.

#include "sim/document/terraform.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

constexpr std::string_view kAccessArgument = "public_network_access_enabled";

class TerraformReader {
 public:
  TerraformReader(DocumentSet& set, Node& root, const std::string& pointer,
                  const ReadOptions& options)
      : set_(set), first_(set.resources.size()), plan_(set, root, pointer, options) {}

  void read() {
    for (TerraformResource& resource : plan_.resources()) {
      if (!resource.is_data) read_one(resource);
    }
    for (std::size_t i = first_; i < set_.resources.size(); ++i) {
      at_.emplace(set_.resources[i].id.key(), i);
    }
    for (TerraformResource* resource : overlays_) lay_over(*resource);
  }

 private:
  static bool is_overlay(std::string_view type) {
    return type == "azapi_update_resource" || type == "azurerm_storage_account_network_rules";
  }

  // Before azurerm 4 a share named its account alone, not the account's group.
  static bool is_share_by_name(const TerraformResource& resource) {
    return resource.type == "azurerm_storage_share" &&
           resource.values->string_at("storage_account_id").empty() &&
           (resource.unknown == nullptr || resource.unknown->find("storage_account_id") == nullptr);
  }

  void read_one(TerraformResource& resource) {
    if (is_overlay(resource.type)) {
      overlays_.push_back(&resource);
      return;
    }
    if (resource.type == "azurerm_resource_group") return;
    const bool azapi = resource.type == "azapi_resource";
    if (!azapi && (terraform_type(resource.type) == nullptr || is_share_by_name(resource))) {
      ++set_.ignored[resource.type];
      return;
    }
    const auto id = ResourceId::parse(plan_.id_of(resource));
    if (!id || id->type().empty()) {
      return add_warning(set_, *resource.values, resource.pointer,
                         fmt::format("`{}` is left out: what it belongs to is known only after an "
                                     "apply",
                                     resource.address));
    }
    say_name(resource);
    if (!azapi) say_what_hides(resource, *id);
    Node values = plan_.complete(resource);
    if (id->type() == types::kPrivateEndpoint) add_zone_group(resource, *id, values);
    Node body = azapi ? azapi_body(set_, resource, values) : *azurerm_body(resource, values);
    add(resource, *id, values, std::move(body));
  }

  void add(const TerraformResource& resource, const ResourceId& id, const Node& values, Node body) {
    const std::string_view known = types::canonical(id.type());
    const std::string type = known.empty() ? id.type() : std::string(known);
    std::erase_if(body.members, [](const Member& member) {
      return iequals(member.name, "id") || iequals(member.name, "name");
    });
    add_known(body, values, "id", id.text());
    add_known(body, values, "name", std::string(id.name()));
    set_.resources.push_back({id, type, std::string(id.name()), std::move(body), resource.pointer});
  }

  void add_zone_group(const TerraformResource& resource, const ResourceId& id, const Node& values) {
    auto group = zone_group_of(resource, id, values);
    if (group) set_.resources.push_back(std::move(*group));
  }

  // Where the plan has it, else where the resource stands.
  static void add_known(Node& body, const Node& values, std::string_view name, std::string text) {
    const Node* written = values.find(name);
    const bool is_written = written != nullptr && written->is_string() && written->path == nullptr;
    Node& value =
        body.add(std::string(name), Node::string(std::move(text), is_written ? *written : body));
    if (!is_written) value.path = shared_text({});
  }

  void say_name(const TerraformResource& resource) {
    const bool has_name =
        !resource.values->string_at("name").empty() || !resource.values->string_at("id").empty();
    // That of a role assignment says nothing.
    if (has_name || resource.type == "azurerm_role_assignment") return;
    add_warning(set_, *resource.values, resource.pointer,
                fmt::format("the name of `{}` is known only after an apply: it goes by `{}`",
                            resource.address, TerraformPlan::name_of(resource)));
  }

  // The provider has a boolean where Azure has three words.
  void say_what_hides(const TerraformResource& resource, const ResourceId& id) {
    const Node* access = resource.values->find(kAccessArgument);
    if (access == nullptr || !access->boolean || resource.is_created) return;
    if (iequals(id.type(), types::kCognitiveServices)) return;
    set_.diagnostics.push_back(
        {Severity::Note, access->place(pointer_join(resource.pointer, kAccessArgument)),
         fmt::format("`{}` of `{}` is `true` for `SecuredByPerimeter` too: taken as `Enabled`",
                     kAccessArgument, resource.address)});
  }

  // The document that an overlay changes; null, and said so, where the plan does not hold it.
  ResourceDocument* target_of(const TerraformResource& resource, const Node& values,
                              std::string_view argument) {
    const Node* id = values.find(argument);
    const auto parsed = id != nullptr && id->is_string() ? ResourceId::parse(id->text)
                                                         : std::optional<ResourceId>();
    const auto found = parsed ? at_.find(parsed->key()) : at_.end();
    if (found != at_.end()) return &set_.resources[found->second];
    add_warning(set_, *resource.values, resource.pointer,
                fmt::format("`{}` changes a resource that is not described here, and is ignored",
                            resource.address));
    return nullptr;
  }

  static Node& properties_of(Node& body) {
    if (Node* properties = body.find("properties")) return *properties;
    Node& properties = body.add("properties", Node::object(body));
    properties.path = shared_text({});
    return properties;
  }

  void lay_over(TerraformResource& resource) {
    if (!resource.values->string_at("name").empty()) (void)plan_.id_of(resource);
    Node values = plan_.complete(resource);
    if (resource.type == "azapi_update_resource") return update(resource, values);
    ResourceDocument* target = target_of(resource, values, "storage_account_id");
    if (target == nullptr) return;
    Node& properties = properties_of(target->body);
    std::erase_if(properties.members,
                  [](const Member& member) { return iequals(member.name, "networkAcls"); });
    properties.add("networkAcls", azurerm_acls(values)).path = shared_text(resource.pointer);
  }

  void update(TerraformResource& resource, Node& values) {
    if (values.find("resource_id") == nullptr || values.find("resource_id")->is_null()) {
      const std::string& id = plan_.id_of(resource);
      values.add("resource_id", Node::string(id, values));
    }
    ResourceDocument* target = target_of(resource, values, "resource_id");
    if (target == nullptr) return;
    Node body = azapi_body(set_, resource, values);
    std::erase_if(body.members, [](const Member& member) {
      return iequals(member.name, "id") || iequals(member.name, "name");
    });
    overlay(target->body, std::move(body), resource.pointer);
  }

  DocumentSet& set_;
  std::size_t first_;
  TerraformPlan plan_;
  std::vector<TerraformResource*> overlays_;
  std::unordered_map<std::string, std::size_t> at_;
};

bool is_plan(const Node& root) {
  return root.find("resource_changes") != nullptr || root.find("planned_values") != nullptr ||
         root.find("values") != nullptr;
}

// The plans of a policy's tests are alternatives to one another.
void read_mock(DocumentSet& set, Node& mock, const std::string& pointer,
               const ReadOptions& options) {
  if (is_plan(mock)) return TerraformReader(set, mock, pointer, options).read();
  const auto first = std::ranges::find_if(
      mock.members, [](const Member& member) { return is_plan(member.value); });
  if (first == mock.members.end()) return;
  if (mock.members.size() > 1) {
    add_warning(set, mock, pointer,
                fmt::format("{} plans of a test in one file: only `{}` is read",
                            mock.members.size(), first->name));
  }
  TerraformReader(set, first->value, pointer_join(pointer, first->name), options).read();
}

}  // namespace

void read_terraform(DocumentSet& set, Node root, const std::string& pointer,
                    const ReadOptions& options) {
  if (Node* mock = root.find("mock"); mock != nullptr && !is_plan(root)) {
    return read_mock(set, *mock, pointer_join(pointer, "mock"), options);
  }
  TerraformReader(set, root, pointer, options).read();
}

}  // namespace nsp
