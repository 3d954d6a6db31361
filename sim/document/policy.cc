// Azure Policy definitions: the templates that their effect `deployIfNotExists` deploys.
//
// `policyRule.then.details.deployment.properties` is a nested deployment, whose parameters the
// policy fills for each resource that it finds: with literals, with parameters of the policy, with
// fields of that resource. The template is read as far as that is literal. A parameter of the
// policy is what the command line gives, else its default, else not known; an expression such as
// `[field('id')]` or `[concat(…)]` is not known at all. Whether the policy is assigned and finds
// anything does not stand in the definition, and is said.
//
// Read: definitions (with or without `properties`), `policyRule` files (`if` and `then` alone),
// initiatives that hold their members' rules. Members named by id are definitions of their own.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/readers.h"

namespace nsp {
namespace {

constexpr std::string_view kWhat = "Azure Policy definition";

// A node and its pointer.
struct Part {
  const Node* node = nullptr;
  std::string pointer;

  explicit operator bool() const { return node != nullptr; }
  [[nodiscard]] Part find(std::string_view name) const {
    if (node == nullptr) return {};
    for (const Member& member : node->members) {
      if (iequals(member.name, name)) return {&member.value, pointer_join(pointer, member.name)};
    }
    return {};
  }
  [[nodiscard]] Part find(std::initializer_list<std::string_view> path) const {
    Part at = *this;
    for (const std::string_view name : path) at = at.find(name);
    return at;
  }
};

bool is_template_value(const Node& node) {
  return node.is_string() && node.text.size() > 2 && node.text.starts_with('[') &&
         !node.text.starts_with("[[") && node.text.ends_with(']');
}

// The name in `[parameters('name')]`, and of nothing longer.
std::optional<std::string> parameter_named(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c != ' ' && c != '\t') bare += c;
  }
  constexpr std::string_view kStart = "[parameters('";
  constexpr std::string_view kEnd = "')]";
  if (!lower(bare).starts_with(kStart) || !bare.ends_with(kEnd)) return std::nullopt;
  std::string name = bare.substr(kStart.size(), bare.size() - kStart.size() - kEnd.size());
  return name.contains('\'') ? std::nullopt : std::optional(std::move(name));
}

class PolicyReader {
 public:
  PolicyReader(DocumentSet& set, const ReadOptions& options) : set_(set), options_(options) {}

  // `holder` has `policyRule` and `parameters`.
  void read(const Part& holder) { read_rule(holder.find("policyRule"), holder.find("parameters")); }

  void read_rule(const Part& rule, const Part& parameters) {
    parameters_ = parameters;
    if (parameters_) {
      for (const Member& member : parameters_.node->members) {
        set_.parameters.insert(lower(member.name));
      }
    }
    const Part deployment = rule.find({"then", "details", "deployment", "properties"});
    const Part body = deployment.find("template");
    if (!body || !body.node->is_object()) return skip(rule);
    ReadOptions inner = options_;
    add_parameters(deployment.find("parameters"), inner);
    set_.diagnostics.push_back({Severity::Note, body.node->place(body.pointer),
                                "the template of an Azure Policy definition is read as if it were "
                                "deployed once: for which "
                                "resources the policy deploys it is not known"});
    read_template(set_, *body.node, body.pointer, inner);
  }

 private:
  void skip(const Part& rule) {
    ++set_.ignored[std::string(kWhat)];
    add_warning(set_, *rule.node, rule.pointer,
                fmt::format("{} without a template: it deploys nothing and is ignored", kWhat));
  }

  void add_parameters(const Part& values, ReadOptions& inner) const {
    if (!values) return;
    for (const Member& member : values.node->members) {
      const Node* value = member.value.find("value");
      if (value == nullptr) continue;
      // What the policy passes on wins over what the command line says of the same name.
      const bool passes_on = is_template_value(*value) && iequals(member.name, name_in(*value));
      if (passes_on && given(member.name) != nullptr) continue;
      std::erase_if(inner.parameters,
                    [&](const GivenParameter& one) { return iequals(one.name, member.name); });
      inner.parameters.push_back(resolved(member.name, *value));
    }
  }

  static std::string name_in(const Node& expression) {
    return parameter_named(expression.text).value_or(std::string());
  }

  [[nodiscard]] const GivenParameter* given(std::string_view name) const {
    const auto same = [&](const GivenParameter& one) { return iequals(one.name, name); };
    const auto found =
        std::ranges::find_if(options_.parameters.rbegin(), options_.parameters.rend(), same);
    return found == options_.parameters.rend() ? nullptr : &*found;
  }

  [[nodiscard]] GivenParameter resolved(const std::string& name, const Node& value) const {
    const auto of_policy = is_template_value(value) ? parameter_named(value.text) : std::nullopt;
    if (!of_policy) return {name, opened(value)};
    if (const GivenParameter* told = given(*of_policy)) return {name, told->value, told->is_text};
    const Node* fallback = parameters_.find({*of_policy, "defaultValue"}).node;
    if (fallback != nullptr) return {name, opened(*fallback)};
    return {name, Node::unresolved(value.text, value)};
  }

  // Every expression inside it, left open. Recursion is bounded by kMaxDepth.
  static Node opened(Node value) {
    if (is_template_value(value)) return Node::unresolved(value.text, value);
    for (Node& item : value.items) item = opened(std::move(item));
    for (Member& member : value.members) member.value = opened(std::move(member.value));
    return value;
  }

  DocumentSet& set_;
  const ReadOptions& options_;
  Part parameters_;
};

void read_initiative(DocumentSet& set, const Part& members, const ReadOptions& options) {
  std::size_t by_id = 0;
  for (std::size_t i = 0; i < members.node->items.size(); ++i) {
    const Part item{&members.node->items[i], pointer_join(members.pointer, i)};
    const Part inside = item.find("properties");
    const Part& holder = inside.find("policyRule") ? inside : item;
    if (holder.find("policyRule")) {
      PolicyReader(set, options).read(holder);
    } else {
      ++by_id;
    }
  }
  if (by_id == 0) return;
  set.ignored["policy that an initiative names by its id"] += by_id;
  add_warning(set, *members.node, members.pointer,
              fmt::format("an initiative that names {} of its policies by id: what they deploy "
                          "stands in their own definitions",
                          by_id));
}

}  // namespace

bool is_policy(const Node& root) {
  const auto holds = [](const Node& node) {
    const Node* members = node.find("policyDefinitions");
    return node.find("policyRule") != nullptr || (members != nullptr && members->is_array());
  };
  const Node* properties = root.find("properties");
  if (holds(root) || (properties != nullptr && holds(*properties))) return true;
  const Node* then = root.find("then");
  return root.find("if") != nullptr && then != nullptr && then->find("effect") != nullptr;
}

void read_policy(DocumentSet& set, const Node& root, const std::string& pointer,
                 const ReadOptions& options) {
  const Part all{&root, pointer};
  const Part properties = all.find("properties");
  for (const Part& holder : {all, properties}) {
    if (holder.find("policyRule")) return PolicyReader(set, options).read(holder);
    const Part members = holder.find("policyDefinitions");
    if (members && members.node->is_array()) return read_initiative(set, members, options);
  }
  PolicyReader(set, options).read_rule(all, {});
}

}  // namespace nsp
