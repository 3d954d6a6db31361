#include "sim/analysis/suggest.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/analysis/rollout.h"
#include "tests/unit/analysis/readiness_world.h"

namespace nsp {
namespace {

using enum LogCategory;
using testing::ElementsAre;
using testing::IsEmpty;

class SuggestTest : public testing::Test {
 protected:
  const Suggestions& suggest_for(const test::Seen& seen) {
    observations_ = seen.all;
    report_ = assess_readiness(policy_, observations_, {});
    suggestions_ = suggest(policy_, report_, {}, options_);
    return suggestions_;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const Suggestion& s : suggestions_.all) {
      all.push_back(fmt::format("{}{}: {} | resolves {}, gained {}", s.chosen ? "* " : "",
                                to_string(s.kind), s.text, s.proof.resolves + s.proof.settles,
                                s.proof.gained));
    }
    return all;
  }
  std::vector<std::string> unresolved() const {
    std::vector<std::string> all;
    for (const UnresolvedBlocker& one : suggestions_.unresolved) all.push_back(one.why);
    return all;
  }

  Policy policy_ = test::sample_environment(test::kReadinessPage).policy;
  SuggestOptions options_;
  std::vector<Observation> observations_;
  ReadinessReport report_;
  Suggestions suggestions_;
};

TEST_F(SuggestTest, AdmitsAddressesByTheFewestPrefixes) {
  test::Seen seen;
  const Suggestions& all = suggest_for(seen.inbound("198.51.100.4", "stdocs", 3)
                                           .inbound("198.51.100.5", "stdocs", 3)
                                           .inbound("198.51.100.7", "stdocs", 3)
                                           .inbound("192.0.2.1", "stdocs", 80));
  EXPECT_THAT(lines(), ElementsAre("* inbound rule: inbound rule `callers-of-stdocs` of profile "
                                   "nsp/data: 192.0.2.1/32, 198.51.100.4/30 | resolves 89, gained "
                                   "0"));
  EXPECT_EQ(all.all[0].admits,
            "1 address that nobody has seen, and any credential from these prefixes (R-1), at "
            "keyless, search-1, stdocs");
  EXPECT_EQ(all.all[0].unseen, 1U);
  EXPECT_EQ(all.proof.revoked_left, 0U);
  EXPECT_THAT(unresolved(), IsEmpty());
}

TEST_F(SuggestTest, KeepsRefusedAddressesOut) {
  test::Seen seen;
  suggest_for(seen.inbound("198.51.100.4", "stdocs")
                  .inbound("198.51.100.5", "stdocs")
                  .inbound("198.51.100.7", "stdocs")
                  .inbound("198.51.100.6", "stdocs", 9, NspPublicInboundResourceRulesDenied));
  EXPECT_THAT(lines(),
              ElementsAre("* inbound rule: inbound rule `callers-of-stdocs` of profile "
                          "nsp/data: 198.51.100.4/31, 198.51.100.7/32 | resolves 3, gained "
                          "0"));
}

TEST_F(SuggestTest, ListsWhatItGains) {
  test::Seen seen;
  suggest_for(seen.inbound("198.51.100.4", "stdocs")
                  .inbound("198.51.100.4", "keyless", 9, NspPublicInboundResourceRulesDenied));
  ASSERT_EQ(suggestions_.all.size(), 1U);
  EXPECT_EQ(suggestions_.all[0].proof.gained, 9U);
  EXPECT_THAT(suggestions_.all[0].proof.gained_legs, ElementsAre(LegAt{1, Direction::Inbound}));
}

TEST_F(SuggestTest, LetsAMemberShowItsIdentity) {
  test::Seen seen;
  suggest_for(seen.between("search-1", "stdocs", 5).outbound("keyless", "stdocs", 2));
  EXPECT_THAT(
      lines(),
      ElementsAre("* managed identity: give it a managed identity and let `keyless` call "
                  "stdocs with its managed identity | resolves 2, gained 0",
                  "* managed identity: let `search-1` call stdocs with its managed identity "
                  "| resolves 5, gained 0"));
}

TEST_F(SuggestTest, AssociatesACallerThatIsOutside) {
  test::Seen seen;
  suggest_for(seen.between("foundry-9", "stdocs", 4));
  EXPECT_THAT(
      lines(),
      ElementsAre("* associate: associate `foundry-9` with profile nsp/data, in Learning, and "
                  "let the caller show its managed identity | resolves 4, gained 0",
                  "subscription rule: inbound rule `subscription-00000000` of profile "
                  "nsp/data: subscription 00000000-0000-0000-0000-000000000000, and let the "
                  "caller show its managed identity | resolves 4, gained 0"));
  EXPECT_EQ(suggestions_.proof.revoked_left, 0U);
  EXPECT_EQ(suggestions_.candidate.associations.back().mode, AccessMode::Learning);
}

TEST_F(SuggestTest, NamesHostsExactlyAndOffersTheWildcard) {
  test::Seen seen;
  suggest_for(seen.outbound("search-1", "a.blob.core.windows.net", 4)
                  .outbound("search-1", "b.blob.core.windows.net", 1)
                  .outbound("search-1", "api.example.com", 1));
  EXPECT_THAT(lines(),
              ElementsAre("* outbound rule: outbound rule `calls-of-search-1` of profile nsp/data: "
                          "a.blob.core.windows.net, api.example.com, b.blob.core.windows.net | "
                          "resolves 6, gained 0",
                          "outbound wildcard: outbound rule `all-of-blob.core.windows.net` of "
                          "profile nsp/data: *.blob.core.windows.net | resolves 5, gained 0"));
  EXPECT_EQ(suggestions_.all[1].admits,
            "every account of every tenant under blob.core.windows.net, of which 2 were seen: data "
            "can leave through any of them, from keyless, search-1, stdocs");
}

TEST_F(SuggestTest, SaysWhatCannotBeResolved) {
  Observation smb = test::on_the_wire("203.0.113.7", "stdocs");
  smb.attempt.protocol = Protocol::Smb;
  Observation hidden =
      test::in_the_log("203.0.113.7", "stdocs", NspPublicInboundResourceRulesAllowed);
  hidden.attempt.address.reset();
  hidden.attempt.address_hidden = true;
  Observation endpoint = hidden;
  endpoint.attempt.via = Via::ServiceEndpoint;
  Observation private_address =
      test::in_the_log("10.0.0.4", "stdocs", NspPublicInboundResourceRulesAllowed);
  test::Seen seen;
  suggest_for(seen.add(smb, 1).add(hidden, 1).add(endpoint, 1).add(private_address, 1));
  EXPECT_THAT(
      unresolved(),
      ElementsAre(
          "NFS, SMB and SFTP end when Enforced (C11): use HTTPS, or a private endpoint",
          "no address is visible (P-7), and the caller shows nothing that a rule could "
          "match: it needs a managed identity, or a private endpoint",
          "through a service endpoint no address is visible (P-5): use a private endpoint, "
          "or a managed identity that a subscription rule lists",
          "10.0.0.4 is private and never arrives on the public path (P-6): bind the address "
          "that the service sees"));
  EXPECT_EQ(suggestions_.proof.revoked_left, 4U);
}

TEST_F(SuggestTest, StaysWithinTheLimitOfAProfile) {
  options_.max_unseen = 0;
  test::Seen seen;
  for (int i = 0; i < 250; ++i) {
    seen.inbound(fmt::format("198.51.{}.1", i), "stdocs", i == 249 ? 100 : 1);
  }
  const Suggestions& all = suggest_for(seen);
  ASSERT_EQ(all.all.size(), 1U);
  EXPECT_EQ(all.all[0].rule.prefixes.size(), 199U);  // `office` is there already
  EXPECT_EQ(all.proof.resolves, 298U);
  EXPECT_EQ(unresolved().size(), 51U);
  EXPECT_EQ(unresolved().front(),
            "profile nsp/data takes 200 inbound rule elements (C2), and what was seen needs more: "
            "let rules admit more unseen addresses, or split the profile");
}

TEST_F(SuggestTest, RolloutSwitchesFirstWhatBreaksNothing) {
  test::Seen seen;
  const Suggestions& all = suggest_for(
      seen.inbound("198.51.100.4", "stdocs", 3)
          .inbound("198.51.100.4", "keyless", 2)
          .inbound("203.0.113.7", "search-1", 2, NspPublicInboundPerimeterRulesAllowed));
  const Rollout plan = plan_rollout(policy_, report_, all, {});
  std::vector<std::string> steps;
  for (const RolloutStep& step : plan.steps) {
    steps.push_back(fmt::format("{} breaks {}, with {} suggestions {}; {}",
                                report_.associations[step.association].name, step.breaks_alone,
                                step.needs.size(), step.breaks, fmt::join(step.notes, "; ")));
  }
  EXPECT_THAT(
      steps,
      ElementsAre("nsp/search-1-association breaks 0, with 0 suggestions 0; ",
                  "peer/stpeer-association breaks 0, with 0 suggestions 0; ",
                  "nsp/keyless-association breaks 2, with 1 suggestions 0; after it, switching "
                  "nsp/stdocs-association breaks 0 instead of 3 events",
                  "nsp/stdocs-association breaks 0, with 0 suggestions 0; "));
  EXPECT_TRUE(plan.breaks_nothing());
}

}  // namespace
}  // namespace nsp
