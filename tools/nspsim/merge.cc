// `nspsim merge`: the parts that `--shard` wrote, put together, as one run would have answered.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "sim/access_log/captured_text.h"
#include "sim/access_log/part.h"
#include "sim/document/file.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"
#include "tools/nspsim/traffic_options.h"

namespace nsp::cli {
namespace {

struct MergeOptions {
  std::vector<std::string> parts;
  std::vector<std::string> env;
  std::vector<std::string> candidate;
  std::string bindings;
  CommonOptions common;
};

Result<Part> read_part_file(const std::string& file) {
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  return read_part(*bytes, file);
}

// Every part, or an exit status after a message for each that is none.
std::expected<std::vector<PartFile>, int> read_parts(const std::vector<std::string>& files) {
  std::vector<PartFile> parts;
  bool failed = false;
  for (const std::string& file : files) {
    auto part = read_part_file(file);
    if (part) {
      parts.push_back({file, std::move(*part)});
    } else {
      print_diagnostics(part.error());
      failed = true;
    }
  }
  if (failed) return std::unexpected(kInvalidInput);
  return parts;
}

// The recorded values of an option give way to the ones named now.
void replace(std::vector<std::string>& arguments, const std::string& name,
             const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::erase_if(arguments,
                [&](const std::string& argument) { return argument.starts_with(name + "="); });
  for (const std::string& value : values) arguments.push_back(fmt::format("{}={}", name, value));
}

// The command line that gives the answer to the whole.
std::vector<std::string> command_line(const MergeOptions& options, const PartRequest& request) {
  std::vector<std::string> arguments = request.arguments;
  replace(arguments, "--env", options.env);
  replace(arguments, "--candidate", options.candidate);
  if (!options.bindings.empty()) replace(arguments, "--bindings", {options.bindings});
  if (!options.common.output.empty()) arguments.push_back("--output=" + options.common.output);
  arguments.push_back("--color=" + options.common.color);
  if (options.common.quiet) arguments.emplace_back("--quiet");
  arguments.insert(arguments.begin(), request.command);
  return arguments;
}

// Logs and captures of all parts; the error is told.
std::expected<MergedTraffic, Diagnostics> merge_traffic(const std::vector<PartFile>& parts) {
  auto whole = merge_parts(parts);
  if (!whole) return std::unexpected(std::move(whole.error()));
  MergedTraffic merged{std::move(whole->request), {std::move(whole->table), {}}};
  for (const PartFile& one : parts) {
    if (one.part.captures.empty()) continue;
    auto captures = read_captured_text(one.part.captures);
    if (!captures) return std::unexpected(one_error({one.file, 0, 0, {}}, captures.error()));
    merged.recorded.captures.merge(*captures);
  }
  return merged;
}

int run_command(const MergeOptions& options, const MergedTraffic& whole) {
  int status = kUsage;
  CLI::App app("", "nspsim");
  setup_readiness(app, status, &whole);
  setup_replay(app, status, &whole);
  app.require_subcommand(1, 1);
  std::vector<std::string> arguments = command_line(options, whole.request);
  std::ranges::reverse(arguments);  // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    print_error(fmt::format("the parts are of a command line that this program does not know: {}",
                            error.what()));
    return kInvalidInput;
  }
  return status;
}

int run_merge(const MergeOptions& options) {
  const auto parts = read_parts(options.parts);
  if (!parts) return parts.error();
  const auto whole = merge_traffic(*parts);
  if (!whole) {
    print_diagnostics(whole.error());
    return kInvalidInput;
  }
  return run_command(options, *whole);
}

}  // namespace

void setup_merge(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("merge", "put together what the shards of a command read");
  auto options = std::make_shared<MergeOptions>();
  command->add_option("PART", options->parts, "files that `--shard` wrote, all of one command")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--env", options->env,
                   "the environment, where it does not lie where the parts say")
      ->type_name("FILE");
  command
      ->add_option("--candidate", options->candidate, "the candidate, where it lies elsewhere now")
      ->type_name("FILE");
  command->add_option("--bindings", options->bindings, "the bindings, where they lie elsewhere now")
      ->type_name("FILE");
  add_common_options(*command, options->common, {});
  command->footer(
      "example:\n"
      "  for i in 1 2 3; do\n"
      "    nspsim replay --env site.json --logs insights-logs/ --shard $i/3 --output $i.part\n"
      "  done\n"
      "  nspsim merge 1.part 2.part 3.part");
  command->callback([options, &status] { status = run_merge(*options); });
}

}  // namespace nsp::cli
