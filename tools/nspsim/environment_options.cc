#include "tools/nspsim/environment_options.h"

#include <algorithm>
#include <filesystem>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/scenario/page.h"
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

bool is_page(const std::string& file) {
  return iequals(fs::path(file).extension().string(), ".md");
}

void load_page(const std::string& file, LoadedDocuments& into) {
  DocumentSet documents;
  const auto bytes = read_file(file);
  if (!bytes) {
    documents.diagnostics = bytes.error();
    return append(into.documents, std::move(documents));
  }
  const Page page = read_page(*bytes, file);
  // A page that asks nothing is refused as a test and is as good an environment as any.
  if (!page.without_case) documents.diagnostics = page.diagnostics;
  const auto builds = std::ranges::find_if(page.sections, &Section::builds_environment);
  if (builds != page.sections.end()) {
    const auto index = static_cast<std::size_t>(builds - page.sections.begin());
    append(documents, section_documents(page, index));
    add_callers(into.callers, known_callers(page, index));
  } else if (!has_errors(documents.diagnostics)) {
    documents.diagnostics = one_error({file, 0, 0, {}}, "the page builds no environment");
  }
  append(into.documents, std::move(documents));
}

void load_file(const std::string& file, LoadedDocuments& into) {
  if (is_page(file)) return load_page(file, into);
  const std::vector<fs::path> paths{file};
  append(into.documents, load_documents(paths));
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

}  // namespace

void add_environment_options(CLI::App& command, EnvironmentOptions& options,
                             const std::string& name) {
  auto* env = command.add_option(
      name, options.files, "Azure documents, folders of them, or scenario pages: the environment");
  env->type_name("FILE");
  auto* callers =
      command.add_option("--callers", options.callers, "JSON table of callers from outside");
  callers->type_name("FILE");
  auto* assume =
      command.add_option("--assume", options.assume,
                         "take another reading, `C5=publicNetworkAccess`; may be repeated");
  assume->type_name("ID=WORD")->check(check_assumptions);
  if (name == "--env") {
    env->required();
  } else {
    callers->needs(env);
    assume->needs(env);
  }
}

void print_findings(const Diagnostics& diagnostics, bool quiet) {
  Diagnostics shown;
  std::ranges::copy_if(diagnostics, std::back_inserter(shown), [&](const Diagnostic& d) {
    return d.severity == Severity::Error || (d.severity == Severity::Warning && !quiet);
  });
  print_diagnostics(shown);
}

LoadedDocuments load_files(std::span<const std::string> files) {
  LoadedDocuments loaded;
  for (const std::string& file : files) load_file(file, loaded);
  return loaded;
}

BuildResult build_from(const DocumentSet& documents) {
  BuildResult built = build_environment(documents);
  for (Diagnostic& diagnostic : built.diagnostics) {
    if (is_page(diagnostic.place.file)) diagnostic.place.pointer.clear();
  }
  return built;
}

std::expected<LoadedEnvironment, int> load(const EnvironmentOptions& options, bool quiet) {
  LoadedDocuments loaded = load_files(options.files);
  BuildResult built = build_from(loaded.documents);
  print_findings(built.diagnostics, quiet);
  if (!built.ok()) return std::unexpected(kInvalidInput);
  auto callers = load_callers(options.callers);
  if (!callers) {
    print_diagnostics(callers.error());
    return std::unexpected(kInvalidInput);
  }
  LoadedEnvironment environment;
  environment.callers = std::move(loaded.callers);
  add_callers(environment.callers, std::move(*callers));
  const Diagnostics clashes = check_callers(built.environment, environment.callers);
  print_diagnostics(clashes);
  if (has_errors(clashes)) return std::unexpected(kInvalidInput);
  for (const std::string& text : options.assume) {
    if (!add_assumptions(environment.readings, text)) return std::unexpected(kUsage);
  }
  environment.policy = compile(std::move(built.environment));
  return environment;
}

}  // namespace nsp::cli
