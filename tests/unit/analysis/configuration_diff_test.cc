// What two environments write differently: identity, sets, values.
#include "sim/analysis/configuration_diff.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/resource_document.h"
#include "sim/model/build.h"

namespace nsp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/";

std::string entry(std::string_view id, std::string_view properties) {
  return fmt::format(R"({{"id":"{}{}","properties":{}}})", kGroup, id, properties);
}

const std::string kPerimeter =
    entry("Microsoft.Network/networkSecurityPerimeters/nsp", "{}") + ",\n" +
    entry("Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p", "{}");

std::string rule(std::string_view name, std::string_view properties) {
  return entry(
      fmt::format("Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p/accessRules/{}",
                  name),
      properties);
}

std::string storage(std::string_view properties) {
  return entry("Microsoft.Storage/storageAccounts/st", properties);
}

Environment environment(const std::vector<std::string>& entries, const std::string& file) {
  const std::string text = fmt::format("{{\"resources\":[\n{}\n]}}", join(entries, ",\n"));
  BuildResult built = build_environment(read_documents(text, file));
  EXPECT_TRUE(built.ok()) << text;
  return std::move(built.environment);
}

std::vector<ObjectChange> diff(const std::vector<std::string>& base,
                               const std::vector<std::string>& candidate) {
  return diff_configurations(environment(base, "base.json"),
                             environment(candidate, "candidate.json"));
}

std::string told(const SettingChange& change) {
  if (change.is_list) {
    return fmt::format("{} +[{}] -[{}]", change.name, join(change.added, ","),
                       join(change.removed, ","));
  }
  return fmt::format("{} `{}` -> `{}`", change.name, change.from, change.to);
}

std::vector<std::string> told(const std::vector<ObjectChange>& changes) {
  std::vector<std::string> lines;
  for (const ObjectChange& change : changes) {
    std::vector<std::string> settings;
    for (const SettingChange& setting : change.settings) settings.push_back(told(setting));
    lines.push_back(fmt::format("{} {} {}: {}", to_string(change.change), to_string(change.kind),
                                change.name, join(settings, "; ")));
  }
  return lines;
}

TEST(DiffConfigurations, OrderAndSpellingAreNoDifference) {
  const std::string one = rule(
      "office", R"({"direction":"Inbound","addressPrefixes":["203.0.113.0/28","192.0.2.0/24"]})");
  const std::string same = rule(
      "OFFICE", R"({"direction":"inbound","addressPrefixes":["192.0.2.7/24","203.0.113.0/28"]})");
  const std::string other = rule("vpn", R"({"addressPrefixes":["198.51.100.0/24"]})");
  EXPECT_THAT(diff({kPerimeter, one, other}, {other, same, kPerimeter}), IsEmpty());
}

TEST(DiffConfigurations, ListsAreComparedAsSets) {
  const auto changes = diff(
      {kPerimeter, rule("office", R"({"addressPrefixes":["203.0.113.0/28","192.0.2.0/24"]})")},
      {kPerimeter, rule("office", R"({"addressPrefixes":["192.0.2.0/24","203.0.113.0/27"]})")});
  EXPECT_THAT(told(changes),
              ElementsAre("changed rule nsp/p/office: addressPrefixes +[203.0.113.0/27] "
                          "-[203.0.113.0/28]"));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(to_string(changes[0].base.value()), "base.json:4:1 /resources/2");
  EXPECT_EQ(to_string(changes[0].candidate.value()), "candidate.json:4:1 /resources/2");
}

TEST(DiffConfigurations, WhatOneSideHasIsAddedOrRemovedWithAllItSays) {
  const std::string office = rule("office", R"({"addressPrefixes":["203.0.113.0/28"]})");
  const auto added = diff({kPerimeter}, {kPerimeter, office});
  EXPECT_THAT(told(added), ElementsAre("added rule nsp/p/office: direction `` -> `inbound`; "
                                       "addressPrefixes +[203.0.113.0/28] -[]"));
  EXPECT_FALSE(added.front().base.has_value());
  const auto removed = diff({kPerimeter, office}, {kPerimeter});
  EXPECT_THAT(told(removed), ElementsAre("removed rule nsp/p/office: direction `inbound` -> ``; "
                                         "addressPrefixes +[] -[203.0.113.0/28]"));
  EXPECT_FALSE(removed.front().candidate.has_value());
}

TEST(DiffConfigurations, SettingsOfAResourceAreThoseOfItsDocument) {
  EXPECT_THAT(
      told(diff(
          {storage(R"({"publicNetworkAccess":"Enabled","networkAcls":{"defaultAction":"Allow"}})")},
          {storage(R"({"publicNetworkAccess":"SecuredByPerimeter","allowSharedKeyAccess":false,
                  "networkAcls":{"defaultAction":"Deny","bypass":"None","ipRules":[{"value":"192.0.2.1"}]}})")})),
      ElementsAre("changed resource st: publicNetworkAccess `Enabled` -> `SecuredByPerimeter`; "
                  "networkAcls.defaultAction `Allow` -> `Deny`; networkAcls.bypass "
                  "`AzureServices` -> `None`; networkAcls.ipRules +[192.0.2.1/32] -[]; "
                  "allowSharedKeyAccess `` -> `false`"));
}

TEST(DiffConfigurations, ValuesThatOnlyADeploymentTellsAreNamedByTheirExpression) {
  EXPECT_THAT(
      told(diff({kPerimeter, rule("office", R"({"addressPrefixes":["203.0.113.0/28"]})")},
                {kPerimeter, rule("office", R"({"addressPrefixes":["[parameters('office')]"]})")})),
      ElementsAre("changed rule nsp/p/office: addressPrefixes +[[parameters('office')]] "
                  "-[203.0.113.0/28]"));
}

// A plan gives stand-in ids to what is not there yet.
TEST(DiffConfigurations, WhatIsLeftIsMatchedByName) {
  Environment base = environment({storage("{}")}, "base.json");
  Environment candidate = base;
  candidate.resources[0].id = *ResourceId::parse(
      "/subscriptions/0/resourceGroups/x/providers/"
      "Microsoft.Storage/storageAccounts/st");
  EXPECT_THAT(told(diff_configurations(base, candidate)), IsEmpty());
  candidate.resources.push_back(candidate.resources[0]);
  candidate.resources[1].id = *ResourceId::parse(
      "/subscriptions/0/resourceGroups/y/providers/"
      "Microsoft.Storage/storageAccounts/st");
  EXPECT_EQ(diff_configurations(base, candidate).size(), 3U);
}

}  // namespace
}  // namespace nsp
