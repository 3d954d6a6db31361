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

#include "sim/decision/describe.h"
#include "sim/decision/evaluate.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/policy/policy.h"

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

  // What the policy says of a user at that address, a line a resource; then how many of the calls
  // between the resources, each with its own credential, are allowed.
  [[nodiscard]] std::string verdicts(const fs::path& file, const ReadOptions& options,
                                     std::string_view address = "203.0.113.7") const {
    BuildResult built = build_environment(load_documents(std::vector{folder_ / file}, options));
    const Policy policy = compile(std::move(built.environment));
    const std::vector<Resource>& all = policy.environment().resources;
    std::string out;
    std::size_t allowed = 0;
    for (const Resource& to : all) {
      Attempt attempt;
      attempt.from = "office";
      attempt.outside = true;
      attempt.to = to.id.text();
      attempt.credential = Credential::User;
      attempt.address = IpAddress::parse(address);
      out += fmt::format("{} {}\n", to.id.name(), outcome(policy, attempt));
      for (const Resource& from : all) {
        if (from.id == to.id) continue;
        Attempt call;
        call.from = from.id.text();
        call.to = to.id.text();
        allowed += outcome(policy, call).starts_with("allow") ? 1 : 0;
      }
    }
    return out + fmt::format("{} of {} allowed\n", allowed, all.size() * (all.size() - 1));
  }

  static std::string outcome(const Policy& policy, const Attempt& attempt) {
    const auto bound = bind(policy, attempt);
    return bound ? outcome_text(policy, evaluate(policy, *bound)) : bound.error();
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

// Worked out by hand from the templates and the clauses named.
TEST_F(RealTemplates, QuickstartAdmitsTheNetworkOfItsRule) {
  const fs::path file =
      "azure-quickstart-templates-network-security-perimeter-create/azuredeploy.json";
  ReadOptions options;
  options.parameters.push_back(*parse_parameter("keyVaultName=kv-quickstart"));
  // Enforced, and the one inbound rule is 100.10.0.0/16: IN-5, IN-4.
  EXPECT_EQ(verdicts(file, options), "kv-quickstart deny: no inbound rule\n0 of 0 allowed\n");
  EXPECT_EQ(verdicts(file, options, "100.10.255.255"),
            "kv-quickstart allow: inbound rule nspAccessRule1\n0 of 0 allowed\n");
  EXPECT_EQ(verdicts(file, options, "100.11.0.0"),
            "kv-quickstart deny: no inbound rule\n0 of 0 allowed\n");
}

TEST_F(RealTemplates, ModuleLeavesAMemberOpenThatNobodyDescribes) {
  ReadOptions options =
      with_file(fmt::format("{}2-using-large-parameter-set.parameters.json", kDocumented));
  options.parameters.push_back(*parse_parameter(
      R"(resourceAssociations=[{"accessMode":"Learning","profile":"profile-01","privateLinkResource":)"
      R"("/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"}])"));
  // Learning asks the vault's own settings, which no document tells: G-10.
  EXPECT_EQ(verdicts(kModule, options),
            "kv undecided: missing publicNetworkAccess\n0 of 0 allowed\n");
}

TEST_F(RealTemplates, FoundrySamplesAreOpenOrShut) {
  const auto of = [&](std::string_view sample) {
    return verdicts(fmt::format("foundry-samples/{}.azuredeploy.json", sample), {});
  };
  // No setting is Enabled (G-7), no networkAcls is Allow: IN-9.
  EXPECT_EQ(of("00-basic"), "foundry-name allow: resource rule default action\n0 of 0 allowed\n");
  EXPECT_EQ(of("10-private-network-basic"),
            "foundrypnadisabled deny: public access disabled\n0 of 0 allowed\n");
  // All four say Disabled and nobody calls from the endpoints' network: IN-8.
  EXPECT_EQ(of("15-private-network-standard-agent-setup"),
            "aiservicesw5pe deny: public access disabled\n"
            "aiservicesw5pecosmosdb deny: public access disabled\n"
            "aiservicesw5pesearch deny: public access disabled\n"
            "aiservicesw5pestorage deny: public access disabled\n0 of 12 allowed\n");
  // All say Enabled, and their firewalls Allow or nothing: IN-9.
  EXPECT_EQ(of("41-standard-agent-setup"),
            "w5pecosmosdb allow: resource rule default action\n"
            "w5pesearch allow: resource rule default action\n"
            "w5pestorage allow: resource rule default action\n"
            "foundyw5pe allow: resource rule default action\n12 of 12 allowed\n");
}

}  // namespace
}  // namespace nsp
