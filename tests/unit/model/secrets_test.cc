// What is taken for a secret, and what is not.
#include "sim/model/secrets.h"

#include <gtest/gtest.h>

#include "sim/model/build.h"

namespace nsp::test {
namespace {

// 64 bytes in base64, of no account.
constexpr std::string_view kKey =
    "q3Zk9vT1yWb7Xn0LrJ5cPd8mHs2GfUaE4oKiQwB6tVzYxC+NlRjS/DpMhFgA7uIe3O9kT5rWqZ1xJcLvB8nPdA==";

TEST(Secrets, KnowsNames) {
  for (const std::string_view name :
       {"key", "primaryKey", "secondary_key", "accountKey", "keys", "password", "adminPassword",
        "connectionString", "primaryConnectionString", "sas", "sasToken", "token", "clientSecret",
        "listKeys", "api-key", "sharedAccessSignature"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const std::string_view name : {"name", "keyVaultUri", "keySource", "location", "owner",
                                      "minimumTlsVersion", "tier", "publicNetworkAccess"}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

TEST(Secrets, KnowsLooks) {
  for (const std::string_view text :
       {std::string_view("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=x;"),
        std::string_view("https://a.blob.core.windows.net/c?sv=2022&sig=abc%3D"),
        std::string_view("SharedAccessSignature sr=x"), std::string_view("Bearer abc"),
        std::string_view("-----BEGIN PRIVATE KEY-----"), std::string_view("eyJhbGciOi.eyJzdWIi.x"),
        kKey}) {
    EXPECT_TRUE(looks_secret(text)) << text;
  }
  for (const std::string_view text :
       {"TLS1_2", "[listKeys('st').x]",
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/prodResources/"
        "providers/Microsoft.Network/networkSecurityPerimeters/nsp/resourceAssociations/storageOne",
        "3f2a9c0b1d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8"}) {
    EXPECT_FALSE(looks_secret(text)) << text;
  }
}

TEST(Secrets, LeaveJsonAtAnyDepth) {
  EXPECT_EQ(without_secrets("primaryKey", R"("abc")"), R"("redacted")");
  EXPECT_EQ(without_secrets("allowSharedKey", "true"), "true");
  EXPECT_EQ(without_secrets("settings", R"([{"name":"a","password":"p","n":1.50}])"),
            R"([{"name":"a","password":"redacted","n":1.50}])");
  EXPECT_EQ(without_secrets("keys", R"([{"keyName":"key1","value":"abc"}])"),
            R"([{"keyName":"redacted","value":"redacted"}])");
  EXPECT_EQ(without_secrets("note", "\"" + std::string(kKey) + "\""), R"("redacted")");
  EXPECT_EQ(without_secrets("tags", R"({ "owner" : "us" })"), R"({ "owner" : "us" })");
}

TEST(Secrets, LeaveMessages) {
  EXPECT_EQ(message_without_secrets("`AccountKey=abc` is not a known `bypass`"),
            "`redacted` is not a known `bypass`");
  const BuildResult built = build_environment(read_documents(
      R"({"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st",
"properties":{"networkAcls":{"defaultAction":"AccountKey=abc"}}})",
      "f"));
  ASSERT_EQ(built.diagnostics.size(), 1U);
  EXPECT_EQ(built.diagnostics[0].message,
            "`redacted` is not a known `defaultAction`, expected `Allow` or `Deny`: taken as "
            "`Deny`");
}

TEST(Secrets, LeaveWhatADocumentCallsSecretHoweverPlainItLooks) {
  SecretTexts secrets;
  secrets.add("ab");
  secrets.add("Enabled");
  secrets.add_part("hunter2");
  secrets.add_part("short");  // too short to be looked for inside others
  EXPECT_TRUE(secrets.hides("ab"));
  EXPECT_TRUE(secrets.hides("x-hunter2-y"));
  EXPECT_TRUE(secrets.hides("short"));
  EXPECT_FALSE(secrets.hides("abc"));
  EXPECT_FALSE(secrets.hides("in short"));
  Diagnostic one{Severity::Error,
                 {"f", 1, 2, "/a/sig=x/b"},
                 "`prefix-hunter2` is not one of `Enabled`, `Disabled`",
                 "  [concat('hunter2')]\n          ^"};
  hide_secrets(one, secrets);
  EXPECT_EQ(to_string(one), "error f:1:2 /a: `redacted` is not one of `Enabled`, `Disabled`");
  EXPECT_EQ(one.excerpt, "");
}

std::string written(std::string_view document, const ReadOptions& options = {}) {
  const BuildResult built = build_environment(read_documents(document, "f.json", options));
  std::string out;
  for (const Resource& resource : built.environment.resources) {
    const Unknown& properties = resource.unknown.at("properties");
    for (const auto& [name, text] : properties.members) out += name + "=" + text + "\n";
  }
  for (const Diagnostic& diagnostic : built.diagnostics) {
    if (diagnostic.severity != Severity::Note) out += diagnostic.message + "\n";
  }
  return out;
}

TEST(Secrets, OfATemplateAreSecureParametersAndThoseWithASecretsName) {
  constexpr std::string_view kTemplate =
      R"({"$schema":"https://x/deploymentTemplate.json#","parameters":{
"a":{"type":"secureString","defaultValue":"hunter-1"},
"adminPassword":{"type":"string","allowedValues":["x"]},
"c":{"type":"secureObject","defaultValue":{"deep":["hunter-3"]}}},
"resources":[{"type":"Microsoft.Storage/storageAccounts","name":"st","properties":{
"publicNetworkAccess":"[parameters('a')]",
"one":"[concat('x', parameters('a'), 'y')]","two":"[parameters('adminPassword')]",
"three":"[parameters('c').deep]","four":"plain"}}]})";
  ReadOptions options;
  options.parameters = {*parse_parameter("adminPassword=hunter-2")};
  EXPECT_EQ(written(kTemplate, options),
            "four=\"plain\"\n"
            "one=\"redacted\"\n"
            "three=[\"redacted\"]\n"
            "two=\"redacted\"\n"
            "parameter `adminPassword`: `redacted` is not allowed, expected one of `x`\n"
            "`redacted` is not a known `publicNetworkAccess`, expected `Enabled`, `Disabled` or "
            "`SecuredByPerimeter`\n");
}

TEST(Secrets, OfAPlanAreMarkedBesideItsValues) {
  constexpr std::string_view kPlan =
      R"({"resource_changes":[{"address":"azapi_resource.s","type":"azapi_resource","change":{
"actions":["create"],"after":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/s",
"type":"Microsoft.Search/searchServices@1","name":"s",
"body":{"properties":{"a":"plain","b":"marked","c":["plain","marked too"],"d":{"e":"all below"}}}},
"after_sensitive":{"body":{"properties":{"b":true,"c":[false,true],"d":true}}}}},
{"address":"azapi_resource.t","type":"azapi_resource","change":{
"actions":["create"],"after":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/t",
"type":"Microsoft.Search/searchServices@1","name":"t","body":"{\"properties\":{\"f\":\"in a text\"}}"},
"after_sensitive":{"body":true}}}]})";
  EXPECT_EQ(written(kPlan),
            "a=\"plain\"\n"
            "b=\"redacted\"\n"
            "c=[\"plain\",\"redacted\"]\n"
            "d={\"e\":\"redacted\"}\n"
            "f=\"redacted\"\n");
}

}  // namespace
}  // namespace nsp::test
