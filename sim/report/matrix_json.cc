// The matrix for a program: one entry a pair, `nspsim.matrix/1`.

#include "sim/decision/describe.h"
#include "sim/report/json_writer.h"
#include "sim/report/matrix.h"

namespace nsp {
namespace {

void write_outcome(JsonWriter& json, std::string_view name, const Policy& policy,
                   const Decision& decision) {
  json.key(name).object();
  json.member("verdict", to_string(decision.verdict));
  json.member("reason", reason_text(policy, decision));
  json.end();
}

void write_entry(JsonWriter& json, const Policy& policy, const std::string& from,
                 const std::string& to, const MatrixCell& cell) {
  json.object().member("from", from).member("to", to);
  if (cell.is_conversation) {
    write_outcome(json, "now", policy, cell.now);
    write_outcome(json, "ifEnforced", policy, cell.enforced);
    json.member("change", to_string(cell.change()));
  } else {
    json.key("now").null().key("ifEnforced").null().key("change").null();
    json.member("error", cell.why_not);
  }
  json.end();
}

void write_totals(JsonWriter& json, std::string_view name, const MatrixTotals& sum) {
  json.key(name).object();
  json.member("allow", sum.allow).member("deny", sum.deny).member("undecided", sum.undecided);
  json.end();
}

}  // namespace

std::string matrix_as_json(const Policy& policy, const Matrix& matrix) {
  JsonWriter json;
  json.object().member("schema", "nspsim.matrix/1");
  json.member("from", matrix.rows).member("to", matrix.columns);
  json.key("entries").array();
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
      const MatrixCell& cell = matrix.cells[r][c];
      const bool diagonal = !cell.is_conversation && cell.why_not.empty();
      if (!diagonal) write_entry(json, policy, matrix.rows[r], matrix.columns[c], cell);
    }
  }
  json.end().key("totals").object();
  write_totals(json, "now", totals(matrix, false));
  write_totals(json, "ifEnforced", totals(matrix, true));
  json.end().end();
  return json.take();
}

}  // namespace nsp
