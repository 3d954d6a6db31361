// The replay as a table for spreadsheets, and as pages: Markdown for the summary of a CI job, HTML
// for a browser.
#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/report/csv.h"
#include "sim/report/html.h"
#include "sim/report/replay_report.h"
#include "sim/report/replay_words.h"

namespace nsp {
namespace {

std::vector<std::string> csv_row(const ReplayTuple& tuple) {
  return {std::string(to_string(tuple.change)),
          std::to_string(tuple.seen.weight),
          to_string(tuple.seen.first),
          to_string(tuple.seen.last),
          std::string(to_string(tuple.direction)),
          tuple.caller,
          tuple.address,
          tuple.resource,
          tuple.to,
          tuple.profile,
          tuple.credential ? std::string(to_string(*tuple.credential)) : "",
          std::string(to_string(tuple.path)),
          std::string(to_string(tuple.now.verdict)),
          tuple.now.reason,
          std::string(to_string(tuple.then.verdict)),
          tuple.then.reason,
          std::string(facts(tuple.then.clause).id),
          join(choice_texts(tuple.then), "; "),
          tuple.nearest_miss,
          tuple.recorded.empty() ? "" : recorded_text(tuple)};
}

// A page is a title, the summary, and tables under headings.
struct PageSection {
  std::string title;
  std::string text;  // under the title; may be empty
  TextTable table;
};

void add_section(std::vector<PageSection>& sections, std::string title, std::string text,
                 TextTable table) {
  if (table.rows.empty() && text.empty()) return;
  sections.push_back({std::move(title), std::move(text), std::move(table)});
}

TextTable cells_without_markup(TextTable table) {
  for (auto& row : table.rows) {
    for (std::string& cell : row) cell = without_markup(cell);
  }
  return table;
}

TextTable problems_table(const TrafficCounts& counts) {
  TextTable table;
  table.header = {"what could not be read"};
  for (const std::string& problem : reading_problems(counts)) table.rows.push_back({problem});
  for (const Diagnostic& example : counts.examples) table.rows.push_back({to_string(example)});
  return table;
}

std::vector<PageSection> sections_of(const ReplayReport& report) {
  std::vector<PageSection> sections;
  for (const Change change : {Change::Revoked, Change::Gained, Change::Undecided}) {
    add_section(sections, capitalised(to_string(change)), {}, change_table(report, change));
  }
  add_section(
      sections, "Unchanged", {},
      report.all ? change_table(report, Change::Unchanged) : unchanged_table(report.replay));
  add_section(sections, "Not judged", {}, unjudged_table(report.replay));
  const Agreement& agreement = report.agreement;
  const bool recorded = agreement.agreeing + agreement.disagreeing != 0;
  add_section(sections, "Agreement", recorded ? agreement_text(agreement) : std::string(),
              disagreement_table(agreement));
  add_section(sections, "Reading", {}, problems_table(report.counts));
  return sections;
}

}  // namespace

std::string replay_as_csv(const ReplayReport& report) {
  TextTable table;
  table.header = {"change",     "weight",      "first",        "last",        "direction",
                  "from",       "fromAddress", "fromResource", "to",          "profile",
                  "credential", "path",        "now",          "nowReason",   "then",
                  "thenReason", "thenClause",  "thenChoices",  "nearestMiss", "recorded"};
  for (const ReplayTuple& tuple : report.replay.tuples) table.rows.push_back(csv_row(tuple));
  return to_csv(table);
}

std::string replay_as_markdown(const ReplayReport& report) {
  std::string text =
      fmt::format("## Replay\n\n{}\n", capitalised(without_markup(replay_summary(report))));
  if (!report.about.empty()) text += fmt::format("\nCompared {}.\n", without_markup(report.about));
  for (const PageSection& section : sections_of(report)) {
    text += fmt::format("\n### {}\n", section.title);
    if (!section.text.empty()) text += fmt::format("\n{}\n", section.text);
    if (!section.table.rows.empty())
      text += "\n" + to_markdown(cells_without_markup(section.table));
  }
  return text;
}

std::string replay_as_html(const ReplayReport& report) {
  std::string body = html_paragraph(capitalised(replay_summary(report)));
  if (!report.about.empty()) body += html_paragraph(fmt::format("Compared {}.", report.about));
  for (const PageSection& section : sections_of(report)) {
    body += html_heading(section.title);
    if (!section.text.empty()) body += html_paragraph(section.text);
    if (!section.table.rows.empty()) body += html_table(section.table);
  }
  return html_page("Replay of recorded traffic", body);
}

}  // namespace nsp
