#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

BuildResult build_rule(const std::string& properties) {
  auto documents = base();
  documents.push_back(rule("r", properties));
  return build(documents);
}

const AccessRule& only_rule(const BuildResult& built) {
  return built.environment.perimeters.at(0).profiles.at(0).rules.at(0);
}

TEST(Perimeters, AreReadWithGuidsGivenOrMade) {
  const BuildResult built =
      build({object(kPerimeter + "a",
                    R"(,"location":"westeurope")" +
                        with(R"("perimeterGuid":"22222222-2222-4222-8222-222222222222")")),
             object(kPerimeter + "b")});
  EXPECT_EQ(told(built), "");
  const auto& perimeters = built.environment.perimeters;
  ASSERT_EQ(perimeters.size(), 2U);
  EXPECT_EQ(perimeters[0].location, "westeurope");
  EXPECT_EQ(to_string(perimeters[0].guid), "22222222-2222-4222-8222-222222222222");
  EXPECT_FALSE(perimeters[0].guid_is_made);
  EXPECT_TRUE(perimeters[1].guid_is_made);
  EXPECT_EQ(perimeters[1].guid, Guid::from_text(kPerimeter + "b"));
}

TEST(Rules, HoldWhatTheirListsSay) {
  const BuildResult built = build_rule(
      R"("direction":"inbound","addressPrefixes":["203.0.113.0/24"],"serviceTags":["Storage.WestUS"],
"subscriptions":[{"id":"/subscriptions/33333333-3333-3333-3333-333333333333"},"44444444-4444-4444-4444-444444444444"])");
  EXPECT_EQ(told(built), "");
  const AccessRule& read = only_rule(built);
  EXPECT_EQ(read.direction, Direction::Inbound);
  EXPECT_EQ(read.prefixes.at(0).text, "203.0.113.0/24");
  EXPECT_EQ(read.service_tags.at(0), "Storage.WestUS");
  EXPECT_EQ(to_string(read.subscriptions.at(0)), "33333333-3333-3333-3333-333333333333");
  EXPECT_EQ(to_string(read.subscriptions.at(1)), "44444444-4444-4444-4444-444444444444");
  EXPECT_FALSE(read.derived_from_link);
}

TEST(Rules, SayWhatIsWrongWithAnElement) {
  const std::string place = " 4 /resources/2/properties";
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"("direction":"Inbound","addressPrefixes":["203.0.113.0/33"])",
       "error" + place +
           "/addressPrefixes/0: `203.0.113.0/33` is not an address prefix, expected one such as "
           "`203.0.113.0/24`\n"},
      {R"("direction":"Inbound","addressPrefixes":["203.0.113.7"])",
       "warning" + place +
           "/addressPrefixes/0: `203.0.113.7` has no prefix length, taken as `203.0.113.7/32`\n"},
      {R"("direction":"Inbound","addressPrefixes":["203.0.113.7/24"])",
       "warning" + place +
           "/addressPrefixes/0: `203.0.113.7/24` has host bits set, taken as `203.0.113.0/24`\n"},
      {R"("direction":"Inbound","addressPrefixes":"203.0.113.0/24")",
       "error" + place + "/addressPrefixes: expected an array, found a string\n"},
      {R"("direction":"Inbound","addressPrefixes":[7])",
       "error" + place + "/addressPrefixes/0: expected a string, found a number\n"},
      {R"("direction":"Inbound","subscriptions":[{"id":"/subscriptions/mine"}])",
       "error" + place +
           "/subscriptions/0/id: `/subscriptions/mine` is not a subscription, expected "
           "`/subscriptions/GUID` or a GUID\n"},
      {R"("direction":"Inbound","subscriptions":[7])",
       "error" + place +
           "/subscriptions/0: expected a subscription: `{\"id\":\"/subscriptions/GUID\"}`\n"},
      {R"("direction":"Outbound","fullyQualifiedDomainNames":["https://a.example"])",
       "error" + place +
           "/fullyQualifiedDomainNames/0: `https://a.example` has a scheme, expected a host name "
           "alone\n"},
      {R"("direction":"Sideways")", "warning" + place +
                                        "/direction: `Sideways` is not a direction, expected "
                                        "`Inbound` or `Outbound`: the rule is "
                                        "left out\n"},
      {R"("direction":"Inbound","fullyQualifiedDomainNames":["a.example"])",
       "warning" + place +
           "/fullyQualifiedDomainNames: `fullyQualifiedDomainNames` does not fit the direction "
           "`Inbound` and is dropped\n"},
      {R"("direction":"Outbound","addressPrefixes":["203.0.113.0/24"])",
       "warning" + place +
           "/addressPrefixes: `addressPrefixes` does not fit the direction `Outbound` and is "
           "dropped\n"}};
  for (const auto& [properties, expected] : rows) EXPECT_EQ(told(build_rule(properties)), expected);
}

