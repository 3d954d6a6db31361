#include "sim/document/deployment.h"

#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

// `{"value":…}`, or `{"reference":{"keyVault":…}}`, whose value only a vault knows.
Result<GivenParameter> read_entry(const Member& entry) {
  const Node* value = entry.value.find("value");
  if (value != nullptr) return GivenParameter{entry.name, *value, false};
  if (entry.value.find("reference") != nullptr) {
    const std::string expression = fmt::format("[parameters('{}')]", entry.name);
    return GivenParameter{entry.name, Node::unresolved(expression, entry.value), false};
  }
  return std::unexpected(
      one_error(entry.value.place(pointer_join("/parameters", entry.name)),
                fmt::format("parameter `{}` has neither `value` nor `reference`", entry.name)));
}

}  // namespace

std::expected<GivenParameter, std::string> parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = trim(text.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) {
    return std::unexpected(fmt::format("`{}` is no parameter, expected `name=value`", text));
  }
  Node value;
  value.kind = Node::Kind::String;
  value.text = text.substr(equals + 1);
  value.file = shared_text("--parameter");
  return GivenParameter{std::string(name), std::move(value), true};
}

Result<std::vector<GivenParameter>> read_parameters(std::string_view bytes,
                                                    const std::string& file) {
  const auto root = parse_json(bytes, file);
  if (!root) return std::unexpected(root.error());
  const Node* entries = root->find("parameters");
  if (entries == nullptr || !entries->is_object()) {
    return std::unexpected(one_error(
        root->place(), "not a deployment parameters file, expected `{\"parameters\":{…}}`"));
  }
  std::vector<GivenParameter> given;
  Diagnostics faults;
  for (const Member& entry : entries->members) {
    auto one = read_entry(entry);
    if (one) {
      given.push_back(*std::move(one));
    } else {
      faults.push_back(one.error().front());
    }
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return given;
}

}  // namespace nsp
