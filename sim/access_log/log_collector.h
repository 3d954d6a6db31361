// What one thread reads of a log: records counted, mistakes with their places.
//
// The readers of lines, documents and CSV find where a record stands and hand it over here. Lines
// are counted from 1 at the start of what is read, which need not be the start of the file:
// end_piece() is told how many lines stand before.
//
// Thread safety: one thread's.
#ifndef NSP_SIM_ACCESS_LOG_LOG_COLLECTOR_H_
#define NSP_SIM_ACCESS_LOG_LOG_COLLECTOR_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/log_table.h"
#include "sim/access_log/record_reader.h"
#include "sim/access_log/record_tally.h"

namespace nsp {

// Where a record starts.
struct RecordPlace {
  std::uint64_t line = 1;
  std::uint64_t column = 1;  // in bytes
};

class LogCollector {
 public:
  void begin_piece(std::string file, bool first_of_file);
  // `lines_before` is asked only when there are places to correct.
  void end_piece(const std::function<std::uint64_t()>& lines_before);

  // A line of a file of lines: a record, or whatever else holds records. REQUIRES for all texts:
  // RecordReader::kPadding readable bytes behind.
  // `cut_off`: the file ends here, without a line end.
  void add_line(std::string_view text, RecordPlace place, bool cut_off = false);
  // An object that stands where a record is expected.
  void add_element(std::string_view text, RecordPlace place);
  void add_row(std::string_view text, const Columns& columns, RecordPlace place);
  void add_cells(std::span<const std::string> cells, const Columns& columns, RecordPlace place);
  // Something that costs a record.
  void refuse(std::string_view why, RecordPlace place);

  // All pieces together. The collector is spent.
  [[nodiscard]] LogTable take();

 private:
  void settle(ReadStatus status, RecordPlace place);

  RecordReader reader_;
  RecordTally tally_;
  RawRecord record_;
  LogTable rest_;  // all but what the tally counts
  std::string file_;
  std::vector<Diagnostic> piece_examples_;
};

// The reasons that do not come from a record's own text.
inline constexpr std::string_view kTooLong =
    "longer than 16 MiB, the most that is read of a record";
inline constexpr std::string_view kCutOff = "the file ends inside a record";

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LOG_COLLECTOR_H_
