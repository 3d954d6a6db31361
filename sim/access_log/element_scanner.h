// Finds the records in JSON that is not one record a line: arrays, `{"records":[…]}`,
// `{"tables":[…]}`, single records over several lines, and any of these one after the other.
//
// Only brackets, strings and the names of an object's own members are looked at; each record found
// is handed on as text. So memory is one record, however long the array. Where the brackets do not
// fit, the record is given up and the next `{` that can start one is looked for: a damaged record
// costs itself.
//
// Cost: a pass over every byte beside the reading of records. Thread safety: one thread's.
#ifndef NSP_SIM_ACCESS_LOG_ELEMENT_SCANNER_H_
#define NSP_SIM_ACCESS_LOG_ELEMENT_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/log_collector.h"

namespace nsp {

class ElementScanner {
 public:
  // `place` is that of the window's first byte. REQUIRES: both outlive the scanner.
  ElementScanner(Window& window, LogCollector& collector, RecordPlace place = {});

  // To the end of the window.
  void run();

 private:
  // How a value ended.
  enum class Walk : std::uint8_t { Whole, Damaged, End };

  [[nodiscard]] int peek();
  void step();
  void drop();
  int skip_blank();
  [[nodiscard]] RecordPlace here() const;

  Walk skip_string();
  Walk skip_container();
  Walk skip_scalar();
  Walk skip_value();

  void read_object();
  Walk read_members(bool& wrapper);
  Walk read_member(bool& wrapper);
  void read_elements();
  void read_tables();
  Walk read_table();
  Walk read_table_member(Columns& columns);
  void read_rows(const Columns& columns);
  void read_row(const Columns& columns);
  void pass_over(int c);
  void end_of_list();
  void give_up(Walk walk, RecordPlace place, int opening = '{');
  void find_next(int opening);

  Window& window_;
  LogCollector& collector_;
  std::size_t at_ = 0;       // in the window
  std::uint64_t line_;       // of at_
  std::int64_t line_begin_;  // the offset of its first byte
  std::string open_;         // brackets of the value that is skipped
  bool end_told_ = false;    // that the bytes end where they should not
  bool too_long_ = false;    // what is read was dropped from the window
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_ELEMENT_SCANNER_H_
