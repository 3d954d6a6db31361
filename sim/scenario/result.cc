#include "sim/scenario/result.h"

#include <algorithm>
#include <numeric>

namespace nsp {
namespace {

std::size_t count_cells(const RunResult& result, CellStatus status) {
  std::size_t count = 0;
  for (const auto& page : result.pages) {
    count += static_cast<std::size_t>(std::ranges::count(page.cells, status, &CellResult::status));
  }
  return count;
}

}  // namespace

std::size_t RunResult::cells() const {
  return std::accumulate(
      pages.begin(), pages.end(), std::size_t{0},
      [](std::size_t sum, const PageResult& page) { return sum + page.cells.size(); });
}

std::size_t RunResult::passed() const { return count_cells(*this, CellStatus::Passed); }

std::size_t RunResult::failed() const { return count_cells(*this, CellStatus::Failed); }

std::size_t RunResult::invalid_pages() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      pages, [](const PageResult& page) { return has_errors(page.diagnostics); }));
}

int exit_status(const RunResult& result) {
  const bool nothing_to_run =
      result.cells() == 0 && std::ranges::all_of(result.pages, [](const PageResult& page) {
        return page.without_case || !has_errors(page.diagnostics);
      });
  if (nothing_to_run) return 5;
  if (result.invalid_pages() > 0) return 3;
  return result.failed() > 0 ? 1 : 0;
}

}  // namespace nsp
