#include "sim/document/node.h"

#include <gtest/gtest.h>

#include "sim/document/json.h"

namespace nsp {
namespace {

TEST(Node, FindsMembersWithoutCaseAndPrefersTheExactOne) {
  const Node root = *parse_json(R"({"Id": 1, "id": 2, "Properties": {"networkAcls": {}}})", "f");
  EXPECT_EQ(root.find("id")->text, "2");
  EXPECT_EQ(root.find("ID")->text, "1");
  EXPECT_EQ(root.find("name"), nullptr);
  EXPECT_TRUE(root.at({"properties", "NETWORKACLS"})->is_object());
  EXPECT_EQ(root.at({"id", "x"}), nullptr);
  EXPECT_EQ(root.string_at("id"), "");
}

TEST(Node, MakesTreesThatStandWhereTheyCameFrom) {
  const Node cell = *parse_json("[1]", "page.md", 7);
  Node object = Node::object(cell);
  object.add("list", Node::array(cell)).push(Node::string("a\"b\n", cell));
  EXPECT_EQ(to_json(object), R"({"list":["a\"b\u000a"]})");
  EXPECT_EQ(to_string(object.find("list")->items[0].place("/list/0")), "page.md:7:1 /list/0");
  EXPECT_EQ(object.members[0].line, 7U);
}

TEST(Node, EscapesPointers) {
  EXPECT_EQ(pointer_join("/a", "b/c~d"), "/a/b~1c~0d");
  EXPECT_EQ(pointer_join("", std::size_t{3}), "/3");
}

TEST(Node, NamesItsKinds) {
  const Node all = *parse_json(R"([null, true, 1, "s", [], {}])", "f");
  std::string names;
  for (const Node& item : all.items) (names += kind_name(item.kind)) += ',';
  EXPECT_EQ(names, "null,a boolean,a number,a string,an array,an object,");
}

}  // namespace
}  // namespace nsp
