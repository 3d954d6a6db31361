// What Azure Resource Graph answers: `{"count", "data": […], "skip_token", "total_records"}` of
// `az graph query`, `Data` and `SkipToken` of Search-AzGraph, `$skipToken` and `resultTruncated` of
// REST, whose data may also be a table of columns and rows.
//
// Types are in lower case, which ids never mind. A row is a resource; a query that projects
// `properties.accessMode` gives a column `properties_accessMode`, which goes back to where it was.

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/readers.h"

namespace nsp {
namespace {

constexpr std::string_view kPrefix = "properties_";

bool is_column_of_properties(const Member& member) {
  return lower(member.name).starts_with(kPrefix) && member.name.size() > kPrefix.size();
}

// `a_b` below `into` as {"a": {"b": value}}.
void put_at(Node& into, std::string_view path, Node value) {
  const auto bar = path.find('_');
  if (bar == std::string_view::npos || bar == 0 || bar + 1 == path.size()) {
    if (into.find(path) == nullptr) into.add(std::string(path), std::move(value));
    return;
  }
  const std::string_view name = path.substr(0, bar);
  Node* inside = into.find(name);
  if (inside == nullptr) inside = &into.add(std::string(name), Node::object(value));
  if (inside->is_object()) put_at(*inside, path.substr(bar + 1), std::move(value));
}

void restore_columns(Node& row) {
  if (!row.is_object() || std::ranges::none_of(row.members, is_column_of_properties)) return;
  std::vector<Member> rest;
  std::vector<Member> columns;
  for (Member& member : row.members) {
    (is_column_of_properties(member) ? columns : rest).push_back(std::move(member));
  }
  row.members = std::move(rest);
  Node* properties = row.find("properties");
  if (properties == nullptr) properties = &row.add("properties", Node::object(row));
  if (!properties->is_object()) *properties = Node::object(*properties);
  for (Member& column : columns) {
    put_at(*properties, std::string_view(column.name).substr(kPrefix.size()),
           std::move(column.value));
  }
}

const Node* array_at(const Node& node, std::string_view name) {
  const Node* found = node.find(name);
  return found != nullptr && found->is_array() ? found : nullptr;
}

// Rows of a table to objects, each value under the name of its column.
Node objects_of(Node& table) {
  Node list = Node::array(table);
  const Node& columns = *array_at(table, "columns");
  for (Node& row : table.find("rows")->items) {
    Node object = Node::object(row);
    for (std::size_t i = 0; i < std::min(row.items.size(), columns.items.size()); ++i) {
      const std::string_view name = columns.items[i].string_at("name");
      if (!name.empty() && object.find(name) == nullptr) {
        object.add(std::string(name), std::move(row.items[i]));
      }
    }
    list.push(std::move(object));
  }
  return list;
}

void warn_of_more(DocumentSet& set, const Node& root, const std::string& pointer) {
  for (const std::string_view name : {"skip_token", "skipToken", "$skipToken"}) {
    const Node* token = root.find(name);
    if (token == nullptr || !token->is_string() || token->text.empty()) continue;
    return add_warning(set, *token, pointer_join(pointer, name),
                       fmt::format("the answer goes on at `{}`: what follows there is not in this "
                                   "file",
                                   name));
  }
  if (!iequals(root.string_at("resultTruncated"), "true")) return;
  add_warning(set, *root.find("resultTruncated"), pointer_join(pointer, "resultTruncated"),
              "the answer is cut off: what follows is not in this file");
}

}  // namespace

bool is_graph_answer(const Node& root) {
  const Node* data = root.find("data");
  if (data == nullptr) return false;
  return data->is_array() ||
         (array_at(*data, "columns") != nullptr && array_at(*data, "rows") != nullptr);
}

void read_graph_answer(DocumentSet& set, Node root, const std::string& pointer) {
  warn_of_more(set, root, pointer);
  const auto is_data = [](const Member& member) { return iequals(member.name, "data"); };
  Member& data = *std::ranges::find_if(root.members, is_data);
  std::string at = pointer_join(pointer, data.name);
  if (!data.value.is_array()) {
    data.value = objects_of(data.value);
    at = pointer_join(at, "rows");
  }
  for (Node& row : data.value.items) restore_columns(row);
  read_items(set, std::move(data.value), at);
}

}  // namespace nsp
