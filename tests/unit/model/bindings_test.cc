// Bindings: what is read, which one an address finds, and every mistake with its place.
#include "sim/model/bindings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

std::vector<std::string> mistakes(std::string_view text) {
  std::vector<std::string> lines;
  const auto bindings = read_bindings(text, "b.json");
  if (bindings) return lines;
  for (const Diagnostic& diagnostic : bindings.error()) lines.push_back(to_string(diagnostic));
  return lines;
}

using Lines = std::vector<std::string>;

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

TEST(Bindings, HoldEveryMember) {
  const auto bindings = read_bindings(R"({"bindings": [
    // the office, behind its NAT
    {"address": "10.1.0.0/24", "caller": "office", "visibleAddress": "203.0.113.7",
     "credential": "managed identity", "subscription": "11111111-1111-1111-1111-111111111111",
     "subnet": "hub/apps", "trustedService": "yes", "note": "builds", "name": null},
    {"address": "20.60.1.4", "resource": "st", "name": "ST.blob.core.windows.net."},
  ]})",
                                      "b.json");
  ASSERT_TRUE(bindings);
  ASSERT_EQ(bindings->all().size(), 2U);
  const Binding& server = bindings->all()[0];
  EXPECT_EQ(to_string(server.prefix), "20.60.1.4/32");
  EXPECT_EQ(server.resource, "st");
  EXPECT_EQ(server.caller.name, "st");
  EXPECT_EQ(server.name->text(), "st.blob.core.windows.net");
  EXPECT_FALSE(server.caller.address);
  EXPECT_FALSE(server.caller.address_hidden);
  const Binding& office = bindings->all()[1];
  EXPECT_EQ(to_string(office.prefix), "10.1.0.0/24");
  EXPECT_EQ(office.resource, "");
  EXPECT_EQ(office.caller.name, "office");
  EXPECT_EQ(office.caller.address, ip("203.0.113.7"));
  EXPECT_EQ(office.caller.credential, Credential::ManagedIdentity);
  EXPECT_EQ(office.caller.subscription, Guid::parse("11111111-1111-1111-1111-111111111111"));
  EXPECT_EQ(office.caller.subnet, "hub/apps");
  EXPECT_TRUE(office.caller.trusted_service);
  EXPECT_EQ(office.caller.note, "builds");
  EXPECT_EQ(to_string(office.caller.place), "b.json:3:5 /bindings/0");
  EXPECT_FALSE(office.name);
}

TEST(Bindings, MayBeABareArrayOfHiddenAddresses) {
  const auto bindings =
      read_bindings(R"([{"address":"10.0.0.0/8","caller":"a","visibleAddress":"hidden"}])", "");
  ASSERT_TRUE(bindings);
  EXPECT_TRUE(bindings->all().front().caller.address_hidden);
}

TEST(Bindings, FindTheLongestPrefix) {
  const auto bindings = read_bindings(
      R"([{"address":"0.0.0.0/0","caller":"anybody"}, {"address":"203.0.113.0/24","caller":"net"},
          {"address":"203.0.113.16/28","caller":"floor"}, {"address":"203.0.113.17","caller":"desk"},
          {"address":"203.0.113.64/28","caller":"cellar"}, {"address":"2001:db8::/32","caller":"six"}])",
      "");
  ASSERT_TRUE(bindings);
  const auto who = [&](std::string_view address) {
    const Binding* found = bindings->find(ip(address));
    return found == nullptr ? std::string("nobody") : found->caller.name;
  };
  EXPECT_EQ(who("203.0.113.17"), "desk");
  EXPECT_EQ(who("203.0.113.16"), "floor");
  EXPECT_EQ(who("203.0.113.31"), "floor");
  EXPECT_EQ(who("203.0.113.32"), "net");
  EXPECT_EQ(who("203.0.113.15"), "net");
  EXPECT_EQ(who("203.0.113.79"), "cellar");
  EXPECT_EQ(who("203.0.113.80"), "net");
  EXPECT_EQ(who("198.51.100.1"), "anybody");
  EXPECT_EQ(who("2001:db8::1"), "six");
  EXPECT_EQ(who("2001:db9::1"), "nobody");
  EXPECT_EQ(Bindings().find(ip("203.0.113.17")), nullptr);
}

