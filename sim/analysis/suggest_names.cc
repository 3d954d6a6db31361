#include "sim/analysis/suggest_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::size_t kLongest = 80;
constexpr std::size_t kRoomForNumber = 6;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string valid(std::string_view wanted) {
  std::string name;
  for (const char c : wanted.substr(0, kLongest - kRoomForNumber)) {
    name += is_plain(c) || c == '_' || c == '.' || c == '-' ? c : '-';
  }
  const auto first = std::ranges::find_if(name, is_plain);
  name.erase(name.begin(), first);
  while (!name.empty() && !is_plain(name.back())) name.pop_back();
  return name.empty() ? "unnamed" : name;
}

}  // namespace

void NameGiver::take(std::string_view name) { taken_.insert(lower(name)); }

std::string NameGiver::give(std::string_view wanted) {
  const std::string base = valid(wanted);
  std::string name = base;
  for (int n = 2; !taken_.insert(lower(name)).second; ++n) name = fmt::format("{}-{}", base, n);
  return name;
}

}  // namespace nsp
