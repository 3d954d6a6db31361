#include <fmt/core.h>

#include "sim/access_log/line_protocol.h"
#include "sim/report/run_report.h"
#include "sim/scenario/run.h"

// pages FOLDER: runs its pages, and answers one line of the line protocol.
int main(int, char** argv) {
  nsp::RunOptions options;
  options.paths = {argv[1]};
  const nsp::RunResult result = nsp::run_pages(options);
  fmt::print("{}", nsp::render_run(result, nsp::ReportFormat::Markdown, {}));

  const nsp::Policy policy = nsp::compile({});
  nsp::LineEvaluator evaluator(policy);
  std::string out;
  evaluator.process(R"({"id":"1","to":"nobody"})", out);
  fmt::print("{}\n", out);
  return nsp::exit_status(result);
}
