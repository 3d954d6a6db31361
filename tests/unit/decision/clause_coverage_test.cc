// Holds three things together: the table of clauses in the program, their statement for people in
// scenarios/SEMANTICS.md, and the pages that are evidence for them.
//
// Pages and statement are read line by line, without the scenario floor, which is above this one.
// The checks are functions from text to problems, so that they are tested on small texts first.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/text.h"
#include "sim/decision/clause.h"
#include "sim/decision/decision.h"
#include "sim/decision/reading.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;
using Problems = std::vector<std::string>;
using testing::ElementsAre;
using testing::IsEmpty;

const fs::path kScenarios = fs::path(NSPSIM_SOURCE_DIR) / "scenarios";

// ------------------------------------------------------------------------------------------------
// Markdown, as far as it is needed here

// A table: its header and its rows, cells trimmed.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  [[nodiscard]] bool begins_with(std::string_view word) const { return header.front() == word; }
  // The number of the column, or the width of the table.
  [[nodiscard]] std::size_t column(std::string_view word) const {
    return static_cast<std::size_t>(std::ranges::find(header, word) - header.begin());
  }
  [[nodiscard]] bool has(std::string_view word) const { return column(word) < header.size(); }
};

// A fenced block.
struct Fence {
  std::string info;
  std::vector<std::string> lines;
};

// One part of a page: a fence when `table` has no header.
struct Part {
  Fence fence;
  Table table;
};

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (const std::string_view cell : split(line.substr(1), '|')) cells.emplace_back(trim(cell));
  if (!cells.empty() && cells.back().empty()) cells.pop_back();
  return cells;
}

// How many backticks open a fence on this line; 0: none.
std::size_t ticks(std::string_view line) {
  const std::size_t count = std::min(line.find_first_not_of('`'), line.size());
  return count >= 3 ? count : 0;
}

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t open = 0;  // backticks of the fence we are in
  bool in_table = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t count = ticks(line);
    if (open > 0) {
      if (count >= open && trim(line).size() == count) {
        open = 0;
      } else {
        parts.back().fence.lines.emplace_back(line);
      }
      continue;
    }
    const bool row = line.starts_with('|');
    if (count > 0) {
      open = count;
      parts.push_back({{std::string(trim(line.substr(count))), {}}, {}});
    } else if (row && !in_table) {
      parts.push_back({{}, {cells_of(line), {}}});
    } else if (row && !line.starts_with("|--")) {
      parts.back().table.rows.push_back(cells_of(line));
    }
    in_table = row;
  }
  return parts;
}

// ------------------------------------------------------------------------------------------------
// pages

// What a `scenario` block cites, and how many tests stand under it.
struct Cited {
  std::vector<std::string> evidence;
  std::size_t tests = 0;
};

std::vector<std::string> evidence_of(const Fence& fence) {
  constexpr std::string_view kKey = "evidence:";
  std::vector<std::string> ids;
  for (const std::string_view line : fence.lines) {
    if (!trim(line).starts_with(kKey)) continue;
    std::string text(trim(line).substr(kKey.size()));
    std::ranges::replace_if(
        text, [](char c) { return c == ',' || c == ';' || c == '\t'; }, ' ');
    for (const std::string_view id : split(text, ' ')) {
      if (!id.empty()) ids.emplace_back(id);
    }
  }
  return ids;
}

// The rows of `case` and `calls` tables and the `document` and `lint` blocks count as tests.
std::vector<Cited> citations(std::string_view page) {
  std::vector<Cited> all;
  for (const Part& part : parts_of(page)) {
    const Table& table = part.table;
    const bool is_table = !table.header.empty();
    if (!is_table && part.fence.info == "scenario") {
      all.push_back({evidence_of(part.fence), 0});
    } else if (all.empty()) {
      continue;
    } else if (is_table && (table.begins_with("case") || table.begins_with("calls"))) {
      all.back().tests += table.rows.size();
    } else if (!is_table &&
               (part.fence.info.starts_with("document") || part.fence.info.starts_with("lint"))) {
      ++all.back().tests;
    }
  }
  return all;
}

bool is_cited(const std::vector<Cited>& all, std::string_view id) {
  return std::ranges::any_of(all, [&](const Cited& block) {
    return block.tests > 0 && std::ranges::any_of(block.evidence, [&](const std::string& cited) {
             return iequals(cited, id);
           });
  });
}

