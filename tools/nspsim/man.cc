// `nspsim man`: the manual page, made from the program's own command line.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "tools/nspsim/command_tree.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// roff reads `\` as an escape, `-` as a hyphen, and a line that begins with `.` or `'` as a
// request.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string option_line(const OptionFacts& option) {
  std::string names;
  for (const std::string& name : option.names) {
    if (!names.empty()) names += ", ";
    names += (option.positional ? "\\fI" : "\\fB") + roff(name) + "\\fR";
  }
  if (option.positional || !option.takes_value()) return names;
  return fmt::format("{} \\fI{}\\fR{}", names, roff(option.placeholder),
                     option.repeats ? "..." : "");
}

std::string option_text(const OptionFacts& option) {
  std::string text = fmt::format(".TP\n{}\n{}\n", option_line(option), roff(option.description));
  if (option.values.empty()) return text;
  std::string values;
  for (const std::string& value : option.values) {
    values += fmt::format("{}\\fB{}\\fR", values.empty() ? "" : ", ", roff(value));
  }
  return text + "(one of " + values + ")\n";
}

std::string options_text(const CommandFacts& command) {
  std::string text;
  for (const OptionFacts& argument : command.arguments) text += option_text(argument);
  for (const OptionFacts& option : command.options) text += option_text(option);
  return text;
}

std::string command_text(const CommandFacts& command) {
  std::string text =
      fmt::format(".SS nspsim {}\n{}.\n", roff(command.name), roff(command.description));
  return text + options_text(command);
}

// The example that a command's help ends with, as written there.
std::string example_of(const CommandFacts& command) {
  const std::size_t start = command.footer.find("\n  nspsim");
  if (!command.footer.starts_with("example") || start == std::string::npos) return {};
  const std::size_t end = command.footer.find("\n\n", start);
  return command.footer.substr(start + 1, end == std::string::npos ? end : end - start - 1) + "\n";
}

std::string exit_text() {
  std::string text;
  for (const auto& [status, meaning] : exit_meanings()) {
    text += fmt::format(".TP\n.B {}\n{}\n", status, roff(meaning));
  }
  return text;
}

std::string manual(const CommandFacts& program) {
  std::string text = fmt::format(
      ".\\\" made by `nspsim man`\n"
      ".TH NSPSIM 1 \"\" \"nspsim {}\" \"User Commands\"\n"
      ".SH NAME\nnspsim \\- {}\n"
      ".SH SYNOPSIS\n.B nspsim\n.I command\n.RI [ options ]\n"
      ".SH OPTIONS\n{}.SH COMMANDS\n",
      roff(kProgramVersion), roff(program.description), options_text(program));
  std::string examples;
  for (const CommandFacts& command : program.commands) {
    text += command_text(command);
    examples += example_of(command);
  }
  text += ".SH EXIT STATUS\n" + exit_text();
  text +=
      ".SH ENVIRONMENT\n"
      ".TP\n.B NO_COLOR\nwhen set and not empty, text has no colours unless asked for\n"
      ".TP\n.B COLUMNS\nthe width of text where standard output is no terminal\n";
  return text + ".SH EXAMPLES\n.nf\n" + roff(examples) + ".fi\n";
}

}  // namespace

void setup_man(CLI::App& app, int& status) {
  auto output = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("man", "print the manual page");
  command->add_option("--output", *output, "write the page to this file")->type_name("FILE");
  command->footer("example:\n  nspsim man | man -l -");
  command->callback(
      [output, &app, &status] { status = finish(manual(describe(app)), *output, kOk); });
}

}  // namespace nsp::cli
