// A Terraform plan or state, taken apart: its resource instances, and what of them is known.
// Inside this folder only.
//
// A fresh plan knows none of the ids that tie its resources together: they are absent from the
// values and `true` in `after_unknown`. The configuration beside the values lists what each
// argument refers to, and so the graph is found again: through `var.x` to the module call, through
// `module.m.x` to the module's output, through `each.value` to what the loop runs over. A resource
// without an id gets one in a stand-in subscription, the same each time. A list of references tells
// no operators: only where all of it leads to ids is it taken as them, anything else stays
// unresolved as `[azurerm_storage_account.st.name]`.
//
// Source: Terraform, "JSON Output Format" (format_version 0.1 to 1.2).
//
// Thread safety: one thread. The plan's tree must outlive it.
#ifndef NSP_SIM_DOCUMENT_TERRAFORM_H_
#define NSP_SIM_DOCUMENT_TERRAFORM_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/document/readers.h"

namespace nsp {

// Where a resource of azurerm stands in Resource Manager.
struct TerraformType {
  std::string_view type;
  std::string_view arm_type;
  std::string_view parent_id;    // the argument with its parent's id; empty: in a group
  std::string_view parent_name;  // the argument with its parent's name, who is in the same group
};
[[nodiscard]] const TerraformType* terraform_type(std::string_view type);
// It stands at the id of another resource, behind a second `/providers/`.
[[nodiscard]] bool is_extension(const TerraformType& type);

struct TerraformResource {
  std::string address;  // `module.m[0].azurerm_storage_account.st["a"]`
  std::string module;   // `module.m[0]`, empty at the root
  std::string type;
  std::string index;  // `["a"]`, empty without a loop
  bool is_data = false;
  bool is_created = false;        // by this plan: what it does not say is the provider's default
  Node* values = nullptr;         // an object
  Node* unknown = nullptr;        // `after_unknown`, until it is read; null where all is known
  const Node* block = nullptr;    // of the configuration, if there is one
  std::string pointer;            // of the values in their file
  std::optional<std::string> id;  // once asked for; empty: not known
  bool in_the_making = false;     // its id is asked for right now
};

class TerraformPlan {
 public:
  TerraformPlan(DocumentSet& set, Node& root, const std::string& pointer,
                const ReadOptions& options);

  [[nodiscard]] std::deque<TerraformResource>& resources() { return resources_; }
  [[nodiscard]] DocumentSet& set() { return set_; }

  // The real id, or the stand-in; empty where neither can be made.
  const std::string& id_of(TerraformResource& resource);
  // The values with what is unknown in its place: an id that was found, or an unresolved value. An
  // argument that nobody wrote for a new resource stays absent. Once for each resource, whose
  // values and unknown are taken, so that plan and documents need not stand in memory both.
  // REQUIRES: its id was asked for.
  [[nodiscard]] Node complete(TerraformResource& resource);
  // The name, or a stand-in made from the address.
  [[nodiscard]] static std::string name_of(const TerraformResource& resource);
  // `/subscriptions/…/resourceGroups/…` of that group.
  [[nodiscard]] std::string group_id(std::string_view group);

 private:
  // Whose expression it is.
  struct Scope {
    std::string module;
    std::string index;
    const Node* block = nullptr;  // with the loop
    std::size_t depth = 0;
  };
  using Ids = std::optional<std::vector<std::string>>;

  void gather(Node& root, const std::string& pointer, PlanSide side);
  void gather_changes(Node& changes, const std::string& pointer, PlanSide side);
  void gather_module(Node& module, const std::string& pointer, bool only_data);
  void gather_values(Node& root, const std::string& pointer, std::string_view name, bool only_data);
  void add(const Node& written, Node& values, Node* unknown, std::string pointer, bool is_created);
  // The strings of `values` that are marked, beside them, as what nobody is to see.
  void keep_secrets(const Node& values, const Node* marks);

  [[nodiscard]] const Node* find_block(const Node* module, std::string_view address);
  [[nodiscard]] std::string make_id(TerraformResource& resource);
  [[nodiscard]] std::string make_extension_id(TerraformResource& resource,
                                              const TerraformType& type);
  [[nodiscard]] std::string parent_id(TerraformResource& resource, std::string_view argument);

