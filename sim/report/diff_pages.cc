// A diff as Markdown, for a comment on a pull request, and as GitHub annotations on its lines.
#include <fmt/format.h>

#include "sim/base/text_table.h"
#include "sim/report/diff_words.h"
#include "sim/report/github.h"
#include "sim/report/html.h"

namespace nsp {
namespace {

TextTable verdict_table(const VerdictDiff& diff, bool only_enforced) {
  TextTable table;
  table.header = {"where", "change", "who", "base -> candidate", "why"};
  for (const DiffBlock& block : diff_blocks(diff, only_enforced)) {
    for (const VerdictChange* change : block.changes) {
      const std::string turn = change->turn == Turn::Opened
                                   ? fmt::format("**{}**", to_string(change->turn))
                                   : std::string(to_string(change->turn));
      table.rows.push_back({without_markup(block.where), turn, without_markup(who_text(*change)),
                            verdicts_text(*change), without_markup(why_text(*change))});
    }
  }
  return table;
}

TextTable configuration_table(const std::vector<ObjectChange>& changes) {
  TextTable table;
  table.header = {"change", "object", "settings", "place"};
  for (const ObjectChange& change : changes) {
    std::string settings;
    for (const SettingChange& setting : change.settings) {
      if (!settings.empty()) settings += "<br>";
      settings += without_markup(setting_text(setting, change.change));
    }
    table.rows.push_back({std::string(to_string(change.change)),
                          without_markup(fmt::format("{} {}", to_string(change.kind), change.name)),
                          settings, without_markup(places_text(change))});
  }
  return table;
}

std::string section(std::string_view title, const TextTable& table) {
  if (table.rows.empty()) return {};
  return fmt::format("\n### {}\n\n{}", title, to_markdown(table));
}

std::string_view level_of(Turn turn) {
  return turn == Turn::Opened || turn == Turn::Clouded || turn == Turn::Added ? "warning"
                                                                              : "notice";
}

std::string annotation(const VerdictChange& change) {
  const std::string title =
      fmt::format("{}{}", to_string(change.turn), change.only_enforced ? " if enforced" : "");
  return github_command(
      level_of(change.turn), {}, title,
      printable(fmt::format("{}: {}: {} ({})", where_text(change), who_text(change),
                            verdicts_text(change), why_text(change))));
}

std::string annotation(const ObjectChange& change) {
  std::string message =
      fmt::format("{} {} {}", to_string(change.kind), change.name, to_string(change.change));
  for (const SettingChange& setting : change.settings) {
    message += "\n" + setting_text(setting, change.change);
  }
  return github_command("notice", change.candidate ? *change.candidate : *change.base,
                        "configuration", printable(message, true));
}

}  // namespace

std::string diff_as_markdown(const DiffReport& report) {
  const VerdictDiff& verdicts = report.diff.verdicts;
  std::string text =
      fmt::format("## Perimeter changes\n\n{}\n", without_markup(diff_summary(report)));
  text += fmt::format("\nBase {}, candidate {}.\n", without_markup(report.base),
                      without_markup(report.candidate));
  const std::string absent = absent_text(verdicts);
  if (!absent.empty()) text += fmt::format("\nResources {}.\n", without_markup(absent));
  text += section("Verdicts", verdict_table(verdicts, false));
  text += section("Verdicts if every association were Enforced", verdict_table(verdicts, true));
  return text + section("Configuration", configuration_table(report.diff.configuration));
}

std::string diff_as_github(const DiffReport& report) {
  std::string text;
  for (const ObjectChange& change : report.diff.configuration) text += annotation(change);
  for (const VerdictChange& change : report.diff.verdicts.changes) text += annotation(change);
  return text + diff_summary(report) + "\n";
}

}  // namespace nsp
