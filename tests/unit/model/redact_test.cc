// What redaction replaces, what it keeps, and that nothing of the old names is left.
#include "sim/model/redact.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const Redaction kOne("one");

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
IpPrefix prefix(std::string_view text) { return IpPrefix::parse(text).value(); }
DomainName host(std::string_view text) { return DomainName::parse(text).value(); }
ResourceId id(std::string_view text) { return ResourceId::parse(text).value(); }

TEST(Redaction, RenamesWithoutCaseAndByKey) {
  EXPECT_THAT(kOne.name("Contoso"), MatchesRegex("n[a-z2-9]{10}"));
  EXPECT_EQ(kOne.name("Contoso"), kOne.name("contoso"));
  EXPECT_EQ(kOne.name("contoso"), Redaction("one").name("contoso"));
  EXPECT_NE(kOne.name("contoso"), kOne.name("contosa"));
  EXPECT_NE(kOne.name("contoso"), Redaction("two").name("contoso"));
  EXPECT_EQ(kOne.name("hub/apps"), kOne.name("hub") + '/' + kOne.name("apps"));
  EXPECT_EQ(kOne.name(""), "");
  EXPECT_EQ(kOne.name("*"), "*");
  EXPECT_THAT(kOne.name("[parameters('office')]"), MatchesRegex("\\[n[a-z2-9]{10}\\]"));
}

TEST(Redaction, KeepsTheShapeOfIds) {
  const Guid subscription = Guid::parse("11111111-1111-1111-1111-111111111111").value();
  const ResourceId moved = kOne.id(
      id("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/prod/providers/"
         "Microsoft.Storage/storageAccounts/contosodocs"));
  EXPECT_EQ(
      moved.text(),
      fmt::format("/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Storage/"
                  "storageAccounts/{}",
                  to_string(kOne.guid(subscription)), kOne.name("prod"), kOne.name("contosodocs")));
  EXPECT_EQ(moved.subscription(), kOne.guid(subscription));
  EXPECT_NE(kOne.guid(subscription), subscription);
}

TEST(Redaction, KeepsSuffixesOfServicesInHostNames) {
  const std::string account = kOne.name("contosodocs");
  EXPECT_EQ(kOne.host(host("contosodocs.blob.core.windows.net")).text(),
            account + ".blob.core.windows.net");
  EXPECT_EQ(kOne.host(host("contosodocs.privatelink.blob.core.windows.net")).text(),
            account + ".privatelink.blob.core.windows.net");
  EXPECT_EQ(kOne.host(host("api.contoso.com")).text(),
            kOne.name("api") + '.' + kOne.name("contoso") + ".com");
  EXPECT_EQ(to_string(kOne.pattern(DomainPattern::parse("*.blob.core.windows.net").value())),
            "*.blob.core.windows.net");
  EXPECT_EQ(to_string(kOne.pattern(DomainPattern::parse("*.contoso.com").value())),
            "*." + kOne.name("contoso") + ".com");
}

