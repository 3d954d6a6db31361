// The forms of a lint report.
#include "sim/report/lint_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "tests/unit/report/lint_sample.h"

namespace nsp {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LintText, TellsWhatHoldsForACheckOnce) {
  EXPECT_EQ(lint_as_text(sample_lint(), {}), R"(never matches

warning NSP151: link-of-unsupported-service
  a b/site.json:4:3 /resources/2
    note: link `to-partner` carries nothing to or from `search-1`, `search-2` of
    `nsp`: AI Search does not support links
      a b/site.json:9:5: `search-1`, AI Search
  because  Storage, Key Vault, Azure Monitor, Cosmos DB, SQL Database and
           Service Bus support links. AI Search and Foundry do not (Links)
  because  a member of a linked perimeter is allowed by an Approved link that
           names both profiles (IN-3)
  do       admit such a caller by a subscription rule and an outbound rule, or
           put both ends into one perimeter

warning NSP152: link-not-approved
  a b/site.json:4:3 /resources/2
    link `to-partner` to perimeter `b|c` is Pending, so it carries no traffic
  because  a member of a linked perimeter is allowed by an Approved link that
           names both profiles (IN-3)
  because  a call to a linked perimeter leaves freely, as IN-3 (OUT-3)
  do       approve the link at the other perimeter, or remove it

suppressed

  NSP152 nsp/to-other, until 2026-06-30: signs in June

2 findings: 1 warning, 1 note; 1 suppressed; 3 checks ran
)");
}

TEST(LintText, IsALineAFindingWhenQuiet) {
  EXPECT_EQ(lint_as_text(sample_lint(), {.quiet = true}),
            "note a b/site.json:4:3 /resources/2: NSP151: link `to-partner` carries nothing to or "
            "from `search-1`, `search-2` of `nsp`: AI Search does not support links\n"
            "warning a b/site.json:4:3 /resources/2: NSP152: link `to-partner` to perimeter `b|c` "
            "is Pending, so it carries no traffic\n"
            "2 findings: 1 warning, 1 note; 1 suppressed; 3 checks ran\n");
}

TEST(LintText, SaysThatNothingWasFound) {
  LintFacts facts;
  facts.selection = *select_checks(std::vector<std::string>{"NSP152"}, {});
  EXPECT_EQ(lint_as_text(facts, {}), "0 findings; 1 check ran\n");
}

TEST(LintText, KeepsToTheWidthAndShowsNoControlCharacters) {
  LintFacts facts = sample_lint();
  facts.report.findings[1].message = "a\x1b[31mb";
  facts.report.suppressed[0].by.reason = std::string(60, 'x') + " " + std::string(60, 'y');
  const std::string text = lint_as_text(facts, {.width = 80});
  EXPECT_THAT(text, HasSubstr("a?[31mb"));
  for (const auto line : split(text, '\n')) EXPECT_LE(display_width(line), 80u) << line;
}

TEST(LintText, HasColoursWhereAsked) {
  EXPECT_THAT(lint_as_text(sample_lint(), {.color = true}),
              HasSubstr("\x1b[33mwarning\x1b[0m \x1b[1mNSP152\x1b[0m: link-not-approved\n"));
}

TEST(LintText, ListsChecks) {
  const auto selection = *select_checks(std::vector<std::string>{"NSP152,NSP40x"}, {});
  EXPECT_EQ(checks_as_text(selection, {}), R"(never matches
  NSP152  warning  link-not-approved
                     a link between perimeters is not Approved

logs and limits
  NSP401  note  rule-elements-near-limit
                  a profile comes near the limit of 200 rule elements
  NSP402  note  links-near-limit
                  a perimeter comes near the limit of ten links
  NSP403  note  name-near-limit
                  a name comes near the limit of 80 characters
)");
}