TEST(Rules, WithoutDirectionAreInboundWhateverTheyList) {
  const BuildResult built = build_rule(
      R"("addressPrefixes":["203.0.113.0/24"],"fullyQualifiedDomainNames":["a.example"])");
  EXPECT_EQ(told(built),
            "warning 4 /resources/2: `direction` is absent, taken as `Inbound`\n"
            "warning 4 /resources/2/properties/fullyQualifiedDomainNames: "
            "`fullyQualifiedDomainNames` does not fit the direction `Inbound` and is dropped\n");
  EXPECT_EQ(only_rule(built).direction, Direction::Inbound);
  EXPECT_EQ(only_rule(built).prefixes.size(), 1U);
  EXPECT_TRUE(only_rule(built).host_names.empty());
}

TEST(Rules, ThatListPerimetersComeFromLinks) {
  EXPECT_TRUE(
      only_rule(build_rule(R"("direction":"Inbound","networkSecurityPerimeters":[{"id":"x"}])"))
          .derived_from_link);
}

TEST(Rules, CountWhatIsNotModelled) {
  const BuildResult built = build_rule(
      R"("direction":"Outbound","emailAddresses":["a@b.example"],"phoneNumbers":[],"colour":"red")");
  const std::map<std::string, std::size_t> expected{
      {"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules colour", 1},
      {"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules emailAddresses", 1}};
  EXPECT_EQ(built.environment.ignored, expected);
}

TEST(Names, FollowThePatternAndLength) {
  for (const char* name : {"a", "a_", "0.b-c_d", "A-1"}) {
    EXPECT_EQ(told(build({object(kPerimeter + name)})), "") << name;
  }
  for (const char* name : {"-a", "a-", "a.", "_a", "a b"}) {
    EXPECT_EQ(told(build({object(kPerimeter + name)})),
              fmt::format("error 2 /resources/0: the name `{}` is not allowed, expected letters, "
                          "digits, `_`, `.` and `-`, a letter or digit first, no `.` or `-` last\n",
                          name));
  }
  EXPECT_EQ(told(build({object(kPerimeter + "{name}")})),
            "warning 2 /resources/0: the name `{name}` is not allowed, expected letters, digits, "
            "`_`, `.` and `-`, a letter or digit first, no `.` or `-` last\n");
  const std::string longest(80, 'a');
  EXPECT_EQ(told(build({object(kPerimeter + longest)})), "");
  EXPECT_EQ(told(build({object(kPerimeter + longest + "a")})),
            "error 2 /resources/0: the name `" + longest +
                "a` has 81 characters, at most 80 are allowed\n");
}

TEST(Parents, ThatOnlyChildrenNameAreMadeWithAWarning) {
  const BuildResult built =
      build({rule("r", R"("direction":"Inbound")"), rule("s", R"("direction":"Inbound")")});
  EXPECT_EQ(told(built),
            "warning 2 /resources/0: perimeter `nsp` is not described, only named here\n"
            "warning 2 /resources/0: profile `p` is not described, only named here\n");
  EXPECT_EQ(built.environment.perimeters.at(0).profiles.at(0).rules.size(), 2U);
}

TEST(Duplicates, MergeWhenTheyAgreeAndAreErrorsWhenNot) {
  auto documents = base();
  documents.push_back(rule("r", R"("direction":"Inbound","addressPrefixes":["203.0.113.0/24"])"));
  documents.push_back(rule("R", R"("direction":"inbound","provisioningState":"Updating")"));
  EXPECT_EQ(told(build(documents)), "");
  documents.push_back(rule("r", R"("addressPrefixes":["203.0.113.0/25"])"));
  EXPECT_EQ(told(build(documents)),
            "error 6 /resources/4: `" + kPerimeter +
                "nsp/profiles/p/accessRules/r` is described again and differs at "
                "`/properties/addressPrefixes/0` from f:4:1\n");
}

TEST(Limits, CountElementsPerDirectionAndInTotal) {
  const auto prefixes = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += fmt::format("{}\"198.51.100.{}/32\"", i ? "," : "", i);
    return R"("direction":"Inbound","addressPrefixes":[)" + list + "]";
  };
  EXPECT_EQ(told(build_rule(prefixes(200))), "");
  EXPECT_EQ(told(build_rule(prefixes(201))),
            "error 3 /resources/1: profile `p` has 201 inbound rule elements, at most 200 are "
            "allowed\n");
  auto documents = base();
  documents.push_back(rule("in", prefixes(200)));
  documents.push_back(
      rule("out", R"("direction":"Outbound","fullyQualifiedDomainNames":["a.example"])"));
  EXPECT_EQ(
      told(build(documents)),
      "warning 3 /resources/1: profile `p` has 201 rule elements in both directions: the limit "
      "of 200 may count them together\n");
}

TEST(Logging, ListsItsCategories) {
  auto documents = base();
  documents.push_back(
      object(kPerimeter + "nsp/loggingConfigurations/instance",
             with(R"("enabledLogCategories":["NspOutboundAttempt"],"version":"1")")));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built), "");
  EXPECT_EQ(built.environment.perimeters[0].enabled_log_categories,
            std::vector<std::string>{"NspOutboundAttempt"});
}

}  // namespace
}  // namespace nsp
