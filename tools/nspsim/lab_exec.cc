// `nspsim lab exec`, `lab env`: other programs as a caller or a resource of a running lab.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/control_client.h"
#include "sim/lab/exec.h"
#include "tools/nspsim/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// As a shell says it of a command.
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

// Nothing: said why not.
std::optional<lab::CallerFacts> ask_for(const WhichLab& which, const std::string& caller) {
  const auto line = lab::ask_lab(which.socket(), lab::AskCaller{caller});
  if (!line) {
    print_error(line.error());
    return std::nullopt;
  }
  auto facts = lab::parse_caller_facts(*line);
  if (facts) return *std::move(facts);
  for (const std::string& reason : facts.error()) print_error(reason);
  return std::nullopt;
}

struct ExecArguments {
  WhichLab which;
  std::string caller;
  std::string use = "auto";
  std::vector<std::string> command;
};

lab::NamespaceUse use_of(const std::string& word) {
  if (word == "yes") return lab::NamespaceUse::Yes;
  return word == "no" ? lab::NamespaceUse::No : lab::NamespaceUse::Auto;
}

std::vector<std::string> surroundings() {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) all.emplace_back(*one);
  return all;
}

int status_of(lab::ExecFailure::What what) {
  switch (what) {
    case lab::ExecFailure::What::NotFound:
      return kNotFound;
    case lab::ExecFailure::What::NotExecutable:
      return kNotExecutable;
    case lab::ExecFailure::What::NoNamespace:
      break;
  }
  return kInvalidInput;
}

int run_exec(const ExecArguments& arguments) {
  const auto facts = ask_for(arguments.which, arguments.caller);
  if (!facts) return kInvalidInput;
  lab::ExecOptions options;
  options.use = use_of(arguments.use);
  options.words = arguments.command;
  options.surroundings = surroundings();
  options.on_fallback = [](std::string_view note) {
    std::fputs(fmt::format("nspsim: warning: {}\n", note).c_str(), stderr);
  };
  const auto status = lab::exec_as(*facts, options);
  if (status) return *status;
  print_error(status.error().text);
  return status_of(status.error().what);
}

void add_caller(CLI::App& command, std::string& caller) {
  command.add_option("--as", caller, "a caller or a resource of the lab")->required();
}

// Words after `--` are left as they are, which a list of them would not be: an option that takes
// many reads `[1,2]` as two. What is left before it is a mistake.
void take_words(CLI::App& command, ExecArguments& arguments) {
  const std::vector<std::string> left = command.remaining();
  if (left.empty()) return;
  if (left.front() != "--") throw CLI::ExtrasError(command.get_name(), left);
  arguments.command.insert(arguments.command.end(), left.begin() + 1, left.end());
}

void setup_exec(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("exec", "run a command as a caller or a resource");
  command->allow_extras();
  auto options = std::make_shared<ExecArguments>();
  command
      ->add_option_function<std::string>(
          "COMMAND", [options](const std::string& word) { options->command = {word}; },
          "after --: the command and its arguments; its exit status is ours")
      ->required();
  add_caller(*command, options->caller);
  command
      ->add_option("--namespace", options->use,
                   "in a network namespace; auto: where permitted, else through the lab's proxy")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "yes", "no"}));
  add_which_lab(*command, options->which);
  command->footer(
      "example:\n"
      "  nspsim lab exec --as office -- curl "
      "https://stdocs.blob.core.windows.net/docs?restype=container");
  command->callback([command, options, &status] {
    take_words(*command, *options);
    status = run_exec(*options);
  });
}

struct EnvArguments {
  WhichLab which;
  std::string caller;
  CommonOptions common;
};

int run_env(const EnvArguments& arguments) {
  const auto facts = ask_for(arguments.which, arguments.caller);
  if (!facts) return kInvalidInput;
  const lab::Variables variables = lab::variables_of(*facts, lab::Way::Proxy);
  const bool json = arguments.common.report_format() == ReportFormat::Json;
  return finish(json ? lab::variables_json(*facts, variables) : lab::export_lines(variables),
                arguments.common.output, kOk);
}

void setup_env(CLI::App& lab, int& status) {
  constexpr std::array<std::string_view, 2> kLabExecFormats{"text", "json"};
  auto* command =
      lab.add_subcommand("env", "print the variables that make this shell a caller (with secrets)");
  auto options = std::make_shared<EnvArguments>();
  add_caller(*command, options->caller);
  add_which_lab(*command, options->which);
  add_common_options(*command, options->common, kLabExecFormats);
  command->footer("example:\n  eval \"$(nspsim lab env --as office)\"");
  command->callback([options, &status] { status = run_env(*options); });
}

}  // namespace

void setup_lab_exec(CLI::App& lab, int& status) {
  setup_exec(lab, status);
  setup_env(lab, status);
}

}  // namespace nsp::cli
