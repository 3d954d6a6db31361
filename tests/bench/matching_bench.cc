// Matching alone with our tables; acl_bench.cc and hyperscan_bench.cc put the same questions to
// others.
#include <benchmark/benchmark.h>

#include "tests/bench/matching_data.h"

namespace nsp::bench {
namespace {

void match_sources(benchmark::State& state) {
  const SourceRules& rules = source_rules();
  const PrefixTable prefixes(rules.prefixes);
  const SubscriptionTable subscriptions(rules.subscriptions);
  for (auto _ : state) {
    for (const Question& q : rules.questions) {
      benchmark::DoNotOptimize(
          merge(prefixes.find(IpAddress::from_v4(q.address)), subscriptions.find(q.subscription)));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}
BENCHMARK(match_sources);

// The hashes are computed on the way, as for a name that comes off a wire.
void match_names(benchmark::State& state) {
  const NameRules& rules = name_rules();
  const NameTable table(rules.patterns);
  for (auto _ : state) {
    for (const std::string& name : rules.names) benchmark::DoNotOptimize(table.find(name));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}
BENCHMARK(match_names);

// As the engine asks: the hashes of a host name are computed once, when the attempt is bound.
void match_names_hashed(benchmark::State& state) {
  const NameRules& rules = name_rules();
  const NameTable table(rules.patterns);
  std::vector<HostName> hosts;
  for (const std::string& name : rules.names)
    hosts.push_back(HostName::of(*DomainName::parse(name)));
  for (auto _ : state) {
    for (const HostName& host : hosts) benchmark::DoNotOptimize(table.find(host));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}
BENCHMARK(match_names_hashed);

}  // namespace
}  // namespace nsp::bench
