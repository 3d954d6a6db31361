#include "sim/access_log/log_table.h"

#include <algorithm>

namespace nsp {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

void add_counts(Counts& into, const Counts& other) {
  for (const auto& [what, count] : other) into[what] += count;
}

bool by_place(const Diagnostic& a, const Diagnostic& b) {
  return std::tie(a.place, a.message) < std::tie(b.place, b.message);
}

}  // namespace

void LogTable::merge(const LogTable& other) {
  for (const auto& [tuple, activity] : other.tuples) tuples[tuple].merge(activity);
  files += other.files;
  records += other.records;
  add_counts(unreadable, other.unreadable);
  add_counts(unknown_categories, other.unknown_categories);
  add_counts(unknown_columns, other.unknown_columns);
  examples.insert(examples.end(), other.examples.begin(), other.examples.end());
  std::ranges::sort(examples, by_place);
  if (examples.size() > kMostExamples) examples.resize(kMostExamples);
}

}  // namespace nsp
