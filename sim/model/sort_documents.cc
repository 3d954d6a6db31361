// Puts each document where its part of the build finds it, and the views of one resource together.
//
// The same resource may come from a list, a `show` and an effective configuration. Two descriptions
// that do not contradict each other are one; where they do, that is an error that names both
// places. Members that change by themselves (provisioning states, versions) never contradict.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// Namespaces whose resources never send or receive the traffic that is modelled here.
constexpr std::array<std::string_view, 8> kSilentNamespaces{
    "Microsoft.Network",    "Microsoft.Resources",      "Microsoft.Authorization",
    "Microsoft.Features",   "Microsoft.PolicyInsights", "Microsoft.ManagedIdentity",
    "Microsoft.Management", "Microsoft.Advisor"};

bool is_any(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::any_of(words, [&](std::string_view known) { return iequals(known, word); });
}

// A top-level type of a namespace that can carry traffic.
bool is_resource_type(std::string_view type) {
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || type.find('/', slash + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view space = type.substr(0, slash);
  if (iequals(space, "Microsoft.Insights")) return is_any(types::kMonitor, type);
  return !is_any(kSilentNamespaces, space);
}

// The pointer below which two values contradict each other.
using Difference = std::optional<std::string>;

Difference merge(Node& into, const Node& from, const std::string& pointer);

Difference merge_members(Node& into, const Node& from, const std::string& pointer) {
  for (const Member& member : from.members) {
    if (is_bookkeeping(member.name)) continue;
    const auto same = [&](const Member& other) { return iequals(other.name, member.name); };
    const auto found = std::ranges::find_if(into.members, same);
    if (found == into.members.end()) {
      into.members.push_back(member);
    } else if (auto difference =
                   merge(found->value, member.value, pointer_join(pointer, member.name))) {
      return difference;
    }
  }
  return std::nullopt;
}

Difference merge_items(Node& into, const Node& from, const std::string& pointer) {
  if (into.items.size() != from.items.size()) return pointer;
  for (std::size_t i = 0; i < into.items.size(); ++i) {
    if (auto difference = merge(into.items[i], from.items[i], pointer_join(pointer, i))) {
      return difference;
    }
  }
  return std::nullopt;
}

// Recursion is bounded by kMaxDepth.
Difference merge(Node& into, const Node& from, const std::string& pointer) {
  if (from.is_null()) return std::nullopt;
  if (into.is_null()) {
    into = from;
    return std::nullopt;
  }
  if (into.kind != from.kind) return pointer;
  if (into.is_object()) return merge_members(into, from, pointer);
  if (into.is_array()) return merge_items(into, from, pointer);
  if (into.boolean == from.boolean && iequals(into.text, from.text)) return std::nullopt;
  return pointer;
}

class Sorter {
 public:
  explicit Sorter(Builder& builder) : builder_(builder) {}

  void add(const ResourceDocument& document) {
    const auto [found, is_new] = at_.try_emplace(document.id.key(), unique_.size());
    if (is_new) {
      unique_.push_back(&document);
      return;
    }
    merge_into(unique_[found->second], document);
  }

  void place_all() {
    for (const ResourceDocument* document : unique_) place(*document);
  }

 private:
  void merge_into(const ResourceDocument*& known, const ResourceDocument& document) {
    ResourceDocument both = *known;
    const auto difference = merge(both.body, document.body, {});
    if (!difference) {
      known = &builder_.merged.emplace_back(std::move(both));
      return;
    }
    const Severity severity = has_placeholder(document.id) ? Severity::Warning : Severity::Error;
    builder_.diagnostics.push_back(
        {severity, document.body.place(document.pointer),
         fmt::format("`{}` is described again and differs at `{}` from {}", document.id.text(),
                     *difference, shown_place(known->body.place()))});
  }

  void place(const ResourceDocument& document) {
    const std::string_view type = document.type;
    if (types::ends_with_segment(type, types::kConfigurationSegment)) {
      builder_.configurations.push_back(&document);
    } else if (types::ends_with_segment(type, types::kConnectionSegment)) {
      builder_.connections.push_back(&document);
    } else if (is_resource_type(type)) {
      builder_.resources.push_back(&document);
    } else if (const auto known = types::canonical(type); !known.empty()) {
      builder_.by_type[known].push_back(&document);
    } else {
      ++builder_.environment.ignored[document.type];
    }
  }

  Builder& builder_;
  std::unordered_map<std::string, std::size_t> at_;
  Documents unique_;
};

}  // namespace

void sort_documents(Builder& builder, const DocumentSet& documents) {
  Sorter sorter(builder);
  for (const ResourceDocument& document : documents.resources) sorter.add(document);
  sorter.place_all();
}

}  // namespace nsp