// The slow, obvious look-up, on prefixes of every length around a few addresses.
TEST(Bindings, FindWhatLookingAtAllOfThemFinds) {
  std::vector<Binding> all;
  for (const std::uint32_t base : {0xCB007100U, 0xCB007140U, 0x0A000004U}) {
    for (int length = 1; length <= 32; length += 3) {
      const auto prefix =
          *IpPrefix::parse(fmt::format("{}/{}", to_string(IpAddress::from_v4(base)), length));
      Binding binding{prefix, {}, {}, {}};
      binding.caller.name = to_string(prefix);
      if (std::ranges::find(all, prefix, &Binding::prefix) == all.end()) all.push_back(binding);
    }
  }
  const Bindings bindings(all);
  for (std::uint32_t i = 0; i < 70'000; ++i) {
    const IpAddress address = IpAddress::from_v4(i * 61'356U);
    const Binding* best = nullptr;
    for (const Binding& each : bindings.all()) {
      const bool longer = best == nullptr || each.prefix.length > best->prefix.length;
      if (longer && each.prefix.contains(address)) best = &each;
    }
    ASSERT_EQ(bindings.find(address), best) << to_string(address);
  }
}

TEST(Bindings, NameEveryMistakeWithItsPlace) {
  EXPECT_EQ(mistakes(R"({"bindings":[
  {"adress":"203.0.113.7","caller":"a"},
  {"address":"203.0.113","caller":"b"},
  {"address":"203.0.113.7/28","caller":"c"},
  {"caller":"d"},
  {"address":"203.0.113.9"},
  {"address":"203.0.113.9","caller":"e","resource":"st"},
  {"address":"203.0.113.9","caller":"","name":"a b"},
  {"address":7,"caller":"f","trustedService":"perhaps"},
  {"address":"203.0.113.9","caller":"g","visibleAddress":"none","credential":"keys"},
  "h",
  {"address":"203.0.113.9","caller":"i"},
  {"address":"203.0.113.9/32","caller":"j"}
]})"),
            (Lines{
                "error b.json:2:4 /bindings/0/adress: unknown member `adress`, did you mean "
                "`address`",
                "error b.json:3:14 /bindings/1/address: `203.0.113` is no address, expected one or "
                "a prefix",
                "error b.json:4:14 /bindings/2/address: `203.0.113.7/28` has bits behind its "
                "length, expected `203.0.113.0/28` or an address",
                "error b.json:5:3 /bindings/3: a binding needs an address or a prefix in the "
                "member `address`",
                "error b.json:6:3 /bindings/4: a binding needs one of `caller` and `resource`, got "
                "neither",
                "error b.json:7:3 /bindings/5: a binding needs one of `caller` and `resource`, got "
                "both",
                "error b.json:8:37 /bindings/6/caller: `caller` is empty, expected a name",
                "error b.json:8:47 /bindings/6/name: `a b` has `a b`, expected letters, digits, "
                "`-` and `_` between dots",
                "error b.json:9:14 /bindings/7/address: expected a string in `address`, got a "
                "number",
                "error b.json:9:46 /bindings/7/trustedService: expected true or false in "
                "`trustedService`",
                "error b.json:10:58 /bindings/8/visibleAddress: `none` is no IP address, expected "
                "one or `hidden`",
                "error b.json:10:78 /bindings/8/credential: `keys` is no credential, expected "
                "managed identity, user, service principal, key, sas or anonymous",
                "error b.json:11:3 /bindings/9: expected a binding, an object, got a string",
                "error b.json:13:3 /bindings/11: prefix `203.0.113.9/32` stands twice, first in "
                "line 12",
            }));
}

TEST(Bindings, SayWhichMembersThereAre) {
  EXPECT_EQ(mistakes(R"([{"address":"::1","caller":"a","colour":"red"}])"),
            (Lines{"error b.json:1:32 /0/colour: unknown member `colour`, expected address, "
                   "caller, resource, name, credential, subscription, subnet, trustedService, "
                   "visibleAddress or note"}));
}

TEST(Bindings, RefuseOtherDocuments) {
  EXPECT_EQ(mistakes("{\"callers\":[]}"),
            (Lines{"error b.json:1:1: expected `{\"bindings\":[…]}` or an array of bindings"}));
  EXPECT_EQ(mistakes("7"),
            (Lines{"error b.json:1:1: expected `{\"bindings\":[…]}` or an array of bindings"}));
}

TEST(Bindings, FitTheEnvironmentOrSayWhyNot) {
  const BuildResult built =
      build({object(kStorage + "st"), object(kStorage + "twice"), object(kSearch + "twice"),
             object(kGroup + "Microsoft.Network/virtualNetworks/v"),
             object(kGroup + "Microsoft.Network/virtualNetworks/v/subnets/a")});
  ASSERT_EQ(told(built), "");
  const auto bindings = read_bindings(R"([
    {"address":"10.0.0.1","resource":"st","subnet":"v/a"},
    {"address":"10.0.0.2","resource":"stt"},
    {"address":"10.0.0.3","resource":"twice"},
    {"address":"10.0.0.4","caller":"ST"},
    {"address":"10.0.0.5","caller":"app","subnet":"v/b"},
    {"address":"10.0.0.6","resource":")" + kStorage +
                                          R"(twice"}
  ])",
                                      "b.json");
  ASSERT_TRUE(bindings);
  Lines lines;
  for (const auto& each : check_bindings(built.environment, *bindings)) {
    lines.push_back(to_string(each));
  }
  EXPECT_EQ(lines, (Lines{
                       "error b.json:3:5 /1: no resource `stt` in the environment",
                       "error b.json:4:5 /2: `twice` is the name of several resources, expected "
                       "one of their ids",
                       "error b.json:5:5 /3: caller `ST` has the name of a resource, bind it with "
                       "`resource`",
                       "error b.json:6:5 /4: no subnet `v/b` in the environment",
                   }));
}

}  // namespace
}  // namespace nsp
