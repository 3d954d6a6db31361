// The matrix, whole, in each of its forms.
#include "sim/report/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/report/page_environment.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;

std::string text_of(const PageEnvironment& environment, std::size_t width, MatrixRequest request) {
  RenderOptions options;
  options.width = width;
  return matrix_as_text(environment.policy, make_matrix(environment.policy, request), options);
}

TEST(MatrixText, ShowsBothGridsAndWhatChanges) {
  const PageEnvironment environment = sample_environment();
  EXPECT_EQ(text_of(environment, 80, {environment.callers, {}, {}}), R"(now
  from \ to  st  search-1
  office     .   .
  partner    .   X
  roamer     ?   ?
  st         -   .
  search-1   .   -

if enforced
  from \ to  st   search-1
  office     .    .
  partner    .→X  X
  roamer     ?    ?
  st         -    .
  search-1   .    -

what enforcing changes
  from     to  change   now                                      if enforced
  partner  st  revoked  allow: resource rule ip 198.51.100.0/24  deny: no inbound rule

undecided for want of a fact
  from    to        change     now                         if enforced
  roamer  st        undecided  undecided: missing address  undecided: missing address
  roamer  search-1  undecided  undecided: missing address  undecided: missing address

. allowed   X denied   ? undecided   - not a conversation   .→X changed when enforced
now: 5 allowed, 1 denied, 2 undecided
if enforced: 4 allowed, 2 denied, 2 undecided
)");
}

TEST(MatrixText, WrapsIntoGroupsOfColumns) {
  const PageEnvironment environment = sample_environment();
  EXPECT_THAT(text_of(environment, 20, {{}, {}, {}}), testing::StartsWith(R"(now
  from \ to  st
  st         -
  search-1   .

  from \ to  search-1
  st         .
  search-1   -

if enforced
)"));
}

TEST(MatrixText, TakesOneCredentialForEveryRow) {
  const PageEnvironment environment = sample_environment();
  EXPECT_THAT(text_of(environment, 80, {{}, Credential::Key, {}}),
              HasSubstr("now: 0 allowed, 2 denied, 0 undecided\n"));
}

TEST(MatrixText, MarksAnAttemptThatMakesNoSense) {
  constexpr std::string_view kPage = R"(
```scenario
status: local
```

| resource | kind    | profile  | identity |
| -------- | ------- | -------- | -------- |
| st       | storage | nsp/data | no       |
| other    | storage | nsp/data | yes      |

| case | from  | to | expect |
| ---- | ----- | -- | ------ |
| it   | other | st | allow  |
)";
  const PageEnvironment environment = sample_environment(kPage);
  const Matrix matrix = make_matrix(environment.policy, {{}, Credential::ManagedIdentity, {}});
  EXPECT_EQ(cell_mark(matrix.cells[0][1], false), "-");
  EXPECT_NE(matrix.cells[0][1].why_not, "");
  EXPECT_EQ(cell_mark(matrix.cells[1][0], false), ".");
  EXPECT_THAT(matrix_as_json(environment.policy, matrix), HasSubstr(R"("ifEnforced": null,)"));
}

TEST(MatrixMarkdown, IsTwoTablesAndTheirDifference) {
  const PageEnvironment environment = sample_environment();
  const Matrix matrix = make_matrix(environment.policy, {{environment.callers[1]}, {}, {}});
  EXPECT_EQ(matrix_as_markdown(environment.policy, matrix), R"(## Now

| from \ to | st  | search-1 |
| --------- | --- | -------- |
| partner   | .   | X        |
| st        | -   | .        |
| search-1  | .   | -        |

## If enforced

| from \ to | st  | search-1 |
| --------- | --- | -------- |
| partner   | .→X | X        |
| st        | -   | .        |
| search-1  | .   | -        |

## What enforcing changes

| from    | to  | change  | now                                     | if enforced           |
| ------- | --- | ------- | --------------------------------------- | --------------------- |
| partner | st  | revoked | allow: resource rule ip 198.51.100.0/24 | deny: no inbound rule |

`. allowed   X denied   ? undecided   - not a conversation   .→X changed when enforced`

- now: 3 allowed, 1 denied, 0 undecided
- if enforced: 2 allowed, 2 denied, 0 undecided
)");
}

TEST(MatrixJson, HasAnEntryAPair) {
  const PageEnvironment environment = sample_environment();
  const Matrix matrix = make_matrix(environment.policy, {{}, {}, {}});
  EXPECT_EQ(matrix_as_json(environment.policy, matrix), R"({
  "schema": "nspsim.matrix/1",
  "from": ["st", "search-1"],
  "to": ["st", "search-1"],
  "entries": [
    {
      "from": "st",
      "to": "search-1",
      "now": {
        "verdict": "allow",
        "reason": "same perimeter"
      },
      "ifEnforced": {
        "verdict": "allow",
        "reason": "same perimeter"
      },
      "change": "unchanged"
    },
    {
      "from": "search-1",
      "to": "st",
      "now": {
        "verdict": "allow",
        "reason": "same perimeter"
      },
      "ifEnforced": {
        "verdict": "allow",
        "reason": "same perimeter"
      },
      "change": "unchanged"
    }
  ],
  "totals": {
    "now": {
      "allow": 2,
      "deny": 0,
      "undecided": 0
    },
    "ifEnforced": {
      "allow": 2,
      "deny": 0,
      "undecided": 0
    }
  }
}
)");
}

}  // namespace
}  // namespace nsp::test
