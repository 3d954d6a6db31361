// The phrases that the forms of the diff report share. Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_DIFF_WORDS_H_
#define NSP_SIM_REPORT_DIFF_WORDS_H_

#include <string>
#include <vector>

#include "sim/report/diff_report.h"

namespace nsp {

// `stcontoso, search-1 and 12 more`.
[[nodiscard]] std::string some_of(const std::vector<std::string>& names, std::size_t most);

// Where: `at stcontoso, stlogs`, `from search-1 to other host names`.
[[nodiscard]] std::string where_text(const VerdictChange& change);
// Who: `from 203.0.113.16/28`, `search-1 with a managed identity`.
[[nodiscard]] std::string who_text(const VerdictChange& change);
// `deny -> allow`, of what is or of what would be if enforced where only that changes.
[[nodiscard]] std::string verdicts_text(const VerdictChange& change);
// `no inbound rule -> inbound rule office`, and what enforcing would make of it where that differs.
[[nodiscard]] std::string why_text(const VerdictChange& change);

// The changes of one place, in order; places whose changes read the same are one.
struct DiffBlock {
  std::string where;
  std::vector<const VerdictChange*> changes;
};
// Those that would only be if all were Enforced, or the others. Live as long as the diff.
[[nodiscard]] std::vector<DiffBlock> diff_blocks(const VerdictDiff& diff, bool only_enforced);

// `addressPrefixes: +203.0.113.0/27 -203.0.113.0/28`, `accessMode: Learning -> Enforced`.
[[nodiscard]] std::string setting_text(const SettingChange& change, ObjectChangeKind kind);
// `site.json:12:5`, `site.json:12:5 -> new.json:13:5`.
[[nodiscard]] std::string places_text(const ObjectChange& change);

// `only in the base: a; only in the candidate: b`, empty where there are none.
[[nodiscard]] std::string absent_text(const VerdictDiff& diff);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_DIFF_WORDS_H_
