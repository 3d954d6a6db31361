// Counts raw records by what tells them apart.
//
// The bytes of the distinguishing tokens, one after the other, are the key of an open-addressing
// table; a record that was seen before costs one hash and one comparison. Only a key that is new is
// understood: escapes, lower case, the matched rule. Two spellings of one tuple are two keys and
// one tuple.
//
// Memory: in proportion to distinct keys. The hash is fixed, so a log could be written to be slow;
// it would not be wrong. Thread safety: one thread's; the tables of several merge.
#ifndef NSP_SIM_ACCESS_LOG_RECORD_TALLY_H_
#define NSP_SIM_ACCESS_LOG_RECORD_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/log_table.h"
#include "sim/access_log/record_fields.h"

namespace nsp {

class RecordTally {
 public:
  RecordTally();

  // False when the record cannot be used: why() says why.
  [[nodiscard]] bool add(const RawRecord& record);
  [[nodiscard]] std::string_view why() const { return why_; }

  // What was counted, as tuples, records and unknown categories. The tally is spent.
  [[nodiscard]] LogTable take();

 private:
  // What the records of one key came to.
  struct Entry {
    std::uint64_t hash = 0;
    std::string_view key;
    Activity* activity = nullptr;      // of its tuple; null: an unknown category, or unusable
    std::uint64_t* unknown = nullptr;  // of its category
    std::string_view why;              // unusable
    // Its part of `activity` that is not in there yet.
    std::uint64_t weight = 0;
    Instant first = Instant::max();
    Instant last = Instant::min();
    // Days that are in there.
    Instant day_begin = Instant::max();
    Instant day_end = Instant::min();
  };

  void make_key(const RawRecord& record);
  Entry& find(const RawRecord& record);
  void understand(const RawRecord& record, Entry& entry);
  std::string_view keep(std::string_view key);
  void grow();
  static void count(Entry& entry, const RawRecord& record);

  LogTable table_;
  std::deque<Entry> entries_;
  std::vector<Entry*> slots_;                    // a power of two; at most half are taken
  std::vector<std::unique_ptr<char[]>> blocks_;  // hold the keys
  std::size_t block_left_ = 0;
  char* block_next_ = nullptr;
  std::vector<char> key_;  // of the record at hand
  std::size_t key_size_ = 0;
  std::string_view why_;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_RECORD_TALLY_H_
