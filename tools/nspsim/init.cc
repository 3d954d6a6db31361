// `nspsim init`: a page to start from, or a page of the environment as it is.
#include "sim/report/init.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/report/page_writer.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string directory = ".";
  EnvironmentOptions environment;
  bool force = false;
  bool quiet = false;
};

struct NewFile {
  fs::path path;
  std::string text;
};

// All of them, or none where one stands in the way.
int write_files(const std::vector<NewFile>& files, bool force) {
  for (const NewFile& file : files) {
    std::error_code ignored;
    if (force || !fs::exists(file.path, ignored)) continue;
    print_error(fmt::format("`{}` exists, use `--force` to replace it", file.path.string()));
    return kInvalidInput;
  }
  for (const NewFile& file : files) {
    const auto written = write_file(file.path, file.text);
    if (written) continue;
    print_diagnostics(written.error());
    return kInvalidInput;
  }
  return kOk;
}

int make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) return kOk;
  print_error(fmt::format("cannot make `{}`: {}", directory.string(), error.message()));
  return kInvalidInput;
}

// A word for a shell: quoted where it is more than letters, digits and the usual marks.
std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("/._-").contains(c);
  });
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string next_commands(const std::vector<NewFile>& files, const fs::path& directory,
                          const std::string& environment) {
  std::string text;
  for (const NewFile& file : files) text += fmt::format("wrote {}\n", file.path.string());
  text += fmt::format("\nnext:\n  nspsim run {}\n", shell_word(directory.string()));
  text += fmt::format("  nspsim matrix --env {}\n", environment);
  return text;
}

// The paths of the documents as the page must name them.
std::expected<std::vector<std::string>, std::string> relative_paths(const InitOptions& options) {
  std::vector<std::string> paths;
  for (const std::string& file : options.environment.files) {
    if (iequals(fs::path(file).extension().string(), ".md")) {
      return std::unexpected(fmt::format("`{}` is a page already, expected Azure documents", file));
    }
    std::error_code error;
    const fs::path relative = fs::relative(file, options.directory, error);
    const bool beside = !error && !relative.empty();
    const std::string path = (beside ? relative : fs::absolute(file, error)).generic_string();
    if (path.contains(',')) {
      return std::unexpected(fmt::format("`{}` has a comma, which a page cannot name", path));
    }
    paths.push_back(path);
  }
  return paths;
}

std::expected<std::string, int> page_of_environment(const InitOptions& options) {
  const auto paths = relative_paths(options);
  if (!paths) {
    print_error(paths.error());
    return std::unexpected(kInvalidInput);
  }
  const auto environment = load(options.environment, options.quiet);
  if (!environment) return std::unexpected(environment.error());
  const Matrix matrix =
      make_matrix(environment->policy, {environment->callers, {}, environment->readings});
  const MatrixTotals sum = totals(matrix, false);
  if (sum.allow + sum.deny + sum.undecided == 0) {
    print_error(
        "the environment holds no two resources and no caller: there is nobody to ask about");
    return std::unexpected(kNothingSelected);
  }
  return write_page(environment->policy, matrix,
                    {"Who reaches whom", *paths, options.environment.assume, environment->callers,
                     effective_side(options.environment.effective)});
}

int write_and_tell(const InitOptions& options, const std::vector<NewFile>& files,
                   const std::string& environment) {
  const int status = write_files(files, options.force);
  if (status != kOk || options.quiet) return status;
  return finish(next_commands(files, options.directory, environment), {}, kOk);
}

int run_init(const InitOptions& options) {
  const fs::path directory = options.directory;
  if (const int status = make_directory(directory); status != kOk) return status;
  const fs::path page = directory / kStarterPageName;
  if (options.environment.files.empty()) {
    return write_and_tell(options,
                          {{page, std::string(starter_page())},
                           {directory / kPipelineName, std::string(starter_pipeline())}},
                          shell_word(page.string()));
  }
  const auto text = page_of_environment(options);
  if (!text) return text.error();
  std::string environment;
  for (const std::string& file : options.environment.files) {
    environment += (environment.empty() ? "" : " ") + shell_word(file);
  }
  return write_and_tell(options, {{page, *text}}, environment);
}

// `--from-env` takes every word that follows it. The last of several that names nothing that exists
// is meant as DIR.
void give_back_directory(InitOptions& options, bool directory_given) {
  auto& files = options.environment.files;
  if (directory_given || files.size() < 2) return;
  std::error_code ignored;
  if (fs::exists(files.back(), ignored) || fs::path(files.back()).has_extension()) return;
  options.directory = files.back();
  files.pop_back();
}

}  // namespace

void setup_init(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("init", "write a first page, or a page of your environment");
  auto options = std::make_shared<InitOptions>();
  auto* directory =
      command->add_option("DIR", options->directory, "where to write (default: here)");
  add_environment_options(*command, options->environment, "--from-env");
  command->get_option("--from-env")
      ->description("Azure documents, or folders of them: the environment to write a page of");
  command->add_flag("--force", options->force, "replace files that exist");
  command->add_flag("--quiet", options->quiet, "do not tell what was written");
  command->footer(
      "examples:\n"
      "  nspsim init demo\n"
      "  nspsim init pages --from-env site.json --callers callers.json");
  command->callback([options, directory, &status] {
    give_back_directory(*options, directory->count() != 0);
    status = run_init(*options);
  });
}

}  // namespace nsp::cli
