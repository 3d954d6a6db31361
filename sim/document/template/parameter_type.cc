#include "sim/document/template/parameter_type.h"

#include <algorithm>
#include <array>

#include "sim/base/text.h"

namespace nsp {
namespace {

struct Named {
  std::string_view name;
  Node::Kind kind;
};
constexpr std::array kKinds{
    Named{"string", Node::Kind::String},       Named{"securestring", Node::Kind::String},
    Named{"int", Node::Kind::Number},          Named{"bool", Node::Kind::Bool},
    Named{"array", Node::Kind::Array},         Named{"object", Node::Kind::Object},
    Named{"secureobject", Node::Kind::Object},
};

// `#/definitions/name`, with the escapes of a pointer that names can hold.
const Node* definition(const Node& root, std::string_view reference) {
  constexpr std::string_view kPrefix = "#/definitions/";
  if (!reference.starts_with(kPrefix)) return nullptr;
  std::string name(reference.substr(kPrefix.size()));
  for (const auto& [from, to] : {std::pair{"~1", '/'}, std::pair{"~0", '~'}}) {
    for (std::size_t i = name.find(from); i != std::string::npos; i = name.find(from, i + 1)) {
      name.replace(i, 2, 1, to);
    }
  }
  const Node* definitions = root.find("definitions");
  return definitions == nullptr ? nullptr : definitions->find(name);
}

void take(ParameterType& type, const Node& part) {
  const Node* nullable = part.find("nullable");
  type.nullable |= nullable != nullptr && nullable->boolean;
  if (type.allowed == nullptr) type.allowed = part.find("allowedValues");
  const std::string_view word = part.string_at("type");
  type.secure |= lower(word).starts_with("secure");
  const auto known =
      std::ranges::find_if(kKinds, [&](const Named& one) { return iequals(one.name, word); });
  if (known != kKinds.end() && !type.kind) type.kind = known->kind;
}

}  // namespace

ParameterType parameter_type(const Node& declared, const Node& root) {
  constexpr int kLongestChain = 32;
  ParameterType type;
  const Node* part = &declared;
  for (int i = 0; part != nullptr && i < kLongestChain; ++i) {
    take(type, *part);
    part = definition(root, part->string_at("$ref"));
  }
  return type;
}

}  // namespace nsp
