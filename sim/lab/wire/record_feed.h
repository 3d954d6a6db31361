// The access-log records of a running lab: the last ones, and whoever waits for more.
//
// Keeps at most kKept records, each as a text that it shares with whoever makes the same record
// again, and a time: a line is made when somebody reads it. A follower that is slower than kKept
// records misses some. Thread safety: none. Lifetime: the feed outlives its followers' waits.
#ifndef NSP_SIM_LAB_WIRE_RECORD_FEED_H_
#define NSP_SIM_LAB_WIRE_RECORD_FEED_H_

#include <cstdint>
#include <deque>
#include <string>

#include "sim/lab/ruling.h"
#include "sim/lab/wire/asio.h"

namespace nsp::lab {

class RecordFeed {
 public:
  static constexpr std::size_t kKept = 10'000;

  explicit RecordFeed(IoContext& io) : news_(io) { news_.expires_at(Clock::time_point::max()); }

  void add(RecordText record, Instant at);
  // Those from number `from` on that are still kept, at most so many, a line each; `from` becomes
  // the next number.
  [[nodiscard]] std::string since(std::uint64_t& from, std::size_t most = kKept) const;
  [[nodiscard]] std::uint64_t count() const { return first_ + records_.size(); }
  // Returns when there is one more, when the feed is closed, or at wake().
  [[nodiscard]] Awaitable<void> wait();
  void wake() { news_.cancel(); }
  void close();
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  struct Kept {
    RecordText text;
    Instant at;
  };

  std::deque<Kept> records_;
  std::uint64_t first_ = 0;  // number of the first that is kept
  bool closed_ = false;
  Timer news_;  // never expires: cancelled when there are news
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_RECORD_FEED_H_
