// The replay for a terminal: a block a tuple that changes or is open, then what stays, how well the
// environment fits the log, what could not be read, and the summary.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text_table.h"
#include "sim/report/replay_report.h"
#include "sim/report/replay_words.h"

namespace nsp {
namespace {

constexpr std::size_t kMostTuples = 20;  // of a change, unless all are asked for

std::string_view color_of(Change change) {
  switch (change) {
    case Change::Revoked:
      return "\x1b[31m";
    case Change::Gained:
      return "\x1b[32m";
    case Change::Undecided:
      return "\x1b[33m";
    case Change::Unchanged:
      break;
  }
  return "";
}

std::string colored(std::string_view text, std::string_view color, const RenderOptions& options) {
  if (!options.color || color.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", color, text);
}

class ReplayText {
 public:
  ReplayText(const ReplayReport& report, const RenderOptions& options)
      : report_(report), options_(options) {}

  std::string make() {
    if (!report_.about.empty())
      text_ += fold(fmt::format("compared {}", report_.about), 0) + "\n\n";
    for (const Change change : {Change::Revoked, Change::Gained, Change::Undecided}) {
      add_change(change);
    }
    if (report_.all) {
      add_change(Change::Unchanged);
    } else {
      add_table("unchanged", unchanged_table(report_.replay));
    }
    add_table("not judged", unjudged_table(report_.replay));
    add_agreement();
    add_problems();
    return std::move(text_);
  }

 private:
  void add_change(Change change) {
    const std::uint64_t weight = report_.replay.weight(change);
    if (weight == 0) return;
    const std::string_view word = to_string(change);
    text_ += fmt::format("{}  {}\n", colored(word, color_of(change), options_),
                         grouped_count(weight, "event"));
    std::size_t shown = 0;
    std::size_t all = 0;
    for (const ReplayTuple& tuple : report_.replay.tuples) {
      if (tuple.change != change) continue;
      ++all;
      if (!report_.all && shown == kMostTuples) continue;
      ++shown;
      add_tuple(tuple);
    }
    if (shown < all) {
      text_ += fmt::format("  … and {} more; `--all` lists them\n", grouped(all - shown));
    }
    text_ += '\n';
  }

  void add_tuple(const ReplayTuple& tuple) {
    const std::string weight = grouped(tuple.seen.weight);
    indent_ = weight.size() + 4;
    label_ = std::max<std::size_t>({display_width(report_.now), display_width(report_.then), 8});
    text_ += fmt::format(
        "  {}  {}\n", weight,
        fold(fmt::format("{} → {}", caller_text(tuple), destination_text(tuple)), indent_));
    add_line("leg", leg_text(tuple));
    add_line(report_.now, outcome_text(tuple.now), choice_texts(tuple.now));
    if (tuple.now == tuple.then) {
      add_line(report_.then, "the same");
    } else {
      add_line(report_.then, outcome_text(tuple.then), choice_texts(tuple.then));
    }
    add_line("nearest", tuple.nearest_miss);
    add_line("seen", window_and_days_text(tuple.seen));
    add_line("recorded", tuple.recorded.empty() ? std::string() : recorded_text(tuple));
  }

  static std::string leg_text(const ReplayTuple& tuple) {
    std::string text = fmt::format("{}, {}", to_string(tuple.direction), to_string(tuple.path));
    if (!tuple.profile.empty()) text += fmt::format(", profile {}", tuple.profile);
    if (tuple.credential) text += fmt::format(", as {}", to_string(*tuple.credential));
    return text;
  }

  void add_line(std::string_view label, const std::string& value,
                const std::vector<std::string>& below = {}) {
    if (value.empty()) return;
    const std::size_t column = indent_ + label_ + 2;
    text_ += fmt::format("{:{}}{}{:{}}{}\n", "", indent_, label, "",
                         label_ - display_width(label) + 2, fold(value, column));
    for (const std::string& line : below) {
      text_ += fmt::format("{:{}}{}\n", "", column + 2, fold(line, column + 4));
    }
  }

  // Cut into lines that fit, when the first one starts at this column.
  [[nodiscard]] std::string fold(const std::string& value, std::size_t column) const {
    constexpr std::size_t kLeastRoom = 24;
    const std::size_t room =
        options_.width > column + kLeastRoom ? options_.width - column : kLeastRoom;
    std::string folded = wrapped(printable(value), room, 0);
    for (std::size_t at = folded.find('\n'); at != std::string::npos;
         at = folded.find('\n', at + 1)) {
      folded.insert(at + 1, column, ' ');
    }
    return folded;
  }

  // The last column is folded to fit.
  void add_table(std::string_view title, const TextTable& table) {
    if (table.rows.empty()) return;
    text_ += fmt::format("{}\n", title);
    TextTable shown;
    const std::size_t last = title == "not judged" ? 1 : 2;
    for (const auto& row : table.rows) {
      if (!report_.all && shown.rows.size() == kMostTuples) break;
      shown.rows.emplace_back(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(last));
    }
    for (std::size_t i = 0; i < shown.rows.size(); ++i) add_row(shown, i, table.rows[i][last]);
    if (shown.rows.size() < table.rows.size()) {
      text_ += fmt::format("  … and {} more; `--all` lists them\n",
                           grouped(table.rows.size() - shown.rows.size()));
    }
    text_ += '\n';
  }

  void add_row(const TextTable& table, std::size_t row, const std::string& last) {
    std::string line = "  ";
    for (std::size_t c = 0; c < table.rows[row].size(); ++c) {
      std::size_t width = 0;
      for (const auto& other : table.rows) width = std::max(width, display_width(other[c]));
      const std::string cell = printable(table.rows[row][c]);
      line += cell + std::string(width - display_width(cell) + 2, ' ');
    }
    text_ += line + fold(last, display_width(line)) + '\n';
  }

  void add_agreement() {
    const Agreement& agreement = report_.agreement;
    if (agreement.agreeing + agreement.disagreeing == 0) return;
    text_ += fmt::format("agreement  {}\n", agreement_text(agreement));
    std::size_t shown = 0;
    for (const Disagreement& one : agreement.disagreements) {
      if (!report_.all && shown == kMostTuples) break;
      ++shown;
      add_disagreement(one);
    }
    if (shown < agreement.disagreements.size()) {
      text_ += fmt::format("  … and {} more; `--all` lists them\n",
                           grouped(agreement.disagreements.size() - shown));
    }
    text_ += '\n';
  }

  void add_disagreement(const Disagreement& one) {
    const std::string weight = grouped(one.seen.weight);
    indent_ = weight.size() + 4;
    label_ = 9;
    const std::string place = one.profile.empty()
                                  ? one.resource
                                  : fmt::format("{}, profile {}", one.resource, one.profile);
    text_ += fmt::format("  {}  {}\n", weight, fold(place, indent_));
    add_line("recorded", recorded_text(one.recorded));
    add_line("predicted", recorded_text(one.predicted));
    add_line("such as", fmt::format("{} → {}", one.from, one.to));
    add_line("why", one.explanation);
  }

  void add_problems() {
    const std::vector<std::string> problems = reading_problems(report_.counts);
    if (problems.empty()) return;
    text_ += "reading\n";
    for (const std::string& problem : problems) text_ += fmt::format("  {}\n", fold(problem, 2));
    for (const Diagnostic& example : report_.counts.examples) {
      text_ += fmt::format("  {}\n", fold(to_string(example), 2));
    }
    text_ += '\n';
  }

  const ReplayReport& report_;
  const RenderOptions& options_;
  std::string text_;
  std::size_t indent_ = 0;
  std::size_t label_ = 0;
};

}  // namespace

Activity ReplayReport::window() const {
  Activity seen;
  for (const ReplayTuple& tuple : replay.tuples) seen.merge(tuple.seen);
  for (const Unjudged& unjudged : replay.unjudged) seen.merge(unjudged.seen);
  return seen;
}

std::string replay_summary(const ReplayReport& report) {
  const Replay& replay = report.replay;
  const std::string window = window_text(report.window());
  std::string text = fmt::format(
      "replayed {}{}{}: {} revoked, {} gained, {} undecided, {} unchanged",
      amount_text(report.counts), window.empty() ? "" : ", ", window,
      grouped(replay.weight(Change::Revoked)), grouped(replay.weight(Change::Gained)),
      grouped(replay.weight(Change::Undecided)), grouped(replay.weight(Change::Unchanged)));
  if (replay.unjudged_weight != 0) {
    text += fmt::format(", {} not judged", grouped(replay.unjudged_weight));
  }
  return text;
}

std::string replay_as_text(const ReplayReport& report, const RenderOptions& options) {
  const std::string summary = printable(replay_summary(report)) + '\n';
  return options.quiet ? summary : ReplayText(report, options).make() + summary;
}

}  // namespace nsp
