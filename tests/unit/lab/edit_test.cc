#include "sim/lab/edit.h"

#include <gmock/gmock.h>

#include "sim/model/build.h"

namespace nsp::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kSite = R"({"resources": [
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai",
   "type": "Microsoft.Network/networkSecurityPerimeters", "properties": {}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai/profiles/default",
   "type": "Microsoft.Network/networkSecurityPerimeters/profiles", "properties": {}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai/profiles/data",
   "type": "Microsoft.Network/networkSecurityPerimeters/profiles", "properties": {}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai/profiles/default/accessRules/office",
   "type": "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
   "properties": {"direction": "Inbound", "addressPrefixes": ["203.0.113.0/28"]}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai/resourceAssociations/a-docs",
   "type": "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
   "properties": {"accessMode": "Learning",
     "privateLinkResource": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stdocs"},
     "profile": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/nsp-ai/profiles/default"}}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stdocs",
   "type": "Microsoft.Storage/storageAccounts", "identity": {"type": "SystemAssigned"},
   "properties": {"publicNetworkAccess": "Enabled"}},
  {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/search-1",
   "type": "Microsoft.Search/searchServices", "properties": {}}]})";

Environment site() {
  BuildResult built = build_environment(read_documents(kSite, "site.json"));
  EXPECT_TRUE(built.ok());
  return std::move(built.environment);
}

Edited edited(const Environment& environment, const Edit& edit) {
  auto result = apply_edit(environment, edit);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().front());
  return result ? *std::move(result) : Edited{};
}

Refusal refused(const Edit& edit) {
  auto result = apply_edit(site(), edit);
  EXPECT_FALSE(result.has_value());
  return result ? Refusal{} : result.error();
}

SetProperty mode_of(const char* association, const char* mode) {
  return {Bearer::Association, association, {"accessMode", SetHow::Set, mode}};
}

SetProperty of_resource(const char* resource, const char* property, const char* value) {
  return {Bearer::Resource, resource, {property, SetHow::Set, value}};
}

TEST(Edit, SetsModesByAssociationResourceOrAll) {
  for (const char* name : {"a-docs", "nsp-ai/a-docs", "stdocs", "A-DOCS"}) {
    const Edited done = edited(site(), mode_of(name, "Enforced"));
    EXPECT_EQ(done.environment.associations[0].mode, AccessMode::Enforced) << name;
    EXPECT_EQ(done.done, "a-docs set to Enforced");
    EXPECT_THAT(done.warnings, IsEmpty());
  }
  EXPECT_EQ(edited(site(), mode_of("*", "Enforced")).environment.associations[0].mode,
            AccessMode::Enforced);
}

TEST(Edit, ChangesOneThingOnly) {
  Environment before = site();
  Edited there = edited(before, mode_of("a-docs", "Enforced"));
  Edited back = edited(there.environment, mode_of("a-docs", "Learning"));
  Edited same = edited(before, mode_of("a-docs", "Learning"));
  EXPECT_EQ(back.environment.perimeters[0].profiles[0].rules[0].prefixes,
            same.environment.perimeters[0].profiles[0].rules[0].prefixes);
  EXPECT_EQ(back.environment.resources.size(), before.resources.size());
}

TEST(Edit, SetsWhatResourcesHave) {
  Edited done = edited(site(), of_resource("stdocs", "publicNetworkAccess", "Disabled"));
  EXPECT_EQ(done.environment.resources[find_resource(done.environment, "stdocs").index]
                .public_network_access,
            PublicNetworkAccess::Disabled);
  EXPECT_EQ(done.done, "publicNetworkAccess of stdocs set to Disabled");
  done = edited(site(), of_resource("search-1", "identity", "yes"));
  EXPECT_EQ(done.environment.resources[find_resource(done.environment, "search-1").index].identity,
            true);
  done = edited(done.environment, of_resource("search-1", "identity", "no"));
  EXPECT_EQ(done.environment.resources[find_resource(done.environment, "search-1").index].identity,
            false);
  EXPECT_EQ(done.done, "search-1 has no managed identity now");
}