  // terraform_values.cc
  void fill(Node& into, const Node& unknown, const Node* expression, TerraformResource& resource,
            const std::string& path);
  void fill_absent(Node& into, const Node& expressions, TerraformResource& resource);
  void fill_member(Node& into, const Member& unknown, const Node* expression,
                   TerraformResource& resource, const std::string& path);
  [[nodiscard]] std::optional<Node> unknown_value(const Node* expression, const Node& where,
                                                  TerraformResource& resource,
                                                  const std::string& path);

  // terraform_references.cc
  [[nodiscard]] const Node* module_of(std::string_view path) const;
  [[nodiscard]] Ids resolve(const Node& expression, const Scope& scope);
  [[nodiscard]] Ids resolve_reference(const std::string& reference, const Scope& scope,
                                      const Node& where, bool is_indexed);
  [[nodiscard]] Ids resolve_variable(std::string_view name, const Scope& scope);
  [[nodiscard]] Ids resolve_output(const std::vector<std::string>& names, const Scope& scope);
  [[nodiscard]] Ids resolve_each(const std::vector<std::string>& names, const Scope& scope);
  [[nodiscard]] Ids resolve_resource(const std::vector<std::string>& names, const Scope& scope,
                                     const Node& where, bool is_indexed);
  [[nodiscard]] Ids principal_of(TerraformResource& resource, bool own);
  [[nodiscard]] TerraformResource* pick(const std::string& block, const std::string& index,
                                        const Scope& scope, const Node& where);

  DocumentSet& set_;
  const Node* configuration_ = nullptr;  // its root module
  const Node* variables_ = nullptr;      // of the plan
  std::string subscription_;             // and the group: where what has no id is put
  std::string group_;
  std::deque<TerraformResource> resources_;
  // The instances of a block, by its address and by theirs.
  struct Instances {
    TerraformResource* first = nullptr;
    std::size_t count = 0;
  };
  std::unordered_map<std::string, Instances> by_block_;
  std::unordered_map<std::string, TerraformResource*> by_address_;
  std::size_t steps_ = 0;    // of one expression
  std::size_t nesting_ = 0;  // of ids that are asked for
  // Of each module of the configuration.
  std::unordered_map<const Node*, std::unordered_map<std::string_view, const Node*>> blocks_;
  std::set<std::string> said_;
  const Node& root_;
  std::string pointer_;
  bool said_stand_in_ = false;
};

// All strings of a value.
void add_strings(SecretTexts& secrets, const Node& value);

// The pieces of an address between dots; a dot inside `["…"]` parts nothing.
[[nodiscard]] std::vector<std::string> split_address(std::string_view address);
// `st["a"]` → `["a"]`; empty without one.
[[nodiscard]] std::string index_of(std::string_view piece);
[[nodiscard]] std::string without_index(std::string_view piece);
[[nodiscard]] bool is_azapi(std::string_view type);

// The resource of azurerm in REST shape, without its id and name; nothing where the type is not
// modelled. Takes `values` apart. Each member says by its path (node.h) under which argument it
// stands. terraform_azurerm.cc
[[nodiscard]] std::optional<Node> azurerm_body(const TerraformResource& resource, Node& values);
// `identity` of a block of that name; nothing where it has no type. terraform_azurerm.cc
[[nodiscard]] std::optional<Node> identity_body(const Node& block);
// `networkAcls` of a block `network_rules` or `network_acls`, or of the arguments themselves.
[[nodiscard]] Node azurerm_acls(Node& rules);
// The same for azapi: `body` as an object or as JSON text. terraform_azapi.cc
[[nodiscard]] Node azapi_body(DocumentSet& set, const TerraformResource& resource, Node& values);
// Puts `from`, which stands at `pointer`, over `into`: objects member by member, all else whole.
void overlay(Node& into, Node from, const std::string& pointer);
// The document of a block `private_dns_zone_group` of that endpoint, which `values` hold; nothing
// without one. terraform_zone_group.cc
[[nodiscard]] std::optional<ResourceDocument> zone_group_of(const TerraformResource& resource,
                                                            const ResourceId& endpoint,
                                                            const Node& values);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TERRAFORM_H_
