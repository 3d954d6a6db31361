#include "sim/scenario/cell_recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/decision/clause.h"

namespace nsp {
namespace {

void add_grounds(CellResult& result, const std::vector<const Leg*>& legs) {
  MatterSet readings;
  for (const auto* leg : legs) {
    std::string id(facts(leg->clause).id);
    if (std::ranges::find(result.clauses, id) == result.clauses.end()) {
      result.clauses.push_back(std::move(id));
    }
    readings |= leg->readings;
  }
  for (const auto& matter : all_matters()) {
    if (readings.test(static_cast<std::size_t>(matter.matter))) {
      result.assumptions.emplace_back(matter.id);
    }
  }
}

}  // namespace

bool may_stay_bare(const OutcomeCell& cell, const OutcomeRow& row, bool because_fits) {
  return !cell.own_reason && (!row.because || because_fits);
}

bool CellRecorder::selected(const std::string& name) const {
  const std::string filter = lower(options_.filter);
  return lower(page_.file).find(filter) != std::string::npos ||
         lower(name).find(filter) != std::string::npos;
}

Place CellRecorder::place_of(const PageCell& cell) const {
  return {page_.file, cell.line, cell.column, {}};
}

void CellRecorder::error(Place place, std::string message) {
  out_.result.diagnostics.push_back({Severity::Error, std::move(place), std::move(message)});
}

CellResult CellRecorder::start(const PageCell& cell, std::string name, std::string column) const {
  CellResult result;
  result.case_name = std::move(name);
  result.column = std::move(column);
  result.place = place_of(cell);
  result.character = cell.character;
  return result;
}

void CellRecorder::check_strict(const CellResult& result, const CellAnswer& answer,
                                bool undecided_expected) {
  if (!options_.strict || undecided_expected || answer.undecided.empty()) return;
  error(result.place,
        fmt::format("`{}` could not be decided: {}", result.case_name, answer.undecided));
}

void CellRecorder::finish(CellResult result, const CellAnswer& answer, const PageCell& cell,
                          const std::function<std::string()>& trace) {
  result.actual = answer.actual;
  add_grounds(result, answer.legs);
  result.status = answer.held ? CellStatus::Passed : CellStatus::Failed;
  if (!answer.held) {
    result.trace = trace();
    if (!answer.rewrite.empty()) out_.rewrites.push_back({cell, answer.rewrite});
  }
  out_.result.cells.push_back(std::move(result));
}

}  // namespace nsp
