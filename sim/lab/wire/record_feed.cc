#include "sim/lab/wire/record_feed.h"

#include <algorithm>
#include <utility>

namespace nsp::lab {

void RecordFeed::add(RecordText record, Instant at) {
  records_.push_back({std::move(record), at});
  if (records_.size() > kKept) {
    records_.pop_front();
    ++first_;
  }
  news_.cancel();
}

std::string RecordFeed::since(std::uint64_t& from, std::size_t most) const {
  std::string lines;
  const std::uint64_t start = std::max(from, first_);
  const std::uint64_t end = std::min(count(), start + most);
  for (std::uint64_t number = start; number < end; ++number) {
    const Kept& kept = records_[static_cast<std::size_t>(number - first_)];
    append_record(*kept.text, kept.at, lines);
  }
  from = end;
  return lines;
}

Awaitable<void> RecordFeed::wait() {
  ErrorCode cancelled;
  if (!closed_) co_await news_.async_wait(into(cancelled));
}

void RecordFeed::close() {
  closed_ = true;
  news_.cancel();
}

}  // namespace nsp::lab
