// Explanations, whole: what a person reads and what a program reads.
#include "sim/report/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/access_log/line_protocol_callers.h"
#include "tests/unit/report/page_environment.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Attempt attempt_from(const PageEnvironment& environment, std::string_view from,
                     std::string_view to) {
  Attempt attempt;
  attempt.from = from;
  const CallerBook book(environment.callers);
  if (const Caller* caller = book.find(from)) attempt = attempt_of(*caller);
  attempt.to = to;
  return attempt;
}

std::string text_of(const PageEnvironment& environment, ExplainRequest request,
                    TraceDetail detail = TraceDetail::NearestMisses) {
  const auto explanation = explain(environment.policy, std::move(request));
  if (!explanation) return "error: " + explanation.error();
  return explain_as_text(environment.policy, *explanation, detail, {});
}

TEST(ExplainText, ShowsEachRulesNearestMiss) {
  const PageEnvironment environment = sample_environment();
  EXPECT_EQ(
      text_of(environment, {.attempt = attempt_from(environment, "partner", "st"),
                            .readings = {},
                            .enforced_associations = {}}),
      R"(allowed: `partner` reaches `st`, by resource rule ip 198.51.100.0/24 (IN-9, documented)

attempt
  from        partner, outside the environment
  credential  key
  address     198.51.100.33
  to          st
  name        st.blob.core.windows.net
  path        public
  call        https, data

inbound leg, judged at st
  perimeter            nsp, profile data, mode Learning
  publicNetworkAccess  Enabled
  verdict              allow: resource rule ip 198.51.100.0/24
  logged               NspPublicInboundResourceRulesAllowed
  steps
    IN-2 (documented) not in the same perimeter: the other end is no resource of the environment
    IN-3 (documented) no perimeter link: both ends must be in a perimeter
    IN-4 (documented) no inbound rule of the profile matches
      rule office: 203.0.113.0/28, no match: source 198.51.100.33 is far before the start of 203.0.113.0/28 (of 2 elements)
    IN-9 (documented) decides: allow: resource rule ip 198.51.100.0/24
      rule trusted services: bypass, no match: the caller is no trusted service
      rule default action: Deny, no match: it denies
      rule ip 198.51.100.0/24, matches: source 198.51.100.33 is inside

if enforced (every association Enforced)
  now          allow: resource rule ip 198.51.100.0/24 (IN-9)
  if enforced  deny: no inbound rule (IN-5)
  change       revoked

other readings
  no other reading of an assumption changes a verdict here
)");
}

TEST(ExplainText, ShowsEveryElementAsATreeAndWhatTheCallerSees) {
  const PageEnvironment environment = sample_environment();
  EXPECT_EQ(
      text_of(environment,
              {.attempt = attempt_from(environment, "partner", "st"),
               .readings = {},
               .enforced_associations = {true, false},
               .show_enforced = true},
              TraceDetail::Tree),
      R"(denied, if enforced: `partner` does not reach `st`, no inbound rule (IN-5, documented)

attempt
  from        partner, outside the environment
  credential  key
  address     198.51.100.33
  to          st
  name        st.blob.core.windows.net
  path        public
  call        https, data

inbound leg, judged at st
  perimeter            nsp, profile data, mode Enforced
  publicNetworkAccess  Enabled
  verdict              deny: no inbound rule
  logged               NspPublicInboundPerimeterRulesDenied
  ├─ IN-2 (documented) not in the same perimeter: the other end is no resource of the environment
  ├─ IN-3 (documented) no perimeter link: both ends must be in a perimeter
  ├─ IN-4 (documented) no inbound rule of the profile matches
  │  ├─ rule office: 203.0.113.0/28, no match: source 198.51.100.33 is far before the start of 203.0.113.0/28
  │  └─ rule office: 192.0.2.0/24, no match: source 198.51.100.33 is far past the end of 192.0.2.0/24
  └─ IN-5 (documented) decides: deny: no inbound rule

what the caller sees
  answer       403 AuthorizationFailure
  message      not authorized by network security perimeter
  look-alike   the account's own firewall and a missing role answer with the same code
  how to tell  a denial by the perimeter leaves NspPublicInboundPerimeterRulesDenied in NSPAccessLogs
  grade        observed

if enforced (nsp/st-association Enforced)
  now          allow: resource rule ip 198.51.100.0/24 (IN-9)
  if enforced  deny: no inbound rule (IN-5)
  change       revoked

other readings
  no other reading of an assumption changes a verdict here
)");
}

TEST(ExplainText, ShowsBothLegsAndThatADeniedCallDoesNotLeave) {
  const PageEnvironment environment = sample_environment();
  Attempt attempt = attempt_from(environment, "search-1", "st");
  attempt.credential = Credential::Key;
  const std::string text =
      text_of(environment, {.attempt = attempt, .readings = {}, .enforced_associations = {}});
  EXPECT_THAT(text, HasSubstr("\noutbound leg, judged at search-1\n"));
  EXPECT_THAT(text, HasSubstr("\ninbound leg, judged at st\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "\nwhat the caller sees\n  the call does not leave `search-1`; the destination never "
          "answers\n"));
}

