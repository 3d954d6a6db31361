// What an expression of the configuration refers to, as ids.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/terraform.h"

namespace nsp {
namespace {

constexpr std::size_t kDeepestReference = 32;  // modules in modules, variables of variables
constexpr std::size_t kMostSteps = 10'000;

std::string joined(std::string_view module, std::string_view block) {
  return module.empty() ? std::string(block) : fmt::format("{}.{}", module, block);
}

// `azurerm_x.y` beside `azurerm_x.y.id` says nothing more.
bool is_repeated(const std::vector<Node>& references, std::size_t at) {
  const std::string& text = references[at].text;
  return std::ranges::any_of(references, [&](const Node& other) {
    return other.text.size() > text.size() && other.text.starts_with(text) &&
           (other.text[text.size()] == '.' || other.text[text.size()] == '[');
  });
}

bool is_loop(std::string_view reference) {
  return reference.starts_with("each.") || reference == "count.index";
}

// A whole block of a resource, which a loop's own key takes an instance of.
bool is_block(std::string_view reference) {
  constexpr std::array<std::string_view, 8> kOthers{"var",   "local", "module", "each",
                                                    "count", "path",  "self",   "terraform"};
  const auto names = split_address(reference);
  if (std::ranges::find(kOthers, names.front()) != kOthers.end()) return false;
  return names.size() == (names.front() == "data" ? 3U : 2U);
}

}  // namespace

const Node* TerraformPlan::module_of(std::string_view path) const {
  const Node* module = configuration_;
  if (path.empty()) return module;
  const auto names = split_address(path);
  for (std::size_t i = 1; i < names.size() && module != nullptr; i += 2) {
    module = module->at({"module_calls", without_index(names[i]), "module"});
  }
  return module;
}

TerraformPlan::Ids TerraformPlan::resolve(const Node& expression, const Scope& scope) {
  steps_ = scope.depth == 0 ? 0 : steps_ + 1;
  if (scope.depth > kDeepestReference || steps_ > kMostSteps) return std::nullopt;
  if (const Node* constant = expression.find("constant_value")) {
    if (!constant->is_string()) return std::nullopt;
    return std::vector<std::string>{constant->text};
  }
  const Node* references = expression.find("references");
  if (references == nullptr || references->items.empty()) return std::nullopt;
  const auto& all = references->items;
  const auto has = [&](auto test) {
    return std::ranges::any_of(all, [&](const Node& one) { return test(one.text); });
  };
  const bool is_indexed = has(is_loop) && has(is_block);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_repeated(all, i) || (is_indexed && is_loop(all[i].text))) continue;
    const Ids ids = resolve_reference(all[i].text, scope, all[i], is_indexed);
    if (!ids) return std::nullopt;
    for (const std::string& id : *ids) {
      if (std::ranges::find(out, id) == out.end()) out.push_back(id);
    }
  }
  return out.empty() ? Ids() : Ids(std::move(out));
}

TerraformPlan::Ids TerraformPlan::resolve_reference(const std::string& reference,
                                                    const Scope& scope, const Node& where,
                                                    bool is_indexed) {
  const auto names = split_address(reference);
  Scope inside = scope;
  ++inside.depth;
  if (names.size() < 2) return std::nullopt;
  if (names[0] == "var") return names.size() == 2 ? resolve_variable(names[1], inside) : Ids();
  if (names[0] == "module") return resolve_output(names, inside);
  if (names[0] == "each") return resolve_each(names, inside);
  return resolve_resource(names, inside, where, is_indexed);
}

// At the root its value stands in the plan; in a module the call says it.
TerraformPlan::Ids TerraformPlan::resolve_variable(std::string_view name, const Scope& scope) {
  if (scope.module.empty()) {
    const Node* value = variables_ != nullptr ? variables_->at({name, "value"}) : nullptr;
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::vector<std::string>{value->text};
  }
  auto names = split_address(scope.module);
  const std::string last = names.back();
  names.resize(names.size() - 2);
  Scope outer{nsp::join(names, "."), index_of(last), nullptr, scope.depth};
  const Node* caller = module_of(outer.module);
  outer.block = caller != nullptr ? caller->at({"module_calls", without_index(last)}) : nullptr;
  if (outer.block == nullptr) return std::nullopt;
  const Node* expression = outer.block->at({"expressions", name});
  return expression != nullptr ? resolve(*expression, outer) : Ids();
}