// Of clauses and of matters (contradictions, assumptions) alike.
template <class Facts>
Problems uncited(std::span<const Facts> stated, const std::vector<Cited>& all) {
  Problems problems;
  for (const Facts& facts : stated) {
    if (!is_cited(all, facts.id)) {
      problems.push_back(fmt::format("no page with a case cites `{}`", facts.id));
    }
  }
  return problems;
}

Problems unknown_citations(const std::vector<Cited>& all) {
  Problems problems;
  for (const Cited& block : all) {
    for (const std::string& id : block.evidence) {
      const bool url = id.starts_with("https://") || id.starts_with("http://");
      if (!url && !is_citable(id)) problems.push_back(fmt::format("unknown evidence `{}`", id));
    }
  }
  return problems;
}

// ------------------------------------------------------------------------------------------------
// the statement

// What the statement says of one id, as a text to compare; sources without their order.
using Stated = std::map<std::string, std::string>;

std::string clause_text(std::string_view grade, std::string_view source) {
  const std::vector<std::string_view> words = split_words(source, ',');
  const std::set<std::string_view> sources(words.begin(), words.end());
  return fmt::format("{}, {}", grade, fmt::join(sources, " "));
}

// The words in backticks of a cell.
std::string words_in_backticks(std::string_view cell) {
  const auto pieces = split(cell, '`');
  std::vector<std::string_view> words;
  for (std::size_t i = 1; i < pieces.size(); i += 2) words.push_back(pieces[i]);
  return fmt::format("{}", fmt::join(words, " "));
}

// Reads every table that has these columns; `text` makes the text to compare of a row.
template <class TextOf>
Stated read_statement(std::string_view statement, std::vector<std::string_view> columns,
                      Problems& problems, TextOf text) {
  Stated stated;
  for (const Part& part : parts_of(statement)) {
    const Table& table = part.table;
    const auto has = [&](std::string_view column) { return table.has(column); };
    if (table.header.empty() || !std::ranges::all_of(columns, has)) continue;
    for (std::vector<std::string> row : table.rows) {
      row.resize(table.header.size());
      const std::string& id = row[table.column(columns.front())];
      if (!stated.emplace(id, text(table, row)).second) {
        problems.push_back(fmt::format("`{}` is stated twice", id));
      }
    }
  }
  return stated;
}

void compare(const Stated& stated, const Stated& known, Problems& problems) {
  for (const auto& [id, text] : known) {
    const auto found = stated.find(id);
    if (found == stated.end()) {
      problems.push_back(fmt::format("`{}` is not stated", id));
    } else if (found->second != text) {
      problems.push_back(
          fmt::format("`{}` is stated as `{}`, expected `{}`", id, found->second, text));
    }
  }
  for (const auto& [id, text] : stated) {
    if (!known.contains(id)) problems.push_back(fmt::format("`{}` is stated and not known", id));
  }
}

void check_clauses(std::string_view statement, Problems& problems) {
  Stated known;
  for (const ClauseFacts& clause : all_clauses()) {
    known.emplace(clause.id, clause_text(to_string(clause.grade), clause.source));
  }
  const auto text = [](const Table& table, const std::vector<std::string>& row) {
    return clause_text(row[table.column("grade")], row[table.column("source")]);
  };
  compare(read_statement(statement, {"id", "clause", "grade", "source"}, problems, text), known,
          problems);
}

void check_matters(std::string_view statement, Problems& problems) {
  Stated known;
  for (const MatterFacts& matter : all_matters()) {
    known.emplace(matter.id, fmt::format("{}", fmt::join(matter.choices, " ")));
  }
  const auto text = [](const Table& table, const std::vector<std::string>& row) {
    return words_in_backticks(row[table.column("words")]);
  };
  compare(read_statement(statement, {"id", "matter", "words"}, problems, text), known, problems);
}

void check_sources(std::string_view statement, Problems& problems) {
  Stated known;
  for (const SourceFacts& source : all_sources()) known.emplace(source.id, source.document);
  const auto text = [](const Table& table, const std::vector<std::string>& row) {
    return row[table.column("document")];
  };
  compare(read_statement(statement, {"short", "document"}, problems, text), known, problems);
}

