#include "sim/net/domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// What is wrong with one label, or nothing.
std::optional<std::string> label_fault(std::string_view label) {
  if (label.empty()) return "has an empty label";
  if (label.size() > kLongestLabel) {
    return fmt::format("has a label of {} characters, at most {} are allowed", label.size(),
                       kLongestLabel);
  }
  if (!std::ranges::all_of(label, is_name_char)) {
    return fmt::format("has `{}`, expected letters, digits, `-` and `_` between dots", label);
  }
  return std::nullopt;
}

std::optional<std::string> name_fault(std::string_view name) {
  if (name.empty()) return "is empty, expected a host name";
  if (name.size() > kLongestHostName) {
    return fmt::format("has {} characters, at most {} are allowed", name.size(), kLongestHostName);
  }
  for (;;) {
    const auto dot = name.find('.');
    if (auto fault = label_fault(name.substr(0, dot))) return fault;
    if (dot == std::string_view::npos) return std::nullopt;
    name.remove_prefix(dot + 1);
  }
}

// Lower case, without the trailing dot.
std::string normal(std::string_view text) {
  std::string name = lower(text);
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return name;
}

// Scheme, port and path: what people paste with a host name.
std::optional<std::string> url_fault(std::string_view text) {
  if (text.find("://") != std::string_view::npos) {
    return "has a scheme, expected a host name alone";
  }
  if (text.find('/') != std::string_view::npos) return "has a path, expected a host name alone";
  if (text.find(':') != std::string_view::npos) return "has a port, expected a host name alone";
  return std::nullopt;
}

std::unexpected<std::string> refuse(std::string_view text, std::string_view fault) {
  return std::unexpected(fmt::format("`{}` {}", text, fault));
}

std::string_view labels_above(std::string_view name, std::string_view suffix) {
  return name.substr(0, name.size() - suffix.size() - 1);
}

// Why a name that is not under `suffix` is not, look-alikes first.
std::string describe_outside(std::string_view name, std::string_view suffix) {
  if (name == suffix) {
    return fmt::format("`{}` is the suffix itself, `*.` needs a label before it", name);
  }
  if (name.ends_with(suffix)) {
    return fmt::format("`{}` ends with `{}` but not at a dot: another name", name, suffix);
  }
  if (name.find(suffix) != std::string_view::npos) {
    return fmt::format("`{}` holds `{}` but does not end with it: another name", name, suffix);
  }
  return fmt::format("`{}` is not under `{}`", name, suffix);
}

}  // namespace

std::expected<DomainName, std::string> DomainName::parse(std::string_view text) {
  std::string name = normal(text);
  if (auto fault = url_fault(text)) return refuse(text, *fault);
  if (auto fault = name_fault(name)) return refuse(text, *fault);
  DomainName domain;
  domain.text_ = std::move(name);
  return domain;
}

bool DomainName::is_under(std::string_view suffix) const {
  return text_.size() > suffix.size() + 1 && !suffix.empty() && text_.ends_with(suffix) &&
         text_[text_.size() - suffix.size() - 1] == '.';
}

std::expected<DomainPattern, std::string> DomainPattern::parse(std::string_view text) {
  if (text == "*") return DomainPattern{Kind::Any, {}};
  if (auto fault = url_fault(text)) return refuse(text, *fault);
  const bool under = text.starts_with("*.");
  const std::string_view rest = under ? text.substr(2) : text;
  if (rest.find('*') != std::string_view::npos) {
    return refuse(text, "has a `*` inside, expected `*` alone or `*.` at the start");
  }
  if (auto fault = name_fault(normal(rest))) return refuse(text, *fault);
  auto name = DomainName::parse(rest);
  if (!name) return std::unexpected(std::move(name.error()));
  return DomainPattern{under ? Kind::Under : Kind::Exact, std::move(*name)};
}

bool DomainPattern::matches(const DomainName& candidate, bool one_label) const {
  switch (kind) {
    case Kind::Any:
      return true;
    case Kind::Exact:
      return candidate == name;
    case Kind::Under:
      return candidate.is_under(name.text()) &&
             (!one_label ||
              labels_above(candidate.text(), name.text()).find('.') == std::string_view::npos);
  }
  return false;
}

bool DomainPattern::covers(const DomainPattern& other, bool one_label) const {
  if (kind == Kind::Any || *this == other || other.matches_nothing()) return true;
  if (kind == Kind::Exact || other.kind == Kind::Any) return false;
  if (other.kind == Kind::Exact) return matches(other.name, one_label);
  return !one_label && other.name.is_under(name.text());
}

bool DomainPattern::matches_nothing() const {
  return kind == Kind::Under && name.text().size() + 2 > kLongestHostName;
}

std::string to_string(const DomainPattern& pattern) {
  switch (pattern.kind) {
    case DomainPattern::Kind::Any:
      return "*";
    case DomainPattern::Kind::Under:
      return "*." + pattern.name.text();
    case DomainPattern::Kind::Exact:
      break;
  }
  return pattern.name.text();
}

std::string describe_miss(const DomainName& candidate, const DomainPattern& pattern,
                          bool one_label) {
  const std::string& suffix = pattern.name.text();
  if (pattern.kind == DomainPattern::Kind::Exact) {
    if (!candidate.is_under(suffix))
      return fmt::format("`{}` is not `{}`", candidate.text(), suffix);
    return fmt::format("`{}` is under `{}`, which stands for itself alone", candidate.text(),
                       suffix);
  }
  if (one_label && candidate.is_under(suffix)) {
    return fmt::format("`{}` has more than one label before `{}`, `*` stands for one",
                       candidate.text(), suffix);
  }
  return describe_outside(candidate.text(), suffix);
}

}  // namespace nsp
