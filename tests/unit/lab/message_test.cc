#include "sim/lab/message.h"

#include <gmock/gmock.h>

namespace nsp::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;

TEST(Headers, AreFoundWithoutCase) {
  Headers headers;
  headers.add("x-ms-version", "2021-12-02");
  headers.add("Accept", "a");
  headers.add("accept", "b");
  EXPECT_THAT(headers.find("X-Ms-Version"), Optional(std::string_view("2021-12-02")));
  EXPECT_THAT(headers.find("ACCEPT"), Optional(std::string_view("a")));
  EXPECT_EQ(headers.find("host"), std::nullopt);
  headers.set("ACCEPT", "c");
  EXPECT_THAT(headers.all(), ElementsAre(Pair("x-ms-version", "2021-12-02"), Pair("ACCEPT", "c")));
}

TEST(Target, IsTakenApart) {
  std::optional<Target> target =
      parse_target("/docs/a%2Fb%20c?comp=list&prefix=x+y%26&flag&restype=container");
  ASSERT_TRUE(target.has_value());
  EXPECT_THAT(target->path, ElementsAre("docs", "a/b c"));
  EXPECT_THAT(target->query, ElementsAre(Pair("comp", "list"), Pair("prefix", "x y&"),
                                         Pair("flag", ""), Pair("restype", "container")));
  EXPECT_THAT(target->find("COMP"), Optional(std::string_view("list")));
  EXPECT_EQ(target->find("marker"), std::nullopt);
}

TEST(Target, KeepsPlusInPathsAndEmptySegments) {
  EXPECT_THAT(parse_target("/a+b//")->path, ElementsAre("a+b", "", ""));
  EXPECT_THAT(parse_target("/")->path, IsEmpty());
  EXPECT_THAT(parse_target("/?")->query, IsEmpty());
}

TEST(Target, OfBrokenEscapesIsNothing) {
  for (const char* text : {"", "docs", "/%", "/%2", "/%zz", "/a?x=%4", "/a?%g0=1", "*"}) {
    EXPECT_EQ(parse_target(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace nsp::lab
