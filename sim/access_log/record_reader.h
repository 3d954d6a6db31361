// One record's JSON to a RawRecord, in one pass and without a copy: only what tells records apart
// is looked at, as tokens of the text.
//
// The reader remembers, for each place in a record, which member stood there last time: records of
// one writer have their members in one order and spelling, whatever it is, so that nearly every
// name costs one comparison. Names that are new are looked up without case. The library simdjson
// finds the structure and checks that the text is UTF-8.
//
// Counted on the way: members that nobody knows. Errors: fixed texts, so that they can be counted.
// Cost: about 1.5 GB/s. Thread safety: one thread's.
#ifndef NSP_SIM_ACCESS_LOG_RECORD_READER_H_
#define NSP_SIM_ACCESS_LOG_RECORD_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/record_fields.h"

namespace nsp {

// What reading one text came to.
enum class ReadStatus : std::uint8_t {
  Record,
  Unreadable,  // RecordReader::why() says why
  NotOne,      // well-formed so far, but an array, a wrapper of records, or more than one value
};

// A table's columns, in order, as members of Level::Top.
struct Columns {
  std::vector<RecordMember> members;
  std::vector<std::string> unknown;  // names, parallel to members; empty for known ones
};
[[nodiscard]] Columns make_columns(std::span<const std::string> names);

class RecordReader {
 public:
  RecordReader();
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // REQUIRES: RecordReader::kPadding readable bytes behind `text`. `into` refers to it and to the
  // reader.
  static constexpr std::size_t kPadding = 256;
  [[nodiscard]] ReadStatus read(std::string_view text, RawRecord& into);
  // A row `[…]` of a table.
  [[nodiscard]] ReadStatus read_row(std::string_view text, const Columns& columns, RawRecord& into);
  // A row of texts, as CSV has them. REQUIRES: as many cells as columns.
  [[nodiscard]] ReadStatus read_cells(std::span<const std::string> cells, const Columns& columns,
                                      RawRecord& into);

  // Why the last text was unreadable.
  [[nodiscard]] std::string_view why() const;
  // As written → records that were read and had it.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& unknown_members() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The names of the `columns` member of a table (`[{"name":"TimeGenerated","type":"datetime"},…]`),
// or nothing where it has another form. REQUIRES: padding as above.
[[nodiscard]] std::vector<std::string> read_column_names(std::string_view text);

// The text of a JSON token: a string without quotes and escapes, anything else as it is. Nothing
// when a string's escapes are wrong or it is not one string.
[[nodiscard]] std::optional<std::string> token_text(std::string_view token);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_RECORD_READER_H_
