// Will surprise: what the pages of scenarios/85-lint do not show of these checks.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/analysis/lint.h"
#include "sim/analysis/lint_prove.h"
#include "sim/model/build.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kSurprisesGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/";
const std::string kNsp = kSurprisesGroup + "Microsoft.Network/networkSecurityPerimeters/nsp";
const std::string kSt = kSurprisesGroup + "Microsoft.Storage/storageAccounts/st";
const std::string kSe = kSurprisesGroup + "Microsoft.Search/searchServices/se";
const std::string kAi = kSurprisesGroup + "Microsoft.CognitiveServices/accounts/ai";

std::string object(const std::string& id, const std::string& properties = "",
                   const std::string& around = "") {
  return fmt::format(R"({{"id":"{}"{},"properties":{{{}}}}})", id, around, properties);
}

std::string member(const std::string& id, const std::string& mode = "Learning",
                   const std::string& nsp = kNsp) {
  return object(nsp + "/resourceAssociations/a-" + id.substr(id.rfind('/') + 1),
                fmt::format(R"("privateLinkResource":{{"id":"{}"}},)"
                            R"("profile":{{"id":"{}/profiles/p"}},"accessMode":"{}")",
                            id, nsp, mode));
}

Policy policy_of(const std::vector<std::string>& resources) {
  std::string text = R"({"resources":[)" + object(kNsp) + "," + object(kNsp + "/profiles/p");
  for (const std::string& resource : resources) text += "," + resource;
  BuildResult built = build_environment(read_documents(text + "]}", "f"));
  EXPECT_TRUE(built.ok()) << to_string(built.diagnostics.front());
  return compile(std::move(built.environment));
}

// `severity subject: message` of what one check finds.
std::vector<std::string> found(const std::string& id, const std::vector<std::string>& resources) {
  const Policy policy = policy_of(resources);
  const std::vector<std::string> enabled{id};
  std::vector<std::string> out;
  for (const Finding& finding : run_lint({policy}, *select_checks(enabled, {}))) {
    out.push_back(
        fmt::format("{} {}: {}", to_string(finding.severity), finding.subject, finding.message));
  }
  return out;
}

const std::string kIdentity = R"(,"identity":{"type":"SystemAssigned","principalId":"p1"})";

std::string role(const std::string& scope, const std::string& principal,
                 const std::string& more = "") {
  return object(scope + "/providers/Microsoft.Authorization/roleAssignments/r" + principal,
                fmt::format(R"("principalId":"{}"{})", principal, more));
}

TEST(Surprises, AreNotGuessedOfValuesThatADeploymentTells) {
  const std::string open = R"("publicNetworkAccess":"[parameters('a')]")";
  for (const char* id : {"NSP301", "NSP302", "NSP303"}) {
    EXPECT_THAT(found(id, {object(kSt, open)}), IsEmpty()) << id;
    EXPECT_THAT(found(id, {object(kSt, open), member(kSt)}), IsEmpty()) << id;
  }
  const std::string secured = R"("publicNetworkAccess":"SecuredByPerimeter")";
  EXPECT_THAT(found("NSP302", {object(kSt, secured), member(kSt, "[parameters('m')]")}), IsEmpty());
  EXPECT_THAT(
      found("NSP302", {object(kSt, secured), member(kSt, "Audit")}),
      ElementsAre("warning st: `st` is SecuredByPerimeter, so its association in Audit acts "
                  "as Enforced already: what no rule admits is refused"));
  EXPECT_THAT(found("NSP310", {object(kSt), member(kSt), member(kSe),
                               object(kSe, "", R"(,"identity":"[parameters('i')]")")}),
              IsEmpty());
}

TEST(Surprises, OfAnIdentityNeedAMemberThatWouldRefuse) {
  const std::string far = kSurprisesGroup + "Microsoft.Network/networkSecurityPerimeters/far";
  EXPECT_THAT(found("NSP310", {object(kSe), object(kSt), member(kSe), object(far),
                               object(far + "/profiles/p"), member(kSt, "Learning", far)}),
              IsEmpty());
  // A member's address is not visible (P-8), so an address rule does not stand in for membership.
  EXPECT_THAT(
      found("NSP310", {object(kSe), object(kSt), member(kSe), member(kSt),
                       object(kNsp + "/profiles/p/accessRules/out",
                              R"("direction":"Outbound","fullyQualifiedDomainNames":["*"])"),
                       object(kNsp + "/profiles/p/accessRules/in",
                              R"("direction":"Inbound","addressPrefixes":["0.0.0.0/0"])")}),
      ElementsAre("warning se: `se` has no managed identity, so inside its perimeter it calls `st` "
                  "as a stranger, and is refused when enforced"));
}

