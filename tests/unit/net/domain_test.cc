#include "sim/net/domain.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nsp {
namespace {

DomainName name(std::string_view text) {
  const auto parsed = DomainName::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(DomainName{});
}

DomainPattern pattern(std::string_view text) {
  const auto parsed = DomainPattern::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(DomainPattern{});
}

TEST(DomainName, IsKeptInLowerCaseWithoutTrailingDot) {
  EXPECT_EQ(name("Blob.Core.Windows.NET.").text(), "blob.core.windows.net");
  EXPECT_EQ(name("a_b-c.example").text(), "a_b-c.example");
}

TEST(DomainName, SaysWhatIsWrong) {
  const std::string long_label(64, 'a');
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "`` is empty, expected a host name"},
      {".", "`.` has an empty label"},
      {"a..b", "`a..b` has an empty label"},
      {"a b.c", "`a b.c` has `a b`, expected letters, digits, `-` and `_` between dots"},
      {"https://a.b", "`https://a.b` has a scheme, expected a host name alone"},
      {"a.b/c", "`a.b/c` has a path, expected a host name alone"},
      {"a.b:443", "`a.b:443` has a port, expected a host name alone"},
      {long_label, "`" + long_label + "` has a label of 64 characters, at most 63 are allowed"}};
  for (const auto& [text, message] : rows) {
    const auto parsed = DomainName::parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error(), message);
  }
}

TEST(DomainName, HoldsAtMost253Characters) {
  std::string longest;
  for (int i = 0; i < 126; ++i) longest += "a.";
  EXPECT_TRUE(DomainName::parse(longest + "b").has_value());
  EXPECT_FALSE(DomainName::parse(longest + "bc").has_value());
}

TEST(DomainPattern, MatchesByLabelsAndNeverLookAlikes) {
  struct Row {
    std::string pattern, name;
    bool any_depth, one_label;
  };
  const std::vector<Row> rows{
      {"*", "anything.example", true, true},
      {"api.contoso.example", "API.contoso.example.", true, true},
      {"api.contoso.example", "x.api.contoso.example", false, false},
      {"*.blob.core.windows.net", "a.blob.core.windows.net", true, true},
      {"*.blob.core.windows.net", "a.b.blob.core.windows.net", true, false},
      {"*.blob.core.windows.net", "blob.core.windows.net", false, false},
      {"*.blob.core.windows.net", "evilblob.core.windows.net", false, false},
      {"*.blob.core.windows.net", "blob.core.windows.net.evil.example", false, false},
      {"*.blob.core.windows.net", "a.blob.core.windows.net.evil.example", false, false}};
  for (const Row& row : rows) {
    EXPECT_EQ(pattern(row.pattern).matches(name(row.name)), row.any_depth) << row.name;
    EXPECT_EQ(pattern(row.pattern).matches(name(row.name), true), row.one_label) << row.name;
  }
}

TEST(DomainPattern, RefusesAStarElsewhere) {
  for (const char* text : {"a.*.b", "a*.b", "**.b", "*b", "*.*.b"}) {
    const auto parsed = DomainPattern::parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error(), "`" + std::string(text) +
                                  "` has a `*` inside, expected `*` alone or `*.` at the start");
  }
  EXPECT_EQ(DomainPattern::parse("*.").error(), "`*.` is empty, expected a host name");
  EXPECT_EQ(DomainPattern::parse("https://*.b").error(),
            "`https://*.b` has a scheme, expected a host name alone");
}

TEST(DomainPattern, WritesWhatItReads) {
  for (const char* text : {"*", "*.example", "a.example"}) {
    EXPECT_EQ(to_string(pattern(text)), text);
  }
}

TEST(DomainPattern, DescribesWhyANameIsMissed) {
  struct Row {
    std::string name, pattern, words;
    bool one_label = false;
  };
  const std::vector<Row> rows{
      {"b.example", "a.example", "`b.example` is not `a.example`"},
      {"x.a.example", "a.example",
       "`x.a.example` is under `a.example`, which stands for itself alone"},
      {"a.example", "*.a.example",
       "`a.example` is the suffix itself, `*.` needs a label before it"},
      {"xa.example", "*.a.example",
       "`xa.example` ends with `a.example` but not at a dot: another name"},
      {"a.example.org", "*.a.example",
       "`a.example.org` holds `a.example` but does not end with it: another name"},
      {"b.org", "*.a.example", "`b.org` is not under `a.example`"},
      {"x.y.a.example", "*.a.example",
       "`x.y.a.example` has more than one label before `a.example`, `*` stands for one", true}};
  for (const Row& row : rows) {
    EXPECT_EQ(describe_miss(name(row.name), pattern(row.pattern), row.one_label), row.words);
  }
}

TEST(DomainPattern, CoversWhatItMatches) {
  struct Row {
    std::string wide, narrow;
    bool default_reading, one_label;
  };
  const std::vector<Row> rows{{"*", "*", true, true},
                              {"*", "*.example", true, true},
                              {"*.example", "*", false, false},
                              {"*.example", "a.example", true, true},
                              {"*.example", "a.b.example", true, false},
                              {"*.example", "example", false, false},
                              {"*.example", "*.example", true, true},
                              {"*.example", "*.b.example", true, false},
                              {"*.b.example", "*.example", false, false},
                              {"*.example", "*.xexample", false, false},
                              {"a.example", "a.example", true, true},
                              {"a.example", "*.a.example", false, false}};
  for (const Row& row : rows) {
    const DomainPattern wide = pattern(row.wide);
    EXPECT_EQ(wide.covers(pattern(row.narrow)), row.default_reading) << row.wide << row.narrow;
    EXPECT_EQ(wide.covers(pattern(row.narrow), true), row.one_label) << row.wide << row.narrow;
  }
}

// A name has at most 253 characters, so under a suffix of 252 none fits.
TEST(DomainPattern, MatchesNothingUnderALongSuffix) {
  const std::string label(49, 'a');
  const std::string long_suffix = label + "." + label + "." + label + "." + label + "." + label;
  ASSERT_EQ(long_suffix.size(), 249U);
  EXPECT_FALSE(pattern("*." + long_suffix + "aa").matches_nothing());
  EXPECT_TRUE(pattern("*." + long_suffix + "aaa").matches_nothing());
  EXPECT_FALSE(pattern(long_suffix + "aaaa").matches_nothing());
  EXPECT_TRUE(pattern("a.example").covers(pattern("*." + long_suffix + "aaa")));
}

}  // namespace
}  // namespace nsp
