// Templates that people really deploy, under the folder that NSPSIM_REAL_CONFIGS names: the
// perimeter module of Azure Verified Modules with the three parameter files of its documentation,
// the quickstart, and the samples of Foundry.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/document/file.h"
#include "sim/model/build.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

class RealTemplates : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("NSPSIM_REAL_CONFIGS");
    if (folder == nullptr) GTEST_SKIP() << "NSPSIM_REAL_CONFIGS names no folder";
    folder_ = folder;
  }

  // The environment in one line a thing; the mistakes, if any, instead.
  [[nodiscard]] std::string environment(const fs::path& file, const ReadOptions& options) const {
    const BuildResult built =
        build_environment(load_documents(std::vector{folder_ / file}, options));
    std::string out;
    for (const Diagnostic& diagnostic : built.diagnostics) {
      if (diagnostic.severity == Severity::Error) out += to_string(diagnostic) + "\n";
    }
    if (!out.empty()) return out;
    for (const Perimeter& perimeter : built.environment.perimeters) {
      out += fmt::format("perimeter {}\n", perimeter.name);
      for (const Profile& profile : perimeter.profiles) {
        out += fmt::format("profile {} of {} rules\n", profile.name, profile.rules.size());
      }
    }
    for (const Resource& resource : built.environment.resources) {
      const bool member = resource.association != kNone;
      out += fmt::format("{}{}\n", resource.id.name(), member ? ", a member" : "");
    }
    return out;
  }

  [[nodiscard]] ReadOptions with_file(const fs::path& file) const {
    ReadOptions options;
    const auto bytes = read_file(folder_ / file);
    auto given = read_parameters(bytes.value(), file.string());
    options.parameters = given.value();
    return options;
  }

  fs::path folder_;
};

constexpr std::string_view kModule = "avm-nsp/main.json";
constexpr std::string_view kDocumented =
    "avm-readme-parameters/network_network-security-perimeter.example-";

TEST_F(RealTemplates, ModuleWithOnlyItsDefaults) {
  EXPECT_EQ(environment(kModule, with_file(fmt::format("{}1-using-only-defaults.parameters.json",
                                                       kDocumented))),
            "perimeter nnspmin001\n");
}

// The documentation leaves the member's id to the reader: given, the association stands.
TEST_F(RealTemplates, ModuleWithItsLargeParameterSet) {
  const std::string file =
      fmt::format("{}2-using-large-parameter-set.parameters.json", kDocumented);
  constexpr std::string_view kRules = "perimeter nnspmax001\nprofile profile-01 of 2 rules\n";
  EXPECT_EQ(environment(kModule, with_file(file)), kRules);
  ReadOptions options = with_file(file);
  options.parameters.push_back(*parse_parameter(
      R"(resourceAssociations=[{"accessMode":"Learning","profile":"profile-01","privateLinkResource":)"
      R"("/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"}])"));
  EXPECT_EQ(environment(kModule, options), std::string(kRules) + "kv, a member\n");
}

TEST_F(RealTemplates, ModuleInItsWellArchitectedForm) {
  EXPECT_EQ(
      environment(kModule, with_file(fmt::format("{}3-waf-aligned.parameters.json", kDocumented))),
      "perimeter nnspwaf001\nprofile profile-01 of 2 rules\n");
}

TEST_F(RealTemplates, Quickstart) {
  const fs::path file =
      "azure-quickstart-templates-network-security-perimeter-create/azuredeploy.json";
  constexpr std::string_view kRules = "perimeter myNsp\nprofile myProfile of 2 rules\n";
  EXPECT_EQ(environment(file, {}), kRules);
  ReadOptions options;
  options.parameters.push_back(*parse_parameter("keyVaultName=kv-quickstart"));
  EXPECT_EQ(environment(file, options), std::string(kRules) + "kv-quickstart, a member\n");
}

TEST_F(RealTemplates, FoundrySamples) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> kSamples{{
      {"00-basic", "foundry-name\n"},
      {"04-disable-local-auth", "foundry-disable-localauth\n"},
      {"10-private-network-basic", "foundrypnadisabled\n"},
      {"15-private-network-standard-agent-setup",
       "aiservicesw5pe\naiservicesw5pecosmosdb\naiservicesw5pesearch\naiservicesw5pestorage\n"},
      {"41-standard-agent-setup", "w5pecosmosdb\nw5pesearch\nw5pestorage\nfoundyw5pe\n"},
  }};
  for (const auto& [sample, expected] : kSamples) {
    EXPECT_EQ(environment(fmt::format("foundry-samples/{}.azuredeploy.json", sample), {}),
              expected);
  }
}

}  // namespace
}  // namespace nsp
