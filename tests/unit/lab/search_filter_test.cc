#include "sim/lab/search_filter.h"

#include <gmock/gmock.h>

#include "sim/lab/search_query.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

FieldValue document(const std::string& path) {
  if (path == "rating") return 4.0;
  if (path == "name") return std::string("it's");
  if (path == "deleted") return false;
  if (path == "tags") return std::vector<std::string>{"a", "b"};
  if (path == "made") return std::string("2024-05-01T00:00:00Z");
  return {};
}

// `true`, `false`, or the problem.
std::string of(std::string_view text) {
  const auto filter = SearchFilter::parse(text);
  if (!filter) {
    return std::to_string(filter.error().status) + ' ' + filter.error().message;
  }
  return filter->matches(document) ? "true" : "false";
}

TEST(SearchFilters, Compare) {
  for (const char* text :
       {"rating eq 4", "rating ge +4.0", "rating lt 1e9", "name eq 'it''s'", "not deleted",
        "deleted eq false", "absent eq null", "name ne null", "made ge 2024-01-01T00:00:00Z",
        "rating gt 5 or rating lt 5 and name ne 'x'", "(rating gt 5 or true) and not false",
        "search.in(name, 'x|it''s', '|')", "tags/any(t: t eq 'b')", "tags/any(t:t ne 'b')",
        "tags/any()", "tags/any(t: search.in(t, 'z, b'))", "not tags/any(t: t gt 'b')"}) {
    EXPECT_EQ(of(text), "true") << text;
  }
  for (const char* text :
       {"rating gt 4", "rating eq '4'", "name gt 3", "absent gt 1", "absent/any(t: t eq 'x')",
        "tags/any(t: t eq 'c')", "search.in(name, 'it s')", "not not deleted"}) {
    EXPECT_EQ(of(text), "false") << text;
  }
}

TEST(SearchFilters, SayWhatIsWrong) {
  EXPECT_EQ(of(""), "400 Invalid expression: expected a field or `(` at `` in the filter");
  EXPECT_EQ(of("(rating eq 4"), "400 Invalid expression: expected `)` at `` in the filter");
  EXPECT_EQ(of("rating eq 4 4"),
            "400 Invalid expression: expected the end or an operator at `4` in the filter");
  EXPECT_EQ(of("name eq 'open"),
            "400 Invalid expression: expected a text, a number, true, false or null at `'open` in "
            "the filter");
  EXPECT_EQ(of("f(x)"), "400 Invalid expression: `f` is no function of filters");
  EXPECT_EQ(of("tags/all(t: t eq 'a')"), "501 the lab's AI Search has no `tags/all` in filters");
  EXPECT_EQ(of(std::string(65, '(') + "a"), "400 The filter is nested too deeply");
  EXPECT_EQ(of(std::string(32'769, ' ')), "400 The filter is too long");
  std::string many = "a";
  for (int i = 0; i < 1'000; ++i) many += " or a";
  EXPECT_EQ(of(many), "400 The filter has too many clauses");
}

TEST(TextQueries, AreTakenApart) {
  EXPECT_EQ(parse_text_query("+Fox -\"red rose\" wi* e-mail | *", true),
            (TextQuery{{{{"fox"}, false, true, false},
                        {{"red", "rose"}, false, false, true},
                        {{"wi"}, true, false, false},
                        {{"e"}, false, false, false},
                        {{"mail"}, false, false, false}},
                       true}));
  EXPECT_EQ(parse_text_query(" * ", false), (TextQuery{{}, false}));
}

TEST(ServiceJson, IsNotDeep) {
  EXPECT_TRUE(is_shallow(R"({"a":"[[[[","b":[{}]})", 3));
  EXPECT_FALSE(is_shallow(R"({"a":[[]]})", 2));
  EXPECT_TRUE(is_shallow(R"(["\"[[["])", 1));
  EXPECT_TRUE(is_shallow("[][][]]]", 1));
}

}  // namespace
}  // namespace nsp::lab
