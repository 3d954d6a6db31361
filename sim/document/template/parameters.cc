// The values of a deployment's parameters: given, by default, or not known.

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/secrets.h"
#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/template/deployment.h"

namespace nsp {
namespace {

Value not_known(const std::string& name, const Node& declared) {
  return share(Node::unresolved(fmt::format("[parameters('{}')]", name), declared));
}

bool is_among(const Node& allowed, const Node& value) {
  return std::ranges::any_of(allowed.items,
                             [&](const Node& one) { return equal_values(one, value); });
}

std::string listed(const Node& allowed) {
  std::string out;
  for (const Node& one : allowed.items) {
    fmt::format_to(std::back_inserter(out), "{}`{}`", out.empty() ? "" : ", ", text_of(one));
  }
  return out;
}

// `<resourceId>`, as documentation writes what a reader must fill in.
bool is_placeholder(const Node& node) {
  if (!node.is_string() || node.text.size() < 3) return false;
  return node.text.front() == '<' && node.text.find('>') == node.text.size() - 1;
}

}  // namespace

// What the template says is secret, or its name does.
void Deployment::keep_secret(const Node& value) {
  if (value.is_string()) expansion_.set.secrets.add_part(value.text);
  for (const Node& item : value.items) keep_secret(item);
  for (const Member& member : value.members) keep_secret(member.value);
}

// What stands for a value is none. Recursion is bounded as trees are.
void Deployment::open_placeholders(Node& value, const std::string& name) {
  if (is_placeholder(value)) {
    expansion_.say(
        Severity::Warning, value, {},
        fmt::format("parameter `{}`: `{}` is a placeholder, not a value", name, value.text));
    value = *not_known(name, value);
  }
  for (Node& item : value.items) open_placeholders(item, name);
  for (Member& member : value.members) open_placeholders(member.value, name);
}

const GivenParameter* Deployment::given(std::string_view name) const {
  const auto& all = origin_.parameters;
  const auto found = std::find_if(
      all.rbegin(), all.rend(), [&](const GivenParameter& one) { return iequals(one.name, name); });
  return found == all.rend() ? nullptr : &*found;
}

// A null says as much as nothing does: the default is taken. What a secret is, is not kept.
Value Deployment::bind(const std::string& name, const Node& declared) {
  const ParameterType type = parameter_type(declared, origin_.root);
  const GivenParameter* one = given(name);
  if (one == nullptr || one->value.is_null()) return without_value(name, declared, type);
  if (type.secure) return not_known(name, declared);
  auto value = given_value(*one, type);
  if (!value) return not_known(name, declared);
  if (is_secret_name(name)) keep_secret(*value);
  if (value->is_null()) return without_value(name, declared, type);
  open_placeholders(*value, name);
  check_allowed(name, *value, type);
  return share(*std::move(value));
}

std::optional<Node> Deployment::given_value(const GivenParameter& given,
                                            const ParameterType& type) {
  Node value = given.value;
  if (given.is_text && type.kind != Node::Kind::String) {
    auto parsed = parse_json(value.text, *value.file);
    if (parsed) value = *std::move(parsed);
  }
  if (value.is_unresolved() || value.is_null() || type.fits(value)) return value;
  expansion_.say(Severity::Error, value, {},
                 fmt::format("parameter `{}`: expected {}, found {}", given.name,
                             kind_name(*type.kind), kind_name(value.kind)));
  return std::nullopt;
}

Value Deployment::without_value(const std::string& name, const Node& declared,
                                const ParameterType& type) {
  const std::string pointer = pointer_join(at("parameters"), name);
  if (const Node* otherwise = declared.find("defaultValue")) {
    std::vector<EvaluationProblem> problems;
    Node value = evaluator().resolve(*otherwise, pointer_join(pointer, "defaultValue"), problems);
    if (type.secure || is_secret_name(name)) keep_secret(value);
    expansion_.report(problems);
    return checked(std::move(value));
  }
  if (type.nullable) return share(null_node(declared));
  if (!type.secure) {
    expansion_.say(
        Severity::Warning, declared, pointer,
        origin_.is_nested
            ? fmt::format("parameter `{}` of the nested deployment has no value", name)
            : fmt::format("parameter `{0}` has no value: `--parameter {0}=VALUE` sets it", name));
  }
  return not_known(name, declared);
}

// Of an array each item must be allowed.
void Deployment::check_allowed(const std::string& name, const Node& value,
                               const ParameterType& type) {
  if (type.allowed == nullptr || value.is_unresolved() || is_among(*type.allowed, value)) return;
  const auto allowed = [&](const Node& item) { return is_among(*type.allowed, item); };
  if (value.is_array() && std::ranges::all_of(value.items, allowed)) return;
  expansion_.say(Severity::Warning, value, {},
                 fmt::format("parameter `{}`: `{}` is not allowed, expected one of {}", name,
                             text_of(value), listed(*type.allowed)));
}

}  // namespace nsp
