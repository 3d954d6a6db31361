#include "sim/lab/key_list.h"

#include <gmock/gmock.h>

#include "sim/lab/credential.h"
#include "sim/lab/service_factory.h"
#include "sim/lab/status.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

const LabKeys kKeys("lab secret");

EditionPtr site(std::initializer_list<std::pair<Service, const char*>> resources) {
  Environment environment;
  for (const auto& [service, name] : resources) {
    environment.resources.push_back(test::make_resource(service, name));
  }
  return make_edition(std::move(environment), {}).value();
}

EditionPtr usual_site() {
  return site({{Service::Storage, "stlab"},
               {Service::Search, "search"},
               {Service::Foundry, "foundry"},
               {Service::KeyVault, "vault"}});
}

LabPortOptions ports(std::uint16_t https = 7443) {
  LabPortOptions all;
  all.https = https;
  return all;
}

std::string line_of(const EditionPtr& edition, const std::string& resource = "",
                    std::uint16_t https = 7443) {
  const auto line = key_line(*edition, kKeys, ports(https), resource);
  return line ? *line : "error: " + line.error();
}

const std::string kStorageKey =
    "OImLfCm596+6zHRO9YEWdT+ICcAgrtnu3rQHWilH5hcqw37OsPkfZ3OJHM01TWS1DqaI8vJ+Cy1Z3iU6cvyh7Q==";

std::string key_of(Service service, const char* name, std::string_view which) {
  return kKeys.of_resource(test::make_resource(service, name), which);
}

TEST(KeyList, IsATable) {
  const std::string text = keys_text(line_of(site({{Service::Storage, "stlab"}}))).value();
  EXPECT_EQ(text,
            "resource  service  key         value\n"
            "stlab     Storage  key1        " +
                kStorageKey + "\nstlab     Storage  key2        " +
                key_of(Service::Storage, "stlab", "key2") +
                "\nstlab     Storage  connection  "
                "DefaultEndpointsProtocol=https;AccountName=stlab;AccountKey=" +
                kStorageKey + ";BlobEndpoint=https://stlab.blob.core.windows.net:7443/\n");
}

TEST(KeyList, TellsThatKeysAreNotAccepted) {
  Environment environment;
  environment.resources.push_back(test::make_resource(Service::Search, "search"));
  environment.resources.back().local_auth_disabled = true;
  const EditionPtr edition = make_edition(std::move(environment), {}).value();
  EXPECT_THAT(keys_text(line_of(edition)).value(), testing::HasSubstr("primary (not accepted)"));
  EXPECT_THAT(keys_json(line_of(edition)).value(), testing::HasSubstr("\"accepted\": false"));
}

TEST(KeyList, IsForAShell) {
  EXPECT_EQ(keys_env(line_of(usual_site(), "", 443)).value(),
            "export AZURE_OPENAI_API_KEY='" + key_of(Service::Foundry, "foundry", "key1") +
                "'\nexport AZURE_OPENAI_ENDPOINT='https://foundry.openai.azure.com/'\n"
                "export AZURE_SEARCH_API_KEY='" +
                key_of(Service::Search, "search", "key1") +
                "'\nexport AZURE_SEARCH_ENDPOINT='https://search.search.windows.net/'\n"
                "export AZURE_STORAGE_ACCOUNT='stlab'\n"
                "export AZURE_STORAGE_CONNECTION_STRING='DefaultEndpointsProtocol=https;"
                "AccountName=stlab;AccountKey=" +
                kStorageKey + ";BlobEndpoint=https://stlab.blob.core.windows.net/'\n" +
                "export AZURE_STORAGE_KEY='" + kStorageKey + "'\n");
}

TEST(KeyList, IsForAShellOneResourceOfAService) {
  const EditionPtr two = site({{Service::Storage, "one"}, {Service::Storage, "two"}});
  EXPECT_EQ(keys_env(line_of(two)).error(),
            Refusal{"several resources would set AZURE_STORAGE_ACCOUNT, expected --resource with "
                    "one of them"});
  EXPECT_THAT(keys_env(line_of(two, "two")).value(),
              testing::StartsWith("export AZURE_STORAGE_ACCOUNT='two'\n"));
}

TEST(KeyList, IsForAzurite) {
  const std::string all = "stlab:" + kStorageKey + ':' + key_of(Service::Storage, "stlab", "key2");
  EXPECT_EQ(keys_azurite(line_of(usual_site())).value(), all + '\n');
}

