#include "sim/base/resource_id.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nsp {
namespace {

const std::string kGroup = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg";
const std::string kPerimeter =
    kGroup + "/providers/Microsoft.Network/networkSecurityPerimeters/nsp";
const std::string kRule = kPerimeter + "/profiles/p/accessRules/r";

ResourceId id(std::string_view text) {
  const auto parsed = ResourceId::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(ResourceId{});
}

TEST(ResourceId, TellsTypeNameAndScope) {
  const ResourceId rule = id(kRule);
  EXPECT_EQ(rule.type(), "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules");
  EXPECT_EQ(rule.name(), "r");
  EXPECT_EQ(rule.resource_group(), "rg");
  EXPECT_EQ(rule.subscription_text(), "11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(rule.subscription(), Guid::parse("11111111-1111-1111-1111-111111111111"));
  EXPECT_EQ(rule.text(), kRule);
}

TEST(ResourceId, ReadsOtherScopes) {
  EXPECT_EQ(id("/subscriptions/s").type(), "");
  EXPECT_EQ(id("/subscriptions/s").subscription(), std::nullopt);
  EXPECT_EQ(id("/subscriptions/s").subscription_text(), "s");
  EXPECT_EQ(id("/subscriptions/s/resourceGroup/g").resource_group(), "g");
  EXPECT_EQ(id("/providers/Microsoft.Management/managementGroups/m").type(),
            "Microsoft.Management/managementGroups");
  EXPECT_EQ(id(kPerimeter + "/providers/Microsoft.Insights/diagnosticSettings/d").type(),
            "Microsoft.Insights/diagnosticSettings");
}

TEST(ResourceId, ComparesWithoutCaseAndWithEitherGroupSegment) {
  EXPECT_EQ(id("/subscriptions/S/resourceGroups/G/providers/A.B/c/D"),
            id("/SUBSCRIPTIONS/s/resourcegroup/g/PROVIDERS/a.b/C/d"));
  EXPECT_NE(id(kPerimeter), id(kPerimeter + "x"));
  EXPECT_LT(id("/a/b"), id("/A/C"));
}

TEST(ResourceId, WalksUpAndDown) {
  const ResourceId rule = id(kRule);
  EXPECT_EQ(rule.parent().text(), kPerimeter + "/profiles/p");
  EXPECT_EQ(rule.parent().parent().text(), kPerimeter);
  EXPECT_TRUE(id(kPerimeter).parent().empty());
  EXPECT_TRUE(ResourceId{}.parent().empty());
  EXPECT_EQ(rule.ancestor("microsoft.network/NETWORKSECURITYPERIMETERS").text(), kPerimeter);
  EXPECT_EQ(rule.ancestor(rule.type()).text(), kRule);
  EXPECT_TRUE(rule.ancestor("Microsoft.Storage/storageAccounts").empty());
  EXPECT_EQ(id(kPerimeter).child("profiles", "p").text(), kPerimeter + "/profiles/p");
  EXPECT_EQ(id(kPerimeter + "/providers/Microsoft.Insights/diagnosticSettings/d").parent().text(),
            kPerimeter);
}

TEST(ResourceId, RefusesWhatIsNotOne) {
  for (const char* text :
       {"", "/", "a/b", "//a", "/a", "/a/", "/a//b", "/a/b/", "/a/b/c", "/providers/A.B",
        "/a/b/providers/A.B", "/a/b/providers/A.B/providers/C", "/a/b\nc"}) {
    EXPECT_FALSE(ResourceId::parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace nsp
