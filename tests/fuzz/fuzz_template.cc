// Any bytes as a template, as the parameters of one, and as an expression: nothing crashes, takes
// long or needs much memory; every diagnostic has a place, and reading twice says the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/document/json.h"
#include "sim/document/resource_document.h"

namespace {

using nsp::Member;
using nsp::Node;

void require(bool holds) {
  if (!holds) std::abort();
}

// `{"$schema":…,"parameters":{"p":…},"resources":[{…,"properties":{"p":TEXT}}]}`.
Node around(std::string_view expression) {
  Node where;
  where.file = nsp::shared_text("fuzz");
  where.line = 1;
  where.column = 1;
  Node root = Node::object(where);
  root.add("$schema", Node::string("deploymentTemplate.json", where));
  Node& parameters = root.add("parameters", Node::object(where));
  Node& data = parameters.add("p", Node::object(where));
  data.add("defaultValue", Node::array(where)).push(Node::string("a", where));
  Node& resources = root.add("resources", Node::array(where));
  Node& resource = resources.push(Node::object(where));
  resource.add("type", Node::string("Microsoft.Storage/storageAccounts", where));
  resource.add("name", Node::string("st", where));
  Node& copy = resource.add("copy", Node::object(where));
  copy.add("name", Node::string("loop", where));
  Node& count = copy.add("count", Node::object(where));
  count.kind = Node::Kind::Number;
  count.text = "2";
  Node& properties = resource.add("properties", Node::object(where));
  properties.add("p", Node::string("[" + std::string(expression) + "]", where));
  return root;
}

void check(const Node& root, const nsp::ReadOptions& options) {
  const nsp::DocumentSet first = nsp::read_documents(root, options);
  for (const auto& diagnostic : first.diagnostics) require(!diagnostic.message.empty());
  const nsp::DocumentSet second = nsp::read_documents(root, options);
  require(first.resources.size() == second.resources.size());
  require(first.diagnostics == second.diagnostics);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  nsp::ReadOptions options;
  if (auto given = nsp::read_parameters(bytes, "fuzz")) options.parameters = *std::move(given);
  if (bytes.starts_with('{')) {
    if (const auto root = nsp::parse_json(bytes, "fuzz")) check(*root, options);
  } else {
    check(around(bytes), options);
  }
  return 0;
}
