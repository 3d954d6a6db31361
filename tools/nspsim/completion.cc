// `nspsim completion`: a completion script for a shell, made from the program's own command line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <string_view>

#include "sim/base/text.h"
#include "tools/nspsim/command_tree.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

struct CompletionOptions {
  std::string shell;
  std::string output;
};

std::string words_of(const std::vector<OptionFacts>& options) {
  std::vector<std::string> words;
  for (const OptionFacts& option : options) {
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return join(words, " ");
}

std::string names_of(const std::vector<CommandFacts>& commands, std::string_view separator) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CommandFacts& command : commands) names.push_back(command.name);
  return join(names, separator);
}

// ---- bash ----

// What completes the value of one option or argument: words, files, or nothing that we know.
std::string bash_values(const OptionFacts& facts) {
  if (!facts.values.empty()) return fmt::format("_nspsim_words '{}'", join(facts.values, " "));
  return facts.takes_file ? "_nspsim_files" : ":";
}

// `run,--format) _nspsim_words 'text json'; return ;;` for every option that takes a value.
std::string bash_options(const CommandFacts& command, std::string_view name) {
  std::string lines;
  for (const OptionFacts& option : command.options) {
    if (!option.takes_value()) continue;
    std::vector<std::string> patterns;
    patterns.reserve(option.names.size());
    for (const std::string& word : option.names)
      patterns.push_back(fmt::format("{},{}", name, word));
    lines += fmt::format("    {}) {}; return ;;\n", join(patterns, "|"), bash_values(option));
  }
  return lines;
}

// What may follow where no option is being filled in.
std::string bash_words(const CommandFacts& command, std::string_view name) {
  std::string lines =
      fmt::format("    {},-*) _nspsim_words '{}' ;;\n", name, words_of(command.options));
  if (!command.commands.empty()) {
    return lines +
           fmt::format("    {},*) _nspsim_words '{}' ;;\n", name, names_of(command.commands, " "));
  }
  bool files = false;
  for (const OptionFacts& option : command.options) files |= option.takes_file && option.repeats;
  for (const OptionFacts& argument : command.arguments) {
    if (!argument.values.empty()) {
      return lines + fmt::format("    {},*) {} ;;\n", name, bash_values(argument));
    }
    files |= argument.takes_file;
  }
  return files ? lines + fmt::format("    {},*) _nspsim_files ;;\n", name) : lines;
}

constexpr std::string_view kBashHead =
    R"(# bash completion for nspsim; made by `nspsim completion bash`
_nspsim_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_nspsim_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

_nspsim() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word
  # bash splits `--format=json` at the sign
  [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}
  [[ $current == = ]] && current=
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
)";

std::string bash_script(const CommandFacts& program) {
  std::string options = bash_options(program, "");
  std::string words = bash_words(program, "");
  for (const CommandFacts& command : program.commands) {
    options += bash_options(command, command.name);
    words += bash_words(command, command.name);
  }
  return fmt::format(
      "{}    case $word in {}) command=$word; break ;; esac\n"
      "  done\n"
      "  case $command,$previous in\n{}  esac\n"
      "  case $command,$current in\n{}  esac\n"
      "}}\n"
      "complete -F _nspsim nspsim\n",
      kBashHead, names_of(program.commands, "|"), options, words);
}

// ---- zsh ----

// Inside single quotes and the brackets of an _arguments specification.
std::string zsh_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionFacts& facts) {
  if (!facts.values.empty()) return fmt::format("({})", join(facts.values, " "));
  return facts.takes_file ? "_files" : " ";
}

std::string zsh_option(const OptionFacts& option) {
  std::string lines;
  for (const std::string& name : option.names) {
    const std::string value =
        option.takes_value()
            ? fmt::format(":{}:{}", zsh_quoted(option.placeholder), zsh_action(option))
            : std::string();
    lines += fmt::format("        '{}{}[{}]{}' \\\n", option.repeats ? "*" : "", name,
                         zsh_quoted(option.description), value);
  }
  return lines;
}

