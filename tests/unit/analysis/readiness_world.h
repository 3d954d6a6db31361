// A perimeter in Learning and calls that somebody saw of it, for tests of readiness.
#ifndef NSP_TESTS_UNIT_ANALYSIS_READINESS_WORLD_H_
#define NSP_TESTS_UNIT_ANALYSIS_READINESS_WORLD_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/analysis/readiness.h"
#include "tests/unit/analysis/observations.h"
#include "tests/unit/report/page_environment.h"

namespace nsp::test {

inline constexpr std::string_view kReadinessPage = R"(
```scenario
status: local
```

| resource  | kind      | profile    | mode     | identity |
| --------- | --------- | ---------- | -------- | -------- |
| stdocs    | storage   | nsp/data   | Learning | yes      |
| search-1  | search    | nsp/data   | Learning | yes      |
| keyless   | storage   | nsp/data   | Learning | no       |
| done      | storage   | nsp/done   | Enforced | yes      |
| stpeer    | storage   | peer/data  | Learning | yes      |
| foundry-9 | foundry   |            |          | yes      |

| rule   | profile  | direction | allows         |
| ------ | -------- | --------- | -------------- |
| office | nsp/data | inbound   | 203.0.113.0/28 |
)";

// Observations of an outcome, seen `weight` times on each of some days of June 2026.
class Seen {
 public:
  // As the log has it: from an address.
  Seen& inbound(std::string_view address, std::string_view to, std::uint64_t weight = 1,
                LogCategory category = LogCategory::NspPublicInboundResourceRulesAllowed) {
    return add(in_the_log(address, to, category), weight);
  }
  // … from a resource, whose address is not visible.
  Seen& between(std::string_view from, std::string_view to, std::uint64_t weight = 1,
                LogCategory category = LogCategory::NspPublicInboundResourceRulesAllowed) {
    Observation observation = in_the_log("192.0.2.1", to, category);
    observation.attempt.from = from;
    observation.attempt.outside = false;
    observation.attempt.address.reset();
    return add(std::move(observation), weight);
  }
  // … to a host.
  Seen& outbound(std::string_view from, std::string_view to, std::uint64_t weight = 1,
                 LogCategory category = LogCategory::NspPublicOutboundResourceRulesAllowed) {
    return between(from, to, weight, category);
  }
  Seen& add(Observation observation, std::uint64_t weight) {
    observation.seen = {};
    for (const int day : days_) {
      const std::string text = "2026-06-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
      observation.seen.merge(activity(weight, text + "T08:00:00Z", text + "T20:00:00Z"));
    }
    all.push_back(std::move(observation));
    return *this;
  }
  // Of what is added next.
  Seen& on(std::vector<int> days) {
    days_ = std::move(days);
    return *this;
  }
  Seen& every_day(int last = 14) {
    days_.clear();
    for (int day = 1; day <= last; ++day) days_.push_back(day);
    return *this;
  }

  std::vector<Observation> all;

 private:
  std::vector<int> days_{1};
};

inline const AssociationReadiness& at(const ReadinessReport& report, std::string_view resource) {
  for (const AssociationReadiness& one : report.associations) {
    if (one.resource == resource) return one;
  }
  ADD_FAILURE() << resource;
  return report.associations.front();
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_ANALYSIS_READINESS_WORLD_H_
