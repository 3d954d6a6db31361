// Readiness for a terminal: a block an association, the worst first; the order of switching; how
// well the log fits; one last line.
#include <fmt/format.h>

#include <algorithm>

#include "sim/report/readiness_words.h"
#include "sim/report/replay_words.h"

namespace nsp {
namespace {

constexpr std::size_t kMostBlockers = 10;
constexpr std::size_t kMostLines = 5;

class ReadinessText {
 public:
  ReadinessText(const ReadinessFacts& facts, const RenderOptions& options)
      : facts_(facts), options_(options) {}

  std::string make() {
    for (const std::size_t i : worst_first(facts_)) add(facts_.report.associations[i]);
    if (options_.quiet) return std::move(text_);
    add_rollout();
    add_gained();
    add_reading();
    add_commands();
    return std::move(text_);
  }

 private:
  void add(const AssociationReadiness& of) {
    text_ += fmt::format("{}  {}{}\n", verdict(of.verdict), of.name,
                         options_.quiet ? "" : fmt::format("  ({})", printable(where_text(of))));
    if (options_.quiet) return;
    add_blockers(of);
    add_list("why", of.why);
    add_steps(of);
    add_list("cannot be resolved", unresolved_texts(facts_, of));
    add_list("good to know", of.remarks);
    text_ += '\n';
  }

  [[nodiscard]] std::string verdict(ReadinessVerdict verdict) const {
    const std::string_view word = to_string(verdict);
    if (!options_.color) return std::string(word);
    const std::string_view code = verdict == ReadinessVerdict::Ready      ? "32"
                                  : verdict == ReadinessVerdict::NotReady ? "31"
                                                                          : "33";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, word);
  }

  void add_blockers(const AssociationReadiness& of) {
    const TextTable table = blocker_table(of, facts_.all ? 0 : kMostBlockers);
    if (table.rows.empty()) return;
    text_ += printable(to_string(table, 2), true);
    const std::size_t all = of.blockers.size() + of.undecided.size();
    if (table.rows.size() < all) {
      text_ += fmt::format("  … and {} more; `--all` lists them\n", all - table.rows.size());
    }
  }

  void add_list(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    text_ += fmt::format("  {}\n", title);
    const std::size_t shown = facts_.all ? lines.size() : std::min(lines.size(), kMostLines);
    for (std::size_t i = 0; i < shown; ++i) add_line("- ", lines[i], 4);
    if (shown < lines.size()) {
      text_ += fmt::format("    … and {} more; `--all` lists them\n", lines.size() - shown);
    }
  }

  // `mark` and the text, folded to the width under its own beginning.
  void add_line(std::string_view mark, const std::string& line, std::size_t indent) {
    constexpr std::size_t kLeastRoom = 40;
    const std::size_t column = indent + mark.size();
    const std::size_t room =
        options_.width > column + kLeastRoom ? options_.width - column : kLeastRoom;
    std::string folded = wrapped(printable(line), room, 0);
    for (std::size_t at = folded.find('\n'); at != folded.npos; at = folded.find('\n', at + 1)) {
      folded.insert(at + 1, column, ' ');
    }
    text_ += fmt::format("{:{}}{}{}\n", "", indent, mark, folded);
  }

  void add_steps(const AssociationReadiness& of) {
    const std::vector<Step> steps = steps_for(facts_, of);
    if (steps.empty()) return;
    text_ += "  next\n";
    std::size_t number = 0;
    for (const Step& step : steps) {
      const std::string mark = step.chosen ? fmt::format("{}. ", ++number) : "or ";
      add_line(mark, step.text, 4);
      add_line("", step.effect, 4 + mark.size());
    }
  }

  void add_rollout() {
    if (facts_.rollout.steps.empty()) return;
    text_ += "order of switching\n";
    std::size_t number = 0;
    for (const RolloutStep& step : facts_.rollout.steps) add_step(++number, step);
    text_ += '\n';
  }

  void add_step(std::size_t number, const RolloutStep& step) {
    const AssociationReadiness& of = facts_.report.associations[step.association];
    const std::string mark = fmt::format("{}. ", number);
    const auto row = rollout_table(facts_).rows[number - 1];
    const bool enough = row.back() == "enough";
    add_line(mark,
             fmt::format("{}: breaks {}{}", of.name, row[3],
                         enough ? "" : "; collect more evidence before"),
             2);
    for (const std::size_t need : step.needs) {
      add_line("", "first: " + facts_.suggestions.all[need].text, 2 + mark.size());
    }
    for (const std::string& note : step.notes) add_line("", note, 2 + mark.size());
  }

  void add_gained() {
    const std::vector<std::string> gained = gained_texts(facts_, facts_.suggestions.proof);
    if (gained.empty()) return;
    text_ += "what the suggestions admit that is refused now\n";
    for (const std::string& line : gained) add_line("- ", line, 2);
    text_ += '\n';
  }

  void add_reading() {
    const std::string window = window_text(facts_.replay.counts.seen);
    text_ += fmt::format("read {}{}{}\n", amount_text(facts_.replay.counts),
                         window.empty() ? "" : ", ", window);
    const Agreement& agreement = facts_.replay.agreement;
    if (agreement.agreeing + agreement.disagreeing != 0) {
      text_ += fmt::format("{}\n", agreement_text(agreement));
    }
    if (facts_.report.elsewhere != 0) {
      text_ += fmt::format("{} of resources that are in no association\n",
                           grouped_count(facts_.report.elsewhere, "event"));
    }
    for (const std::string& problem : reading_problems(facts_.replay.counts)) {
      add_line("", problem, 0);
    }
    text_ += '\n';
  }

  void add_commands() {
    if (!facts_.emit || facts_.suggestions.empty()) return;
    text_ += emit(facts_.policy->environment(), facts_.suggestions, *facts_.emit) + '\n';
  }

  const ReadinessFacts& facts_;
  const RenderOptions& options_;
  std::string text_;
};

}  // namespace

std::string readiness_as_text(const ReadinessFacts& facts, const RenderOptions& options) {
  return ReadinessText(facts, options).make() + readiness_summary(facts) + '\n';
}

}  // namespace nsp