TEST(LintJson, HasFindingsSuppressionsAndChecks) {
  const std::string json = lint_as_json(sample_lint());
  EXPECT_THAT(json, HasSubstr(R"({
  "schema": "nspsim.lint/1",
  "summary": {
    "checks": 3,
    "findings": 2,
    "errors": 0,
    "warnings": 1,
    "notes": 1,
    "suppressed": 1
  },
  "findings": [
    {
      "id": "NSP151",
      "name": "link-of-unsupported-service",
      "severity": "note",
      "place": {
        "file": "a b/site.json",
        "line": 4,
        "column": 3,
        "pointer": "/resources/2"
      },
      "object": "nsp/to-partner",
      "message": "link `to-partner` carries nothing to or from `search-1`, `search-2` of `nsp`: AI Search does not support links",
      "related": [
        {
          "place": {
            "file": "a b/site.json",
            "line": 9,
            "column": 5
          },
          "message": "`search-1`, AI Search"
        }
      ]
    },)"));
  EXPECT_THAT(json, HasSubstr(R"(      "related": [],
      "reason": "signs in June",
      "expires": "2026-06-30"
    }
  ],
  "checks": [
    {
      "id": "NSP151",)"));
}

TEST(LintJson, ListsChecks) {
  EXPECT_EQ(checks_as_json(*select_checks(std::vector<std::string>{"NSP152"}, {})), R"({
  "schema": "nspsim.lint-checks/1",
  "checks": [
    {
      "id": "NSP152",
      "name": "link-not-approved",
      "family": "never matches",
      "severity": "warning",
      "title": "a link between perimeters is not Approved",
      "basis": [
        {
          "id": "IN-3",
          "sentence": "a member of a linked perimeter is allowed by an Approved link that names both profiles"
        },
        {
          "id": "OUT-3",
          "sentence": "a call to a linked perimeter leaves freely, as IN-3"
        }
      ],
      "remedy": "approve the link at the other perimeter, or remove it"
    }
  ]
}
)");
}

TEST(LintSarif, HasARuleForEveryCheckThatRan) {
  const std::string sarif = lint_as_sarif(sample_lint(), {.program_version = "0.1.0"});
  EXPECT_THAT(sarif, HasSubstr(R"(            {
              "id": "NSP152",
              "name": "link-not-approved",
              "shortDescription": {
                "text": "A link between perimeters is not Approved."
              },
              "help": {
                "text": "To mend it: approve the link at the other perimeter, or remove it.\nIN-3: a member of a linked perimeter is allowed by an Approved link that names both profiles.\nOUT-3: a call to a linked perimeter leaves freely, as IN-3.",
                "markdown": "**To mend it:** approve the link at the other perimeter, or remove it.\n\n- IN-3: a member of a linked perimeter is allowed by an Approved link that names both profiles.\n- OUT-3: a call to a linked perimeter leaves freely, as IN-3."
              },
              "defaultConfiguration": {
                "level": "warning"
              },
              "properties": {
                "tags": [
                  "never matches"
                ]
              }
            })"));
  EXPECT_THAT(sarif, HasSubstr(R"("id": "NSP150")"));
  EXPECT_THAT(sarif, Not(HasSubstr("NSP401")));
}

TEST(LintSarif, HasAResultForEveryFinding) {
  LintFacts facts = sample_lint();
  facts.character = [](const Place& place) { return place.column - 1; };
  EXPECT_THAT(lint_as_sarif(facts, {}), HasSubstr(R"(        {
          "ruleId": "NSP151",
          "ruleIndex": 1,
          "level": "note",
          "message": {
            "text": "link `to-partner` carries nothing to or from `search-1`, `search-2` of `nsp`: AI Search does not support links"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/site.json"
                },
                "region": {
                  "startLine": 4,
                  "startColumn": 2
                }
              },
              "logicalLocations": [
                {
                  "name": "nsp/to-partner",
                  "fullyQualifiedName": "/resources/2"
                }
              ]
            }
          ],
          "relatedLocations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/site.json"
                },
                "region": {
                  "startLine": 9,
                  "startColumn": 4
                }
              },
              "message": {
                "text": "`search-1`, AI Search"
              }
            }
          ],
          "partialFingerprints": {
            "finding/v1": "NSP151 nsp/to-partner: link `to-partner` carries nothing to or from `search-1`, `search-2` of `nsp`: AI Search does not support links"
          }
        },)"));
}

