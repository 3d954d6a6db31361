// Collects what is wrong with a page, each with its place.
#ifndef NSP_SIM_SCENARIO_PAGE_PROBLEMS_H_
#define NSP_SIM_SCENARIO_PAGE_PROBLEMS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "sim/base/diagnostic.h"
#include "sim/scenario/markdown.h"

namespace nsp {

class PageProblems {
 public:
  // REQUIRES: both outlive this object.
  PageProblems(const std::string& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  [[nodiscard]] Place place(const PageCell& cell) const {
    return {file_, cell.line, cell.column, {}};
  }
  [[nodiscard]] Place place(std::uint32_t line, std::size_t column) const {
    return {file_, line, static_cast<std::uint32_t>(column), {}};
  }
  void error(Place where, std::string message) {
    diagnostics_.push_back({Severity::Error, std::move(where), std::move(message)});
  }
  void error(const PageCell& cell, std::string message) { error(place(cell), std::move(message)); }
  void warning(const PageCell& cell, std::string message) {
    diagnostics_.push_back({Severity::Warning, place(cell), std::move(message)});
  }

 private:
  const std::string& file_;
  Diagnostics& diagnostics_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_PAGE_PROBLEMS_H_
