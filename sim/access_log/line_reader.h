// Lines of a window to a collector.
#ifndef NSP_SIM_ACCESS_LOG_LINE_READER_H_
#define NSP_SIM_ACCESS_LOG_LINE_READER_H_

#include <cstdint>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/log_collector.h"

namespace nsp {

// Reads the window to its end. A line of more than kLongestLine bytes is refused and never kept.
void read_lines(Window& window, LogCollector& collector);

// Reads the lines that start in the byte range [begin, end) of a file, each to its end: of ranges
// that cover a file, each line is in one. Returns the offset of the first of them. REQUIRES: the
// window starts at range_start(begin), a byte before, which tells whether a line starts at `begin`.
[[nodiscard]] constexpr std::uint64_t range_start(std::uint64_t begin) {
  return begin == 0 ? 0 : begin - 1;
}
std::uint64_t read_line_range(Window& window, LogCollector& collector, std::uint64_t begin,
                              std::uint64_t end);

// CSV as RFC 4180 has it, the first row naming the columns (NSPAccessLogs, or what the portal makes
// of it). A row that does not fit the columns costs its first line only, since a quote that is not
// closed would swallow the rest.
void read_csv(Window& window, LogCollector& collector);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_READER_H_
