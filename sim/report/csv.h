// Tables for spreadsheets and for other programs: CSV as RFC 4180 has it, UTF-8, lines ended by LF.
// Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_CSV_H_
#define NSP_SIM_REPORT_CSV_H_

#include <string>

#include "sim/base/text_table.h"

namespace nsp {

// The header, then a line a row. A cell is quoted where it holds a comma, a quote or a line end.
[[nodiscard]] std::string to_csv(const TextTable& table);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_CSV_H_
