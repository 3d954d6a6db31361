#include "sim/analysis/judged.h"

#include <algorithm>
#include <system_error>
#include <thread>

namespace nsp {
namespace {

Judged judge_one(const Observation& observation, const Comparison& by) {
  Judged judged;
  judged.observation = &observation;
  auto evidence = weigh(*by.now, *by.then, observation, by.readings);
  if (!evidence) {
    judged.error = std::move(evidence.error());
    return judged;
  }
  auto now = judge(*by.now, observation, *evidence, by.scope_now, by.readings);
  auto then = judge(*by.then, observation, *evidence, by.scope_then, by.readings);
  if (!now || !then) {
    judged.error = std::move(now ? then.error() : now.error());
    return judged;
  }
  judged.evidence = std::move(*evidence);
  judged.now = std::move(*now);
  judged.then = std::move(*then);
  judged.change = change_between(judged.now.verdict, judged.then.verdict);
  return judged;
}

// Below this many a thread costs more than it brings.
constexpr std::size_t kLeastForThreads = 1024;

}  // namespace

std::vector<Judged> judge_all(std::span<const Observation> observations,
                              const Comparison& comparison, unsigned jobs) {
  std::vector<Judged> judged(observations.size());
  const auto work = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) judged[i] = judge_one(observations[i], comparison);
  };
  if (jobs <= 1 || observations.size() < kLeastForThreads) {
    work(0, observations.size());
    return judged;
  }
  const std::size_t piece = (observations.size() + jobs - 1) / jobs;
  std::vector<std::jthread> threads;
  for (std::size_t begin = 0; begin < observations.size(); begin += piece) {
    const std::size_t end = std::min(begin + piece, observations.size());
    try {
      threads.emplace_back(work, begin, end);
    } catch (const std::system_error&) {  // no more threads to be had
      work(begin, end);
    }
  }
  threads.clear();  // waits for them
  return judged;
}

}  // namespace nsp