TEST(Redaction, LeavesRangesWithAMeaningWithinThemselves) {
  for (const std::string_view text : {"0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                      "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"}) {
    EXPECT_EQ(to_string(kOne.prefix(prefix(text))), text);
  }
  EXPECT_NE(kOne.address(address("203.0.113.7")), address("203.0.113.7"));
  EXPECT_NE(kOne.address(address("10.1.2.3")), address("10.1.2.3"));
  EXPECT_NE(kOne.address(address("2001:db8::7")), address("2001:db8::7"));
}

std::size_t common_bits(const IpAddress& a, const IpAddress& b) {
  std::size_t count = 0;
  for (int bit = a.v4 ? 31 : 127; bit >= 0; --bit, ++count) {
    if (((a.bits >> bit) & 1) != ((b.bits >> bit) & 1)) break;
  }
  return count;
}

// An address and one that shares its first bits, at every length; both families.
TEST(Redaction, KeepsEveryCommonPrefixAndWhatIsPrivate) {
  std::mt19937_64 engine(7);
  std::size_t privates = 0;
  for (int i = 0; i < 1000; ++i) {
    const bool v4 = i % 2 == 0;
    const unsigned width = v4 ? 32 : 128;
    const Uint128 mask = v4 ? Uint128{0xffff'ffff} : ~Uint128{0};
    Uint128 bits = ((Uint128{engine()} << 64) | engine()) & mask;
    if (i % 5 == 0 && v4) bits = (bits & 0xff'ffff) | 0x0a00'0000;
    const IpAddress one{bits, v4};
    const IpAddress other{bits ^ (Uint128{1} << (engine() % width)), v4};
    const IpAddress moved = kOne.address(one);
    ASSERT_EQ(common_bits(one, other), common_bits(moved, kOne.address(other)));
    ASSERT_EQ(one.is_private(), moved.is_private()) << to_string(one);
    ASSERT_EQ(IpAddress::parse(to_string(moved)), moved);
    if (one.is_private()) ++privates;
  }
  EXPECT_GT(privates, 50U);
}

TEST(Redaction, LeavesOnlyAzuresWordsInMessagesAndPlaces) {
  const Diagnostic moved = kOne.diagnostic(
      {Severity::Note,
       {"contoso/prod.json", 10, 3, "/resources/4/properties/tags/owner"},
       "`accessMode` of `contoso-web` is absent, taken as `Learning`, not `203.0.113.7`"});
  EXPECT_EQ(moved.message,
            fmt::format("`accessMode` of `{}` is absent, taken as `Learning`, not `{}`",
                        kOne.name("contoso-web"), to_string(kOne.address(address("203.0.113.7")))));
  EXPECT_THAT(moved.place.file, MatchesRegex("n[a-z2-9]{10}\\.json"));
  EXPECT_EQ(moved.place.line, 10U);
  EXPECT_EQ(moved.place.pointer,
            fmt::format("/resources/4/properties/{}/{}", kOne.name("tags"), kOne.name("owner")));
}

TEST(Redact, ReplacesEveryNameAndCountsWhatItDrops) {
  const std::string group =
      "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/contoso/providers/";
  const std::string storage = group + "Microsoft.Storage/storageAccounts/contosodocs";
  const BuildResult built = build_environment(read_documents(
      R"({"resources":[{"id":")" + storage +
          R"(","tags":{"owner":"contoso"},"properties":{"minimumTlsVersion":"TLS1_2","networkAcls":{
"defaultAction":"Deny","ipRules":[{"value":"203.0.113.7"}]}}},
{"id":")" +
          group +
          R"(Microsoft.DocumentDB/databaseAccounts/contosodb","properties":{"ipRules":[{"ipAddressOrRange":"203.0.113.7"}]}}]})",
      "contoso.json"));
  ASSERT_TRUE(built.ok());
  const BuildResult redacted = redact(built, kOne);
  const Resource& account = redacted.environment.resources.at(0);
  EXPECT_EQ(account.name, kOne.name("contosodocs"));
  EXPECT_EQ(account.id, kOne.id(id(storage)));
  EXPECT_EQ(account.host_names.at(0).text(), account.name + ".blob.core.windows.net");
  EXPECT_EQ(account.firewall.ip_rules.at(0).text, to_string(kOne.address(address("203.0.113.7"))));
  EXPECT_TRUE(account.unknown.empty());
  // That its firewall is not known is still told.
  const Resource& database = redacted.environment.resources.at(1);
  EXPECT_FALSE(database.firewall.known);
  EXPECT_EQ(database.unknown.at("properties").members.at("firewallRules"), "\"redacted\"");
  const std::map<std::string, std::size_t> ignored{
      {"value that the model does not know, dropped by redaction", 3}};
  EXPECT_EQ(redacted.environment.ignored, ignored);
  ASSERT_FALSE(redacted.diagnostics.empty());
  for (const Diagnostic& one : redacted.diagnostics) {
    EXPECT_THAT(to_string(one), Not(HasSubstr("contoso")));
  }
}

}  // namespace
}  // namespace nsp::test
