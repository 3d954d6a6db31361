// The order of files is irrelevant: whatever they are, templates with their parameters, a Terraform
// plan, exports, the environment and what is said about it are the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/report/environment_json.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;

const fs::path kEnvironments = fs::path(NSPSIM_SOURCE_DIR) / "fixtures/environments";

ReadOptions with_parameters() {
  const fs::path file = kEnvironments / "templates/module.parameters.json";
  ReadOptions options;
  options.parameters = read_parameters(read_file(file).value(), file.string()).value();
  options.parameter_files = {file};
  return options;
}

// Its resources in the order of their ids.
std::string sorted_json(const Environment& environment) {
  auto json = nlohmann::ordered_json::parse(environment_as_json(environment));
  std::vector<std::string> resources;
  for (const auto& one : json.at("resources")) resources.push_back(one.dump());
  json.erase("resources");
  std::ranges::sort(resources);
  return json.dump() + "\n" + join(resources, "\n");
}

std::string said(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += to_string(diagnostic) + "\n";
  return out;
}

TEST(FilesOrder, IsIrrelevant) {
  std::vector<fs::path> files{kEnvironments / "rag.json",
                              kEnvironments / "templates/agents.json",
                              kEnvironments / "templates/module.json",
                              kEnvironments / "templates/module.parameters.json",
                              kEnvironments / "templates/vault.json",
                              kEnvironments / "terraform/azapi.json",
                              kEnvironments / "terraform/plan.json"};
  std::ranges::sort(files);
  const ReadOptions options = with_parameters();
  const BuildResult first = build_environment(load_documents(files, options));
  ASSERT_TRUE(first.ok()) << said(first.diagnostics);
  const std::string environment = sorted_json(first.environment);
  EXPECT_GT(first.environment.perimeters.size(), 2U);
  EXPECT_GT(first.diagnostics.size(), 3U);
  std::mt19937_64 engine(4);
  for (int turn = 0; turn < 40; ++turn) {
    for (std::size_t i = files.size(); i > 1; --i) std::swap(files[i - 1], files[engine() % i]);
    const BuildResult other = build_environment(load_documents(files, options));
    ASSERT_EQ(sorted_json(other.environment), environment);
    ASSERT_EQ(said(other.diagnostics), said(first.diagnostics));
    ASSERT_EQ(other.environment.ignored, first.environment.ignored);
  }
}

}  // namespace
}  // namespace nsp::test
