// When waits end: one timer for all of them.
//
// Limits of seconds need no timer a connection. Every slot that is set has its time in one array,
// which is walked every 20 ms while there is one. So a wait ends at most 20 ms late, and setting its end costs a store.
//
// Thread safety: none. Lifetime: slots keep the deadlines alive.
#ifndef NSP_SIM_LAB_WIRE_DEADLINES_H_
#define NSP_SIM_LAB_WIRE_DEADLINES_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "sim/lab/wire/asio.h"

namespace nsp::lab {

class Deadlines : public std::enable_shared_from_this<Deadlines> {
 public:
  static constexpr std::chrono::milliseconds kStep{20};
  static constexpr Clock::time_point kNever = Clock::time_point::max();

  class Slot {
   public:
    // `expire` is called once after each `set`, unless cleared before; it may destroy slots.
    Slot(std::shared_ptr<Deadlines> deadlines, std::function<void()> expire);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

    void set(Clock::time_point due);
    void clear();

   private:
    friend class Deadlines;
    std::shared_ptr<Deadlines> deadlines_;
    std::function<void()> expire_;
    std::size_t index_;
  };

  explicit Deadlines(IoContext& io) : timer_(io.get_executor()) {}

 private:
  struct Due {
    Clock::time_point time;
    Slot* slot;
  };
  void arm();
  void sweep();

  Timer timer_;
  bool armed_ = false;
  std::vector<Due> dues_;
};

// How long one side waits for the other while a body passes: `full` at first, less by what was
// waited, more by what has come. A peer that sends nothing is given up after `full`; one that sends
// `rate` bytes a second or more is never; one that trickles is soon.
class Patience {
 public:
  constexpr Patience(Clock::duration full, std::uint64_t rate)
      : full_(full), left_(full), rate_(rate) {}

  [[nodiscard]] Clock::duration left() const { return left_; }
  void waited(Clock::duration time) { left_ -= time; }
  void moved(std::size_t bytes);  // with rate 0, any byte restores all of it

 private:
  Clock::duration full_;
  Clock::duration left_;
  std::uint64_t rate_;
};

// For bytes of which nobody knows when they come.
inline constexpr Patience kForEver(std::chrono::hours(24 * 365), 0);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_DEADLINES_H_
