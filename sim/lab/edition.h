// The state of a lab at one moment, and how one state follows another.
//
// An Edition is immutable: environment and policy, the callers' posts, the addresses of both. Each
// change makes a new one. The control plane shows the newest; the data plane obeys the newest whose
// propagation delay has passed, so that for a while a rule is there to see and does not act yet. A
// connection keeps the edition that it was accepted under, since a change of rules affects new
// connections only (clause G-9, assumption U7); hence the shared ownership.
//
// Time is passed in. Thread safety: an Edition may be read by any thread, a Timeline by one.
#ifndef NSP_SIM_LAB_EDITION_H_
#define NSP_SIM_LAB_EDITION_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/decision/reading.h"
#include "sim/lab/address_plan.h"
#include "sim/policy/policy.h"

namespace nsp::lab {

// A place that calls come from, besides the resources themselves: a caller with an address of its
// own on the loopback network.
struct Post {
  Caller caller;
  // A resource that calls from here, as when it shows an address of its own; empty: an outside
  // caller.
  ResourceId acts_for;
  // As the caller states it; empty: as the address that it connects to says.
  std::optional<Via> via;
};

struct Edition {
  std::uint64_t number = 0;
  Policy policy;
  std::vector<Post> posts;
  AddressPlan plan;
  std::unordered_map<std::string, std::size_t> post_of_name;  // into `posts`

  [[nodiscard]] const Environment& environment() const { return policy.environment(); }
  // Null: no caller of that name.
  [[nodiscard]] const Post* find_post(const std::string& name) const;
};
using EditionPtr = std::shared_ptr<const Edition>;

// What follows `previous` (null: the first). An error, in words, where addresses do not suffice or
// two posts have one name. REQUIRES: an environment that build_environment() accepted.
[[nodiscard]] std::expected<EditionPtr, std::string> make_edition(
    Environment environment, std::vector<Post> posts, const Edition* previous = nullptr);

using LabTime = std::chrono::steady_clock::time_point;

class Timeline {
 public:
  Timeline(EditionPtr first, std::chrono::milliseconds propagation_delay)
      : delay_(propagation_delay), in_effect_(first), newest_(std::move(first)) {}

  // What was last published.
  [[nodiscard]] const EditionPtr& control_plane() const { return newest_; }
  // What acts at `now`. REQUIRES: `now` never goes back, in this call and publish().
  [[nodiscard]] const EditionPtr& data_plane(LabTime now);

  // Takes effect on the data plane when the delay has passed.
  void publish(EditionPtr next, LabTime now);
  // How long until the control plane's state is the data plane's; zero: it is.
  [[nodiscard]] std::chrono::milliseconds behind(LabTime now);

 private:
  struct Pending {
    EditionPtr edition;
    LabTime at;
  };

  void advance(LabTime now);

  std::chrono::milliseconds delay_;
  EditionPtr in_effect_;
  EditionPtr newest_;
  std::deque<Pending> pending_;  // in order of time
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_EDITION_H_