std::string zsh_command(const CommandFacts& command) {
  std::string lines = fmt::format("      {}) _arguments \\\n", command.name);
  for (const OptionFacts& option : command.options) lines += zsh_option(option);
  for (const OptionFacts& argument : command.arguments) {
    lines += fmt::format("        '{}:{}:{}' \\\n", argument.repeats ? "*" : "",
                         zsh_quoted(argument.names.front()), zsh_action(argument));
  }
  return lines + "        ;;\n";
}

std::string zsh_script(const CommandFacts& program) {
  std::string names;
  std::string commands;
  std::string options;
  for (const CommandFacts& command : program.commands) {
    names += fmt::format("    '{}:{}'\n", command.name, zsh_quoted(command.description));
    commands += zsh_command(command);
  }
  for (const OptionFacts& option : program.options) options += zsh_option(option);
  return fmt::format(
      "#compdef nspsim\n"
      "# zsh completion for nspsim; made by `nspsim completion zsh`\n"
      "_nspsim() {{\n"
      "  local context state line\n"
      "  local -a commands\n"
      "  commands=(\n{}  )\n"
      "  _arguments -C \\\n{}"
      "        '1:command:->command' '*::argument:->argument'\n"
      "  case $state in\n"
      "    command) _describe 'command' commands ;;\n"
      "    argument) case $words[1] in\n{}"
      "      esac ;;\n"
      "  esac\n"
      "}}\n"
      "_nspsim \"$@\"\n",
      names, options, commands);
}

// ---- fish ----

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The part after the name: what follows an option, `-x` for words, `-r -F` for files, `-x` for
// anything else.
std::string fish_values(const OptionFacts& facts) {
  if (!facts.values.empty()) return " -x -a " + fish_quoted(join(facts.values, " "));
  if (facts.takes_file) return " -r -F";
  return facts.takes_value() ? " -x" : "";
}

std::string fish_option(std::string_view condition, const OptionFacts& option) {
  std::string names;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    names += fmt::format(" -{} {}", is_long ? 'l' : 's', name.substr(is_long ? 2 : 1));
  }
  return fmt::format("complete -c nspsim -n '{}'{}{} -d {}\n", condition, names,
                     fish_values(option), fish_quoted(option.description));
}

std::string fish_argument(std::string_view condition, const OptionFacts& argument) {
  if (argument.takes_file) return fmt::format("complete -c nspsim -n '{}' -F\n", condition);
  if (argument.values.empty()) return {};
  return fmt::format("complete -c nspsim -n '{}' -a {}\n", condition,
                     fish_quoted(join(argument.values, " ")));
}

std::string fish_script(const CommandFacts& program) {
  std::string text =
      "# fish completion for nspsim; made by `nspsim completion fish`\ncomplete -c nspsim -f\n";
  for (const OptionFacts& option : program.options) {
    text += fish_option("__fish_use_subcommand", option);
  }
  for (const CommandFacts& command : program.commands) {
    text += fmt::format("complete -c nspsim -n '__fish_use_subcommand' -a {} -d {}\n", command.name,
                        fish_quoted(command.description));
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    for (const OptionFacts& option : command.options) text += fish_option(condition, option);
    for (const OptionFacts& argument : command.arguments) {
      text += fish_argument(condition, argument);
    }
  }
  return text;
}

int run_completion(const CompletionOptions& options, const CLI::App& program) {
  const CommandFacts facts = describe(program);
  const std::string script = options.shell == "bash"  ? bash_script(facts)
                             : options.shell == "zsh" ? zsh_script(facts)
                                                      : fish_script(facts);
  return finish(script, options.output, kOk);
}

}  // namespace

void setup_completion(CLI::App& app, int& status) {
  auto options = std::make_shared<CompletionOptions>();
  CLI::App* command = app.add_subcommand("completion", "print a completion script for a shell");
  command->add_option("shell", options->shell, "the shell that will read it")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->add_option("--output", options->output, "write the script to this file")
      ->type_name("FILE");
  command->footer(
      "example:\n  nspsim completion bash > ~/.local/share/bash-completion/completions/nspsim");
  command->callback([options, &app, &status] { status = run_completion(*options, app); });
}

}  // namespace nsp::cli
