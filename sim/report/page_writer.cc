#include "sim/report/page_writer.h"

#include <fmt/format.h>

#include <set>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/decision/describe.h"

namespace nsp {
namespace {

std::string block(const PageFacts& facts) {
  std::string text = "```scenario\n";
  text += fmt::format("environment: {}\n", join(facts.environment, ", "));
  text += "status: local\n";
  if (!facts.assume.empty()) text += fmt::format("assume: {}\n", join(facts.assume, ", "));
  if (facts.effective != EffectiveSide::Perimeter) {
    text += fmt::format("effective: {}\n", to_string(facts.effective));
  }
  return text + "```\n";
}

std::string address_cell(const Caller& caller) {
  if (caller.address_hidden) return "hidden";
  return caller.address ? to_string(*caller.address) : std::string();
}

std::string caller_table(const std::vector<Caller>& callers) {
  TextTable table;
  table.header = {"caller", "address",         "credential", "subscription",
                  "subnet", "trusted service", "note"};
  for (const Caller& caller : callers) {
    table.rows.push_back({caller.name, address_cell(caller),
                          caller.credential ? std::string(to_string(*caller.credential)) : "",
                          caller.subscription ? to_string(*caller.subscription) : "", caller.subnet,
                          caller.trusted_service ? "yes" : "", caller.note});
  }
  return to_markdown(table);
}

// `from to to`, numbered where two pairs would read the same.
std::string case_name(const std::string& from, const std::string& to,
                      std::set<std::string>& taken) {
  const std::string name = fmt::format("{} to {}", from, to);
  std::string free = name;
  for (int n = 2; !taken.insert(lower(free)).second; ++n) free = fmt::format("{} ({})", name, n);
  return free;
}

std::string case_table(const Policy& policy, const Matrix& matrix) {
  TextTable table;
  table.header = {"case", "from", "to", "expect", "Enforced"};
  std::set<std::string> taken;
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
      const MatrixCell& cell = matrix.cells[r][c];
      if (!cell.is_conversation) continue;
      const std::string& from = matrix.rows[r];
      const std::string& to = matrix.columns[c];
      table.rows.push_back({case_name(from, to, taken), from, to, outcome_text(policy, cell.now),
                            outcome_text(policy, cell.enforced)});
    }
  }
  return to_markdown(table);
}

}  // namespace

std::string write_page(const Policy& policy, const Matrix& matrix, const PageFacts& facts) {
  std::string text = fmt::format("# {}\n\n", facts.title);
  text +=
      "Who can reach whom as the documents stand, and what would be left if every association were "
      "Enforced.\n"
      "The rows were filled in by `nspsim init --from-env`; read them, strike what does not "
      "interest you, and write\n"
      "what you expect where you expect something else. `nspsim run` tells when a change of the "
      "documents moves a row.\n\n";
  text += block(facts);
  if (!facts.callers.empty()) {
    text += "\n## Who calls from outside\n\n" + caller_table(facts.callers);
  }
  return text + "\n## Who reaches whom\n\n" + case_table(policy, matrix);
}

}  // namespace nsp