TEST(Surprises, OfARoleNameTheRoleOnce) {
  const std::vector<std::string> base{object(kSe, "", kIdentity), member(kSe), object(kSt),
                                      member(kSt)};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = base;
    all.insert(all.end(), more.begin(), more.end());
    return found("NSP311", all);
  };
  const std::string lacks =
      "note se: no role assignment lets the identity of `se` index blobs: the role `Storage Blob "
      "Data Reader` at `st` would";
  const std::string reader = R"(,"roleDefinitionName":"Storage Blob Data Reader")";
  const std::string owner = R"(,"roleDefinitionName":"Owner")";
  EXPECT_THAT(with({role(kSt, "p1", owner)}), ElementsAre(lacks));
  EXPECT_THAT(with({role(kSt, "p2", reader)}), ElementsAre(lacks));
  EXPECT_THAT(with({role(kSt + "2", "p1", reader)}), ElementsAre(lacks));
  EXPECT_THAT(with({role(kSt, "p2", reader + R"(,"principalType":"User")")}), ElementsAre(lacks));
  EXPECT_THAT(with({role(kSt, "p1", reader)}), IsEmpty());
  EXPECT_THAT(with({role(kSt, "p1", R"(,"roleDefinitionName":"Our Own")")}), IsEmpty());
  EXPECT_THAT(with({role(kSt + "/blobServices/default/containers/c", "p1", reader)}), IsEmpty());
  EXPECT_THAT(with({role(kSt, "p2", reader + R"(,"principalType":"group")")}), IsEmpty());
}

// A second account with the role is enough: nobody says which one the indexer reads.
TEST(Surprises, OfARoleAreSilentWhereOneDestinationGivesIt) {
  EXPECT_THAT(found("NSP311",
                    {object(kSe, "", kIdentity), member(kSe), object(kSt), member(kSt),
                     object(kSt + "2"), member(kSt + "2"),
                     role(kSt + "2", "p1", R"(,"roleDefinitionName":"Storage Blob Data Reader")")}),
              IsEmpty());
}

TEST(Surprises, OfAProjectsRoleSpeakForItsAccount) {
  const std::string account = R"(,"kind":"AIServices")" + kIdentity;
  const std::string project = fmt::format(
      R"({{"id":"{}/projects/chat","identity":{{"type":"SystemAssigned","principalId":"p9"}}}})",
      kAi);
  EXPECT_THAT(found("NSP311",
                    {object(kAi, "", account), member(kAi), object(kSt), member(kSt), project,
                     role(kSt, "p9", R"(,"roleDefinitionName":"Storage Blob Data Contributor")")}),
              IsEmpty());
}

TEST(Surprises, OfAnIpRuleNameAnAddressThatIsReallyRefused) {
  const std::string closed = R"("networkAcls":{"defaultAction":"Deny","bypass":"None",)"
                             R"("ipRules":[{"value":"203.0.113.0/24"}]})";
  const auto inbound = [](const std::string& prefixes) {
    return object(kNsp + "/profiles/p/accessRules/r",
                  R"("direction":"Inbound","addressPrefixes":[)" + prefixes + "]");
  };
  const auto with = [&](const std::string& prefixes) {
    return found("NSP321", {object(kSt, closed), member(kSt), inbound(prefixes)});
  };
  const auto refused = [](const std::string& address) {
    return "warning st: IP rule `203.0.113.0/24` of `st` ends when enforced: `" + address +
           "` is admitted by no inbound rule of profile `p`";
  };
  EXPECT_THAT(with(R"("198.51.100.0/24")"), ElementsAre(refused("203.0.113.0")));
  EXPECT_THAT(with(R"("203.0.113.0/25")"), ElementsAre(refused("203.0.113.255")));
  EXPECT_THAT(with(R"("203.0.113.0/26","203.0.113.128/25")"), ElementsAre(refused("203.0.113.64")));
  EXPECT_THAT(with(R"("203.0.113.0/25","203.0.113.128/25")"), IsEmpty());
  EXPECT_THAT(with(R"("0.0.0.0/0")"), IsEmpty());
}

TEST(Surprises, OfPrivateNamesNeedTheEndpointsNetwork) {
  const std::string endpoint = kSurprisesGroup + "Microsoft.Network/privateEndpoints/pe";
  const std::string connection =
      R"("privateLinkServiceConnections":[{"name":"c","properties":{"privateLinkServiceId":")" +
      kSt + R"(","groupIds":["blob"]}}])";
  EXPECT_THAT(found("NSP330", {object(kSt), object(endpoint, connection)}), IsEmpty());
}

TEST(Members, AreThoseThatAreDescribed) {
  const Policy policy = policy_of({object(kSt), member(kSt), member(kSe)});
  const auto members = members_of({policy});
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].name, "st");
  EXPECT_EQ(members[0].profile->name, "p");
  EXPECT_TRUE(members[0].is_learning());
}

TEST(Judge, TellsWhatEnds) {
  const Policy policy = policy_of({object(kSt), member(kSt)});
  Attempt attempt = outside_attempt({policy}, 0, Credential::User);
  attempt.address = IpAddress::parse("203.0.113.7");
  const auto judged = judge({policy}, attempt);
  ASSERT_TRUE(judged);
  EXPECT_TRUE(judged->ends());
  EXPECT_EQ(judged->then.reason, Reason::NoInboundRule);
  attempt.to = "nobody";
  attempt.outside = false;
  EXPECT_FALSE(judge({policy}, attempt));
}

TEST(SomeNames, ShowThreeAndCountTheRest) {
  EXPECT_EQ(some_names({"a"}), "`a`");
  EXPECT_EQ(some_names({"a", "b", "c", "d", "e"}), "`a`, `b`, `c` and 2 more");
}

}  // namespace
}  // namespace nsp
