// What services ask of others: a run of an indexer, a batch; their calls answered here by the APIs.
#include <gmock/gmock.h>

#include <functional>

#include "sim/lab/blob_api.h"
#include "sim/lab/blob_calls_out.h"
#include "sim/lab/foundry_api.h"
#include "sim/lab/search_api.h"
#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

using test::ask;
using test::ask_whole;
using test::kMoment;
using test::request_of;
using test::told;

constexpr std::string_view kForbidden =
    "<Error><Code>AuthorizationFailure</Code><Message>not "
    "authorized\nRequestId:1</Message></Error>";

class Works : public testing::Test {
 protected:
  Works() {
    (void)ask(blobs_, request_of("PUT", "/docs?restype=container"));
    upload("a&b.txt", "The red fox");
    upload("dir/c.txt", "A rose");
  }
  void upload(const std::string& name, std::string body) {
    (void)ask(blobs_, request_of("PUT", "/docs/" + url_encoded(name, true), std::move(body),
                                 {{"x-ms-blob-type", "BlockBlob"}}));
  }
  // Makes the calls, and writes down what they are.
  void run(Work& work) {
    OutResult last;
    auto call = work.next(nullptr, kMoment);
    while (call) {
      calls_ += call->request.method + ' ' + call->url.substr(0, call->url.find('?')) + ' ' +
                std::string(to_string(call->credential)) + '\n';
      last = send(*call);
      call = work.next(&last, kMoment);
    }
  }
  OutResult send(const OutCall& call) {
    if (call.url.contains(denied_)) return {Response(403, {}, std::string(kForbidden)), false, ""};
    Request request = call.request;
    request.target = call.url.substr(call.url.find('/', 8));
    ServiceApi& api = call.url.contains("blob") ? static_cast<ServiceApi&>(blobs_) : foundry_;
    return {ask(api, request), false, ""};
  }
  std::string search(const std::string& method, const std::string& path, std::string body = "") {
    ServiceAnswer answer =
        ask_whole(search_, request_of(method, path + "?api-version=2024-07-01", std::move(body)));
    if (answer.work) run(*answer.work);
    return told(answer.response);
  }
  void make_indexer(const std::string& connection) {
    EXPECT_EQ(search("POST", "/indexes",
                     R"j({"name":"i","fields":[{"name":"id","type":"Edm.String","key":true},)j"
                     R"j({"name":"content","type":"Edm.String"},)j"
                     R"j({"name":"vec","type":"Collection(Edm.Single)","dimensions":8}]})j")
                  .substr(0, 3),
              "201");
    EXPECT_EQ(search("POST", "/datasources",
                     R"({"name":"d","type":"azureblob","container":{"name":"docs"},)"
                     R"("credentials":{"connectionString":")" +
                         connection + R"("}})")
                  .substr(0, 3),
              "201");
    EXPECT_EQ(
        search(
            "POST", "/skillsets",
            R"({"name":"s","skills":[{"@odata.type":"#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill",)"
            R"("resourceUri":"https://ai.openai.azure.com","deploymentId":"e","dimensions":8,)"
            R"("inputs":[{"name":"text","source":"/document/content"}],)"
            R"("outputs":[{"name":"embedding","targetName":"v"}]}]})")
            .substr(0, 3),
        "201");
    EXPECT_EQ(
        search(
            "POST", "/indexers",
            R"({"name":"x","dataSourceName":"d","targetIndexName":"i","skillsetName":"s",)"
            R"("fieldMappings":[{"sourceFieldName":"metadata_storage_path","targetFieldName":"id",)"
            R"("mappingFunction":{"name":"base64Encode"}}],)"
            R"("outputFieldMappings":[{"sourceFieldName":"/document/v","targetFieldName":"vec"}]})")
            .substr(0, 3),
        "201");
  }

  BlobApi blobs_{"https://st.blob.core.windows.net/"};
  FoundryApi foundry_{Service::OpenAi, "eastus"};
  SearchApi search_{"https://srch.search.windows.net"};
  std::string denied_ = "(nothing)";
  std::string calls_;
};

TEST_F(Works, IndexerReadsEmbedsAndIndexes) {
  make_indexer(
      "ResourceId=/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st/"
      ";");
  EXPECT_EQ(calls_,
            "GET https://st.blob.core.windows.net/docs managed identity\n"
            "GET https://st.blob.core.windows.net/docs/a%26b.txt managed identity\n"
            "POST https://ai.openai.azure.com/openai/deployments/e/embeddings managed identity\n"
            "GET https://st.blob.core.windows.net/docs/dir/c.txt managed identity\n"
            "POST https://ai.openai.azure.com/openai/deployments/e/embeddings managed identity\n");
  EXPECT_EQ(search("GET", "/indexes/i/docs/$count"), "200 2");
  EXPECT_THAT(
      search("GET", "/indexers/x/status"),
      testing::HasSubstr(
          R"("lastResult":{"status":"success","errorMessage":null,"startTime":"2026-06-01T12:00:00Z","endTime":"2026-06-01T12:00:00Z","itemsProcessed":2,"itemsFailed":0)"));
  EXPECT_THAT(search("POST", "/indexes/i/docs/search", R"({"search":"fox","select":"content"})"),
              testing::HasSubstr(R"("content":"The red fox")"));
}