void check_log_categories(std::string_view statement, Problems& problems) {
  Stated known;
  for (const std::string_view word : Vocabulary<LogCategory>::words) {
    known.emplace(word, word.find("Outbound") == std::string_view::npos ? "inbound" : "outbound");
  }
  const auto text = [](const Table& table, const std::vector<std::string>& row) {
    return row[table.column("direction")];
  };
  compare(read_statement(statement, {"category", "direction"}, problems, text), known, problems);
}

Problems statement_problems(std::string_view statement) {
  Problems problems;
  for (auto check : {check_clauses, check_matters, check_sources, check_log_categories}) {
    check(statement, problems);
  }
  return problems;
}

// A statement in which everything is as the program has it.
std::string faithful_statement() {
  std::string text = "| id | clause | grade | source |\n|---|---|---|---|\n";
  for (const ClauseFacts& c : all_clauses()) {
    text += fmt::format("| {} | … | {} | {} |\n", c.id, to_string(c.grade), c.source);
  }
  text += "\n| id | matter | words |\n|---|---|---|\n";
  for (const MatterFacts& m : all_matters()) {
    text +=
        fmt::format("| {} | … | {} |\n", m.id,
                    m.choices.empty() ? "—" : fmt::format("`{}`", fmt::join(m.choices, "`, `")));
  }
  text += "\n| short | document |\n|---|---|\n";
  for (const SourceFacts& s : all_sources()) text += fmt::format("| {} | {} |\n", s.id, s.document);
  text += "\n| category | direction |\n|---|---|\n";
  for (const std::string_view word : Vocabulary<LogCategory>::words) {
    const bool out = word.find("Outbound") != std::string_view::npos;
    text += fmt::format("| {} | {} |\n", word, out ? "outbound" : "inbound");
  }
  return text;
}

