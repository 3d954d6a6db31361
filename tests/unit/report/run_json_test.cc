#include <gtest/gtest.h>

#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

TEST(RunJson, IsOneDocumentWithEveryCell) {
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Json, {.program_version = "0.1.0"}),
            R"({
  "schema": "nspsim.run/1",
  "versions": {
    "program": "0.1.0",
    "semantics": "1",
    "contract": "1"
  },
  "summary": {
    "pages": 3,
    "invalidPages": 1,
    "cells": 3,
    "passed": 2,
    "failed": 1,
    "moved": 1,
    "exitStatus": 3,
    "clausesCovered": ["IN-4", "IN-5", "OUT-8"],
    "clausesNotCovered": ["G-10", "P-3", "IN-1", "IN-2", "IN-3", "IN-6", "IN-7", "IN-8", "IN-9", "IN-10", "OUT-1", "OUT-2", "OUT-3", "OUT-4", "OUT-5", "OUT-6", "OUT-7", "C11"]
  },
  "pages": [
    {
      "path": "scenarios/20-inbound/ip.md",
      "title": "Rules by address",
      "status": "documented",
      "valid": true,
      "diagnostics": [],
      "cells": [
        {
          "case": "office reads blobs",
          "column": "expect",
          "from": "office",
          "to": "stcontoso",
          "place": {
            "file": "scenarios/20-inbound/ip.md",
            "line": 14,
            "column": 42
          },
          "expected": "allow: inbound rule office",
          "actual": "allow: inbound rule office",
          "status": "passed",
          "clauses": ["IN-4"],
          "assumptions": [],
          "seconds": 0.000001500
        }
      ],
      "seconds": 0.001000000
    },
    {
      "path": "./scenarios/a b.v2/two.md",
      "title": "A title that is so long that it cannot stand in one line of a terminal",
      "status": "local",
      "valid": true,
      "diagnostics": [],
      "cells": [
        {
          "case": "café <a> & \"b\", 50%",
          "column": "Enforced",
          "from": "café",
          "to": "search-1",
          "place": {
            "file": "./scenarios/a b.v2/two.md",
            "line": 7,
            "column": 11
          },
          "expected": "deny: no inbound rule",
          "actual": "allow: inbound rule office",
          "status": "failed",
          "clauses": ["OUT-8", "IN-4"],
          "assumptions": ["U2"],
          "row": "| café | deny: no inbound rule |",
          "trace": "inbound at search-1\n  IN-4 `office` matched\u001b[31m\n",
          "seconds": 0.002000000
        },
        {
          "case": "partner reads",
          "column": "expect",
          "from": "office",
          "to": "stcontoso",
          "place": {
            "file": "./scenarios/a b.v2/two.md",
            "line": 8,
            "column": 3
          },
          "expected": "deny",
          "actual": "deny: no inbound rule",
          "status": "passed",
          "before": "allow: inbound rule partner",
          "clauses": ["IN-5"],
          "assumptions": [],
          "seconds": 0.000001500
        }
      ],
      "seconds": 0.003000000
    },
    {
      "path": "bad.md",
      "title": "Bad",
      "status": "local",
      "valid": false,
      "diagnostics": [
        {
          "severity": "error",
          "file": "bad.md",
          "line": 3,
          "column": 1,
          "message": "unknown key `evidnce`; did you mean `evidence`"
        },
        {
          "severity": "warning",
          "file": "env.json",
          "pointer": "/resources/0",
          "message": "no `location`"
        }
      ],
      "cells": [],
      "seconds": 0.000000000
    }
  ]
}
)");
}

}  // namespace
}  // namespace nsp