TEST(ExplainText, ListsAssumptionsNotesAndReadingsThatDecideOtherwise) {
  constexpr std::string_view kPage = R"(
```scenario
status: local
```

| resource | kind    | profile  | mode     | publicNetworkAccess |
| -------- | ------- | -------- | -------- | ------------------- |
| st       | storage | nsp/data | Learning | Disabled            |

| rule   | profile  | direction | allows         |
| ------ | -------- | --------- | -------------- |
| office | nsp/data | inbound   | 203.0.113.0/28 |

| caller | address     | credential |
| ------ | ----------- | ---------- |
| office | 203.0.113.7 | user       |

| case | from   | to | expect |
| ---- | ------ | -- | ------ |
| it   | office | st | allow  |
)";
  const PageEnvironment environment = sample_environment(kPage);
  ExplainRequest request{.attempt = attempt_from(environment, "office", "st"),
                         .readings = {},
                         .enforced_associations = {}};
  const std::string text = text_of(environment, request);
  EXPECT_THAT(text, HasSubstr("\nnotes\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "\nassumptions used\n"
          "  C5  Learning and publicNetworkAccess Disabled: do perimeter rules admit: perimeter "
          "rules admit; the verdict carries a note\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "\nother readings\n"
          "  reading                 now                           if enforced\n"
          "  C5=publicNetworkAccess  deny: public access disabled  allow: inbound rule office\n"));
  ASSERT_TRUE(add_assumptions(request.readings, "C5=publicNetworkAccess"));
  EXPECT_THAT(text_of(environment, request), HasSubstr("C5=publicNetworkAccess, as asked\n"));
}

TEST(ExplainText, HasNoLegsForTheControlPlane) {
  const PageEnvironment environment = sample_environment();
  Attempt attempt = attempt_from(environment, "office", "st");
  attempt.operation = "control";
  const std::string text =
      text_of(environment, {.attempt = attempt, .readings = {}, .enforced_associations = {}});
  EXPECT_THAT(text, testing::StartsWith(
                        "allowed: `office` reaches `st`, by control plane (G-1, documented)\n"));
  EXPECT_THAT(text, Not(HasSubstr(" leg, judged at ")));
}

TEST(ExplainText, SaysOnlyTheVerdictWhenQuiet) {
  const PageEnvironment environment = sample_environment();
  const auto explanation =
      explain(environment.policy, {.attempt = attempt_from(environment, "roamer", "st"),
                                   .readings = {},
                                   .enforced_associations = {}});
  ASSERT_TRUE(explanation);
  RenderOptions options;
  options.quiet = true;
  options.color = true;
  EXPECT_EQ(explain_as_text(environment.policy, *explanation, TraceDetail::Tree, options),
            "\x1b[33mundecided\x1b[0m: whether `roamer` reaches `st` depends on a missing fact, "
            "address (G-10, ours)\n");
}

TEST(Explanation, RefusesAnAttemptThatMakesNoSense) {
  const PageEnvironment environment = sample_environment();
  Attempt attempt = attempt_from(environment, "office", "nowhere");
  const auto explanation = explain(
      environment.policy, {.attempt = attempt, .readings = {}, .enforced_associations = {}});
  ASSERT_FALSE(explanation);
  EXPECT_THAT(explanation.error(), HasSubstr("nowhere"));
}

TEST(Explanation, FindsAssociationsByAnyOfTheirNames) {
  const PageEnvironment environment = sample_environment();
  const Environment& site = environment.policy.environment();
  for (const std::string_view name : {"st-association", "nsp/ST-association", "st"}) {
    const auto found = find_association(site, name);
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(site.associations[*found].name, "st-association");
  }
  EXPECT_EQ(find_association(site, "far").error(),
            "`far` is no association, expected the name of one or of its resource");
}

TEST(ExplainJson, CarriesTheWholeExplanation) {
  const PageEnvironment environment = sample_environment();
  const auto explanation =
      explain(environment.policy, {.attempt = attempt_from(environment, "office", "search-1"),
                                   .readings = {},
                                   .enforced_associations = {}});
  ASSERT_TRUE(explanation);
  const std::string json = explain_as_json(environment.policy, *explanation);
  constexpr std::string_view kStart = R"({
  "schema": "nspsim.explain/1",
  "attempt": {
    "from": "office",
    "outside": true,
    "to": "search-1",
    "name": "search-1.search.windows.net",
    "credential": "user",
    "address": "203.0.113.7",
    "path": "public",
    "protocol": "https",
    "operation": "data",
    "trustedService": false
  },
  "verdict": "allow",
  "reason": "inbound rule office",
  "legs": [
    {
      "direction": "inbound",
      "resource": "search-1",
      "perimeter": "nsp",
      "profile": "data",
      "accessMode": "Enforced",
      "publicNetworkAccess": "Enabled",
      "verdict": "allow",
      "reason": "inbound rule office",
      "rule": "office",
      "clause": "IN-4",
      "grade": "documented",
      "logCategory": ["NspPublicInboundPerimeterRulesAllowed"],
      "assumptions": [],
      "notes": [],
      "steps": [
)";
  EXPECT_EQ(json.substr(0, kStart.size()), kStart);
  constexpr std::string_view kEnd = R"(  "change": "unchanged",
  "denialSeen": null,
  "assumptions": [],
  "otherReadings": []
}
)";
  EXPECT_THAT(json, testing::EndsWith(kEnd));
  EXPECT_THAT(json, HasSubstr("\"element\": \"203.0.113.0/28\",\n              \"matched\": true"));
}

}  // namespace
}  // namespace nsp::test
