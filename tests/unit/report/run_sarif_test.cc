#include <gtest/gtest.h>

#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

TEST(RunSarif, HasAResultForEveryFailureAndDiagnostic) {
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Sarif, {.program_version = "0.1.0"}),
            R"({
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "nspsim",
          "version": "0.1.0",
          "rules": [
            {
              "id": "outcome",
              "shortDescription": {
                "text": "An outcome cell of a scenario page does not hold."
              }
            },
            {
              "id": "page",
              "shortDescription": {
                "text": "A scenario page, or a document that it names, is wrong or doubtful."
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "outcome",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "café <a> & \"b\", 50% [Enforced]: expected deny: no inbound rule, got allow: inbound rule office"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "scenarios/a%20b.v2/two.md"
                },
                "region": {
                  "startLine": 7,
                  "startColumn": 10
                }
              }
            }
          ],
          "partialFingerprints": {
            "cell/v1": "café <a> & \"b\", 50% [Enforced]"
          }
        },
        {
          "ruleId": "page",
          "ruleIndex": 1,
          "level": "error",
          "message": {
            "text": "unknown key `evidnce`; did you mean `evidence`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "bad.md"
                },
                "region": {
                  "startLine": 3,
                  "startColumn": 1
                }
              }
            }
          ]
        },
        {
          "ruleId": "page",
          "ruleIndex": 1,
          "level": "warning",
          "message": {
            "text": "no `location`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "env.json"
                }
              }
            }
          ]
        }
      ]
    }
  ]
}
)");
}

TEST(RunSarif, MakesUrisOfPaths) {
  const auto uri_of = [](const std::string& file) {
    RunResult result;
    result.pages.push_back(
        {.path = file, .title = "", .status = "", .cells = {}, .diagnostics = {}, .elapsed = {}});
    result.pages[0].diagnostics = {
        {Severity::Note, {.file = file, .line = 0, .column = 0, .pointer = ""}, "m"}};
    const std::string text = render_run(result, ReportFormat::Sarif, {});
    const std::string start = "\"uri\": \"";
    const std::size_t at = text.find(start) + start.size();
    return text.substr(at, text.find('"', at) - at);
  };
  EXPECT_EQ(uri_of("a/b.md"), "a/b.md");
  EXPECT_EQ(uri_of("./a/b.md"), "a/b.md");
  EXPECT_EQ(uri_of("/a b#c"), "file:///a%20b%23c");
  EXPECT_EQ(uri_of("a\\b.md"), "a/b.md");
  EXPECT_EQ(uri_of("\u00e9"), "%C3%A9");
}

// A diagnostic's column counts bytes, which SARIF does not know.
TEST(RunSarif, GivesADiagnosticsColumnOnlyWhereBytesAndCodePointsAgree) {
  const auto region_at = [](std::uint32_t column) {
    RunResult result;
    result.pages.push_back(
        {.path = "p", .title = "", .status = "", .cells = {}, .diagnostics = {}, .elapsed = {}});
    result.pages[0].diagnostics = {
        {Severity::Note, {.file = "p", .line = 4, .column = column, .pointer = ""}, "m"}};
    std::string text = render_run(result, ReportFormat::Sarif, {});
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    text.erase(0, text.find("\"region\":"));
    return text.substr(0, text.find('}') + 1);
  };
  EXPECT_EQ(region_at(1), R"("region":{"startLine":4,"startColumn":1})");
  EXPECT_EQ(region_at(9), R"("region":{"startLine":4})");
}

}  // namespace
}  // namespace nsp