TEST(KeyList, IsOfResourcesThatGiveOutKeys) {
  EXPECT_EQ(line_of(usual_site(), "vault"), "error: Key Vault gives out no keys");
  EXPECT_EQ(line_of(usual_site(), "nobody"), "error: `nobody` is no resource of the lab");
  const std::string json = keys_json(line_of(usual_site(), "search")).value();
  EXPECT_THAT(json, testing::StartsWith("{\n  \"schema\": \"nspsim.lab-keys/1\",\n"));
  EXPECT_THAT(json, testing::Not(testing::HasSubstr("stlab")));
  EXPECT_THAT(json, testing::HasSubstr("\"name\": \"query\""));
}

TEST(KeyList, HandsOnWhatTheLabRefuses) {
  EXPECT_EQ(keys_text(R"({"ok":false,"errors":["no"]})").error(), Refusal{"no"});
  for (const char* line :
       {"", "{}", R"({"ok":true,"resources":[{}]})", R"({"ok":true,"resources":[{"keys":[1]}]})"}) {
    EXPECT_EQ(keys_text(line).error(), Refusal{"the lab's answer cannot be read"}) << line;
  }
}

// ---- The query key

Shown shown_with(const Resource& resource, const std::string& key) {
  Verifier verifier(test::signer());
  Request request("GET", "/indexes?api-version=2024-07-01");
  request.headers.set("api-key", key);
  return CredentialReader{kKeys, verifier}.read(request, resource, test::kNow);
}

TEST(QueryKey, IsOfSearchAlone) {
  const Resource search = test::make_resource(Service::Search, "search");
  EXPECT_EQ(shown_with(search, key_of(Service::Search, "search", "query")).key_name, "query");
  const Resource foundry = test::make_resource(Service::Foundry, "foundry");
  EXPECT_EQ(shown_with(foundry, key_of(Service::Foundry, "foundry", "query")).problem,
            CredentialProblem::UnknownKey);
}

// Status and body.
std::string answer_to(ServiceApi& api, std::string method, std::string target, std::string body,
                      std::string_view key) {
  const Request request(std::move(method), std::move(target), {}, std::move(body));
  ServiceCall call{request, Utc(test::kNow), "1", Credential::Key};
  call.key_name = key;
  const Response response = api.answer(call).response;
  return std::to_string(response.status) + ' ' + response.body;
}

TEST(QueryKey, ReadsDocumentsAndNothingElse) {
  const auto api = make_service(test::make_resource(Service::Search, "search"), kKeys);
  const std::string version = "?api-version=2024-07-01";
  const std::string refusal =
      R"(403 {"error":{"code":"","message":"A query key may read documents, this needs an admin key."}})";
  const std::string index =
      R"({"name":"docs","fields":[{"name":"id","type":"Edm.String","key":true}]})";
  EXPECT_EQ(answer_to(*api, "POST", "/indexes" + version, index, "query"), refusal);
  EXPECT_THAT(answer_to(*api, "POST", "/indexes" + version, index, "key1"),
              testing::StartsWith("201 "));
  EXPECT_EQ(answer_to(*api, "GET", "/indexes/docs" + version, "", "query"), refusal);
  EXPECT_EQ(answer_to(*api, "GET", "/servicestats" + version, "", "query"), refusal);
  for (const char* path : {"/indexes/docs/docs/index", "/indexes('docs')/docs/search.index"}) {
    EXPECT_EQ(answer_to(*api, "POST", path + version, R"({"value":[]})", "query"), refusal);
  }
  EXPECT_THAT(answer_to(*api, "POST", "/indexes/docs/docs/search" + version, "{}", "query"),
              testing::StartsWith("200 "));
  EXPECT_EQ(answer_to(*api, "GET", "/indexes('docs')/docs/$count" + version, "", "query"), "200 0");
}

TEST(LabStatus, TellsOfTheEmulator) {
  const auto last_line = [](const std::string& emulator) {
    const std::string text =
        status_text(
            R"({"ok":true,"edition":1,"dataPlaneEdition":1,"resources":[],"callers":[],"nameServer":"a:1","requests":0,"records":0)" +
            emulator + "}")
            .value();
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  EXPECT_EQ(last_line(""), "name server a:1, 0 requests, 0 records\n");
  EXPECT_EQ(last_line(R"(,"storageEmulator":{"url":"http://127.0.0.1:1","trouble":""})"),
            "storage emulator http://127.0.0.1:1\n");
  EXPECT_EQ(last_line(R"(,"storageEmulator":{"url":"http://127.0.0.1:1","trouble":"gone"})"),
            "storage emulator http://127.0.0.1:1 does not serve the lab: gone\n");
}

}  // namespace
}  // namespace nsp::lab
