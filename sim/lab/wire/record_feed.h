// The access-log records of a running lab: the last ones, and whoever waits for more.
//
// Keeps at most kKept records; a follower that is slower than that misses some, and is told how
// many. Thread safety: none. Lifetime: the feed outlives its followers' waits.
#ifndef NSP_SIM_LAB_WIRE_RECORD_FEED_H_
#define NSP_SIM_LAB_WIRE_RECORD_FEED_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "sim/lab/wire/asio.h"

namespace nsp::lab {

class RecordFeed {
 public:
  static constexpr std::size_t kKept = 10'000;

  explicit RecordFeed(IoContext& io) : news_(io) { news_.expires_at(Clock::time_point::max()); }

  void add(std::string_view record);
  // Those from number `from` on, a line each, that are still kept; `from` becomes the next number.
  [[nodiscard]] std::string since(std::uint64_t& from) const;
  [[nodiscard]] std::uint64_t count() const { return first_ + records_.size(); }
  // Returns when there is one of number `from`, or the feed is closed.
  [[nodiscard]] Awaitable<void> wait(std::uint64_t from);
  void close();
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  std::deque<std::string> records_;
  std::uint64_t first_ = 0;  // number of the first that is kept
  bool closed_ = false;
  Timer news_;  // never expires: cancelled when there are news
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_RECORD_FEED_H_
