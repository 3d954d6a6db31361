#include "sim/model/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/model/limits.h"

namespace nsp {
namespace {

bool is_alnum(char c) {
  const char l = ascii_lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

// (^[a-zA-Z0-9]+[a-zA-Z0-9_.-]*[a-zA-Z0-9_]+$)|(^[a-zA-Z0-9]$), of the REST api-versions from
// 2024-06-01-preview on.
bool fits_name_pattern(std::string_view name) {
  const auto inside = [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; };
  return !name.empty() && is_alnum(name.front()) && std::ranges::all_of(name, inside) &&
         (is_alnum(name.back()) || name.back() == '_');
}

// A name, then a call, an access or an index: `[parameters('x')]`, `[azurerm_x.y.id]`.
bool looks_like_expression(std::string_view text) {
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
  const char first = ascii_lower(text[1]);
  return first >= 'a' && first <= 'z' && text.find_first_of("(.") != std::string_view::npos;
}

}  // namespace

bool is_unresolved(const Node& node) {
  return node.is_unresolved() || (node.is_string() && looks_like_expression(node.text));
}

bool Builder::leave_open(const Spot& spot, std::string_view setting, std::vector<Unresolved>& all) {
  if (!spot || !is_unresolved(*spot.node)) return false;
  say_open(spot);
  Unresolved entry{std::string(setting), spot.node->text, spot.place()};
  if (std::ranges::find(all, entry) == all.end()) all.push_back(std::move(entry));
  return true;
}

void Builder::leave_elements_open(const Spot& parent, std::string_view name,
                                  std::vector<Unresolved>& all) {
  const Spot elements = parent.find(name);
  if (!elements || leave_open(elements, name, all)) return;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Spot element = elements.item(i);
    if (leave_open(element, name, all) || !element.node->is_object()) continue;
    for (const std::string_view member : {"id", "value", "resourceId"}) {
      (void)leave_open(element.find(member), name, all);
    }
  }
}

// An unresolved member reads as absent.
bool Builder::is_absent(const Spot& spot) {
  if (!spot) return true;
  if (!is_unresolved(*spot.node)) return false;
  say_open(spot);
  return true;
}

void Builder::say_open(const Spot& spot) {
  if (!said_open.insert(spot.node).second) return;
  warn(spot.place(), fmt::format("`{}` is known only to a deployment: left open", spot.node->text));
}

Spot Spot::find(std::string_view name) const {
  const Node* member = node == nullptr ? nullptr : node->find(name);
  if (member == nullptr) return {};
  // The pointer has the name as it is written, which may differ in case.
  const auto is_found = [&](const Member& entry) { return &entry.value == member; };
  const auto entry = std::ranges::find_if(node->members, is_found);
  return {member, pointer_join(pointer, entry->name)};
}

Spot Spot::item(std::size_t index) const {
  return {&node->items[index], pointer_join(pointer, index)};
}

void Builder::error(Place place, std::string message) {
  diagnostics.push_back({Severity::Error, std::move(place), std::move(message)});
}

void Builder::warn(Place place, std::string message) {
  diagnostics.push_back({Severity::Warning, std::move(place), std::move(message)});
}

void Builder::note(Place place, std::string message) {
  diagnostics.push_back({Severity::Note, std::move(place), std::move(message)});
}

const Documents& Builder::of(std::string_view type) const {
  static const Documents none;
  const auto found = by_type.find(type);
  return found == by_type.end() ? none : found->second;
}

Spot Builder::object(const Spot& parent, std::string_view name) {
  Spot spot = parent.find(name);
  if (is_absent(spot)) return {};
  if (spot.node->is_object()) return spot;
  error(spot.place(), fmt::format("expected an object, found {}", kind_name(spot.node->kind)));
  return {};
}

Spot Builder::list(const Spot& parent, std::string_view name) {
  Spot spot = parent.find(name);
  if (is_absent(spot)) return {};
  if (spot.node->is_array()) return spot;
  error(spot.place(), fmt::format("expected an array, found {}", kind_name(spot.node->kind)));
  return {};
}

std::string Builder::text(const Spot& parent, std::string_view name) {
  const Spot spot = parent.find(name);
  if (is_absent(spot)) return {};
  if (spot.node->is_string()) return spot.node->text;
  error(spot.place(), fmt::format("expected a string, found {}", kind_name(spot.node->kind)));
  return {};
}

std::optional<bool> Builder::boolean(const Spot& parent, std::string_view name) {
  const Spot spot = parent.find(name);
  if (is_absent(spot)) return std::nullopt;
  if (spot.node->is(Node::Kind::Bool)) return spot.node->boolean;
  error(spot.place(), fmt::format("expected a boolean, found {}", kind_name(spot.node->kind)));
  return std::nullopt;
}

std::vector<Spot> Builder::strings(const Spot& parent, std::string_view name) {
  const Spot all = list(parent, name);
  std::vector<Spot> out;
  out.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    Spot item = all.item(i);
    if (is_absent(item)) continue;
    if (item.node->is_string()) {
      out.push_back(std::move(item));
    } else {
      error(item.place(), fmt::format("expected a string, found {}", kind_name(item.node->kind)));
    }
  }
  return out;
}