TerraformPlan::Ids TerraformPlan::resolve_output(const std::vector<std::string>& names,
                                                 const Scope& scope) {
  if (names.size() != 3) return std::nullopt;
  const Node* here = module_of(scope.module);
  const std::string call_name = without_index(names[1]);
  const Node* call = here != nullptr ? here->at({"module_calls", call_name}) : nullptr;
  if (call == nullptr) return std::nullopt;
  const bool loops = call->find("count_expression") || call->find("for_each_expression");
  std::string index = index_of(names[1]);
  if (index.empty() && loops) index = scope.index;
  if (index.empty() && loops) return std::nullopt;
  const Node* expression = call->at({"module", "outputs", without_index(names[2]), "expression"});
  if (expression == nullptr) return std::nullopt;
  const std::string path = joined(scope.module, fmt::format("module.{}{}", call_name, index));
  return resolve(*expression, {path, {}, nullptr, scope.depth});
}

// `for_each = azurerm_x.y` and `each.value.id`: the instance of the same key.
TerraformPlan::Ids TerraformPlan::resolve_each(const std::vector<std::string>& names,
                                               const Scope& scope) {
  const Node* loop = scope.block != nullptr ? scope.block->find("for_each_expression") : nullptr;
  const Node* references = loop != nullptr ? loop->find("references") : nullptr;
  if (references == nullptr || names[1] != "value" || names.size() > 3) return std::nullopt;
  if (names.size() == 3 && names[2] != "id") return std::nullopt;
  std::vector<std::string> target;
  for (std::size_t i = 0; i < references->items.size(); ++i) {
    if (is_repeated(references->items, i)) continue;
    if (!target.empty() || !is_block(references->items[i].text)) return std::nullopt;
    target = split_address(references->items[i].text);
  }
  if (target.empty() || names.size() != 3) return std::nullopt;
  target.push_back(names[2]);
  return resolve_resource(target, scope, *references, true);
}

// Whose identity is meant, in the words that a template's expression would have.
TerraformPlan::Ids TerraformPlan::principal_of(TerraformResource& resource, bool own) {
  return std::vector<std::string>{
      fmt::format("[reference('{}').{}principalId]", id_of(resource), own ? "identity." : "")};
}

// `TYPE.NAME[…].id`, or the block alone where a loop's key takes the instance.
TerraformPlan::Ids TerraformPlan::resolve_resource(const std::vector<std::string>& names,
                                                   const Scope& scope, const Node& where,
                                                   bool is_indexed) {
  const std::size_t own = names.front() == "data" ? 3 : 2;
  if (names.size() < own) return std::nullopt;
  const bool is_principal = names.back() == "principal_id" && names.size() <= own + 2;
  const bool is_id =
      is_principal || (names.back() == "id" && names.size() <= own + 2 && names.size() > own);
  // Before Terraform 0.14 a plan named the resource alone.
  if (!is_id && names.size() != own) return std::nullopt;
  std::string block = own == 3 ? "data." + names[1] + "." : names[0] + ".";
  block += without_index(names[own - 1]);
  if (!is_id && !is_indexed && index_of(names[own - 1]).empty()) {
    const auto loop = by_block_.find(joined(scope.module, block));
    if (loop == by_block_.end() || !loop->second.first->index.empty()) return std::nullopt;
  }
  TerraformResource* found =
      pick(joined(scope.module, block), index_of(names[own - 1]), scope, where);
  if (found == nullptr || id_of(*found).empty()) return std::nullopt;
  if (is_principal) return principal_of(*found, names.size() == own + 2);
  return std::vector<std::string>{id_of(*found)};
}

TerraformResource* TerraformPlan::pick(const std::string& block, const std::string& index,
                                       const Scope& scope, const Node& where) {
  const auto found = by_block_.find(block);
  if (found == by_block_.end()) return nullptr;
  const bool loops = !found->second.first->index.empty();
  const std::string& wanted = index.empty() && loops ? scope.index : index;
  const auto same = by_address_.find(block + wanted);
  if (same != by_address_.end()) return same->second;
  if (said_.insert(block + scope.module + scope.index).second) {
    add_warning(set_, where, {},
                fmt::format("`{}` may be any of its {} instances: the reference is left open",
                            block, found->second.count));
  }
  return nullptr;
}

}  // namespace nsp