TEST(Edit, AddsAndRemovesRules) {
  AddRule rule;
  rule.profile = "nsp-ai/data";
  rule.name = "partners";
  rule.prefixes = {"198.51.100.0/24", "2001:db8::/32"};
  rule.subscriptions = {"11111111-1111-1111-1111-111111111111"};
  Edited done = edited(site(), rule);
  const Profile& data = done.environment.perimeters[0].profiles[1];
  ASSERT_EQ(data.rules.size(), 1U);
  EXPECT_EQ(data.rules[0].prefixes.size(), 2U);
  EXPECT_EQ(data.rules[0].subscriptions.size(), 1U);
  EXPECT_EQ(data.rules[0].direction, Direction::Inbound);
  EXPECT_EQ(done.done, "partners added to nsp-ai/data");
  done = edited(done.environment, RemoveRule{"data", "partners"});
  EXPECT_THAT(done.environment.perimeters[0].profiles[1].rules, IsEmpty());

  AddRule out;
  out.profile = "data";
  out.name = "web";
  out.host_names = {"*.example.org"};
  EXPECT_EQ(edited(site(), out).environment.perimeters[0].profiles[1].rules[0].direction,
            Direction::Outbound);
}

TEST(Edit, MovesMembership) {
  Edited done = edited(site(), Associate{"search-1", "default", "Enforced"});
  ASSERT_EQ(done.environment.associations.size(), 2U);
  EXPECT_EQ(done.done, "search-1 associated with nsp-ai/default");
  done = edited(done.environment, Associate{"search-1", "data", ""});
  ASSERT_EQ(done.environment.associations.size(), 2U);
  EXPECT_EQ(done.environment.associations[1].profile, 1U);
  EXPECT_EQ(done.environment.associations[1].mode, AccessMode::Learning);
  done = edited(done.environment, Dissociate{"stdocs"});
  ASSERT_EQ(done.environment.associations.size(), 1U);
  EXPECT_EQ(done.done, "stdocs left nsp-ai");
}

TEST(Edit, RefusesWhatTheReaderRefuses) {
  AddRule rule;
  rule.profile = "default";
  rule.name = "bad";
  rule.prefixes = {"203.0.113.0/33"};
  EXPECT_THAT(
      refused(rule),
      ElementsAre(
          "`203.0.113.0/33` is not an address prefix, expected one such as `203.0.113.0/24`"));
}

TEST(Edit, RefusesUnknownNames) {
  EXPECT_THAT(
      refused(mode_of("a-dosc", "Enforced")),
      ElementsAre("unknown association `a-dosc`, expected its name or that of its resource, "
                  "did you mean `a-docs`?"));
  EXPECT_THAT(refused(of_resource("search-2", "identity", "yes")),
              ElementsAre("unknown resource `search-2`, expected one of the environment, did you "
                          "mean `search-1`?"));
  EXPECT_THAT(refused(RemoveRule{"default", "home"}),
              ElementsAre("nsp-ai/default has no rule `home`"));
  EXPECT_THAT(refused(Dissociate{"search-1"}), ElementsAre("search-1 is not associated"));
  AddRule rule;
  rule.profile = "defualt";
  EXPECT_THAT(refused(rule), ElementsAre("unknown profile `defualt`, expected `profile` or "
                                         "`perimeter/profile`, did you mean `default`?"));
  rule.profile = "default";
  rule.name = "Office";
  EXPECT_THAT(refused(rule),
              ElementsAre("nsp-ai/default has a rule `office` already, expected a new name"));
  rule.name = "new";
  EXPECT_THAT(refused(rule),
              ElementsAre("rule `new` admits nothing, expected prefixes, subscriptions, service "
                          "tags or host names"));
}

}  // namespace
}  // namespace nsp::lab
