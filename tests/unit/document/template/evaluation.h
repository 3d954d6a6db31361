// Expressions evaluated in a scope of a few parameters, for tests of the language alone.
#ifndef NSP_TESTS_UNIT_DOCUMENT_TEMPLATE_EVALUATION_H_
#define NSP_TESTS_UNIT_DOCUMENT_TEMPLATE_EVALUATION_H_

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/document/json.h"
#include "sim/document/template/evaluate.h"

namespace nsp::test {

inline Node node_of(std::string_view json) {
  auto node = parse_json(json, "test.json");
  if (!node) throw std::invalid_argument(to_string(node.error().front()));
  return *std::move(node);
}

class SmallScope final : public TemplateScope {
 public:
  explicit SmallScope(std::string_view parameters = "{}")
      : parameters_(share(node_of(parameters))) {
    facts_.subscription = "11111111-1111-1111-1111-111111111111";
    facts_.tenant = "22222222-2222-2222-2222-222222222222";
    facts_.resource_group = "rg";
    facts_.location = "westeurope";
    facts_.name = "main";
    facts_.now = "20190305T175318Z";
  }

  [[nodiscard]] Answer parameter(std::string_view name) override {
    if (name == "unknown") return share(Node::unresolved("[parameters('unknown')]", Node()));
    Value found = member_of(parameters_, name);
    if (found == nullptr) return std::unexpected(fmt::format("no parameter `{}`", name));
    return found;
  }
  [[nodiscard]] Answer variable(std::string_view name) override { return parameter(name); }
  [[nodiscard]] Answer reference(std::span<const Value>) override { return Value(); }
  [[nodiscard]] std::string id_of_symbol(std::string_view symbol) override {
    return symbol == "nsp" ? "/subscriptions/s/nsp" : "";
  }
  [[nodiscard]] const DeploymentFacts& facts() const override { return facts_; }
  [[nodiscard]] Answer call_user_function(std::string_view name,
                                          std::span<const Value> arguments) override {
    return share(Node::string(fmt::format("{} of {}", name, arguments.size()), Node()));
  }

  DeploymentFacts facts_;

 private:
  Value parameters_;
};

// The value as JSON, `?` and the expression of an unresolved one, or `OFFSET MESSAGE` of a mistake.
inline std::string value_of(std::string_view expression, std::string_view parameters = "{}") {
  SmallScope scope(parameters);
  Work work;
  Evaluator evaluator(scope, work);
  const Node node = Node::string(fmt::format("[{}]", expression), Node());
  const auto value = evaluator.evaluate(node);
  if (!value) return fmt::format("{} {}", value.error().offset, value.error().message);
  return (*value)->is_unresolved() ? "?" + (*value)->text : to_json(**value);
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_DOCUMENT_TEMPLATE_EVALUATION_H_