std::optional<ResourceId> Builder::reference(const Spot& parent, std::string_view name) {
  const Spot spot = parent.find(name);
  if (is_absent(spot)) return std::nullopt;
  if (spot.node->is_string()) return id(spot);
  const Spot holder = object(parent, name);
  return holder ? id(holder.find("id")) : std::nullopt;
}

std::optional<ResourceId> Builder::id(const Spot& spot) {
  if (is_absent(spot)) return std::nullopt;
  if (!spot.node->is_string()) {
    error(spot.place(), fmt::format("expected a string, found {}", kind_name(spot.node->kind)));
    return std::nullopt;
  }
  if (spot.node->text.empty()) return std::nullopt;
  auto parsed = ResourceId::parse(spot.node->text);
  if (!parsed) {
    error(spot.place(),
          fmt::format("`{}` is not a resource id, expected `/subscriptions/…/providers/…`",
                      spot.node->text));
  }
  return parsed;
}

std::optional<WrittenPrefix> Builder::prefix(const Spot& spot) {
  const std::string& written = spot.node->text;
  bool host_bits = false;
  const auto parsed = IpPrefix::parse(trim(written), &host_bits);
  if (!parsed) {
    error(spot.place(),
          fmt::format("`{}` is not an address prefix, expected one such as `203.0.113.0/24`",
                      written));
    return std::nullopt;
  }
  if (host_bits) {
    warn(spot.place(),
         fmt::format("`{}` has host bits set, taken as `{}`", written, to_string(*parsed)));
  }
  return WrittenPrefix{*parsed, written};
}

ConnectionStatus Builder::status(const Spot& parent, ConnectionStatus when_absent) {
  const std::string word = text(parent, "status");
  if (word.empty()) return when_absent;
  if (const auto known = parse_word<ConnectionStatus>(word)) return *known;
  warn(parent.find("status").place(),
       fmt::format("`{}` is not a known status, expected `Approved`, `Pending`, `Rejected` or "
                   "`Disconnected`",
                   word));
  return ConnectionStatus::Unknown;
}

Spot Builder::properties(const Spot& body) {
  Spot inside = body.find("properties");
  if (!inside) return body;
  if (is_absent(inside)) return {};
  if (inside.node->is_object()) return inside;
  error(inside.place(), fmt::format("expected an object, found {}", kind_name(inside.node->kind)));
  return {};
}

void Builder::check_name(const ResourceDocument& document) {
  const std::string& name = document.name;
  const Spot body = body_of(document);
  const Spot written = body.find("name");
  const Place place = written ? written.place() : body.place();
  const Severity severity = has_placeholder(document.id) ? Severity::Warning : Severity::Error;
  if (name.size() > kLongestName) {
    diagnostics.push_back({severity, place,
                           fmt::format("the name `{}` has {} characters, at most {} are allowed",
                                       name, name.size(), kLongestName)});
  } else if (!fits_name_pattern(name)) {
    diagnostics.push_back(
        {severity, place,
         fmt::format("the name `{}` is not allowed, expected letters, digits, `_`, `.` and `-`, a "
                     "letter or digit first, no `.` or `-` last",
                     name)});
  }
}

Unknown Builder::unknown(const ResourceDocument& document, const Shape& shape) {
  return unknown_in(document.body, shape, document.type, environment.ignored);
}

Spot body_of(const ResourceDocument& document) { return {&document.body, document.pointer}; }

bool has_placeholder(const ResourceId& id) { return id.key().find('{') != std::string::npos; }

std::string shown_place(const Place& place) {
  return to_string(Place{place.file, place.line, place.column, {}});
}

}  // namespace nsp
