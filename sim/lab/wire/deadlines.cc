#include "sim/lab/wire/deadlines.h"

#include <algorithm>

namespace nsp::lab {

Deadlines::Slot::Slot(std::shared_ptr<Deadlines> deadlines, std::function<void()> expire)
    : deadlines_(std::move(deadlines)),
      expire_(std::move(expire)),
      index_(deadlines_->dues_.size()) {
  deadlines_->dues_.push_back({kNever, this});
}

Deadlines::Slot::~Slot() {
  std::vector<Due>& dues = deadlines_->dues_;
  dues[index_] = dues.back();
  dues[index_].slot->index_ = index_;
  dues.pop_back();
}

void Deadlines::Slot::set(Clock::time_point due) {
  deadlines_->dues_[index_].time = due;
  if (due != kNever) deadlines_->arm();
}

void Deadlines::Slot::clear() { deadlines_->dues_[index_].time = kNever; }

void Deadlines::arm() {
  if (armed_) return;
  armed_ = true;
  timer_.expires_after(kStep);
  timer_.async_wait([self = weak_from_this()](ErrorCode error) {
    std::shared_ptr<Deadlines> deadlines = self.lock();
    if (!error && deadlines) deadlines->sweep();
  });
}

// From the back: a slot that goes is replaced by one that was looked at.
void Deadlines::sweep() {
  armed_ = false;
  const Clock::time_point now = Clock::now();
  bool more = false;
  for (std::size_t i = dues_.size(); i > 0; --i) {
    if (i > dues_.size()) continue;
    Due& due = dues_[i - 1];
    if (due.time > now) {
      more = more || due.time != kNever;
      continue;
    }
    due.time = kNever;
    // A copy: the slot may go with what it wakes.
    const std::function<void()> expire = due.slot->expire_;
    expire();
  }
  if (more) arm();
}

void Patience::moved(std::size_t bytes) {
  if (rate_ == 0) {
    left_ = full_;
    return;
  }
  const double seconds = static_cast<double>(bytes) / static_cast<double>(rate_);
  const std::chrono::duration<double> earned(std::min(seconds, 1e6));
  left_ = std::min(full_, left_ + std::chrono::duration_cast<Clock::duration>(earned));
}

}  // namespace nsp::lab
