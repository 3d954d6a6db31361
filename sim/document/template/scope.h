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

#include "sim/document/template/expression.h"
#include "sim/document/template/value.h"

namespace nsp {

// Where a deployment goes, as the command line says it, else stand-ins: a subscription of zeros, a
// resource group `template`. Nothing is asked of Azure or of the clock.
struct DeploymentFacts {
  std::string subscription = "00000000-0000-0000-0000-000000000000";
  std::string tenant = "00000000-0000-0000-0000-000000000000";
  std::string resource_group = "template";
  std::string location = "eastus";
  std::string name = "template";         // of the deployment
  std::string now = "20260101T000000Z";  // of utcNow(), in its default format
  // What is a stand-in and not said by the user: a value made from it is not Azure's.
  bool stand_in_subscription = true;
  bool stand_in_resource_group = true;

  bool operator==(const DeploymentFacts&) const = default;
};

// Steps that evaluation may take: calls, accesses, nodes made. Spent by all of one template.
struct Budget {
  std::size_t left = 20'000'000;

  [[nodiscard]] bool spend(std::size_t steps = 1) {
    if (steps > left) return left = 0, false;
    left -= steps;
    return true;
  }
};

// The message says what is wrong, without a place.
using Answer = std::expected<Value, std::string>;

class TemplateScope {
 public:
  virtual ~TemplateScope() = default;

  [[nodiscard]] virtual Answer parameter(std::string_view name) = 0;
  [[nodiscard]] virtual Answer variable(std::string_view name) = 0;
  // `reference(…)`: what is known of a resource or of a nested deployment at this time; an
  // unresolved value with the text of `expression` where nothing is.
  [[nodiscard]] virtual Answer reference(std::span<const Value> arguments,
                                         std::string_view expression) = 0;
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
