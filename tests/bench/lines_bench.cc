// `nspsim eval` without its files: lines in, answers out.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "sim/access_log/line_protocol.h"
#include "tests/bench/allocations.h"
#include "tests/bench/environments.h"

namespace nsp::bench {
namespace {

std::string line_of(const Attempt& attempt, std::size_t number) {
  if (!attempt.outside) {
    return fmt::format(R"({{"id":"{}","from":"{}","to":"{}","credential":"managed identity"}})",
                       number, attempt.from, attempt.to);
  }
  return fmt::format(R"({{"id":"{}","to":"{}","credential":"user","address":"{}"}})", number,
                     attempt.to, to_string(*attempt.address));
}

// Half of the lines have one leg, half have two.
std::vector<std::string> make_lines(const Environment& environment) {
  std::vector<std::string> lines;
  for (const Legs legs : {Legs::InboundOnly, Legs::Both}) {
    for (const Attempt& attempt : make_attempts(environment, legs, 1024)) {
      lines.push_back(line_of(attempt, lines.size()));
    }
  }
  return lines;
}

void eval_lines(benchmark::State& state) {
  Environment environment = make_environment({});
  const std::vector<std::string> lines = make_lines(environment);
  const Policy policy = compile(std::move(environment));
  LineEvaluator evaluator(policy);
  std::string out;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const std::string& line : lines) {
      out.clear();
      evaluator.process(line, out);
      bytes += out.size();
    }
  }
  if (evaluator.counts().errors != 0) return fail(state, "a line was not understood");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(eval_lines);

}  // namespace
}  // namespace nsp::bench
