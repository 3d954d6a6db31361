#include "sim/report/matrix.h"

#include "sim/access_log/line_protocol_callers.h"
#include "sim/decision/describe.h"

namespace nsp {
namespace {

MatrixCell decide(const Policy& policy, const Attempt& attempt, const Readings& readings) {
  MatrixCell cell;
  const auto bound = bind(policy, attempt, readings);
  if (!bound) {
    cell.why_not = bound.error();
    return cell;
  }
  cell.is_conversation = true;
  cell.now = evaluate(policy, *bound, {}, readings);
  cell.enforced = evaluate(policy, *bound, if_enforced(), readings);
  return cell;
}

// The attempts of all rows, without `to`.
std::vector<Attempt> row_attempts(const Policy& policy, const MatrixRequest& request) {
  std::vector<Attempt> attempts;
  for (const Caller& caller : request.callers) attempts.push_back(attempt_of(caller));
  for (Index i = 0; i < policy.environment().resources.size(); ++i) {
    attempts.emplace_back().from = policy.display_name(i);
  }
  for (Attempt& attempt : attempts) {
    if (request.credential) attempt.credential = request.credential;
  }
  return attempts;
}

}  // namespace

Matrix make_matrix(const Policy& policy, const MatrixRequest& request) {
  Matrix matrix;
  matrix.caller_rows = request.callers.size();
  for (Index i = 0; i < policy.environment().resources.size(); ++i) {
    matrix.columns.push_back(policy.display_name(i));
  }
  for (Attempt& attempt : row_attempts(policy, request)) {
    matrix.rows.push_back(attempt.from);
    auto& row = matrix.cells.emplace_back();
    for (const std::string& to : matrix.columns) {
      const bool itself = !attempt.outside && to == attempt.from;
      attempt.to = to;
      row.push_back(itself ? MatrixCell{} : decide(policy, attempt, request.readings));
    }
  }
  return matrix;
}

MatrixTotals totals(const Matrix& matrix, bool enforced) {
  MatrixTotals totals;
  for (const auto& row : matrix.cells) {
    for (const MatrixCell& cell : row) {
      if (!cell.is_conversation) continue;
      const Verdict verdict = enforced ? cell.enforced.verdict : cell.now.verdict;
      totals.allow += verdict == Verdict::Allow ? 1 : 0;
      totals.deny += verdict == Verdict::Deny ? 1 : 0;
      totals.undecided += verdict == Verdict::Undecided ? 1 : 0;
    }
  }
  return totals;
}

std::string_view cell_mark(const MatrixCell& cell, bool enforced) {
  if (!cell.is_conversation) return "-";
  return grid_mark(enforced ? cell.enforced.verdict : cell.now.verdict);
}

}  // namespace nsp
