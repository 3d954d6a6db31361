#include "sim/access_log/line_protocol_callers.h"

#include <fmt/format.h>

#include <array>

#include "sim/base/text.h"
#include "sim/model/caller_reader.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 9> kMembers{
    "caller", "name",           "address",         "credential", "subscription",
    "subnet", "trustedService", "trusted service", "note"};
constexpr EntryWords kWords{
    "callers", "a caller", kMembers,
    "caller, address, credential, subscription, subnet, trustedService or note"};

std::optional<Caller> read_caller(const Node& entry, const std::string& pointer,
                                  Diagnostics& wrong) {
  Caller caller;
  const auto take = [&](std::string_view name,
                        const std::string& text) -> std::expected<void, std::string> {
    if (name == "address") return set_visible_address(caller, text);
    caller.name = text;
    return {};
  };
  if (!read_entry(entry, pointer, kWords, caller, take, wrong)) return std::nullopt;
  if (!caller.name.empty()) return caller;
  wrong.push_back({Severity::Error, caller.place, "a caller needs a name in the member `caller`"});
  return std::nullopt;
}

void refuse_twins(const std::vector<Caller>& callers, Diagnostics& wrong) {
  std::unordered_map<std::string, const Caller*> seen;
  for (const Caller& caller : callers) {
    const auto [at, fresh] = seen.emplace(lower(caller.name), &caller);
    if (fresh) continue;
    wrong.push_back({Severity::Error, caller.place,
                     fmt::format("caller `{}` stands twice, first in line {}", caller.name,
                                 at->second->place.line)});
  }
}

}  // namespace

Result<std::vector<Caller>> read_callers(std::string_view bytes, const std::string& file) {
  Diagnostics wrong;
  std::vector<Caller> callers;
  const auto read =
      read_entries(bytes, file, kWords, [&](const Node& entry, const std::string& at) {
        if (auto caller = read_caller(entry, at, wrong)) callers.push_back(*std::move(caller));
      });
  if (!read) return std::unexpected(read.error());
  refuse_twins(callers, wrong);
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return callers;
}

Diagnostics check_callers(const Environment& environment, const std::vector<Caller>& callers) {
  Diagnostics wrong;
  for (const Caller& caller : callers) {
    const Lookup found = find_resource(environment, caller.name);
    if (found.index == kNone && !found.ambiguous) continue;
    wrong.push_back({Severity::Error, caller.place,
                     fmt::format("caller `{}` has the name of a resource, call it something else",
                                 caller.name)});
  }
  return wrong;
}

Attempt attempt_of(const Caller& caller) {
  Attempt attempt;
  attempt.from = caller.name;
  attempt.outside = true;
  attempt.credential = caller.credential;
  attempt.address = caller.address;
  attempt.address_hidden = caller.address_hidden;
  attempt.subscription = caller.subscription;
  attempt.subnet = caller.subnet;
  attempt.trusted_service = caller.trusted_service;
  return attempt;
}

CallerBook::CallerBook(std::vector<Caller> callers) : callers_(std::move(callers)) {
  for (std::size_t i = 0; i < callers_.size(); ++i) by_name_.emplace(lower(callers_[i].name), i);
}

const Caller* CallerBook::find(std::string_view name) const {
  if (callers_.empty()) return nullptr;
  const auto found = by_name_.find(lower(name));
  return found == by_name_.end() ? nullptr : &callers_[found->second];
}

}  // namespace nsp
