#include "sim/analysis/lint_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LintRequest request(std::vector<LintDocument> documents,
                    std::vector<std::pair<std::string, std::string>> options = {}) {
  return {std::move(documents), std::move(options), {"page.md", 7, 1, {}}};
}

constexpr std::string_view kBlockPerimeter =
    "{\"id\":\"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/"
    "Microsoft.Network/networkSecurityPerimeters/a";

std::string link(std::string_view status) {
  return std::string(kBlockPerimeter) +
         "/links/l\",\"properties\":{\"remotePerimeterResourceId\":\"/subscriptions/"
         "00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/"
         "networkSecurityPerimeters/b\",\"localInboundProfiles\":[\"*\"],"
         "\"remoteInboundProfiles\":[\"*\"],\"status\":\"" +
         std::string(status) + "\"}}\n";
}

std::string perimeter() { return std::string(kBlockPerimeter) + "\"}\n"; }

TEST(LintBlock, PutsDocumentsTogetherAndKeepsTheirLines) {
  const auto lines = lint_block(request({{perimeter(), 1}, {link("Pending"), 3}}));
  ASSERT_TRUE(lines.has_value());
  EXPECT_THAT(*lines, ElementsAre("warning NSP152 3:1: link `l` to perimeter `b` is Pending, so it "
                                  "carries no traffic"));
}

TEST(LintBlock, TakesItsOptions) {
  const std::vector<LintDocument> documents{{perimeter(), 1}, {link("Pending"), 3}};
  EXPECT_THAT(*lint_block(request(documents, {{"disable", "NSP1xx"}})), IsEmpty());
  EXPECT_THAT(*lint_block(request(documents, {{"enable", "NSP4xx"}})), IsEmpty());
  EXPECT_EQ(to_string(lint_block(request(documents, {{"enable", "NSP8xx"}})).error().front()),
            "error page.md:7:1: there is no check `NSP8xx`");
  EXPECT_EQ(to_string(lint_block(request(documents, {{"today", "now"}})).error().front()),
            "error page.md:7:1: `now` is no date, expected one like `2026-06-30`");
}

TEST(LintBlock, TellsSuppressionsAndCallersByTheirLists) {
  const LintDocument accepted{
      R"({"suppressions":[{"finding":"NSP152","object":"a/l","reason":"r","expires":"2026-01-01"}]})",
      5};
  const std::vector<LintDocument> documents{{perimeter(), 1}, {link("Pending"), 3}, accepted};
  EXPECT_THAT(*lint_block(request(documents)), IsEmpty());
  EXPECT_THAT(*lint_block(request(documents, {{"today", "2026-01-02"}})),
              ElementsAre(testing::StartsWith("warning NSP152 3:1: "),
                          testing::StartsWith("warning NSP901 5:18 /suppressions/0: ")));
  EXPECT_THAT(
      *lint_block(request({{perimeter(), 1}, {R"({"callers":[{"caller":"x","adress":"y"}]})", 2}})),
      ElementsAre(testing::StartsWith("error 2:")));
}

TEST(LintBlock, ShowsErrorsInPlaceOfFindings) {
  EXPECT_THAT(*lint_block(request({{"{", 4}})), ElementsAre(testing::StartsWith("error 4:")));
  EXPECT_THAT(*lint_block(request({{link("Pending"), 1}})), testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace nsp