// The faithful statement with one passage changed. REQUIRES: the passage stands in it.
Problems problems_with(std::string_view passage, std::string_view instead) {
  std::string text = faithful_statement();
  const auto at = text.find(passage);
  EXPECT_NE(at, std::string::npos) << passage;
  if (at != std::string::npos) text.replace(at, passage.size(), instead);
  return statement_problems(text);
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every page, by its path under scenarios/.
std::map<std::string, std::vector<Cited>> all_pages() {
  std::map<std::string, std::vector<Cited>> pages;
  for (const auto& entry : fs::recursive_directory_iterator(kScenarios)) {
    if (entry.path().extension() != ".md") continue;
    auto cited = citations(content_of(entry.path()));
    if (!cited.empty())
      pages.emplace(entry.path().lexically_relative(kScenarios), std::move(cited));
  }
  return pages;
}

// ------------------------------------------------------------------------------------------------
// the checks themselves, on small texts

TEST(CitationCheck, CountsTheTestsUnderEachBlock) {
  const auto all = citations(
      "prose\n| case | expect |\n|---|---|\n| before any block | allow |\n\n"
      "```scenario\nstatus: documented\nevidence: IN-5, LOG; C9\thttps://example.com/a\n```\n"
      "| case | expect |\n|---|---|\n| one | allow |\n| two | deny |\n\n"
      "| word | meaning |\n|---|---|\n| prose | not a test |\n\n"
      "```scenario\nstatus: documented\nevidence: G-5\n```\n"
      "```document twice\n{}\n----\n```\n"
      "```scenario\nevidence: OUT-1\n```\n"
      "````markdown\n```scenario\nevidence: P-9\n```\n| case |\n````\n");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_THAT(all[0].evidence, ElementsAre("IN-5", "LOG", "C9", "https://example.com/a"));
  EXPECT_EQ(all[0].tests, 2U);
  EXPECT_THAT(all[1].evidence, ElementsAre("G-5"));
  EXPECT_EQ(all[1].tests, 1U);
  EXPECT_THAT(all[2].evidence, ElementsAre("OUT-1"));
  EXPECT_EQ(all[2].tests, 0U);
}

TEST(CitationCheck, FindsClausesWithoutAPage) {
  std::vector<Cited> all;
  for (const ClauseFacts& clause : all_clauses()) all.push_back({{lower(clause.id)}, 1});
  EXPECT_THAT(uncited(all_clauses(), all), IsEmpty());
  all[0].tests = 0;           // G-1 is cited by a block that governs nothing
  all[3].evidence = {"LOG"};  // G-4 is not cited at all
  EXPECT_THAT(uncited(all_clauses(), all),
              ElementsAre("no page with a case cites `G-1`", "no page with a case cites `G-4`"));
}

TEST(CitationCheck, FindsMattersWithoutAPage) {
  std::vector<Cited> all;
  for (const MatterFacts& matter : all_matters()) all.push_back({{lower(matter.id)}, 1});
  EXPECT_THAT(uncited(all_matters(), all), IsEmpty());
  all[1].tests = 0;             // C2
  all.back().evidence.clear();  // U16
  EXPECT_THAT(uncited(all_matters(), all),
              ElementsAre("no page with a case cites `C2`", "no page with a case cites `U16`"));
}

TEST(CitationCheck, FindsIdsThatNobodyStated) {
  EXPECT_THAT(unknown_citations({{{"IN-5", "c5", "TR24", "https://example.com"}, 1}}), IsEmpty());
  EXPECT_THAT(unknown_citations({{{"IN-11"}, 1}, {{"LOG", "U99"}, 0}}),
              ElementsAre("unknown evidence `IN-11`", "unknown evidence `U99`"));
}

TEST(StatementCheck, AcceptsAFaithfulStatement) {
  EXPECT_THAT(statement_problems(faithful_statement()), IsEmpty());
  EXPECT_EQ(statement_problems("").size(), all_clauses().size() + all_matters().size() +
                                               all_sources().size() +
                                               Vocabulary<LogCategory>::words.size());
}

TEST(StatementCheck, IgnoresTheOrderOfSources) {
  EXPECT_THAT(
      problems_with("| IN-5 | … | documented | CON, LOG |", "| IN-5 | … | documented | LOG, CON |"),
      IsEmpty());
}

TEST(StatementCheck, FindsWhatIsNotAsTheProgramHasIt) {
  struct Row {
    std::string_view passage;
    std::string_view instead;
    std::string_view problem;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"| IN-5 | … | documented | CON, LOG |\n", "", "`IN-5` is not stated"},
      {"| IN-5 | … | documented |", "| IN-5 | … | observed |",
       "`IN-5` is stated as `observed, CON LOG`, expected `documented, CON LOG`"},
      {"| IN-5 | … | documented | CON, LOG |", "| IN-5 | … | documented | CON, LOG, KIT |",
       "`IN-5` is stated as `documented, CON KIT LOG`, expected `documented, CON LOG`"},
      {"| IN-5 | … | documented | CON, LOG |", "| IN-5 | … | documented | CON |",
       "`IN-5` is stated as `documented, CON`, expected `documented, CON LOG`"},
      {"| IN-5 |", "| IN-5 | … | documented | CON, LOG |\n| IN-5 |", "`IN-5` is stated twice"},
      {"| IN-5 |", "| IN-11 | … | documented | CON |\n| IN-5 |", "`IN-11` is stated and not known"},
      {"| U1 | … | — |\n", "", "`U1` is not stated"},
      {"| U1 | … | — |", "| U1 | … | `yes` |", "`U1` is stated as `yes`, expected ``"},
      {"`log`, `none`", "`none`, `log`", "`C3` is stated as `none log`, expected `log none`"},
      {"| KIT |", "| KAT |", "`KIT` is not stated"},
      {"NspOutboundAttempt | outbound", "NspOutboundAttempt | inbound",
       "`NspOutboundAttempt` is stated as `inbound`, expected `outbound`"},
  });
  for (const Row& row : kRows) {
    EXPECT_THAT(problems_with(row.passage, row.instead), testing::Contains(row.problem))
        << row.passage;
  }
}

// ------------------------------------------------------------------------------------------------
// the real pages

TEST(Semantics, StatementAgreesWithTheProgram) {
  EXPECT_THAT(statement_problems(content_of(kScenarios / "SEMANTICS.md")), IsEmpty());
}

TEST(Semantics, EveryClauseAndEveryMatterHasAPage) {
  std::vector<Cited> all;
  for (const auto& [page, cited] : all_pages()) all.insert(all.end(), cited.begin(), cited.end());
  EXPECT_THAT(uncited(all_clauses(), all), IsEmpty());
  EXPECT_THAT(uncited(all_matters(), all), IsEmpty());
}

TEST(Semantics, PagesCiteOnlyWhatIsStated) {
  const auto pages = all_pages();
  ASSERT_FALSE(pages.empty());
  for (const auto& [page, cited] : pages) EXPECT_THAT(unknown_citations(cited), IsEmpty()) << page;
}

}  // namespace
}  // namespace nsp
