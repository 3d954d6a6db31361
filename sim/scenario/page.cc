#include "sim/scenario/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "sim/base/text.h"
#include "sim/scenario/case_table.h"
#include "sim/scenario/flow_table.h"
#include "sim/scenario/scenario_block.h"
#include "sim/scenario/table_view.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 3> kBlockNames{"scenario", "document", "lint"};

// The line of a `document` block between the document and the diagnostics.
constexpr std::string_view kDivider = "----";

class PageReader {
 public:
  explicit PageReader(std::string file) : problems_(page_.file, page_.diagnostics) {
    page_.file = std::move(file);
  }

  Page read(std::string_view bytes) {
    if (!is_utf8(bytes)) {
      problems_.error(problems_.place(0, 0), "the page is not UTF-8");
      return std::move(page_);
    }
    for (const auto& block : read_markdown(bytes)) {
      std::visit([this](const auto& part) { take(part); }, block);
    }
    check_names();
    check_traffic();
    check_not_empty();
    return std::move(page_);
  }

 private:
  void take(const PageHeading& heading) {
    if (page_.title.empty()) page_.title = heading.text;
  }

  void take(const PageFence& fence) {
    const std::string_view info = fence.info;
    const auto name = info.substr(0, info.find_first_of(" \t"));
    if (name == "scenario") {
      page_.executable = true;
      page_.sections.push_back(read_scenario_block(fence, problems_));
    } else if (name == "document") {
      page_.executable = true;
      take_document(fence, trim(info.substr(name.size())));
    } else if (name == "lint") {
      page_.executable = true;
      page_.lints.push_back(read_lint_block(fence, problems_));
    } else if (const auto near = nearest_word(name, kBlockNames); !near.empty()) {
      page_.executable = true;
      problems_.error(problems_.place(fence.line, 1),
                      fmt::format("unknown block `{}`, did you mean `{}`?", name, near));
    }
  }

