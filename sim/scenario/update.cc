#include "sim/scenario/update.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/document/file.h"
#include "sim/scenario/run_read.h"

namespace nsp {
namespace {

// ` text ` padded to the width that the cell had.
std::string padded(std::string_view text, std::string_view before) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  std::string cell = fmt::format(" {} ", escaped);
  const auto width = display_width(before);
  const auto has = display_width(cell);
  if (has < width) cell.append(width - has, ' ');
  return cell;
}

const Section* observed_section(const Page& page) {
  const auto found = std::ranges::find(page.sections, PageStatus::Observed, &Section::status);
  return found == page.sections.end() ? nullptr : &*found;
}

void refuse(PageResult& page, const Place& place) {
  page.diagnostics.push_back({Severity::Error, place,
                              "a page with a block of status `observed` is not updated: change the "
                              "evidence and the cells by hand"});
}

// Writes the page and runs it again as it is now.
PageResult write_page(const ReadPage& read, const PageRun& run, const RunOptions& options,
                      UpdateResult& result) {
  const std::string bytes = rewrite_cells(read.bytes, run.rewrites);
  if (const auto written = write_file(read.page.file, bytes); !written) {
    PageResult page = run.result;
    page.diagnostics.insert(page.diagnostics.end(), written.error().begin(), written.error().end());
    return page;
  }
  result.updated.push_back({read.page.file, run.rewrites.size()});
  return run_page(read_page(bytes, read.page.file), options, nullptr).result;
}

}  // namespace

std::string rewrite_cells(std::string_view bytes, std::span<const CellRewrite> rewrites) {
  std::vector<const CellRewrite*> ordered;
  for (const auto& rewrite : rewrites) ordered.push_back(&rewrite);
  std::ranges::sort(ordered, {}, [](const CellRewrite* rewrite) { return rewrite->cell.begin; });
  std::string out;
  std::size_t done = 0;
  for (const auto* rewrite : ordered) {
    const auto& cell = rewrite->cell;
    // Findings may stand where there were none.
    const bool nowhere = rewrite->whole_lines ? cell.end < cell.begin : cell.end <= cell.begin;
    if (nowhere || cell.begin < done) continue;
    out += bytes.substr(done, cell.begin - done);
    out += rewrite->whole_lines
               ? rewrite->text
               : padded(rewrite->text, bytes.substr(cell.begin, cell.end - cell.begin));
    done = cell.end;
  }
  out += bytes.substr(done);
  return out;
}

UpdateResult update_pages(const RunOptions& options) {
  UpdateResult result;
  auto pages = read_pages(options.paths);
  for (auto& page : pages.unreadable) result.result.pages.push_back(std::move(page));
  for (const auto& read : pages.pages) {
    PageRun run = run_page(read.page, options, nullptr);
    const Section* observed = observed_section(read.page);
    if (!run.rewrites.empty() && observed != nullptr) {
      refuse(run.result, observed->place);
    } else if (!run.rewrites.empty() && !has_errors(run.result.diagnostics)) {
      run.result = write_page(read, run, options, result);
    }
    if (!options.filter.empty() && run.result.cells.empty()) continue;
    result.result.pages.push_back(std::move(run.result));
  }
  return result;
}

}  // namespace nsp
