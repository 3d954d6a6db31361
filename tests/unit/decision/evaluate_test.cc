#include "sim/decision/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decision/small_environment.h"

namespace nsp {
namespace {

using test::between;
using test::from_outside;
using test::outcome;
using test::small_environment;
using testing::ElementsAre;

TEST(Evaluate, InboundRulesAdmitByAddressAndBySubscription) {
  const Policy policy = compile(small_environment());
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::User, "203.0.113.15")),
            "allow: inbound rule office");
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::User, "203.0.113.16")),
            "deny: no inbound rule");
  Attempt runner = from_outside("st", Credential::ManagedIdentity, "198.51.100.1");
  runner.subscription = Guid::parse(test::kListed);
  EXPECT_EQ(outcome(policy, runner), "allow: inbound rule ci");
  runner.credential = Credential::ServicePrincipal;
  EXPECT_EQ(outcome(policy, runner), "deny: no inbound rule");
}

TEST(Evaluate, MembersReachEachOtherWithAManagedIdentityOnly) {
  const Policy policy = compile(small_environment());
  EXPECT_EQ(outcome(policy, between("search", "st")), "allow: same perimeter");
  Attempt with_key = between("search", "st");
  with_key.credential = Credential::Key;
  EXPECT_EQ(outcome(policy, with_key), "deny: no outbound rule");
}

TEST(Evaluate, UndecidedOnlyWhereTheMissingFactMatters) {
  const Policy policy = compile(small_environment());
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::User, "")),
            "undecided: missing address");
  EXPECT_EQ(outcome(policy, from_outside("search", Credential::User, "")), "deny: no inbound rule");
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::ManagedIdentity, "198.51.100.1")),
            "undecided: missing subscription");
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::Sas, "198.51.100.1")),
            "deny: no inbound rule");
  Attempt nobody_said = from_outside("st", Credential::User, "198.51.100.1");
  nobody_said.credential.reset();
  EXPECT_EQ(outcome(policy, nobody_said), "undecided: missing credential");
  nobody_said.address = IpAddress::parse("203.0.113.1");
  EXPECT_EQ(outcome(policy, nobody_said), "allow: inbound rule office");
}

TEST(Evaluate, AStubNeedsItsPublicNetworkAccessOnlyWhileNotEnforced) {
  Environment environment = small_environment(AccessMode::Learning);
  environment.resources[0].described = false;
  environment.resources[0].firewall.known = false;
  environment.resources[0].identity.reset();
  environment.resources[0].public_network_access = PublicNetworkAccess::Unknown;
  const Policy policy = compile(std::move(environment));
  const Attempt stranger = from_outside("st", Credential::User, "198.51.100.1");
  EXPECT_EQ(outcome(policy, stranger), "undecided: missing publicNetworkAccess");
  EXPECT_EQ(outcome(policy, stranger, if_enforced()), "deny: no inbound rule");
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::User, "203.0.113.1")),
            "allow: inbound rule office");
  Scope enabled;
  enabled.resource_with_access = 0;
  EXPECT_EQ(outcome(policy, stranger, enabled), "undecided: missing firewall");
}

TEST(Evaluate, AnUnknownModeMattersOnlyWhereModesDiffer) {
  Environment environment = small_environment(AccessMode::Unknown);
  environment.resources[0].firewall.default_allow = true;
  const Policy policy = compile(std::move(environment));
  EXPECT_EQ(outcome(policy, from_outside("st", Credential::User, "198.51.100.1")),
            "undecided: missing accessMode");
  EXPECT_EQ(outcome(policy, from_outside("search", Credential::User, "198.51.100.1")),
            "deny: resource rules");
}

TEST(Evaluate, ScopeTakesAwayTheAssociationOrChangesChosenModes) {
  const Policy policy = compile(small_environment(AccessMode::Learning));
  const Attempt stranger = from_outside("st", Credential::User, "198.51.100.1");
  EXPECT_EQ(outcome(policy, stranger), "deny: resource rules");
  Scope alone;
  alone.not_associated = 0;
  alone.resource_with_access = 0;
  alone.public_network_access = PublicNetworkAccess::SecuredByPerimeter;
  EXPECT_EQ(outcome(policy, stranger, alone), "deny: locked down");
  const std::vector<bool> only_search{false, true, false};
  Scope chosen = if_enforced();
  chosen.only = &only_search;
  EXPECT_EQ(outcome(policy, stranger, chosen), "deny: resource rules");
  EXPECT_EQ(outcome(policy, from_outside("search", Credential::User, "198.51.100.1"), chosen),
            "deny: no inbound rule");
}

TEST(Evaluate, ADenialOutweighsAGapAndTheOutboundLegIsNamedFirst) {
  const Policy policy = compile(small_environment());
  Attempt call = between("kv", "st");
  const Decision decision = evaluate(policy, bind(policy, call).value());
  ASSERT_EQ(decision.leg_count, 2);
  EXPECT_EQ(decision.reason, Reason::NoOutboundRule);
  EXPECT_EQ(decision.leg[1].verdict, Verdict::Deny);
  EXPECT_EQ(categories_text(written_categories(decision).view()),
            "NspPublicOutboundPerimeterRulesDenied");
}