TEST(LintSarif, LeavesOutAColumnThatNobodyCanCount) {
  EXPECT_THAT(lint_as_sarif(sample_lint(), {}), Not(HasSubstr("startColumn")));
  LintFacts facts = sample_lint();
  facts.report.findings[1].place.column = 1;
  EXPECT_THAT(lint_as_sarif(facts, {}), HasSubstr(R"("startColumn": 1)"));
}

TEST(LintSarif, KeepsWhatIsSuppressedWithItsReason) {
  EXPECT_THAT(lint_as_sarif(sample_lint(), {}), HasSubstr(R"~(          "suppressions": [
            {
              "kind": "external",
              "status": "accepted",
              "justification": "signs in June (until 2026-06-30)"
            }
          ]
        }
      ]
    }
  ]
})~"));
}

TEST(LintGithub, AnnotatesLines) {
  EXPECT_EQ(lint_as_github(sample_lint()),
            "::notice file=a b/site.json,line=4,col=3,title=NSP151 link-of-unsupported-service::"
            "link `to-partner` carries nothing to or from `search-1`, `search-2` of `nsp`: AI "
            "Search does not support links%0Ato mend it: admit such a caller by a subscription "
            "rule and an outbound rule, or put both ends into one perimeter\n"
            "::warning file=a b/site.json,line=4,col=3,title=NSP152 link-not-approved::link "
            "`to-partner` to perimeter `b|c` is Pending, so it carries no traffic%0Ato mend it: "
            "approve the link at the other perimeter, or remove it\n"
            "2 findings: 1 warning, 1 note; 1 suppressed; 3 checks ran\n");
}

TEST(LintMarkdown, HasASectionForEveryCheck) {
  EXPECT_THAT(lint_as_markdown(sample_lint()), HasSubstr(R"(
## NSP152 link-not-approved

never matches: a link between perimeters is not Approved. To mend it: approve the link at the other perimeter, or remove it.

| place | object | severity | finding |
|---|---|---|---|
| a b/site.json:4:3 /resources/2 | nsp/to-partner | warning | link `to-partner` to perimeter `b\|c` is Pending, so it carries no traffic |

IN-3: a member of a linked perimeter is allowed by an Approved link that names both profiles.

OUT-3: a call to a linked perimeter leaves freely, as IN-3.

## Suppressed

| check | object | until | reason |
|---|---|---|---|
| NSP152 | nsp/to-other | 2026-06-30 | signs in June |
)"));
  EXPECT_THAT(lint_as_markdown(sample_lint()),
              testing::StartsWith("# Lint\n\n2 findings: 1 warning, 1 note; 1 suppressed; 3 checks "
                                  "ran.\n\n## NSP151"));
}

TEST(LintReport, IsRenderedInTheFormAskedFor) {
  const LintFacts facts = sample_lint();
  EXPECT_EQ(render_lint(facts, ReportFormat::Text, {}), lint_as_text(facts, {}));
  EXPECT_EQ(render_lint(facts, ReportFormat::Json, {}), lint_as_json(facts));
  EXPECT_EQ(render_lint(facts, ReportFormat::Sarif, {}), lint_as_sarif(facts, {}));
  EXPECT_EQ(render_lint(facts, ReportFormat::Github, {}), lint_as_github(facts));
  EXPECT_EQ(render_lint(facts, ReportFormat::Markdown, {}), lint_as_markdown(facts));
}

}  // namespace
}  // namespace nsp
