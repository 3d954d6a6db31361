// Reads a Terraform plan and tells how long it took and how much memory, for
// tests/bench/compare_plans: `nspsim_read_plan WHO FILE`. `nspsim` reads it to an environment;
// `nlohmann` and `simdjson` only parse it into their trees, which is the first step of it.
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "sim/model/build.h"

namespace {

// How many resources there are; 0: it cannot be read.
std::size_t read_ours(const std::filesystem::path& path) {
  const nsp::DocumentSet documents = nsp::load_documents(std::span(&path, 1));
  const nsp::BuildResult built = nsp::build_environment(documents);
  return built.ok() ? documents.resources.size() : 0;
}

std::size_t parse_nlohmann(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const auto tree = nlohmann::json::parse(in, nullptr, false);
  return tree.is_object() ? tree.at("resource_changes").size() : 0;
}

std::size_t parse_simdjson(const std::filesystem::path& path) {
  simdjson::dom::parser parser;
  simdjson::dom::array changes;
  if (parser.load(path.string())["resource_changes"].get(changes) != simdjson::SUCCESS) return 0;
  return changes.size();
}

std::size_t read_by(std::string_view who, const std::filesystem::path& path) {
  if (who == "nspsim") return read_ours(path);
  if (who == "nlohmann") return parse_nlohmann(path);
  return who == "simdjson" ? parse_simdjson(path) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: nspsim_read_plan nspsim|nlohmann|simdjson FILE\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const std::size_t resources = read_by(argv[1], argv[2]);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (resources == 0) return 3;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("resources {} seconds {:.3f} peak {} KiB\n", resources, seconds.count(),
             usage.ru_maxrss);
  return 0;
}
