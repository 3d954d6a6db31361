// What a template says a parameter may be, user-defined types followed to their end.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_PARAMETER_TYPE_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_PARAMETER_TYPE_H_

#include <optional>
#include <string_view>

#include "sim/document/node.h"

namespace nsp {

struct ParameterType {
  // What a value must be; nothing when the type does not tell.
  std::optional<Node::Kind> kind;
  bool nullable = false;
  bool secure = false;
  const Node* allowed = nullptr;  // `allowedValues`, or null

  [[nodiscard]] bool fits(const Node& value) const { return !kind || value.is(*kind); }
};

// `declared` is a member of `parameters`; `root` is the template, whose `definitions` a `$ref`
// names. A chain of `$ref`s that does not end tells nothing.
[[nodiscard]] ParameterType parameter_type(const Node& declared, const Node& root);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_PARAMETER_TYPE_H_
