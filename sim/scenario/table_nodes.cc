#include "sim/scenario/table_nodes.h"

#include <utility>

namespace nsp {

Node TableNodes::at(const PageCell& cell) const {
  Node where;
  where.file = file_;
  where.line = cell.line;
  where.column = cell.column;
  return where;
}

Node TableNodes::text(std::string value, const PageCell& cell) const {
  return Node::string(std::move(value), at(cell));
}

Node TableNodes::boolean(bool value, const PageCell& cell) const {
  Node node = at(cell);
  node.kind = Node::Kind::Bool;
  node.boolean = value;
  return node;
}

Node TableNodes::object(const PageCell& cell) const { return Node::object(at(cell)); }

Node TableNodes::array(const PageCell& cell) const { return Node::array(at(cell)); }

Node TableNodes::object_of(std::string name, std::string value, const PageCell& cell) const {
  Node node = object(cell);
  node.add(std::move(name), text(std::move(value), cell));
  return node;
}

Node TableNodes::texts(std::span<const PageCell> cells, const PageCell& where) const {
  Node list = array(where);
  for (const auto& cell : cells) list.push(text(cell.text, cell));
  return list;
}

Node TableNodes::resource(const std::string& id, std::string_view type, std::string_view name,
                          const PageCell& cell) const {
  Node node = object(cell);
  node.add("id", text(id, cell));
  node.add("type", text(std::string(type), cell));
  node.add("name", text(std::string(name), cell));
  return node;
}

}  // namespace nsp
