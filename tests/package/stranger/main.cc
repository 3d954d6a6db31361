#include <fmt/core.h>

#include <utility>

#include "sim/decision/describe.h"
#include "sim/decision/evaluate.h"
#include "sim/model/build.h"

// reach ENVIRONMENT RESOURCE ADDRESS: may a user at that address reach the resource?
int main(int, char** argv) {
  const std::filesystem::path files[] = {argv[1]};
  nsp::BuildResult built = nsp::load_environment(files);
  for (const nsp::Diagnostic& d : built.diagnostics) fmt::print(stderr, "{}\n", nsp::to_string(d));
  if (!built.ok()) return 3;
  const nsp::Policy policy = nsp::compile(std::move(built.environment));

  nsp::Attempt attempt{.from = "me", .outside = true, .to = argv[2]};
  attempt.credential = nsp::Credential::User;
  attempt.address = nsp::IpAddress::parse(argv[3]);
  const auto bound = nsp::bind(policy, attempt);
  if (!bound) return fmt::print(stderr, "{}\n", bound.error()), 3;
  fmt::print("{}\n", nsp::outcome_text(policy, nsp::evaluate(policy, *bound)));
}
