#include "tools/nspsim/command_tree.h"

#include <algorithm>

#include "sim/base/text.h"

namespace nsp::cli {
namespace {

// `TEXT:{text,json}` gives text and json; `{a->0,b->1}` (a mapping) gives a and b.
std::vector<std::string> accepted_values(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> values;
  for (const std::string_view piece :
       split_words(std::string_view(type).substr(open + 1, close - open - 1), ',')) {
    values.emplace_back(piece.substr(0, piece.find("->")));
  }
  return values;
}

bool says_file(std::string_view type) {
  return type.find("FILE") != type.npos || type.find("PATH") != type.npos ||
         type.find("DIR") != type.npos;
}

std::vector<std::string> option_names(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_single_name()};
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

OptionFacts facts_of(const CLI::Option& option) {
  OptionFacts facts;
  facts.names = option_names(option);
  facts.description = option.get_description();
  facts.positional = option.get_positional();
  facts.repeats = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() == 0) return facts;
  const std::string type = option.get_type_name();
  facts.values = accepted_values(type);
  facts.takes_file = facts.values.empty() &&
                     (says_file(type) || (facts.positional && says_file(facts.names.front())));
  facts.placeholder = type.substr(0, type.find_first_of(":{( "));
  if (facts.placeholder.empty()) facts.placeholder = "TEXT";
  return facts;
}

}  // namespace

CommandFacts describe(const CLI::App& app) {
  CommandFacts facts{.name = app.get_name(),
                     .description = app.get_description(),
                     .footer = app.get_footer(),
                     .options = {},
                     .arguments = {},
                     .commands = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? facts.arguments : facts.options).push_back(facts_of(*option));
  }
  std::ranges::sort(facts.options, {}, [](const OptionFacts& o) { return o.names.front(); });
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    facts.commands.push_back(describe(*command));
  }
  std::ranges::sort(facts.commands, {}, &CommandFacts::name);
  return facts;
}

const std::vector<std::pair<int, std::string>>& exit_meanings() {
  static const std::vector<std::pair<int, std::string>> meanings{
      {kOk, "all held"},
      {kFailed, "an expectation failed, or there is a finding or a difference"},
      {kUsage, "the command line is wrong"},
      {kInvalidInput, "the input is invalid, or the output could not be written"},
      {kUndecided, "something could not be decided"},
      {kNothingSelected, "nothing was selected: no page, no case, no record"},
  };
  return meanings;
}

}  // namespace nsp::cli
