#include "sim/lab/caller_facts.h"

#include <gmock/gmock.h>

namespace nsp::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr std::string_view kLine =
    R"({"ok":true,"caller":"the: office","address":"127.79.1.1","secret":"5ec4e7",)"
    R"("caBundle":"/l/ca-bundle.pem","ca":"/l/ca.pem","ports":{"https":7443,"http":0,"dns":7053,)"
    R"("identity":7080,"proxy":7128})";

CallerFacts facts(std::string_view identity = "") {
  auto read = parse_caller_facts(std::string(kLine) + std::string(identity) + "}");
  EXPECT_TRUE(read.has_value());
  return read.value_or(CallerFacts{});
}

constexpr std::string_view kManaged =
    R"(,"credential":"managed identity","clientId":"c","tenantId":"t")";
constexpr std::string_view kUser =
    R"(,"credential":"user","clientId":"c","tenantId":"t","clientSecret":"p","userName":"u@l")";
constexpr std::string_view kPrincipal =
    R"(,"credential":"service principal","clientId":"c","tenantId":"t","clientSecret":"p",)"
    R"("userName":"")";

TEST(CallerFacts, AreReadFromTheAnswer) {
  const CallerFacts read = facts(kUser);
  EXPECT_EQ(read.key, "the: office");
  EXPECT_EQ(nsp::to_string(read.address), "127.79.1.1");
  EXPECT_EQ(read.secret, "5ec4e7");
  EXPECT_EQ(read.ca_bundle, "/l/ca-bundle.pem");
  EXPECT_EQ(read.ca, "/l/ca.pem");
  EXPECT_EQ(read.ports.https, 7443);
  EXPECT_EQ(read.ports.http, 0);
  EXPECT_EQ(read.ports.dns, 7053);
  EXPECT_EQ(read.ports.identity, 7080);
  EXPECT_EQ(read.ports.proxy, 7128);
  EXPECT_EQ(read.credential, Credential::User);
  EXPECT_EQ(read.client, "c");
  EXPECT_EQ(read.tenant, "t");
  EXPECT_EQ(read.client_secret, "p");
  EXPECT_EQ(read.user_name, "u@l");
  EXPECT_EQ(facts().credential, Credential::Unknown);
}

TEST(CallerFacts, SayWhyThereAreNone) {
  const auto refused = [](std::string_view line) { return parse_caller_facts(line).error(); };
  EXPECT_THAT(refused(R"({"ok":false,"errors":["`x` is no caller"]})"),
              ElementsAre("`x` is no caller"));
  for (const char* line :
       {"nonsense", "[]", R"({"ok":true,"done":"x","warnings":[],"edition":1,"behindMs":0})",
        R"({"ports":{}})", R"({"address":"127.79.1.1","ports":[]})",
        R"({"address":7,"ports":{}})"}) {
    EXPECT_THAT(refused(line), ElementsAre("the lab's answer cannot be read")) << line;
  }
}

TEST(CallerFacts, TrustTheLab) {
  const Variables variables = variables_of(facts(), Way::Namespace);
  const std::map<std::string, std::string> expected{{"CURL_CA_BUNDLE", "/l/ca-bundle.pem"},
                                                    {"NODE_EXTRA_CA_CERTS", "/l/ca.pem"},
                                                    {"REQUESTS_CA_BUNDLE", "/l/ca-bundle.pem"},
                                                    {"SSL_CERT_FILE", "/l/ca-bundle.pem"}};
  EXPECT_EQ(variables.set, expected);
  for (const char* name : {"AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_USERNAME",
                           "IDENTITY_ENDPOINT", "MSI_SECRET", "HTTPS_PROXY", "all_proxy"}) {
    EXPECT_THAT(variables.unset, Contains(name));
  }
}

TEST(CallerFacts, ShowTheirOwnIdentity) {
  const Variables managed = variables_of(facts(kManaged), Way::Namespace);
  EXPECT_EQ(managed.set.at("IDENTITY_ENDPOINT"), "http://127.77.0.169/msi/token");
  EXPECT_EQ(managed.set.at("IDENTITY_HEADER"), "5ec4e7");
  EXPECT_EQ(managed.set.at("AZURE_CLIENT_ID"), "c");
  EXPECT_THAT(managed.unset, Contains("AZURE_CLIENT_SECRET"));
  EXPECT_EQ(variables_of(facts(kManaged), Way::Proxy).set.at("IDENTITY_ENDPOINT"),
            "http://127.77.0.169:7080/msi/token");

  const Variables user = variables_of(facts(kUser), Way::Namespace);
  EXPECT_EQ(user.set.at("AZURE_USERNAME"), "u@l");
  EXPECT_EQ(user.set.at("AZURE_PASSWORD"), "p");
  EXPECT_EQ(user.set.at("AZURE_AUTHORITY_HOST"), "https://login.microsoftonline.com");
  EXPECT_THAT(user.unset, Contains("AZURE_CLIENT_SECRET"));
  EXPECT_THAT(user.unset, Contains("IDENTITY_HEADER"));

  const Variables principal = variables_of(facts(kPrincipal), Way::Namespace);
  EXPECT_EQ(principal.set.at("AZURE_CLIENT_SECRET"), "p");
  EXPECT_EQ(principal.set.at("AZURE_TENANT_ID"), "t");
  EXPECT_THAT(principal.unset, Contains("AZURE_PASSWORD"));
}

TEST(CallerFacts, GoThroughTheProxyWithoutANamespace) {
  const Variables variables = variables_of(facts(), Way::Proxy);
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}) {
    EXPECT_EQ(variables.set.at(name), "http://the%3A%20office:5ec4e7@127.77.0.80:7128");
  }
  EXPECT_EQ(variables.set.at("no_proxy"), "localhost,127.0.0.1,127.77.0.169");
  EXPECT_EQ(variables.set.at("NODE_USE_ENV_PROXY"), "1");
  EXPECT_THAT(variables.unset, Not(Contains("HTTPS_PROXY")));
}

TEST(CallerFacts, NoVariableIsBothSetAndUnset) {
  for (const std::string_view identity : {std::string_view(), kManaged, kUser, kPrincipal}) {
    for (const Way way : {Way::Namespace, Way::Proxy}) {
      const Variables variables = variables_of(facts(identity), way);
      for (const auto& [name, value] : variables.set) {
        EXPECT_THAT(variables.unset, Not(Contains(name)));
        EXPECT_NE(value, "") << name;
      }
    }
  }
}

TEST(CallerFacts, ReplaceTheSurroundings) {
  const Variables variables{{{"A", "1"}, {"B", "2=3"}}, {"C"}};
  EXPECT_THAT(with_variables({"A=x", "AA=y", "C=z", "D=", "E"}, variables),
              ElementsAre("AA=y", "D=", "E", "A=1", "B=2=3"));
}

TEST(CallerFacts, ArePrintedForAShell) {
  const Variables variables{{{"A", "it's $HOME"}, {"B", ""}}, {"C", "D"}};
  EXPECT_EQ(export_lines(variables), "unset C\nunset D\nexport A='it'\\''s $HOME'\nexport B=''\n");
}

TEST(CallerFacts, ArePrintedAsJson) {
  EXPECT_EQ(variables_json(facts(), {{{"A", "1"}}, {"C"}}),
            "{\n  \"schema\": \"nspsim.lab-env/1\",\n  \"caller\": \"the: office\",\n"
            "  \"address\": \"127.79.1.1\",\n  \"set\": {\n    \"A\": \"1\"\n  },\n"
            "  \"unset\": [\n    \"C\"\n  ]\n}\n");
}

}  // namespace
}  // namespace nsp::lab