  void take_document(const PageFence& fence, std::string_view name) {
    DocumentCase document;
    document.place = problems_.place(fence.line, 1);
    document.name = name.empty() ? std::string("document") : std::string(name);
    bool divided = false;
    std::string_view rest = fence.content;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      const auto line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (divided) {
        if (!trim(line).empty()) document.expected.emplace_back(trim(line));
      } else if (trim(line) == kDivider) {
        divided = true;
      } else {
        document.content += fmt::format("{}\n", line);
      }
    }
    if (!divided) {
      problems_.error(document.place, "the `document` block has no line `----` after the document");
    }
    page_.documents.push_back(std::move(document));
  }

  // Tables that were surely meant to be run but would be shown as prose.
  void take_prose(const PageTable& table, const PageCell& first) {
    const auto meant = meant_kind(table);
    if (meant.empty() && !looks_like_cases(table)) return;
    page_.executable = true;
    problems_.error(first, meant.empty()
                               ? fmt::format("a table that begins with `{}` is prose, but its "
                                             "columns are those of cases: begin it with `case`",
                                             first.text)
                               : fmt::format("a table that begins with `{}` is prose, but its "
                                             "columns are those of `{}`: begin it with that word",
                                             first.text, meant));
  }

  void check_rows(const PageTable& table) {
    for (const PageRow& row : table.rows) {
      if (!row.surplus) continue;
      problems_.error(*row.surplus,
                      fmt::format("a cell beyond the last column, the header has {}; write `\\|` "
                                  "for a bar inside a cell",
                                  table.header.cells.size()));
    }
  }

  void take(const PageTable& table) {
    const auto kind = kind_of(table);
    const auto& first = table.header.cells.empty() ? PageCell{} : table.header.cells.front();
    if (table.broken) {
      if (kind == TableKind::Prose && !looks_like_cases(table)) return;
      page_.executable = true;
      problems_.error(first, fmt::format("a `{}` table that Markdown shows as text: the line below "
                                         "its header must be `|---|` with {} columns",
                                         first.text, table.header.cells.size()));
      return;
    }
    if (kind == TableKind::Prose) return take_prose(table, first);
    page_.executable = true;
    check_rows(table);
    if (page_.sections.empty()) {
      problems_.error(first,
                      fmt::format("a `{}` table stands before any `scenario` block", first.text));
      return;
    }
    take(table, kind, page_.sections.back());
  }

  void take(const PageTable& table, TableKind kind, Section& section) {
    switch (kind) {
      case TableKind::Resource:
        return build(table, kind, section.tables.resources);
      case TableKind::Rule:
        return build(table, kind, section.tables.rules);
      case TableKind::Link:
        return build(table, kind, section.tables.links);
      case TableKind::Subnet:
        return build(table, kind, section.tables.subnets);
      case TableKind::PrivateEndpoint:
        return build(table, kind, section.tables.private_endpoints);
      case TableKind::Caller:
        return read_caller_table(table, section, problems_);
      case TableKind::Case:
        return read_case_table(table, section, problems_);
      case TableKind::Calls:
        return read_calls_table(table, section, problems_);
      case TableKind::Flow:
        return read_flow_table(table, section, problems_);
      case TableKind::Prose:
        return;
    }
  }

  // Building tables are expanded when the section is run (tables.h); their columns are checked
  // here.
  void build(const PageTable& table, TableKind kind, std::vector<PageTable>& tables) {
    check_columns(table, required_columns(kind), problems_);
    for (const auto& row : table.rows) {
      if (row.cells.front().text.empty()) {
        problems_.error(row.cells.front(),
                        fmt::format("the row has no `{}`", table.header.cells.front().text));
      }
    }
    tables.push_back(table);
  }

  static std::span<const std::string_view> required_columns(TableKind kind) {
    static constexpr std::array<std::string_view, 1> kResource{"kind"};
    static constexpr std::array<std::string_view, 2> kRule{"profile", "allows"};
    static constexpr std::array<std::string_view, 2> kLink{"local", "remote"};
    static constexpr std::array<std::string_view, 2> kEndpoint{"resource", "subnet"};
    if (kind == TableKind::Resource) return kResource;
    if (kind == TableKind::Rule) return kRule;
    if (kind == TableKind::Link) return kLink;
    if (kind == TableKind::PrivateEndpoint) return kEndpoint;
    return {};
  }

  // A case or flow is found by its name, so a page has each name once.
  void check_names() {
    for (const auto& section : page_.sections) {
      for (const auto& row : section.cases) check_name("case", row);
      for (const auto& row : section.flows) check_name("flow", row);
    }
  }

  void check_name(std::string_view what, const OutcomeRow& row) {
    const auto [first, is_new] = first_lines_.try_emplace(row.name, row.cell.line);
    if (is_new || row.name.empty()) return;
    problems_.error(row.cell, fmt::format("{} `{}` stands twice, first on line {}", what, row.name,
                                          first->second));
  }

  // Traffic that nothing is said of would make a page green that claims nothing.
  void check_traffic() {
    for (const auto& section : page_.sections) {
      if (section.traffic.empty() || section.flow_table) continue;
      problems_.error(section.place,
                      "the `scenario` block names traffic, but no `flow` table "
                      "stands below it");
    }
  }

  void check_not_empty() {
    const bool has_case = std::ranges::any_of(page_.sections, [](const Section& section) {
      return !section.cases.empty() || !section.grid.empty() || section.flow_table;
    });
    if (has_case || !page_.documents.empty() || !page_.lints.empty() ||
        has_errors(page_.diagnostics))
      return;
    page_.without_case = true;
    // Prose is prose; a block that governs nothing is a mistake.
    page_.diagnostics.push_back(
        {page_.executable ? Severity::Error : Severity::Warning,
         page_.sections.empty() ? problems_.place(0, 0) : page_.sections.front().place,
         "page has no case"});
  }

  Page page_;
  PageProblems problems_;
  std::unordered_map<std::string, std::uint32_t> first_lines_;  // of the names of rows
};

}  // namespace

Page read_page(std::string_view bytes, std::string file) {
  return PageReader(std::move(file)).read(bytes);
}

}  // namespace nsp
