// The questions of match_sources, put to DPDK's rte_acl: one a call, as an engine meets them, and
// 32 or all in one call, which is what it is made for (it then works on several at once).
#include <benchmark/benchmark.h>
#include <rte_acl.h>
#include <rte_byteorder.h>
#include <rte_eal.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/bench/allocations.h"
#include "tests/bench/matching_data.h"

namespace nsp::bench {
namespace {

// rte_acl wants a first field of one byte and its input in network order.
struct Input {
  std::uint8_t first = 0;
  std::uint8_t padding[3] = {};
  std::uint32_t address = 0;
  std::uint32_t subscription = 0;
};
RTE_ACL_RULE_DEF(AclRule, 3);

constexpr std::array<rte_acl_field_def, 3> kFields{{
    {RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, offsetof(Input, first)},
    {RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, offsetof(Input, address)},
    {RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, offsetof(Input, subscription)},
}};

// No huge pages, no devices, nothing left on disk.
bool start_dpdk() {
  static std::array<std::string, 10> words{
      "nspsim_bench", "--no-huge", "--no-pci", "--no-shconf", "--no-telemetry",
      "-l",           "0",         "-m",       "512",         "--log-level=error"};
  std::array<char*, 10> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  return rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0;
}

AclRule make_rule(Index rank) {
  AclRule rule{};
  rule.data.category_mask = 1;
  rule.data.priority =
      static_cast<std::int32_t>(RTE_ACL_MAX_PRIORITY - 1 - static_cast<std::int32_t>(rank));
  rule.data.userdata = rank + 1;  // 0 means no match
  return rule;
}

std::vector<AclRule> make_rules(const SourceRules& source) {
  std::vector<AclRule> rules;
  for (const auto& entry : source.prefixes) {
    AclRule rule = make_rule(entry.rank);
    rule.field[1].value.u32 = static_cast<std::uint32_t>(entry.prefix.network.bits);
    rule.field[1].mask_range.u32 = entry.prefix.length;
    rules.push_back(rule);
  }
  for (const auto& entry : source.subscriptions) {
    AclRule rule = make_rule(entry.rank);
    rule.field[2].value.u32 = entry.subscription;
    rule.field[2].mask_range.u32 = 32;
    rules.push_back(rule);
  }
  return rules;
}

rte_acl_ctx* make_context(const std::vector<AclRule>& rules) {
  rte_acl_param param{};
  param.name = "bench";
  param.rule_size = RTE_ACL_RULE_SZ(kFields.size());
  param.max_rule_num = static_cast<std::uint32_t>(rules.size());
  rte_acl_ctx* context = rte_acl_create(&param);
  if (context == nullptr) return nullptr;
  rte_acl_config config{};
  config.num_categories = 1;
  config.num_fields = kFields.size();
  std::copy(kFields.begin(), kFields.end(), config.defs);
  const void* first = rules.data();
  const bool built = rte_acl_add_rules(context, static_cast<const rte_acl_rule*>(first),
                                       static_cast<std::uint32_t>(rules.size())) == 0 &&
                     rte_acl_build(context, &config) == 0;
  return built ? context : nullptr;
}

rte_acl_ctx* context_of_rules() {
  static rte_acl_ctx* const context =
      start_dpdk() ? make_context(make_rules(source_rules())) : nullptr;
  return context;
}

bool answers_are_ours(const std::vector<std::uint32_t>& results) {
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const Index ours = source_rules().answers[i];
    if (results[i] != (ours == kNone ? 0 : ours + 1)) return false;
  }
  return true;
}

void match_sources_rte_acl(benchmark::State& state) {
  rte_acl_ctx* context = context_of_rules();
  if (context == nullptr) return fail(state, "rte_acl does not start");
  std::vector<Input> inputs;
  for (const Question& q : source_rules().questions) {
    inputs.push_back({0, {}, rte_cpu_to_be_32(q.address), rte_cpu_to_be_32(q.subscription)});
  }
  std::vector<const std::uint8_t*> data;
  for (const Input& input : inputs) data.push_back(&input.first);
  std::vector<std::uint32_t> results(kQuestions);
  const auto at_once = static_cast<std::uint32_t>(state.range(0));
  for (auto _ : state) {
    for (std::size_t i = 0; i < kQuestions; i += at_once) {
      rte_acl_classify(context, &data[i], &results[i], at_once, 1);
    }
    benchmark::ClobberMemory();
  }
  if (!answers_are_ours(results)) return fail(state, "rte_acl answers differ from ours");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}
BENCHMARK(match_sources_rte_acl)->ArgName("at_once")->Arg(1)->Arg(32)->Arg(kQuestions);

}  // namespace
}  // namespace nsp::bench
