#include "sim/scenario/flow_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

Index resource_named(const Policy& policy, std::string_view text) {
  const Lookup found = policy.find_resource(text);
  if (found.index != kNone || found.ambiguous) return found.index;
  const auto host = DomainName::parse(text);
  return host ? policy.find_host(host->text()) : kNone;
}

bool same_name(const Policy& policy, std::string_view a, std::string_view b) {
  if (iequals(a, b)) return true;
  const Index resource = resource_named(policy, a);
  return resource != kNone && resource == resource_named(policy, b);
}

constexpr std::string_view kUnknown = "unknown";

bool from_fits(const FlowRow& row, const Attempt& attempt, const Policy& policy) {
  if (row.from.empty() || iequals(row.from, attempt.from)) return true;
  if (iequals(row.from, kUnknown)) return attempt.from.empty() && !attempt.address;
  const auto address = IpAddress::parse(row.from);
  if (address) return attempt.address == address;
  return !attempt.outside && same_name(policy, row.from, attempt.from);
}

bool to_fits(const FlowRow& row, const Attempt& attempt, const Policy& policy) {
  if (!row.to) return true;
  const bool to_nobody_knows_where = row.to->empty() || iequals(*row.to, kUnknown);
  if (to_nobody_knows_where || attempt.to.empty()) {
    return to_nobody_knows_where && attempt.to.empty();
  }
  return same_name(policy, *row.to, attempt.to);
}

// What was asked for: stated beside the destination, or the destination itself.
std::string seen_name(const Attempt& attempt) {
  if (attempt.name) return attempt.name->text();
  const auto host = DomainName::parse(attempt.to);
  return host && host->text().find('.') != std::string::npos ? host->text() : std::string();
}

bool name_fits(const FlowRow& row, const Attempt& attempt) {
  if (row.nameless) return seen_name(attempt).empty();
  return !row.host || row.host->text() == seen_name(attempt);
}

bool record_fits(const FlowRow& row, const Observation& seen) {
  if (!row.logged || !seen.recorded) return true;
  const auto& categories = row.logged->categories;
  return std::ranges::find(categories, seen.recorded->category) != categories.end();
}

}  // namespace

bool fits(const FlowRow& row, const Observation& seen, const Policy& policy) {
  return from_fits(row, seen.attempt, policy) && to_fits(row, seen.attempt, policy) &&
         name_fits(row, seen.attempt) && record_fits(row, seen);
}

std::uint64_t amount_of(const Observation& seen) {
  return seen.recorded ? seen.seen.weight : seen.packets;
}

std::string amount_text(std::uint64_t amount, bool of_records) {
  return fmt::format("{} {}{}", amount, of_records ? "event" : "packet", amount == 1 ? "" : "s");
}

std::string flow_text(const Observation& seen) {
  const Attempt& attempt = seen.attempt;
  std::string from = attempt.from;
  if (from.empty()) from = attempt.address ? to_string(*attempt.address) : std::string(kUnknown);
  std::string text = fmt::format("{} -> {}", from, attempt.to.empty() ? kUnknown : attempt.to);
  if (attempt.address && from != to_string(*attempt.address)) {
    text += fmt::format(", address {}", to_string(*attempt.address));
  }
  const std::string name = seen_name(attempt);
  if (!name.empty() && name != attempt.to) text += fmt::format(", name {}", name);
  if (seen.recorded) text += fmt::format(", {}", to_string(seen.recorded->category));
  return fmt::format("{}, {}", text, amount_text(amount_of(seen), seen.recorded.has_value()));
}

}  // namespace nsp
