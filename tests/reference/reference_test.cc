// The reference against the tables of the semantics, so that the second opinion itself is checked
// against the law.
#include "tests/reference/reference.h"

#include <gtest/gtest.h>

#include "tests/reference/small_world.h"

namespace nsp::reference {
namespace {

const IpAddress kOffice = address("203.0.113.7");
const IpAddress kHome = address("198.51.100.7");
const Guid kListed = guid(1);
const Guid kOther = guid(2);

std::string words(const Outcome& outcome) {
  std::string text{to_string(outcome.verdict)};
  text += ": " + std::string(to_string(outcome.reason));
  if (outcome.missing != Fact::None) text += " " + std::string(to_string(outcome.missing));
  return text;
}

Attempt from_outside(Credential credential, IpAddress source) {
  Attempt attempt;
  attempt.from = "someone";
  attempt.outside = true;
  attempt.to = "store";
  attempt.credential = credential;
  attempt.address = source;
  attempt.subscription = kOther;
  return attempt;
}

Attempt from_resource(std::string from, std::string to, Credential credential) {
  Attempt attempt;
  attempt.from = std::move(from);
  attempt.to = std::move(to);
  attempt.credential = credential;
  return attempt;
}

Outcome decided(const Environment& env, const Attempt& attempt, const Scope& scope = {},
                const Readings& readings = {}) {
  const auto outcome = decide(env, attempt, scope, readings);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error());
  return outcome.value_or(Outcome{});
}

// One account `store`, one profile that admits kOffice and the name of `far`.
SmallWorld one_account() {
  SmallWorld world;
  const Index p = world.add_perimeter("p", {"one", "two"});
  world.add_resource("store", Service::Storage, guid(0));
  world.add_rule({p, 0}, "office", Direction::Inbound).prefixes = {prefix("203.0.113.0/28")};
  world.add_rule({p, 0}, "far", Direction::Outbound).host_names = {pattern("far.example.com")};
  return world;
}

// ---------------------------------------------------------------------------------------- the
// three by three table

struct Cell {
  PublicNetworkAccess access;
  std::optional<AccessMode> mode;  // nothing: not associated
  std::string in;   // rule hit or miss × firewall open or closed: hit open, hit closed, miss open,
                    // miss closed
  std::string out;  // rule hit, rule miss
};

class ThreeByThree : public testing::TestWithParam<Cell> {};

char letter(Verdict verdict) { return verdict == Verdict::Allow ? 'A' : 'D'; }

TEST_P(ThreeByThree, InboundFollowsTheTable) {
  SmallWorld world = one_account();
  world.env.resources[0].public_network_access = GetParam().access;
  if (GetParam().mode) world.associate(0, {0, 0}, *GetParam().mode);
  std::string seen;
  for (const IpAddress& source : {kOffice, kHome}) {
    for (bool open : {true, false}) {
      world.env.resources[0].firewall.default_allow = open;
      seen += letter(decided(world.env, from_outside(Credential::Key, source)).verdict);
    }
  }
  EXPECT_EQ(seen, GetParam().in);
}

TEST_P(ThreeByThree, OutboundFollowsTheTable) {
  SmallWorld world = one_account();
  world.env.resources[0].public_network_access = GetParam().access;
  if (GetParam().mode) world.associate(0, {0, 0}, *GetParam().mode);
  std::string seen;
  for (const std::string to : {"far.example.com", "other.example.com"}) {
    seen += letter(decided(world.env, from_resource("store", to, Credential::Key)).verdict);
  }
  EXPECT_EQ(seen, GetParam().out);
}

using enum PublicNetworkAccess;
INSTANTIATE_TEST_SUITE_P(
    Reference, ThreeByThree,
    testing::Values(Cell{Enabled, {}, "ADAD", "AA"},
                    Cell{Enabled, AccessMode::Learning, "AAAD", "AA"},
                    Cell{Enabled, AccessMode::Enforced, "AADD", "AD"},
                    Cell{Disabled, {}, "DDDD", "AA"},
                    Cell{Disabled, AccessMode::Learning, "AADD", "AA"},
                    Cell{Disabled, AccessMode::Enforced, "AADD", "AD"},
                    Cell{SecuredByPerimeter, {}, "DDDD", "DD"},
                    Cell{SecuredByPerimeter, AccessMode::Learning, "AADD", "AD"},
                    Cell{SecuredByPerimeter, AccessMode::Enforced, "AADD", "AD"}));

// ------------------------------------------------------------------------------- who can match
// what, when enforced

struct Who {
  std::string name;
  bool member;
  Credential credential;
  bool by_membership, by_link,
      by_subscription;  // an address inside and a private endpoint always admit
};

class WhoCanMatch : public testing::TestWithParam<Who> {};

// `store` and `peer` in perimeter p, `vault` in q, all of them services that support links.
SmallWorld members() {
  SmallWorld world = one_account();
  const Index q = world.add_perimeter("q", {"one"});
  world.add_resource("peer", Service::KeyVault, kListed);
  world.add_resource("vault", Service::KeyVault, kListed);
  world.associate(0, {0, 0}, AccessMode::Enforced);
  world.associate(1, {0, 1}, AccessMode::Enforced);
  world.associate(2, {q, 0}, AccessMode::Enforced);
  return world;
}

Attempt attempt_of(const Who& who, std::string from) {
  if (who.member) return from_resource(std::move(from), "store", who.credential);
  Attempt attempt = from_outside(who.credential, kHome);
  attempt.subscription = kListed;
  return attempt;
}

Verdict inbound_verdict(const Environment& env, const Attempt& attempt) {
  return decided(env, attempt).legs.back().verdict;
}

Verdict expected(bool allowed) { return allowed ? Verdict::Allow : Verdict::Deny; }

TEST_P(WhoCanMatch, ByMembership) {
  const SmallWorld world = members();
  EXPECT_EQ(inbound_verdict(world.env, attempt_of(GetParam(), "peer")),
            expected(GetParam().by_membership));
}

TEST_P(WhoCanMatch, ByLink) {
  SmallWorld world = members();
  const Attempt attempt = attempt_of(GetParam(), "vault");
  EXPECT_EQ(inbound_verdict(world.env, attempt), Verdict::Deny);
  world.add_link("l", 0, 1, ConnectionStatus::Approved);
  EXPECT_EQ(inbound_verdict(world.env, attempt), expected(GetParam().by_link));
}

TEST_P(WhoCanMatch, BySubscriptionRule) {
  SmallWorld world = members();
  world.add_rule({0, 0}, "sub", Direction::Inbound).subscriptions = {kListed};
  EXPECT_EQ(inbound_verdict(world.env, attempt_of(GetParam(), "vault")),
            expected(GetParam().by_subscription));
}

TEST_P(WhoCanMatch, ByAddressWhateverTheCredential) {
  const SmallWorld world = members();
  Attempt attempt = attempt_of(GetParam(), "vault");
  attempt.address = kOffice;
  EXPECT_EQ(inbound_verdict(world.env, attempt), Verdict::Allow);
}

TEST_P(WhoCanMatch, ByPrivateEndpointWhateverTheCredential) {
  const SmallWorld world = members();
  Attempt attempt = attempt_of(GetParam(), "vault");
  attempt.via = Via::PrivateEndpoint;
  EXPECT_EQ(inbound_verdict(world.env, attempt), Verdict::Allow);
}

INSTANTIATE_TEST_SUITE_P(
    Reference, WhoCanMatch,
    testing::Values(Who{"MemberIdentity", true, Credential::ManagedIdentity, true, true, true},
                    Who{"OutsideIdentity", false, Credential::ManagedIdentity, false, false, true},
                    Who{"User", false, Credential::User, false, false, false},
                    Who{"ServicePrincipal", false, Credential::ServicePrincipal, false, false,
                        false},
                    Who{"MemberKey", true, Credential::Key, false, false, false},
                    Who{"Key", false, Credential::Key, false, false, false},
                    Who{"Sas", false, Credential::Sas, false, false, false},
                    Who{"MemberSas", true, Credential::Sas, false, false, false},
                    Who{"Anonymous", false, Credential::Anonymous, false, false, false}),
    [](const auto& param) { return param.param.name; });

// ----------------------------------------------------------------------------------------------------
// missing facts

TEST(Reference, NamesTheMissingAddressOnlyWhereItMatters) {
  SmallWorld world = one_account();
  world.associate(0, {0, 0}, AccessMode::Enforced);
  Attempt attempt = from_outside(Credential::Key, kOffice);
  attempt.address.reset();
  EXPECT_EQ(words(decided(world.env, attempt)), "undecided: missing address");
  world.env.perimeters[0].profiles[0].rules[0].prefixes = {prefix("10.0.0.0/8")};
  EXPECT_EQ(words(decided(world.env, attempt)), "deny: no inbound rule");
}

TEST(Reference, AsksForTheSubscriptionOnlyWhereARuleListsOne) {
  SmallWorld world = one_account();
  world.associate(0, {0, 0}, AccessMode::Enforced);
  Attempt attempt = from_outside(Credential::ManagedIdentity, kHome);
  attempt.subscription.reset();
  EXPECT_EQ(words(decided(world.env, attempt)), "deny: no inbound rule");
  world.add_rule({0, 0}, "sub", Direction::Inbound).subscriptions = {kListed};
  EXPECT_EQ(words(decided(world.env, attempt)), "undecided: missing subscription");
}

TEST(Reference, AsksForAnUnknownModeOnlyWhereTheModesDiffer) {
  SmallWorld world = one_account();
  world.associate(0, {0, 0}, AccessMode::Unknown);
  EXPECT_EQ(words(decided(world.env, from_outside(Credential::Key, kOffice))),
            "allow: inbound rule");
  EXPECT_EQ(words(decided(world.env, from_outside(Credential::Key, kHome))),
            "undecided: missing accessMode");
  world.env.resources[0].public_network_access = SecuredByPerimeter;
  EXPECT_EQ(words(decided(world.env, from_outside(Credential::Key, kHome))),
            "deny: no inbound rule");
}

TEST(Reference, CannotJudgeAStubThatIsNotEnforced) {
  SmallWorld world = one_account();
  SmallWorld::make_stub(world.env.resources[0]);
  world.associate(0, {0, 0}, AccessMode::Learning);
  const Attempt attempt = from_outside(Credential::Key, kHome);
  EXPECT_EQ(words(decided(world.env, attempt)), "undecided: missing publicNetworkAccess");
  EXPECT_EQ(words(decided(world.env, attempt, if_enforced())), "deny: no inbound rule");
}

TEST(Reference, RefusesAnIdentityThatTheCallerDoesNotHave) {
  SmallWorld world = one_account();
  world.env.resources[0].identity = false;
  const Attempt attempt = from_resource("store", "far.example.com", Credential::ManagedIdentity);
  const auto outcome = decide(world.env, attempt);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error(), "`store` has no managed identity");
}

