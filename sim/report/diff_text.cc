// A diff for people at a terminal.
#include <fmt/format.h>

#include "sim/report/diff_words.h"

namespace nsp {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kTurnWidth = 10;  // of the longest word and a blank

std::string_view mark(ObjectChangeKind kind) {
  switch (kind) {
    case ObjectChangeKind::Added:
      return "+";
    case ObjectChangeKind::Removed:
      return "-";
    case ObjectChangeKind::Changed:
      break;
  }
  return "~";
}

// `text` after `indent` spaces, folded; what follows stands `hanging` deeper.
std::string line(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t hanging = 2) {
  const std::size_t room = width > indent ? width - indent : 1;
  return indent_lines(wrapped(text, room, hanging), indent);
}

std::string configuration_text(const ObjectChange& change, std::size_t width) {
  const std::string places = places_text(change);
  std::string text =
      line(fmt::format("{} {} {}{}", mark(change.change), to_string(change.kind), change.name,
                       places.empty() ? "" : fmt::format(" ({})", places)),
           width, 2, 4);
  for (const SettingChange& setting : change.settings) {
    text += line(setting_text(setting, change.change), width, kIndent);
  }
  return text;
}

std::string change_text(const VerdictChange& change, std::size_t width) {
  const std::string turn =
      change.turn == Turn::Path ? std::string() : " " + verdicts_text(change) + ":";
  std::string text = line(
      fmt::format("{:<{}}{} {}", to_string(change.turn), kTurnWidth - 1, turn, who_text(change)),
      width, kIndent, kTurnWidth);
  return text + line(why_text(change), width, kIndent + kTurnWidth);
}

std::string blocks_text(const VerdictDiff& diff, bool only_enforced, std::size_t width) {
  std::string text;
  for (const DiffBlock& block : diff_blocks(diff, only_enforced)) {
    text += line(block.where, width, 2);
    for (const VerdictChange* change : block.changes) text += change_text(*change, width);
  }
  return text;
}

std::string section(std::string_view title, const std::string& body) {
  return body.empty() ? std::string() : fmt::format("{}\n{}\n", title, body);
}

}  // namespace

std::string diff_as_text(const DiffReport& report, const RenderOptions& options) {
  std::string summary = diff_summary(report) + "\n";
  if (options.quiet) return summary;
  const EnvironmentDiff& diff = report.diff;
  std::string head = fmt::format("base       {}\ncandidate  {}\n", report.base, report.candidate);
  const std::string absent = absent_text(diff.verdicts);
  if (!absent.empty()) head += line(absent, options.width, 0);
  std::string written;
  for (const ObjectChange& change : diff.configuration) {
    written += configuration_text(change, options.width);
  }
  std::string text = head + "\n" + section("configuration", written);
  text += section("verdicts", blocks_text(diff.verdicts, false, options.width));
  text += section("verdicts if every association were Enforced",
                  blocks_text(diff.verdicts, true, options.width));
  return printable(text + summary, true);
}

}  // namespace nsp
