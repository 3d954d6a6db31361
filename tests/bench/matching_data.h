// Rules and questions for matching alone, the same for our tables and for what they are compared
// with.
#ifndef NSP_TESTS_BENCH_MATCHING_DATA_H_
#define NSP_TESTS_BENCH_MATCHING_DATA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/policy/name_table.h"
#include "sim/policy/prefix_table.h"

namespace nsp::bench {

inline constexpr std::size_t kRules = 1000;
inline constexpr std::size_t kQuestions = 4096;

// Rules by address prefix or by subscription, one element each; its number is its rank. The answer
// to a question is the smallest rank among the rules that list the subscription or hold the
// address.
struct Question {
  std::uint32_t address = 0;
  std::uint32_t subscription = 0;
};

struct SourceRules {
  std::vector<PrefixTable::Entry> prefixes;
  std::vector<SubscriptionTable::Entry> subscriptions;
  std::vector<Question> questions;
  std::vector<Index> answers;  // by our tables
};
[[nodiscard]] const SourceRules& source_rules();

// `*.suffix` patterns, one a rule; its number is its rank. Half of the names have one more label
// than a pattern.
struct NameRules {
  std::vector<NameTable::Entry> patterns;
  std::vector<std::string> names;
  std::vector<Index> answers;  // by our table
};
[[nodiscard]] const NameRules& name_rules();

}  // namespace nsp::bench

#endif  // NSP_TESTS_BENCH_MATCHING_DATA_H_
