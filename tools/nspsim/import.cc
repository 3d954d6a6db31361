// `nspsim import`: read documents, say what was understood, assumed and ignored, or print the
// environment.
#include "sim/report/import.h"

#include <memory>
#include <string>
#include <vector>

#include "sim/model/redact.h"
#include "sim/scenario/section_environment.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 2> kImportFormats{"text", "json"};

struct ImportOptions {
  CommonOptions common;
  std::vector<std::string> files;
  TemplateOptions templates;
  bool before = false;
  bool after = false;
  bool redact = false;
  std::string redact_key;
};

BuildResult load(const ImportOptions& options, const ReadOptions& told) {
  BuildResult result = build_with_pages(load_files(options.files, told).documents);
  if (!options.redact) return result;
  const std::string& key = options.redact_key;
  return redact(result, Redaction(key.empty() ? own_key(result.environment) : key));
}

// The report says what was assumed; where there is none, warnings go to standard error.
int run_import(const ImportOptions& options) {
  auto told = read_options(options.templates);
  if (!told) {
    print_diagnostics(told.error());
    return kInvalidInput;
  }
  told->plan_side = options.before ? PlanSide::Before : PlanSide::After;
  const BuildResult result = load(options, *told);
  const bool json = options.common.report_format() == ReportFormat::Json;
  if (!result.ok() || json) print_findings(result.diagnostics, options.common.quiet);
  if (!result.ok()) return kInvalidInput;
  const std::string text =
      json ? import_as_json(result) : import_as_text(result, options.common.render());
  return finish(text, options.common.output, kOk);
}

}  // namespace

void setup_import(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("import", "read documents and say what they hold");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->files, "Azure documents, folders of them, or scenario pages")
      ->required();
  add_template_options(*command, options->templates);
  auto* before =
      command->add_flag("--before", options->before, "of a Terraform plan, what is there now");
  command
      ->add_flag("--after", options->after,
                 "of a Terraform plan, what will be there when it is applied (the default)")
      ->excludes(before);
  auto* redact = command->add_flag("--redact", options->redact,
                                   "replace names, ids and addresses, drop what is not known");
  command
      ->add_option("--redact-key", options->redact_key,
                   "what replaces them hangs on this (default: the documents themselves)")
      ->type_name("TEXT")
      ->needs(redact);
  add_common_options(*command, options->common, kImportFormats);
  command->footer(
      "examples:\n"
      "  nspsim import site.json\n"
      "  nspsim import main.json --parameters main.parameters.json --parameter name=nsp-prod\n"
      "  nspsim import plan.json --before\n"
      "  nspsim import page.md --format json --output site.json\n"
      "  nspsim import site/ --redact --format json --output to-show.json");
  command->callback([options, &status] { status = run_import(*options); });
}

}  // namespace nsp::cli