TEST(Reference, DoesNotJudgeTheControlPlane) {
  SmallWorld world = one_account();
  world.associate(0, {0, 0}, AccessMode::Enforced);
  Attempt attempt = from_outside(Credential::User, kHome);
  attempt.operation = "control";
  EXPECT_EQ(words(decided(world.env, attempt)), "allow: control plane");
}

TEST(Reference, NamesTheOutboundLegFirstWhenBothDeny) {
  SmallWorld world = members();
  const Outcome outcome = decided(world.env, from_resource("peer", "store", Credential::Key));
  EXPECT_EQ(words(outcome), "deny: no outbound rule");
  ASSERT_EQ(outcome.legs.size(), 2U);
  EXPECT_EQ(outcome.legs[1].clause, Clause::In5);
}

TEST(Reference, JudgesOtherProtocolsByTheAccountsOwnRulesUntilStrict) {
  SmallWorld world = one_account();
  world.associate(0, {0, 0}, AccessMode::Learning);
  Attempt attempt = from_outside(Credential::Key, kOffice);
  attempt.protocol = Protocol::Nfs;
  EXPECT_EQ(words(decided(world.env, attempt)), "allow: resource rule");
  EXPECT_EQ(words(decided(world.env, attempt, if_enforced())), "deny: protocol not supported");
}

}  // namespace
}  // namespace nsp::reference
