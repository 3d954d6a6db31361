#include "sim/base/resource_id.h"

#include <algorithm>
#include <vector>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::string_view kProviders = "providers";

// The segments between slashes; nothing when one is empty or holds a control character.
std::optional<std::vector<std::string_view>> segments_of(std::string_view text) {
  if (text.empty() || text.front() != '/') return std::nullopt;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (std::ranges::any_of(text, is_control)) return std::nullopt;
  std::vector<std::string_view> segments;
  text.remove_prefix(1);
  for (;;) {
    const auto slash = text.find('/');
    segments.push_back(text.substr(0, slash));
    if (segments.back().empty()) return std::nullopt;
    if (slash == std::string_view::npos) return segments;
    text.remove_prefix(slash + 1);
  }
}

// The type that the pairs spell, or nothing when `providers/NAMESPACE` has no type and name behind
// it.
std::optional<std::string> type_of(const std::vector<std::string_view>& segments) {
  std::string type;
  bool wants_pair = false;
  for (std::size_t i = 0; i < segments.size(); i += 2) {
    if (iequals(segments[i], kProviders)) {
      if (wants_pair) return std::nullopt;
      type = segments[i + 1];
      wants_pair = true;
    } else if (!type.empty()) {
      (type += '/') += segments[i];
      wants_pair = false;
    }
  }
  if (wants_pair) return std::nullopt;
  return type;
}

// Lower case, with the old `resourceGroup` segment spelt as today's.
std::string key_of_segments(const std::vector<std::string_view>& segments) {
  std::string key;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool old_group = i == 2 && iequals(segments[i], "resourceGroup");
    key += '/';
    key += old_group ? "resourcegroups" : lower(segments[i]);
  }
  return key;
}

// The value of the pair `name` among the first two pairs of an id.
std::string_view scope_value(std::string_view text, std::string_view name) {
  const auto segments = segments_of(text);
  if (!segments) return {};
  for (std::size_t i = 0; i + 1 < segments->size() && i < 4; i += 2) {
    if (iequals((*segments)[i], name)) return (*segments)[i + 1];
  }
  return {};
}

}  // namespace

std::optional<ResourceId> ResourceId::parse(std::string_view text) {
  const auto segments = segments_of(text);
  if (!segments || segments->size() % 2 != 0) return std::nullopt;
  auto type = type_of(*segments);
  if (!type) return std::nullopt;
  ResourceId id;
  id.text_ = text;
  id.key_ = key_of_segments(*segments);
  id.type_ = std::move(*type);
  return id;
}

std::string_view ResourceId::name() const {
  if (text_.empty()) return {};
  return std::string_view(text_).substr(text_.rfind('/') + 1);
}

std::optional<Guid> ResourceId::subscription() const { return Guid::parse(subscription_text()); }

std::string_view ResourceId::subscription_text() const {
  return scope_value(text_, "subscriptions");
}

std::string_view ResourceId::resource_group() const {
  const auto group = scope_value(text_, "resourceGroups");
  return group.empty() ? scope_value(text_, "resourceGroup") : group;
}

ResourceId ResourceId::parent() const {
  auto segments = segments_of(text_);
  if (type_.empty() || !segments) return {};
  const auto drop_pair = [&] { segments->resize(segments->size() - 2); };
  drop_pair();
  if (segments->size() >= 2 && iequals((*segments)[segments->size() - 2], kProviders)) drop_pair();
  std::string text;
  for (const auto segment : *segments) (text += '/') += segment;
  auto id = parse(text);
  if (!id || id->type_.empty()) return {};
  return std::move(*id);
}

ResourceId ResourceId::ancestor(std::string_view type) const {
  ResourceId id = *this;
  while (!id.empty() && !iequals(id.type_, type)) id = id.parent();
  return id;
}

ResourceId ResourceId::child(std::string_view segment, std::string_view name) const {
  std::string text = text_;
  ((text += '/') += segment) += '/';
  text += name;
  return parse(text).value_or(ResourceId{});
}

}  // namespace nsp
