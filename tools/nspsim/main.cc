// nspsim: the command line. One subcommand a file; this one joins them and speaks about usage
// errors.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/text.h"
#include "sim/report/json_writer.h"
#include "tools/nspsim/command.h"
#include "tools/nspsim/command_tree.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// Lists options by name, as a reader of a help text looks for them.
class SortedFormatter : public CLI::Formatter {
 public:
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    if (!is_positional) {
      std::ranges::sort(options, {}, [](const CLI::Option* o) { return o->get_name(); });
    }
    return CLI::Formatter::make_group(group, is_positional, options);
  }
};

std::string exit_footer() {
  std::string text = "exit status:\n";
  for (const auto& [status, meaning] : exit_meanings()) {
    text += fmt::format("  {}  {}\n", status, meaning);
  }
  return text;
}

// A subcommand brings its example as its footer; the exit statuses are the same for all.
void add_footers(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    const std::string example = command->get_footer();
    command->footer(example.empty() ? exit_footer() : example + "\n\n" + exit_footer());
  }
  app.footer(
      "examples:\n"
      "  nspsim init demo              make a first environment and page\n"
      "  nspsim run demo               run every page of a folder\n"
      "  nspsim run --help             say what a command can do\n\n" +
      exit_footer());
}

void build(CLI::App& app, int& status) {
  app.formatter(std::make_shared<SortedFormatter>());
  app.set_help_flag("-h,--help", "print this help");
  setup_completion(app, status);
  setup_diff(app, status);
  setup_eval(app, status);
  setup_explain(app, status);
  setup_import(app, status);
  setup_init(app, status);
  setup_lab(app, status);
  setup_lint(app, status);
  setup_man(app, status);
  setup_matrix(app, status);
  setup_merge(app, status);
  setup_readiness(app, status);
  setup_replay(app, status);
  setup_run(app, status);
  add_footers(app);
  // A word that follows a command is its own, even where it is the name of another.
  app.require_subcommand(0, 1);
}

std::string version_text(bool as_json) {
  if (!as_json) {
    return fmt::format("nspsim {} (semantics {}, contract {})\n", kProgramVersion,
                       kSemanticsVersion, kContractVersion);
  }
  JsonWriter json(JsonWriter::Style::OneLine);
  json.object().member("schema", "nspsim.version/1").member("program", kProgramVersion);
  json.member("semantics", kSemanticsVersion).member("contract", kContractVersion).end();
  return json.take() + "\n";
}

// The app itself and the chain of subcommands that the command line chose, innermost last.
std::vector<const CLI::App*> chosen(const CLI::App& app) {
  std::vector<const CLI::App*> chain{&app};
  while (true) {
    const auto next = chain.back()->get_subcommands();
    if (next.empty()) return chain;
    chain.push_back(next.front());
  }
}

std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
}

std::vector<std::string> known_words(const CLI::App& app, bool options) {
  std::vector<std::string> words;
  const CommandFacts facts = describe(app);
  if (!options) {
    for (const CommandFacts& command : facts.commands) words.push_back(command.name);
    return words;
  }
  for (const OptionFacts& option : facts.options) {
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return words;
}

// `; did you mean `--format`?` or, with nothing near, nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view near = nearest_word(word, views);
  return near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near);
}

std::string unexpected(const CLI::App& app, const std::string& word) {
  const bool option = word.starts_with('-') && word.size() > 1;
  const std::string name(std::string_view(word).substr(0, option ? word.find('=') : word.npos));
  const std::vector<std::string> known = known_words(app, option);
  const std::string_view what = option ? "option" : known.empty() ? "argument" : "command";
  return fmt::format("`{}` knows no {} `{}`{}", full_name(app), what, name,
                     suggestion(name, known));
}

// What is wrong with the command line. A word that nobody knows explains more than an option missed
// because of it, so it is told first.
int wrong_usage(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<const CLI::App*> chain = chosen(app);
  std::string message = error.what();
  for (const CLI::App* command : chain) {
    const std::vector<std::string> left = command->remaining();
    if (!left.empty()) message = unexpected(*command, left.front());
  }
  std::ranges::replace(message, '\n', ' ');
  print_error(message);
  std::fputs(fmt::format("see `{} --help`\n", full_name(*chain.back())).c_str(), stderr);
  return kUsage;
}

int parse_and_run(CLI::App& app, int argc, char** argv) {
  int status = kOk;
  bool version = false;
  bool as_json = false;
  build(app, status);
  CLI::Option* version_flag = app.add_flag("--version", version, "print the versions");
  app.add_flag("--json", as_json, "with --version: as JSON")->needs(version_flag);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return finish(app.help(), {}, kOk);
  } catch (const CLI::ParseError& error) {
    return wrong_usage(app, error);
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
    return kInvalidInput;
  } catch (const std::exception& error) {
    // What no command foresaw is still told in one line.
    print_error(error.what());
    return kInvalidInput;
  }
  if (version) return finish(version_text(as_json), {}, kOk);
  if (!app.get_subcommands().empty()) return status;
  std::fputs(app.help().c_str(), stderr);
  return kUsage;
}

}  // namespace
}  // namespace nsp::cli

int main(int argc, char** argv) {
  // A reader that goes away is seen as EPIPE at the write, not as a signal.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("simulates Azure network security perimeters and checks what they decide", "nspsim");
  return nsp::cli::parse_and_run(app, argc, argv);
}