TEST(Evaluate, TheControlPlaneIsNotJudged) {
  const Policy policy = compile(small_environment());
  Attempt manage = from_outside("st", Credential::User, "198.51.100.1");
  manage.operation = "control";
  EXPECT_EQ(outcome(policy, manage), "allow: control plane");
  EXPECT_EQ(evaluate(policy, bind(policy, manage).value()).leg_count, 0);
}

// The trace names every rule with the one fact that kept it from matching.
TEST(Trace, NamesTheNearestMissOfEveryRule) {
  const Policy policy = compile(small_environment());
  const auto bound = bind(policy, from_outside("st", Credential::User, "203.0.113.20")).value();
  Trace trace;
  const Decision decision = evaluate(policy, bound, {}, {}, trace);
  EXPECT_EQ(decision, evaluate(policy, bound));
  ASSERT_EQ(trace.steps.size(), 4U);
  EXPECT_EQ(trace.steps[0].clause, Clause::In2);
  EXPECT_EQ(trace.steps[0].text,
            "not in the same perimeter: the other end is no resource of the environment");
  EXPECT_EQ(trace.steps[1].clause, Clause::In3);
  const TraceStep& rules = trace.steps[2];
  EXPECT_EQ(rules.clause, Clause::In4);
  ASSERT_EQ(rules.trials.size(), 2U);
  EXPECT_EQ(rules.trials[0].rule_name, "ci");
  EXPECT_EQ(rules.trials[0].why,
            "the credential is `user`, a subscription needs a managed identity");
  EXPECT_EQ(rules.trials[1].rule_name, "office");
  EXPECT_EQ(rules.trials[1].element, "203.0.113.0/28");
  EXPECT_EQ(rules.trials[1].why, "source 203.0.113.20 is 5 past the end of 203.0.113.0/28");
  EXPECT_EQ(trace.steps[3].outcome, TraceStep::Outcome::Decided);
  EXPECT_EQ(trace.steps[3].text, "deny: no inbound rule");
}

TEST(Trace, ExplainsWhyALinkDoesNotCarry) {
  Environment environment = small_environment();
  PerimeterLink link;
  link.name = "to-far";
  link.local = 0;
  link.remote = 1;
  link.all_local_profiles = link.all_remote_profiles = true;
  link.status = ConnectionStatus::Pending;
  environment.links = {link};
  const Policy policy = compile(std::move(environment));
  Trace trace;
  const Decision decision =
      evaluate(policy, bind(policy, between("kv", "st")).value(), {}, {}, trace);
  EXPECT_EQ(decision.verdict, Verdict::Deny);
  EXPECT_THAT(trace.steps,
              testing::Contains(testing::Field(&TraceStep::text, "link `to-far` is Pending")));
}

TEST(Bind, RefusesWhatCannotBeAnAttempt) {
  Environment environment = small_environment();
  environment.resources[1].identity = false;
  const Policy policy = compile(std::move(environment));
  Attempt claims = between("search", "st");
  claims.credential = Credential::ManagedIdentity;
  EXPECT_EQ(outcome(policy, claims),
            "error: `search` has no managed identity, so it cannot send that credential (P-9)");
  EXPECT_EQ(outcome(policy, between("nobody", "st")),
            "error: unknown caller `nobody`, expected a resource of the environment or a declared "
            "caller");
  EXPECT_EQ(outcome(policy, from_outside("example.com", Credential::User, "192.0.2.1")),
            "error: nothing to judge: neither `office` nor `example.com` is a resource of the "
            "environment");
  EXPECT_EQ(outcome(policy, between("serch", "st")),
            "error: unknown caller `serch`, expected a resource of the environment or a declared "
            "caller, did you mean "
            "`search`?");
  Attempt wrong_name = between("search", "st");
  wrong_name.name = DomainName::parse("lone.blob.core.windows.net").value();
  EXPECT_EQ(outcome(policy, wrong_name),
            "error: `lone.blob.core.windows.net` is no name of `st`, expected one like "
            "`st.blob.core.windows.net`");
}

TEST(Bind, ADestinationMayBeNamedByItsHost) {
  const Policy policy = compile(small_environment());
  EXPECT_EQ(outcome(policy, between("search", "ST.Blob.Core.Windows.Net.")),
            "allow: same perimeter");
}

// Two perimeters joined for other profiles only are not joined through others (U5).
TEST(Links, ADirectLinkIsNoChain) {
  Environment environment = small_environment();
  PerimeterLink link;
  link.local = 0;
  link.remote = 1;
  link.local_profiles = {1};
  link.all_remote_profiles = true;
  environment.links = {link};
  const Policy policy = compile(std::move(environment));
  EXPECT_FALSE(policy.linked_through_others(0, 1));
  Readings transitive;
  ASSERT_TRUE(add_assumptions(transitive, "U5=transitive"));
  EXPECT_EQ(outcome(policy, between("kv", "st"), {}, transitive), "deny: no outbound rule");
}

TEST(Denial, NamesThePerimeterOnlyWhereItDenied) {
  EXPECT_EQ(denial_seen(Service::Storage, Clause::In5)->message,
            "not authorized by network security perimeter");
  EXPECT_EQ(denial_seen(Service::Storage, Clause::In10)->message,
            "the request is not authorized to perform this operation");
  EXPECT_EQ(denial_seen(Service::Sql, Clause::In8), nullptr);
}

}  // namespace
}  // namespace nsp
