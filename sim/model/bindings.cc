#include "sim/model/bindings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "sim/model/caller_reader.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 11> kMembers{
    "address", "caller",         "resource",        "name",           "credential", "subscription",
    "subnet",  "trustedService", "trusted service", "visibleAddress", "note"};
constexpr EntryWords kBindingWords{
    "bindings", "a binding", kMembers,
    "address, caller, resource, name, credential, subscription, subnet, trustedService, "
    "visibleAddress or note"};

using Stored = std::expected<void, std::string>;

// One entry while it is read. What must stand is looked at in the end.
struct Entry {
  Binding binding;
  bool has_prefix = false;
  std::string caller;

  Stored take(std::string_view member, const std::string& text) {
    if (member == "address") return take_address(text);
    if (member == "visibleaddress") return set_visible_address(binding.caller, text);
    if (member == "name") return take_host(text);
    if (text.empty()) return std::unexpected(fmt::format("`{}` is empty, expected a name", member));
    (member == "caller" ? caller : binding.resource) = text;
    return {};
  }

  // `203.0.113.7/28` means something else to each reader, so it is refused.
  Stored take_address(const std::string& text) {
    bool had_host_bits = false;
    const auto prefix = IpPrefix::parse(text, &had_host_bits);
    if (!prefix) {
      return std::unexpected(fmt::format("`{}` is no address, expected one or a prefix", text));
    }
    if (had_host_bits) {
      return std::unexpected(
          fmt::format("`{}` has bits behind its length, expected `{}` or an address", text,
                      to_string(*prefix)));
    }
    binding.prefix = *prefix;
    has_prefix = true;
    return {};
  }

  Stored take_host(const std::string& text) {
    auto name = DomainName::parse(text);
    if (!name) return std::unexpected(std::move(name.error()));
    binding.name = *std::move(name);
    return {};
  }

  // Why the entry is no binding; empty: it is one.
  [[nodiscard]] std::string lacks() const {
    if (!has_prefix) return "a binding needs an address or a prefix in the member `address`";
    if (caller.empty() == binding.resource.empty()) {
      return fmt::format("a binding needs one of `caller` and `resource`, got {}",
                         caller.empty() ? "neither" : "both");
    }
    return {};
  }
};

void read_binding(const Node& node, const std::string& pointer, std::vector<Binding>& bindings,
                  Diagnostics& wrong) {
  Entry entry;
  const TakeMember take = [&](std::string_view member, const std::string& text) {
    return entry.take(member, text);
  };
  Binding& binding = entry.binding;
  if (!read_entry(node, pointer, kBindingWords, binding.caller, take, wrong)) return;
  if (auto lacks = entry.lacks(); !lacks.empty()) {
    wrong.push_back({Severity::Error, binding.caller.place, std::move(lacks)});
    return;
  }
  binding.caller.name = entry.caller.empty() ? binding.resource : entry.caller;
  bindings.push_back(std::move(binding));
}

void refuse_twins(const std::vector<Binding>& bindings, Diagnostics& wrong) {
  std::map<IpPrefix, std::uint32_t> first_lines;
  for (const Binding& each : bindings) {
    const Place& place = each.caller.place;
    const auto [first, fresh] = first_lines.emplace(each.prefix, place.line);
    if (fresh) continue;
    wrong.push_back({Severity::Error, place,
                     fmt::format("prefix `{}` stands twice, first in line {}",
                                 to_string(each.prefix), first->second)});
  }
}

// Longer prefixes first, those of one length in order.
bool stands_before(const IpPrefix& a, const IpPrefix& b) {
  return a.length != b.length ? a.length > b.length : a < b;
}

// What is wrong with a name that was looked up; empty: nothing.
std::string why_not(const Lookup& found, std::string_view what, std::string_view name) {
  if (found.ambiguous) {
    return fmt::format("`{}` is the name of several {}s, expected one of their ids", name, what);
  }
  if (found.index != kNone) return {};
  return fmt::format("no {} `{}` in the environment", what, name);
}

std::string why_not_resource(const Environment& environment, const Binding& binding) {
  if (!binding.resource.empty()) {
    return why_not(find_resource(environment, binding.resource), "resource", binding.resource);
  }
  const Lookup found = find_resource(environment, binding.caller.name);
  if (found.index == kNone && !found.ambiguous) return {};
  return fmt::format("caller `{}` has the name of a resource, bind it with `resource`",
                     binding.caller.name);
}

}  // namespace

Bindings::Bindings(std::vector<Binding> bindings) : bindings_(std::move(bindings)) {
  std::ranges::sort(bindings_, stands_before, &Binding::prefix);
}

const Binding* Bindings::find(const IpAddress& address) const {
  for (auto group = bindings_.begin(); group != bindings_.end();) {
    const auto end =
        std::ranges::upper_bound(group, bindings_.end(), group->prefix.length, std::greater{},
                                 [](const Binding& each) { return each.prefix.length; });
    // The last that begins at or before the address is the only one that can hold it.
    auto after = std::ranges::upper_bound(group, end, address, {},
                                          [](const Binding& each) { return each.prefix.network; });
    if (after != group && (after - 1)->prefix.contains(address)) return &*(after - 1);
    group = end;
  }
  return nullptr;
}

Result<Bindings> read_bindings(std::string_view bytes, const std::string& file) {
  Diagnostics wrong;
  std::vector<Binding> bindings;
  const auto read = read_entries(
      bytes, file, kBindingWords,
      [&](const Node& entry, const std::string& at) { read_binding(entry, at, bindings, wrong); });
  if (!read) return std::unexpected(read.error());
  refuse_twins(bindings, wrong);
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return Bindings(std::move(bindings));
}

Diagnostics check_bindings(const Environment& environment, const Bindings& bindings) {
  Diagnostics wrong;
  const auto complain = [&](const Binding& binding, std::string message) {
    if (message.empty()) return;
    wrong.push_back({Severity::Error, binding.caller.place, std::move(message)});
  };
  for (const Binding& each : bindings.all()) {
    complain(each, why_not_resource(environment, each));
    const std::string& subnet = each.caller.subnet;
    if (!subnet.empty()) {
      complain(each, why_not(find_subnet(environment, subnet), "subnet", subnet));
    }
  }
  std::ranges::sort(wrong);
  return wrong;
}

}  // namespace nsp
