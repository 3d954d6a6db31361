// Lines of a window to a collector.
#ifndef NSP_SIM_ACCESS_LOG_LINE_READER_H_
#define NSP_SIM_ACCESS_LOG_LINE_READER_H_

#include <cstdint>
#include <limits>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/log_collector.h"

namespace nsp {

// Reads the lines that start before the offset `stop`, each to its end. Returns the offset of the
// first of them. `inside_line`: the window starts somewhere in a line, which is skipped. A line of
// more than kLongestLine bytes is refused and never kept.
std::uint64_t read_lines(Window& window, LogCollector& collector, bool inside_line = false,
                         std::uint64_t stop = std::numeric_limits<std::uint64_t>::max());

// CSV as RFC 4180 has it, the first row naming the columns (NSPAccessLogs, or what the portal makes
// of it). A row that does not fit the columns costs its first line only, since a quote that is not
// closed would swallow the rest.
void read_csv(Window& window, LogCollector& collector);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_READER_H_
