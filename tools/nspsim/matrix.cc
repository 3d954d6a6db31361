// `nspsim matrix`: who can reach whom, now and if enforced.
#include "sim/report/matrix.h"

#include <memory>
#include <string>

#include "sim/model/caller_reader.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 3> kMatrixFormats{"text", "json", "markdown"};

struct MatrixOptions {
  EnvironmentOptions environment;
  CommonOptions common;
  std::string as;
};

std::string render(const Policy& policy, const Matrix& matrix, const CommonOptions& options) {
  switch (options.report_format()) {
    case ReportFormat::Json:
      return matrix_as_json(policy, matrix);
    case ReportFormat::Markdown:
      return matrix_as_markdown(policy, matrix);
    default:
      return matrix_as_text(policy, matrix, options.render());
  }
}

// 5 when there is nobody to ask about, 4 when something was undecided.
int status_of(const Matrix& matrix) {
  const MatrixTotals now = totals(matrix, false);
  if (now.allow + now.deny + now.undecided == 0) return kNothingSelected;
  return now.undecided != 0 || totals(matrix, true).undecided != 0 ? kUndecided : kOk;
}

int run_matrix(const MatrixOptions& options) {
  const auto environment = load(options.environment, options.common.quiet);
  if (!environment) return environment.error();
  MatrixRequest request{environment->callers, {}, environment->readings};
  if (!options.as.empty()) request.credential = *parse_credential(options.as);
  const Matrix matrix = make_matrix(environment->policy, request);
  return finish(render(environment->policy, matrix, options.common), options.common.output,
                status_of(matrix));
}

}  // namespace

void setup_matrix(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("matrix", "show who can reach whom, now and if enforced");
  auto options = std::make_shared<MatrixOptions>();
  add_environment_options(*command, options->environment);
  command->add_option("--as", options->as, "credential of every caller (default: each its own)")
      ->check(check_with([](const std::string& text) { return parse_credential(text); }));
  add_common_options(*command, options->common, kMatrixFormats);
  command->footer("example:\n  nspsim matrix --env site.json --callers callers.json");
  command->callback([options, &status] { status = run_matrix(*options); });
}

}  // namespace nsp::cli
