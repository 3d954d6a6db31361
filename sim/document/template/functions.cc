#include "sim/document/template/functions.h"

#include <algorithm>

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

}  // namespace

std::span<const Function> all_functions() {
  static const std::vector<Function> kAll = joined();
  return kAll;
}

const Function* find_function(std::string_view name) {
  const auto all = all_functions();
  const auto at = std::ranges::lower_bound(all, lower(name), {},
                                           [](const Function& f) { return lower(f.name); });
  return at != all.end() && iequals(at->name, name) ? &*at : nullptr;
}

std::string_view nearest_function(std::string_view name) {
  std::vector<std::string_view> names(std::begin(kForms), std::end(kForms));
  for (const Function& function : all_functions()) names.push_back(function.name);
  return nearest_word(name, names);
}

}  // namespace nsp
