// `nspsim lab status`, `logs`, `keys`: what a running lab tells of itself.
#include <unistd.h>

#include <memory>
#include <string>

#include "sim/lab/control_client.h"
#include "sim/lab/key_list.h"
#include "sim/lab/status.h"
#include "tools/nspsim/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 2> kLabQuestionsFormats{"text", "json"};

struct StatusOptions {
  WhichLab which;
  CommonOptions common;
};

int run_status(const StatusOptions& options) {
  const auto line = lab::ask_lab(options.which.socket(), lab::AskStatus{});
  if (!line) {
    print_error(line.error());
    return kInvalidInput;
  }
  const bool json = options.common.report_format() == ReportFormat::Json;
  const auto text = json ? lab::status_json(*line) : lab::status_text(*line);
  if (!text) {
    print_error(text.error());
    return kInvalidInput;
  }
  return finish(*text, options.common.output, kOk);
}

void setup_status(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("status", "show nodes, callers, addresses and modes");
  auto options = std::make_shared<StatusOptions>();
  add_which_lab(*command, options->which);
  add_common_options(*command, options->common, kLabQuestionsFormats);
  command->callback([options, &status] { status = run_status(*options); });
}

struct LogsOptions {
  WhichLab which;
  bool follow = false;
};

int run_logs(const LogsOptions& options) {
  bool failed = false;
  const auto done = lab::follow_lab(
      options.which.socket(), lab::AskLogs{options.follow}, [&](std::string_view line) {
        const Written written = write_all(STDOUT_FILENO, std::string(line) + '\n', kStandardOutput);
        failed = written == Written::Failed;
        return written == Written::Whole;
      });
  if (!done) print_error(done.error());
  return done && !failed ? kOk : kInvalidInput;
}

void setup_logs(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("logs", "print the access-log records of the lab");
  auto options = std::make_shared<LogsOptions>();
  command->add_flag("--follow", options->follow, "go on with those that come");
  add_which_lab(*command, options->which);
  command->footer("example:\n  nspsim lab logs --follow");
  command->callback([options, &status] { status = run_logs(*options); });
}

struct KeysOptions {
  WhichLab which;
  lab::AskKeys ask;
  std::string format = "text";
  std::string output;
};

std::expected<std::string, lab::Refusal> as_asked(const std::string& format,
                                                  const std::string& line) {
  if (format == "json") return lab::keys_json(line);
  if (format == "env") return lab::keys_env(line);
  return format == "azurite" ? lab::keys_azurite(line) : lab::keys_text(line);
}

int run_keys(const KeysOptions& options) {
  const auto line = lab::ask_lab(options.which.socket(), options.ask);
  if (!line) {
    print_error(line.error());
    return kInvalidInput;
  }
  const auto text = as_asked(options.format, *line);
  if (text) return finish(*text, options.output, kOk);
  for (const std::string& reason : text.error()) print_error(reason);
  return kInvalidInput;
}

void setup_keys(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("keys", "print the keys of resources (secrets of the lab)");
  auto options = std::make_shared<KeysOptions>();
  command->add_option("--resource", options->ask.resource, "name or id (default: all with keys)");
  command
      ->add_option("--format", options->format,
                   "text, json, env for a shell, azurite for AZURITE_ACCOUNTS (default: text)")
      ->check(CLI::IsMember({"text", "json", "env", "azurite"}));
  command->add_option("--output", options->output, "write them to this file")->type_name("FILE");
  add_which_lab(*command, options->which);
  command->footer("example:\n  eval \"$(nspsim lab keys --resource stdocs --format env)\"");
  command->callback([options, &status] { status = run_keys(*options); });
}

}  // namespace

void setup_lab_questions(CLI::App& lab, int& status) {
  setup_status(lab, status);
  setup_logs(lab, status);
  setup_keys(lab, status);
}

}  // namespace nsp::cli
