// The phrases that the forms of reports on recorded traffic share. Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_REPLAY_WORDS_H_
#define NSP_SIM_REPORT_REPLAY_WORDS_H_

#include <string>
#include <vector>

#include "sim/base/text_table.h"
#include "sim/report/replay_report.h"

namespace nsp {

// `office (203.0.113.7)`, `203.0.113.14`, `search-1`.
[[nodiscard]] std::string caller_text(const ReplayKey& key);
[[nodiscard]] std::string destination_text(const ReplayKey& key);
// `allow: resource rule default action`.
[[nodiscard]] std::string outcome_text(const ReplayOutcome& outcome);
// `credential key: deny (no inbound rule)`, one a choice.
[[nodiscard]] std::vector<std::string> choice_texts(const ReplayOutcome& outcome);
// `2026-06-01`, `2026-06-01 to 2026-06-30`; empty without events.
[[nodiscard]] std::string window_text(const Activity& seen);
// … `, on 12 days` where those are fewer than the window has.
[[nodiscard]] std::string window_and_days_text(const Activity& seen);
// The day of an instant, `2026-06-01`.
[[nodiscard]] std::string date_text(Instant instant);
// `48,211 records`, `12 flows`, both, joined by ` and `.
[[nodiscard]] std::string amount_text(const TrafficCounts& counts);
// Categories joined by ` + `, `seen on the wire` without any.
[[nodiscard]] std::string recorded_text(const ReplayTuple& tuple);
// What went wrong in reading, a sentence each: `3 unreadable records: not JSON`.
[[nodiscard]] std::vector<std::string> reading_problems(const TrafficCounts& counts);
// `99.4 %`; 100 only when it is all.
[[nodiscard]] std::string share_text(double share);
// `99.4 % of 48,211 recorded events are as the environment predicts`.
[[nodiscard]] std::string agreement_text(const Agreement& agreement);
// `NspPublicInboundPerimeterRulesAllowed by office`.
[[nodiscard]] std::string recorded_text(const RecordedOutcome& outcome);

// Unchanged tuples by destination and outcome, heaviest first: weight, to, outcome.
[[nodiscard]] TextTable unchanged_table(const Replay& replay);
// A row a tuple of one change, for Markdown and HTML.
[[nodiscard]] TextTable change_table(const ReplayReport& report, Change change);
[[nodiscard]] TextTable unjudged_table(const Replay& replay);
[[nodiscard]] TextTable disagreement_table(const Agreement& agreement);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_REPLAY_WORDS_H_
