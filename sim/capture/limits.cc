#include "sim/capture/limits.h"

#include <algorithm>

namespace nsp {
namespace {

struct Row {
  std::string_view kind;
  std::uint64_t CaptureCounts::*count;
};

// Counters that say that something was lost or doubtful.
constexpr std::array kProblems{Row{"cut payload", &CaptureCounts::cut_payloads},
                               Row{"overlapping fragment", &CaptureCounts::overlapping_fragments},
                               Row{"incomplete datagram", &CaptureCounts::lost_datagrams},
                               Row{"evicted flow", &CaptureCounts::evicted_flows},
                               Row{"contradicting segment", &CaptureCounts::contradicting_segments},
                               Row{"abandoned stream", &CaptureCounts::abandoned_streams},
                               Row{"unreadable name", &CaptureCounts::unreadable_names},
                               Row{"damaged DNS message", &CaptureCounts::damaged_dns},
                               Row{"forgotten DNS name", &CaptureCounts::forgotten_names},
                               Row{"ambiguous DNS name", &CaptureCounts::ambiguous_names}};

constexpr std::array kPlain{&CaptureCounts::packets,
                            &CaptureCounts::bytes,
                            &CaptureCounts::flows,
                            &CaptureCounts::unnamed_flows,
                            &CaptureCounts::encrypted_client_hellos,
                            &CaptureCounts::fragments,
                            &CaptureCounts::expired_flows,
                            &CaptureCounts::dns_answers};

}  // namespace

void CaptureCounts::add(const CaptureCounts& other) {
  for (const auto member : kPlain) this->*member += other.*member;
  for (const Row& row : kProblems) this->*row.count += other.*row.count;
  for (std::size_t i = 0; i < faults.size(); ++i) faults[i] += other.faults[i];
  first = std::min(first, other.first);
  last = std::max(last, other.last);
}

std::vector<CountedKind> problems(const CaptureCounts& counts) {
  std::vector<CountedKind> found;
  for (std::size_t i = 0; i < counts.faults.size(); ++i) {
    if (counts.faults[i] == 0) continue;
    found.push_back({to_string(static_cast<FrameFault>(i)), counts.faults[i]});
  }
  for (const Row& row : kProblems) {
    if (counts.*row.count != 0) found.push_back({row.kind, counts.*row.count});
  }
  return found;
}

}  // namespace nsp
