// Readiness as pages: Markdown for the summary of a CI job, HTML for a browser.
#include <fmt/format.h>

#include "sim/report/html.h"
#include "sim/report/readiness_words.h"
#include "sim/report/replay_words.h"

namespace nsp {
namespace {

// A title, sentences, a table, sentences again: what both forms are made of.
struct Section {
  std::string title;
  std::vector<std::string> before;
  TextTable table;
  std::vector<std::string> after;
};

Section section_of(const ReadinessFacts& facts, const AssociationReadiness& of) {
  Section section;
  section.title = fmt::format("{}: {}", of.name, to_string(of.verdict));
  section.before = of.why;
  section.table = blocker_table(of, 0);
  for (const Step& step : steps_for(facts, of)) {
    section.after.push_back(
        fmt::format("{}{} ({})", step.chosen ? "next: " : "or: ", step.text, step.effect));
  }
  for (const std::string& text : unresolved_texts(facts, of)) {
    section.after.push_back("cannot be resolved: " + text);
  }
  for (const std::string& text : of.remarks) section.after.push_back(text);
  return section;
}

TextTable overview(const ReadinessFacts& facts) {
  TextTable table;
  table.header = {"association", "verdict", "resource",  "profile",
                  "mode",        "breaks",  "undecided", "seen"};
  for (const std::size_t i : worst_first(facts)) {
    const AssociationReadiness& of = facts.report.associations[i];
    table.rows.push_back({of.name, std::string(to_string(of.verdict)), of.resource, of.profile,
                          std::string(to_string(of.mode)), grouped(of.weight(Change::Revoked)),
                          grouped(of.weight(Change::Undecided)), grouped(of.seen.weight)});
  }
  return table;
}

std::vector<Section> sections_of(const ReadinessFacts& facts) {
  std::vector<Section> sections;
  sections.push_back({"Associations", {}, overview(facts), {}});
  for (const std::size_t i : worst_first(facts)) {
    sections.push_back(section_of(facts, facts.report.associations[i]));
  }
  if (!facts.rollout.steps.empty()) {
    sections.push_back({"Order of switching", {}, rollout_table(facts), {}});
  }
  const std::vector<std::string> gained = gained_texts(facts, facts.suggestions.proof);
  if (!gained.empty()) {
    sections.push_back({"What the suggestions admit that is refused now", gained, {}, {}});
  }
  std::vector<std::string> reading{fmt::format("read {}, {}", amount_text(facts.replay.counts),
                                               window_text(facts.replay.counts.seen))};
  const Agreement& agreement = facts.replay.agreement;
  if (agreement.agreeing + agreement.disagreeing != 0) reading.push_back(agreement_text(agreement));
  for (const std::string& problem : reading_problems(facts.replay.counts)) {
    reading.push_back(problem);
  }
  sections.push_back({"Reading", std::move(reading), {}, {}});
  return sections;
}

std::string markdown_list(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("- {}\n", without_markup(line));
  return text.empty() ? text : "\n" + text;
}

std::string markdown_table(TextTable table) {
  if (table.rows.empty()) return {};
  for (auto& row : table.rows) {
    for (std::string& cell : row) cell = without_markup(cell);
  }
  return "\n" + to_markdown(table);
}

std::string html_list(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("<li>{}</li>\n", escape_html(line));
  return text.empty() ? text : "<ul>\n" + text + "</ul>\n";
}

}  // namespace

std::string readiness_as_markdown(const ReadinessFacts& facts) {
  std::string text =
      fmt::format("## Before enforcement\n\n{}\n", without_markup(readiness_summary(facts)));
  for (const Section& section : sections_of(facts)) {
    text += fmt::format("\n### {}\n", without_markup(section.title));
    text += markdown_list(section.before) + markdown_table(section.table) +
            markdown_list(section.after);
  }
  return text;
}

std::string readiness_as_html(const ReadinessFacts& facts) {
  std::string body = html_paragraph(readiness_summary(facts));
  for (const Section& section : sections_of(facts)) {
    body += html_heading(section.title) + html_list(section.before);
    if (!section.table.rows.empty()) body += html_table(section.table);
    body += html_list(section.after);
  }
  return html_page("Before enforcement", body);
}

}  // namespace nsp
