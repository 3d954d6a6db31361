#include "tools/nspsim/environment_options.h"

#include <algorithm>
#include <filesystem>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/scenario/section_environment.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

namespace fs = std::filesystem;

// Callers of `more` replace those of the same name.
void add_callers(std::vector<Caller>& callers, std::vector<Caller> more) {
  for (Caller& caller : more) {
    std::erase_if(callers, [&](const Caller& old) { return iequals(old.name, caller.name); });
    callers.push_back(std::move(caller));
  }
}

void load_file(const std::string& file, const ReadOptions& options, LoadedDocuments& into) {
  const fs::path path = file;
  if (!is_page(path)) {
    return append(into.documents, load_documents(std::span(&path, 1), options));
  }
  PageEnvironment page = read_page_environment(path);
  append(into.documents, std::move(page.documents));
  add_callers(into.callers, std::move(page.callers));
}

Result<std::vector<Caller>> load_callers(const std::string& file) {
  if (file.empty()) return std::vector<Caller>{};
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  return read_callers(*bytes, file);
}

std::string check_assumptions(const std::string& text) {
  Readings readings;
  const auto added = add_assumptions(readings, text);
  return added ? std::string() : added.error();
}

void append(Diagnostics& all, const Diagnostics& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

CLI::Option* add_assume_option(CLI::App& command, std::vector<std::string>& assume) {
  // One value a use: what follows is a path, or an argument of the command.
  return command
      .add_option("--assume", assume,
                  "take another reading, `C5=publicNetworkAccess`; may be repeated")
      ->type_name("ID=WORD")
      ->allow_extra_args(false)
      ->check(check_assumptions);
}

CLI::Option* add_effective_option(CLI::App& command, std::string& effective) {
  return command
      .add_option("--effective", effective,
                  "whose word counts where a resource reports other rules or another mode than its "
                  "perimeter has (default: perimeter)")
      ->check(CLI::IsMember(std::vector<std::string>(Vocabulary<EffectiveSide>::words.begin(),
                                                     Vocabulary<EffectiveSide>::words.end())));
}

EffectiveSide effective_side(const std::string& effective) {
  return parse_word<EffectiveSide>(effective).value_or(EffectiveSide::Perimeter);
}

void add_environment_options(CLI::App& command, EnvironmentOptions& options,
                             const std::string& name, const std::string& subscription_names) {
  auto* env = command.add_option(
      name, options.files, "Azure documents, folders of them, or scenario pages: the environment");
  env->type_name("FILE");
  auto* callers =
      command.add_option("--callers", options.callers, "JSON table of callers from outside");
  callers->type_name("FILE");
  auto* assume = add_assume_option(command, options.assume);
  auto* effective = add_effective_option(command, options.effective);
  add_template_options(command, options.templates, subscription_names);
  if (name == "--env") {
    env->required();
  } else {
    callers->needs(env);
    assume->needs(env);
    effective->needs(env);
  }
}

void add_environment_and_readings(CLI::App& command, EnvironmentOptions& options) {
  command
      .add_option("--env", options.files,
                  "Azure documents, folders of them, or scenario pages: the environment")
      ->type_name("FILE")
      ->required();
  add_assume_option(command, options.assume);
  add_effective_option(command, options.effective);
  add_template_options(command, options.templates);
}

void print_findings(const Diagnostics& diagnostics, bool quiet) {
  Diagnostics shown;
  std::ranges::copy_if(diagnostics, std::back_inserter(shown), [&](const Diagnostic& d) {
    return d.severity == Severity::Error || (d.severity == Severity::Warning && !quiet);
  });
  print_diagnostics(shown);
}

LoadedDocuments load_files(std::span<const std::string> files, const ReadOptions& options) {
  LoadedDocuments loaded;
  for (const std::string& file : files) load_file(file, options, loaded);
  for (Diagnostic& unused : unused_parameters(loaded.documents, options)) {
    loaded.documents.diagnostics.push_back(std::move(unused));
  }
  return loaded;
}

EnvironmentReading read_environment(const EnvironmentOptions& options, TellDrift tell_drift) {
  auto told = read_options(options.templates);
  if (!told) return {std::nullopt, std::move(told.error())};
  told->plan_side = options.plan_side;
  LoadedDocuments loaded = load_files(options.files, *told);
  BuildResult built = build_with_pages(loaded.documents);
  const bool tell_all = tell_drift == TellDrift::Yes || !built.ok();
  EnvironmentReading reading{std::nullopt, tell_all ? built.diagnostics : without_drift(built)};
  if (!built.ok()) return reading;
  auto callers = load_callers(options.callers);
  if (!callers) {
    append(reading.findings, callers.error());
    return reading;
  }
  LoadedEnvironment environment;
  environment.callers = std::move(loaded.callers);
  add_callers(environment.callers, std::move(*callers));
  append(reading.findings, check_callers(built.environment, environment.callers));
  if (has_errors(reading.findings)) return reading;
  // Checked when the command line was read.
  for (const std::string& text : options.assume) {
    [[maybe_unused]] const bool read = add_assumptions(environment.readings, text).has_value();
  }
  environment.drift = find_drift(built.environment);
  environment.policy =
      compile(on_side(std::move(built.environment), effective_side(options.effective)));
  reading.environment = std::move(environment);
  return reading;
}

std::expected<LoadedEnvironment, int> load(const EnvironmentOptions& options, bool quiet,
                                           TellDrift tell_drift) {
  EnvironmentReading reading = read_environment(options, tell_drift);
  print_findings(reading.findings, quiet);
  if (!reading.environment) return std::unexpected(kInvalidInput);
  return *std::move(reading.environment);
}

}  // namespace nsp::cli
