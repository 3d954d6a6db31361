// Which instances a plan or a state holds, and their ids.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

constexpr std::string_view kStandInGroup = "terraform";
// No id of Azure's is near either.
constexpr std::size_t kDeepestModule = 64;
constexpr std::size_t kLongest = 4096;

bool has_action(const Node& change, std::string_view action) {
  const Node* actions = change.find("actions");
  return actions != nullptr && std::ranges::any_of(actions->items, [&](const Node& one) {
           return one.is_string() && one.text == action;
         });
}

// The words of an address that name the resource's block: no index anywhere but in its modules.
std::string block_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += '.';
    out += i + 1 == names.size() ? without_index(names[i]) : names[i];
  }
  return out;
}

// `module.a[0].module.b` of an address.
std::string module_path(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i + 3 < names.size() && names[i] == "module"; i += 2) {
    out += fmt::format("{}module.{}", i > 0 ? "." : "", names[i + 1]);
  }
  return out;
}

// Where an address has what no id can hold.
std::string as_name(std::string_view address) {
  std::string out;
  for (const char c : address) {
    const bool plain = c != '[' && c != ']' && c != '"' && c != '/' && c != ' ';
    if (plain) out += c == '_' ? '-' : c;
  }
  return out;
}

}  // namespace

void add_strings(SecretTexts& secrets, const Node& value) {
  if (value.is_string()) secrets.add(value.text);
  for (const Node& item : value.items) add_strings(secrets, item);
  for (const Member& member : value.members) add_strings(secrets, member.value);
}

