// The questions of match_names, put to Hyperscan as anchored expressions.
#include <benchmark/benchmark.h>
#include <hs.h>

#include <algorithm>

#include "tests/bench/allocations.h"
#include "tests/bench/matching_data.h"

namespace nsp::bench {
namespace {

std::string expression_of(const DomainPattern& pattern) {
  std::string text = pattern.kind == DomainPattern::Kind::Under ? R"(^([a-z0-9_-]+\.)+)" : "^";
  for (const char c : pattern.name.text())
    text += c == '.' ? std::string(R"(\.)") : std::string(1, c);
  return text + "$";
}

hs_database_t* make_database(const std::vector<NameTable::Entry>& patterns) {
  std::vector<std::string> texts;
  std::vector<const char*> expressions;
  std::vector<unsigned> ids;
  std::vector<unsigned> flags(patterns.size(), HS_FLAG_SINGLEMATCH);
  for (const auto& entry : patterns) texts.push_back(expression_of(entry.pattern));
  for (const auto& entry : patterns) ids.push_back(entry.rank);
  for (const std::string& text : texts) expressions.push_back(text.c_str());
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  hs_compile_multi(expressions.data(), flags.data(), ids.data(),
                   static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK, nullptr, &database,
                   &error);
  if (error != nullptr) hs_free_compile_error(error);
  return database;
}

int keep_smallest(unsigned id, unsigned long long, unsigned long long, unsigned, void* best) {
  Index& rank = *static_cast<Index*>(best);
  rank = std::min(rank, id);
  return 0;
}

Index scan(const hs_database_t* database, const std::string& name, hs_scratch_t* scratch) {
  Index best = kNone;
  hs_scan(database, name.data(), static_cast<unsigned>(name.size()), 0, scratch, keep_smallest,
          &best);
  return best;
}

void match_names_hyperscan(benchmark::State& state) {
  const NameRules& rules = name_rules();
  hs_database_t* database = make_database(rules.patterns);
  hs_scratch_t* scratch = nullptr;
  if (database == nullptr || hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
    return fail(state, "hyperscan does not start");
  }
  for (auto _ : state) {
    for (const std::string& name : rules.names)
      benchmark::DoNotOptimize(scan(database, name, scratch));
  }
  for (std::size_t i = 0; i < kQuestions; ++i) {
    if (scan(database, rules.names[i], scratch) != rules.answers[i]) {
      fail(state, "hyperscan answers differ from ours");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
  hs_free_scratch(scratch);
  hs_free_database(database);
}
BENCHMARK(match_names_hyperscan);

}  // namespace
}  // namespace nsp::bench
