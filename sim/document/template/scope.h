// What an expression can ask of its surroundings: parameters, variables, loops, the deployment.
//
// One deployment (a template, or a nested one with inner scope) is one scope. Parameters and
// variables are evaluated when first asked for and kept; one that needs itself is an error, not a
// loop. What only a real deployment knows comes back as an unresolved value.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_SCOPE_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_SCOPE_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document/deployment.h"
#include "sim/document/template/value.h"

namespace nsp {

// What evaluation may cost, spent by all of one template: steps (calls, accesses, values looked at,
// nodes made), and how deep evaluations may stand inside each other.
struct Budget {
  static constexpr std::size_t kDeepest = 500;

  std::size_t left = 20'000'000;
  std::size_t depth = 0;

  [[nodiscard]] bool spend(std::size_t steps = 1) {
    if (steps > left) return left = 0, false;
    left -= steps;
    return true;
  }
};

inline constexpr std::string_view kTooManySteps = "the template takes too many steps";
inline constexpr std::string_view kTooDeep = "the evaluation nests too deep";

// One evaluation inside another, while it lives.
class DepthGuard {
 public:
  explicit DepthGuard(Budget& budget) : budget_(budget) { ++budget_.depth; }
  ~DepthGuard() { --budget_.depth; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  [[nodiscard]] bool fits() const { return budget_.depth <= Budget::kDeepest; }

 private:
  Budget& budget_;
};

// The message says what is wrong, without a place.
using Answer = std::expected<Value, std::string>;

class TemplateScope {
 public:
  virtual ~TemplateScope() = default;

  [[nodiscard]] virtual Answer parameter(std::string_view name) = 0;
  [[nodiscard]] virtual Answer variable(std::string_view name) = 0;
  // `reference(…)`: what is known of a nested deployment before anything is deployed; a null
  // pointer where nothing is.
  [[nodiscard]] virtual Answer reference(std::span<const Value> arguments) = 0;
  // A resource id of this scope's resource by its symbolic name; empty: none has that name.
  [[nodiscard]] virtual std::string id_of_symbol(std::string_view symbol) = 0;
  [[nodiscard]] virtual const DeploymentFacts& facts() const = 0;
  // The body of a function that the template defines, `contoso.name`, called with these arguments.
  [[nodiscard]] virtual Answer call_user_function(std::string_view name,
                                                  std::span<const Value> arguments) = 0;

 protected:
  TemplateScope() = default;
  TemplateScope(const TemplateScope&) = default;
  TemplateScope& operator=(const TemplateScope&) = default;
};

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_SCOPE_H_