std::vector<std::string> split_address(std::string_view address) {
  std::vector<std::string> out(1);
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    if (quoted && c == '\\' && i + 1 < address.size()) {
      out.back() += c;
      out.back() += address[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == ']')) depth += c == '[' ? 1 : -1;
    if (c == '.' && !quoted && depth <= 0) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::string index_of(std::string_view piece) {
  const auto bracket = piece.find('[');
  return bracket == std::string_view::npos ? std::string() : std::string(piece.substr(bracket));
}

std::string without_index(std::string_view piece) {
  return std::string(piece.substr(0, piece.find('[')));
}

TerraformPlan::TerraformPlan(DocumentSet& set, Node& root, const std::string& pointer,
                             const ReadOptions& options)
    : set_(set),
      subscription_(options.facts.subscription),
      group_(options.facts.stand_in_resource_group ? kStandInGroup : options.facts.resource_group),
      root_(root),
      pointer_(pointer) {
  configuration_ = root.at({"configuration", "root_module"});
  variables_ = root.find("variables");
  const Node* given = root.at({"configuration", "provider_config", "azurerm", "expressions",
                               "subscription_id", "constant_value"});
  const bool is_given = given != nullptr && given->is_string() && !given->text.empty();
  if (is_given && options.facts.stand_in_subscription) subscription_ = given->text;
  said_stand_in_ = is_given || !options.facts.stand_in_subscription;
  gather(root, pointer, options.plan_side);
}

// Changes know both sides; values stand alone in a state, and in what tools leave of a plan.
void TerraformPlan::gather(Node& root, const std::string& pointer, PlanSide side) {
  Node* changes = root.find("resource_changes");
  if (changes != nullptr && changes->is_array()) {
    gather_changes(*changes, pointer_join(pointer, "resource_changes"), side);
    const std::string prior = pointer_join(pointer, "prior_state");
    if (Node* state = root.find("prior_state")) gather_values(*state, prior, "values", true);
  } else if (root.find("values") != nullptr) {
    gather_values(root, pointer, "values", false);
  } else if (side == PlanSide::After) {
    gather_values(root, pointer, "planned_values", false);
  } else if (Node* state = root.find("prior_state")) {
    gather_values(*state, pointer_join(pointer, "prior_state"), "values", false);
  }
}

void TerraformPlan::gather_changes(Node& changes, const std::string& pointer, PlanSide side) {
  for (std::size_t i = 0; i < changes.items.size(); ++i) {
    Node& written = changes.items[i];
    Node* change = written.find("change");
    // A deposed object is what an earlier replacement has left to be deleted.
    if (change == nullptr || written.find("deposed") != nullptr) continue;
    // What Terraform forgets stays in Azure.
    const bool after = side == PlanSide::After && !has_action(*change, "forget");
    const std::string_view name = after ? "after" : "before";
    Node* values = change->find(name);
    if (values == nullptr || !values->is_object()) continue;
    keep_secrets(*values, change->find(after ? "after_sensitive" : "before_sensitive"));
    const std::string at = pointer_join(pointer_join(pointer, i), "change");
    add(written, *values, after ? change->find("after_unknown") : nullptr, pointer_join(at, name),
        after && has_action(*change, "create"));
  }
}

void TerraformPlan::gather_values(Node& root, const std::string& pointer, std::string_view name,
                                  bool only_data) {
  Node* values = root.find(name);
  Node* module = values != nullptr ? values->find("root_module") : nullptr;
  if (module == nullptr) return;
  gather_module(*module, fmt::format("{}/{}/root_module", pointer, name), only_data);
}

// Recursion is bounded by kMaxDepth.
void TerraformPlan::gather_module(Node& module, const std::string& pointer, bool only_data) {
  Node* written = module.find("resources");
  for (std::size_t i = 0; written != nullptr && i < written->items.size(); ++i) {
    Node& one = written->items[i];
    Node* values = one.find("values");
    if (values == nullptr || !values->is_object()) continue;
    if (only_data && one.string_at("mode") != "data") continue;
    keep_secrets(*values, one.find("sensitive_values"));
    const std::string at = pointer_join(pointer_join(pointer, "resources"), i);
    add(one, *values, nullptr, pointer_join(at, "values"), false);
  }
  Node* children = module.find("child_modules");
  for (std::size_t i = 0; children != nullptr && i < children->items.size(); ++i) {
    gather_module(children->items[i], pointer_join(pointer_join(pointer, "child_modules"), i),
                  only_data);
  }
}

// Recursion is bounded by kMaxDepth.
void TerraformPlan::keep_secrets(const Node& values, const Node* marks) {
  if (marks == nullptr) return;
  if (marks->is(Node::Kind::Bool)) {
    if (marks->boolean) add_strings(set_.secrets, values);
    return;
  }
  for (const Member& mark : marks->members) {
    if (const Node* value = values.find(mark.name)) keep_secrets(*value, &mark.value);
  }
  const std::size_t count = std::min(marks->items.size(), values.items.size());
  for (std::size_t i = 0; i < count; ++i) keep_secrets(values.items[i], &marks->items[i]);
}

// Each module's blocks are looked through once.
const Node* TerraformPlan::find_block(const Node* module, std::string_view address) {
  if (module == nullptr) return nullptr;
  const auto [blocks, is_new] = blocks_.try_emplace(module);
  const Node* written = is_new ? module->find("resources") : nullptr;
  for (std::size_t i = 0; written != nullptr && i < written->items.size(); ++i) {
    blocks->second.emplace(written->items[i].string_at("address"), &written->items[i]);
  }
  const auto found = blocks->second.find(address);
  return found == blocks->second.end() ? nullptr : found->second;
}

void TerraformPlan::add(const Node& written, Node& values, Node* unknown, std::string pointer,
                        bool is_created) {
  TerraformResource resource;
  resource.address = written.string_at("address");
  resource.type = written.string_at("type");
  if (resource.address.empty() || resource.type.empty()) {
    add_warning(set_, written, {}, "a resource without an `address` and a `type` is ignored");
    return;
  }
  const auto names = split_address(resource.address);
  resource.module = module_path(names);
  resource.index = index_of(names.back());
  resource.is_data = written.string_at("mode") == "data";
  resource.is_created = is_created;
  resource.values = &values;
  resource.unknown = unknown;
  resource.pointer = std::move(pointer);
  const std::string block = block_of(names);
  const std::size_t skip = resource.module.empty() ? 0 : resource.module.size() + 1;
  resource.block = find_block(module_of(resource.module), std::string_view(block).substr(skip));
  resources_.push_back(std::move(resource));
  TerraformResource& added = resources_.back();
  Instances& instances = by_block_[block];
  if (instances.count++ == 0) instances.first = &added;
  by_address_.emplace(block + added.index, &added);
}

std::string TerraformPlan::name_of(const TerraformResource& resource) {
  const std::string_view name = resource.values->string_at("name");
  return name.empty() ? as_name(resource.address) : std::string(name);
}

std::string TerraformPlan::group_id(std::string_view group) {
  if (!said_stand_in_) {
    said_stand_in_ = true;
    set_.diagnostics.push_back(
        {Severity::Note, root_.place(pointer_),
         fmt::format("ids that only an apply will know are made in subscription `{}`",
                     subscription_)});
  }
  return fmt::format("/subscriptions/{}/resourceGroups/{}", subscription_,
                     group.empty() ? group_ : group);
}

// What a resource needs for its own id never leads back to it in a plan that Terraform made.
const std::string& TerraformPlan::id_of(TerraformResource& resource) {
  static const std::string kNone;
  if (resource.id) return *resource.id;
  if (resource.in_the_making || nesting_ > kDeepestModule) return kNone;
  resource.in_the_making = true;
  ++nesting_;
  const TerraformType* type = terraform_type(resource.type);
  const bool own_form = type != nullptr && type->arm_type == types::kDiagnosticSetting;
  const std::string_view known = resource.values->string_at("id");
  resource.id = known.starts_with('/') && !own_form ? std::string(known) : make_id(resource);
  if (resource.id->size() > kLongest) resource.id->clear();
  resource.in_the_making = false;
  --nesting_;
  return *resource.id;
}

// The id in that argument, as it is known or found by its references; else empty.
std::string TerraformPlan::parent_id(TerraformResource& resource, std::string_view argument) {
  const std::string_view known = resource.values->string_at(argument);
  if (!known.empty()) return std::string(known);
  const Node* expression =
      resource.block != nullptr ? resource.block->at({"expressions", argument}) : nullptr;
  if (expression == nullptr) return {};
  const Ids ids = resolve(*expression, {resource.module, resource.index, resource.block, 0});
  return ids && ids->size() == 1 ? ids->front() : std::string();
}

std::string TerraformPlan::make_id(TerraformResource& resource) {
  const Node& values = *resource.values;
  const std::string name = name_of(resource);
  const std::string_view group = values.string_at("resource_group_name");
  if (resource.type == "azurerm_resource_group") return group_id(name);
  if (is_azapi(resource.type)) {
    const std::string_view written = values.string_at("type");
    const std::string type(written.substr(0, written.find('@')));
    const auto slash = type.rfind('/');
    if (slash == std::string::npos) return {};
    std::string parent = parent_id(resource, "parent_id");
    const bool is_top = type.find('/') == slash;
    if (is_top)
      return fmt::format("{}/providers/{}/{}", parent.empty() ? group_id({}) : parent, type, name);
    return parent.empty() ? parent : fmt::format("{}/{}/{}", parent, type.substr(slash + 1), name);
  }
  const TerraformType* known = terraform_type(resource.type);
  if (known == nullptr) return {};
  if (is_extension(*known)) return make_extension_id(resource, *known);
  const std::string segment(known->arm_type.substr(known->arm_type.rfind('/') + 1));
  const std::string in_group =
      fmt::format("{}/providers/{}", known->parent_id.empty() ? group_id(group) : "",
                  known->arm_type.substr(0, known->arm_type.rfind('/')));
  if (!known->parent_name.empty()) {
    const std::string_view owner = values.string_at(known->parent_name);
    return owner.empty() ? std::string()
                         : fmt::format("{}/{}/{}/{}", in_group, owner, segment, name);
  }
  if (known->parent_id.empty()) return fmt::format("{}/{}/{}", in_group, segment, name);
  std::string parent = parent_id(resource, known->parent_id);
  if (known->arm_type == types::kFileShare && !parent.empty()) parent += "/fileServices/default";
  if (known->arm_type == types::kAssociation) parent = parent.substr(0, parent.rfind("/profiles/"));
  return parent.empty() ? parent : fmt::format("{}/{}/{}", parent, segment, name);
}

// Of a role assignment whose scope nobody knows: one that may be anywhere. Its reader says so.
std::string TerraformPlan::make_extension_id(TerraformResource& resource,
                                             const TerraformType& type) {
  std::string parent = parent_id(resource, type.parent_id);
  if (parent.empty() && type.arm_type != types::kRoleAssignment) return {};
  if (parent.empty()) parent = group_id({});
  return fmt::format("{}/providers/{}/{}", parent == "/" ? "" : parent, type.arm_type,
                     name_of(resource));
}

}  // namespace nsp
