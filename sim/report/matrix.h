// Who can reach whom, now and if every association were Enforced.
//
// Rows are the callers and then the resources, columns the resources. A cell holds the decision of
// the attempt from its row to its column with the row's own credential (or one for all), by the
// path that name resolution gives.
//
// Thread safety: pure functions and plain values. Cost: rows × columns × two evaluations.
#ifndef NSP_SIM_REPORT_MATRIX_H_
#define NSP_SIM_REPORT_MATRIX_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/decision/evaluate.h"
#include "sim/report/format.h"

namespace nsp {

struct MatrixCell {
  bool is_conversation = false;  // false: a resource and itself, or an attempt that makes no sense
  std::string why_not;           // … because of this; empty on the diagonal
  Decision now;
  Decision enforced;

  [[nodiscard]] Change change() const { return change_between(now.verdict, enforced.verdict); }
};

struct Matrix {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<MatrixCell>> cells;  // [row][column]
  std::size_t caller_rows = 0;                 // how many of the first rows are outside callers
};

struct MatrixRequest {
  std::vector<Caller> callers;
  std::optional<Credential> credential;  // of every row; nothing: each row's own
  Readings readings;
};

[[nodiscard]] Matrix make_matrix(const Policy& policy, const MatrixRequest& request);

struct MatrixTotals {
  std::size_t allow = 0;
  std::size_t deny = 0;
  std::size_t undecided = 0;
};
[[nodiscard]] MatrixTotals totals(const Matrix& matrix, bool enforced);

// `.`, `X`, `?`, or `-` where there is no conversation.
[[nodiscard]] std::string_view cell_mark(const MatrixCell& cell, bool enforced);

// Text is laid out in groups of columns that fit `options.width`.
[[nodiscard]] std::string matrix_as_text(const Policy& policy, const Matrix& matrix,
                                         const RenderOptions& options);
[[nodiscard]] std::string matrix_as_markdown(const Policy& policy, const Matrix& matrix);
// `"schema":"nspsim.matrix/1"`.
[[nodiscard]] std::string matrix_as_json(const Policy& policy, const Matrix& matrix);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_MATRIX_H_
