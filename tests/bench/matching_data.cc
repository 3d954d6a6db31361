#include "tests/bench/matching_data.h"

#include <fmt/format.h>

#include <random>

namespace nsp::bench {
namespace {

// Nested and separate prefixes from /16 to /32, one rule in five by subscription instead.
SourceRules make_source_rules() {
  std::mt19937 random(11);
  SourceRules rules;
  for (Index rank = 0; rank < kRules; ++rank) {
    if (rank % 5 == 4) {
      rules.subscriptions.push_back({rank, rank});
      continue;
    }
    const auto length = static_cast<std::uint8_t>(16 + random() % 17);
    const auto mask = static_cast<std::uint32_t>(~std::uint64_t{0} << (32 - length));
    const auto bits = static_cast<std::uint32_t>(0x1400'0000 + random() % 0x0400'0000) & mask;
    rules.prefixes.push_back({{IpAddress::from_v4(bits), length}, rank});
  }
  for (std::size_t n = 0; n < kQuestions; ++n) {
    const auto& entry = rules.prefixes[random() % rules.prefixes.size()];
    const auto inside = static_cast<std::uint32_t>(entry.prefix.network.bits);
    const auto anywhere = static_cast<std::uint32_t>(0x1400'0000 + random() % 0x0400'0000);
    // Most callers' subscriptions are in no rule.
    rules.questions.push_back(
        {n % 2 == 0 ? inside : anywhere, static_cast<std::uint32_t>(random() % 10'000)});
  }
  const PrefixTable prefixes(rules.prefixes);
  const SubscriptionTable subscriptions(rules.subscriptions);
  for (const Question& q : rules.questions) {
    const RankMatch found =
        merge(prefixes.find(IpAddress::from_v4(q.address)), subscriptions.find(q.subscription));
    rules.answers.push_back(found.rank);
  }
  return rules;
}

std::string name_number(std::uint32_t n) {
  return n % 2 == 0 ? fmt::format("st{}.blob.core.windows.net", n)
                    : fmt::format("svc{}.team{}.example", n, n % 97);
}

NameRules make_name_rules() {
  std::mt19937 random(13);
  NameRules rules;
  for (Index rank = 0; rank < kRules; ++rank) {
    rules.patterns.push_back({*DomainPattern::parse("*." + name_number(rank)), rank});
  }
  for (std::size_t n = 0; n < kQuestions; ++n) {
    const std::string name = name_number(static_cast<std::uint32_t>(random() % (2 * kRules)));
    rules.names.push_back(n % 2 == 0 ? fmt::format("a{}.{}", n, name) : name);
  }
  const NameTable table(rules.patterns);
  for (const std::string& name : rules.names) rules.answers.push_back(table.find(name).match.rank);
  return rules;
}

}  // namespace

const SourceRules& source_rules() {
  static const SourceRules rules = make_source_rules();
  return rules;
}

const NameRules& name_rules() {
  static const NameRules rules = make_name_rules();
  return rules;
}

}  // namespace nsp::bench
