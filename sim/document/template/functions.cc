#include "sim/document/template/functions.h"

#include <algorithm>
#include <unordered_map>

#include "sim/base/text.h"

namespace nsp {
namespace {

// The special forms of evaluate.cc, for suggestions.
constexpr std::string_view kForms[] = {
    "and",    "coalesce",        "copyIndex", "filter",    "groupBy",  "if",
    "lambda", "lambdaVariables", "map",       "mapValues", "or",       "parameters",
    "reduce", "reference",       "sort",      "toObject",  "variables"};

std::vector<Function> joined() {
  std::vector<Function> all;
  for (const auto part :
       {string_functions(), array_functions(), object_functions(), number_functions(),
        logic_functions(), date_functions(), network_functions(), scope_functions()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::sort(all,
                    [](const Function& a, const Function& b) { return iless(a.name, b.name); });
  return all;
}

struct HashWithoutCase {
  std::size_t operator()(std::string_view text) const {
    constexpr std::size_t kPrime = 1099511628211U;  // of FNV-1a
    std::size_t hash = 14695981039346656037U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(ascii_lower(c))) * kPrime;
    return hash;
  }
};
struct EqualWithoutCase {
  bool operator()(std::string_view a, std::string_view b) const { return iequals(a, b); }
};
using ByName =
    std::unordered_map<std::string_view, const Function*, HashWithoutCase, EqualWithoutCase>;

ByName by_name() {
  ByName all;
  for (const Function& function : all_functions()) all.emplace(function.name, &function);
  return all;
}

}  // namespace

std::span<const Function> all_functions() {
  static const std::vector<Function> kAll = joined();
  return kAll;
}

const Function* find_function(std::string_view name) {
  static const auto kByName = by_name();
  const auto found = kByName.find(name);
  if (found != kByName.end()) return found->second;
  constexpr std::string_view kList = "list";
  return iequals(name.substr(0, kList.size()), kList) && name.size() > kList.size()
             ? kByName.find("listKeys")->second
             : nullptr;
}

std::string_view nearest_function(std::string_view name) {
  std::vector<std::string_view> names(std::begin(kForms), std::end(kForms));
  for (const Function& function : all_functions()) names.push_back(function.name);
  return nearest_word(name, names);
}

}  // namespace nsp