TEST_F(Works, DenialOfTheSourceIsTold) {
  denied_ = "/docs?restype";
  make_indexer("ResourceId=/x/storageAccounts/st;");
  EXPECT_THAT(
      search("GET", "/indexers('x')/search.status"),
      testing::HasSubstr(
          R"("lastResult":{"status":"transientFailure","errorMessage":"Error with data source: the container `docs` of `st.blob.core.windows.net` could not be listed: 403 AuthorizationFailure: not authorized")"));
}

TEST_F(Works, DenialOfTheSkillIsTold) {
  denied_ = "embeddings";
  make_indexer("AccountName=st;AccountKey=a2V5;");
  EXPECT_THAT(calls_, testing::StartsWith("GET https://st.blob.core.windows.net/docs key\n"));
  EXPECT_THAT(
      search("GET", "/indexers/x/status"),
      testing::HasSubstr(
          R"("itemsProcessed":2,"itemsFailed":2,"initialTrackingState":null,"finalTrackingState":null,"errors":[{"key":"https://st.blob.core.windows.net/docs/a%26b.txt","name":"Enrichment.AzureOpenAIEmbeddingSkill.#1","statusCode":403,"errorMessage":"Could not execute skill because the Web Api request failed: 403 AuthorizationFailure: not authorized")"));
}

TEST_F(Works, BatchReadsAndWritesBlobs) {
  upload(
      "in.jsonl",
      R"({"custom_id":"1","method":"POST","url":"/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"hi"}]}})"
      "\n{}\n");
  ServiceAnswer answer = ask_whole(
      foundry_,
      request_of("POST", "/openai/batches",
                 R"({"endpoint":"/chat/completions","completion_window":"24h",)"
                 R"("input_blob":"https://st.blob.core.windows.net/docs/in.jsonl",)"
                 R"("output_folder":{"url":"https://st.blob.core.windows.net/docs/out"}})"));
  ASSERT_NE(answer.work, nullptr);
  run(*answer.work);
  EXPECT_EQ(calls_,
            "GET https://st.blob.core.windows.net/docs/in.jsonl managed identity\n"
            "PUT https://st.blob.core.windows.net/docs/out/batch_000000000001/results.jsonl "
            "managed identity\n");
  EXPECT_EQ(
      told(ask(foundry_, request_of("GET", "/openai/batches/batch_000000000001"))),
      R"(200 {"id":"batch_000000000001","object":"batch","endpoint":"/chat/completions","input_file_id":null,)"
      R"("input_blob":"https://st.blob.core.windows.net/docs/in.jsonl","completion_window":"24h","status":"completed",)"
      R"("output_file_id":null,"output_blob":"https://st.blob.core.windows.net/docs/out/batch_000000000001/results.jsonl",)"
      R"("error_file_id":null,"created_at":1780315200,"completed_at":1780315200,"failed_at":null,"errors":null,)"
      R"("request_counts":{"total":2,"completed":1,"failed":1}})");
  const std::string results =
      ask(blobs_, request_of("GET", "/docs/out/batch_000000000001/results.jsonl")).body;
  EXPECT_THAT(results, testing::StartsWith(R"({"custom_id":"1","response":{"status_code":200,)"));
}

TEST_F(Works, BatchTellsItsDenial) {
  denied_ = "in.jsonl";
  ServiceAnswer answer = ask_whole(
      foundry_, request_of("POST", "/openai/batches",
                           R"({"input_blob":"https://st.blob.core.windows.net/docs/in.jsonl"})"));
  ASSERT_NE(answer.work, nullptr);
  run(*answer.work);
  EXPECT_THAT(
      told(ask(foundry_, request_of("GET", "/openai/batches/batch_000000000001"))),
      testing::HasSubstr(
          R"("errors":{"object":"list","data":[{"code":"input_blob_not_readable","message":"the input blob could not be read: 403 AuthorizationFailure: not authorized"}]})"));
}

TEST(Connections, AreReadOrRefused) {
  EXPECT_EQ(parse_connection("ResourceId=/subscriptions/s/x/storageAccounts/stA/;"),
            (BlobConnection{"stA", "sta.blob.core.windows.net", Credential::ManagedIdentity, ""}));
  EXPECT_EQ(parse_connection("DefaultEndpointsProtocol=https;AccountName=st;AccountKey=ab==;"
                             "EndpointSuffix=core.windows.net"),
            (BlobConnection{"st", "st.blob.core.windows.net", Credential::Key, "ab=="}));
  EXPECT_EQ(parse_connection("BlobEndpoint=https://st.blob.core.windows.net/;"
                             "SharedAccessSignature=?sv=1&sig=x="),
            (BlobConnection{"st", "st.blob.core.windows.net", Credential::Sas, "sv=1&sig=x="}));
  EXPECT_FALSE(parse_connection("AccountName=st").has_value());
}

}  // namespace
}  // namespace nsp::lab
