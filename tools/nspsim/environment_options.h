// `--env`, `--callers`, `--assume` and `--effective`: the options of every command that judges
// attempts in an environment.
//
// An environment is one or more files or folders of Azure documents; a scenario page (`.md`) stands
// for what its first block that builds an environment builds, with the callers of that block. What
// is wrong is printed on standard error, every mistake with its place.
#ifndef NSP_TOOLS_NSPSIM_ENVIRONMENT_OPTIONS_H_
#define NSP_TOOLS_NSPSIM_ENVIRONMENT_OPTIONS_H_

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/access_log/line_protocol_callers.h"
#include "sim/decision/reading.h"
#include "sim/document/resource_document.h"
#include "sim/model/build.h"
#include "sim/model/drift.h"
#include "sim/model/effective.h"
#include "sim/policy/policy.h"
#include "tools/nspsim/command.h"
#include "tools/nspsim/template_options.h"

namespace nsp::cli {

struct EnvironmentOptions {
  std::vector<std::string> files;
  std::vector<std::string> assume;
  std::string callers;
  TemplateOptions templates;
  PlanSide plan_side = PlanSide::After;  // of Terraform plans
  std::string effective;                 // a word of EffectiveSide; empty: the perimeter's
};

// `--assume ID=WORD`, one text of assumptions each time; commas may stand inside it.
CLI::Option* add_assume_option(CLI::App& command, std::vector<std::string>& assume);

// `--effective perimeter|resource`.
CLI::Option* add_effective_option(CLI::App& command, std::string& effective);
[[nodiscard]] EffectiveSide effective_side(const std::string& effective);

// Adds them and those of templates; `--env` is required. Under another name it is not, and
// the others need it.
void add_environment_options(CLI::App& command, EnvironmentOptions& options,
                             const std::string& name = "--env",
                             const std::string& subscription_names = kSubscriptionNames);

// `--env`, `--assume`, `--effective` and those of templates alone, for commands that know their
// callers otherwise.
void add_environment_and_readings(CLI::App& command, EnvironmentOptions& options);

// A check for CLI11 from one of the library's parsers: the message of a refusal, or nothing.
template <class Parser>
[[nodiscard]] auto check_with(Parser parse) {
  return [parse](const std::string& text) {
    const auto value = parse(text);
    return value ? std::string() : value.error();
  };
}

// Documents and callers of files, folders and pages, in order.
struct LoadedDocuments {
  DocumentSet documents;
  std::vector<Caller> callers;  // of pages
};
[[nodiscard]] LoadedDocuments load_files(std::span<const std::string> files,
                                         const ReadOptions& options = {});

// On standard error: errors always, warnings unless `quiet`. Notes are for the report of `import`.
void print_findings(const Diagnostics& diagnostics, bool quiet);

struct LoadedEnvironment {
  Policy policy;
  std::vector<Caller> callers;
  Readings readings;
  std::vector<Drift> drift;  // of the environment as it was read, whatever side was taken
};

// Whether drift is told among the warnings, or left to a report that shows it in its own way.
enum class TellDrift : std::uint8_t { Yes, No };

// What the options stand for, and all that there is to say of it; nothing is printed.
struct EnvironmentReading {
  std::optional<LoadedEnvironment> environment;  // none: an error is among the findings
  Diagnostics findings;
};
[[nodiscard]] EnvironmentReading read_environment(const EnvironmentOptions& options,
                                                  TellDrift tell_drift = TellDrift::Yes);

// Prints what is wrong, and warnings unless `quiet`. The error is the exit status.
[[nodiscard]] std::expected<LoadedEnvironment, int> load(const EnvironmentOptions& options,
                                                         bool quiet,
                                                         TellDrift tell_drift = TellDrift::Yes);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_ENVIRONMENT_OPTIONS_H_
