#include "sim/traffic/captured_traffic.h"

#include <algorithm>
#include <iterator>

namespace nsp {

void CapturedTraffic::add(const Observation& observation) {
  Flows& flows_alike = attempts[observation.attempt];
  flows_alike.seen.merge(observation.seen);
  flows_alike.packets += observation.packets;
}

void CapturedTraffic::merge(const CapturedTraffic& other) {
  for (const auto& [attempt, more] : other.attempts) {
    Flows& flows_alike = attempts[attempt];
    flows_alike.seen.merge(more.seen);
    flows_alike.packets += more.packets;
  }
  files += other.files;
  packets += other.packets;
  flows += other.flows;
  for (const auto& [kind, count] : other.problems) problems[kind] += count;
  Diagnostics all;
  std::ranges::merge(warnings, other.warnings, std::back_inserter(all));
  warnings = std::move(all);
}

std::vector<Observation> CapturedTraffic::observations() const {
  std::vector<Observation> list;
  list.reserve(attempts.size());
  for (const auto& [attempt, alike] : attempts) {
    list.push_back({attempt, std::nullopt, alike.seen, alike.packets});
  }
  return list;
}

}  // namespace nsp
