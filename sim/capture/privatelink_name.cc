#include "sim/capture/privatelink_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/model/services.h"

namespace nsp {
namespace {

constexpr std::string_view kLabel = "privatelink";

// `name` with the suffix `from` replaced; empty when it does not lie under `from`.
DomainName with_suffix(const DomainName& name, std::string_view from, std::string_view to) {
  if (from.empty() || !name.is_under(from)) return {};
  const std::string_view labels =
      std::string_view(name.text()).substr(0, name.text().size() - from.size());
  return DomainName::parse(fmt::format("{}{}", labels, to)).value_or(DomainName());
}

DomainName by_table(const DomainName& name, std::string_view ServiceHost::*from,
                    std::string_view ServiceHost::*to) {
  for (const ServiceFacts& service : all_services()) {
    for (const ServiceHost& host : service.hosts) {
      DomainName other = with_suffix(name, host.*from, host.*to);
      if (!other.empty()) return other;
    }
  }
  return {};
}

// Where the label begins, or npos.
std::size_t find_label(std::string_view name) {
  for (std::size_t at = 0; (at = name.find(kLabel, at)) != std::string_view::npos;
       at += kLabel.size()) {
    const std::size_t end = at + kLabel.size();
    const bool starts = at == 0 || name[at - 1] == '.';
    if (starts && (end == name.size() || name[end] == '.')) return at;
  }
  return std::string_view::npos;
}

}  // namespace

bool has_privatelink_label(std::string_view lower_case_name) {
  return find_label(lower_case_name) != std::string_view::npos;
}

DomainName public_name(const DomainName& name) {
  const std::size_t at = find_label(name.text());
  if (at == std::string::npos) return name;
  DomainName known = by_table(name, &ServiceHost::zone, &ServiceHost::suffix);
  if (!known.empty()) return known;
  std::string text = name.text();
  text.erase(at, std::min(kLabel.size() + 1, text.size() - at));
  return DomainName::parse(text).value_or(name);
}

DomainName privatelink_name(const DomainName& name) {
  if (has_privatelink_label(name.text())) return name;
  DomainName known = by_table(name, &ServiceHost::suffix, &ServiceHost::zone);
  if (!known.empty()) return known;
  const std::size_t dot = name.text().find('.');
  if (dot == std::string::npos) return name;
  std::string text = name.text();
  text.insert(dot + 1, fmt::format("{}.", kLabel));
  return DomainName::parse(text).value_or(name);
}

}  // namespace nsp
