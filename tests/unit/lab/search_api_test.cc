#include "sim/lab/search_api.h"

#include <gmock/gmock.h>

#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

using test::ask;
using test::request_of;
using test::told;

constexpr std::string_view kIndex =
    R"j({"name":"docs","fields":[{"name":"id","type":"Edm.String","key":true},)j"
    R"j({"name":"text","type":"Edm.String"},{"name":"rating","type":"Edm.Int32"},)j"
    R"j({"name":"tags","type":"Collection(Edm.String)"},)j"
    R"j({"name":"vec","type":"Collection(Edm.Single)","dimensions":2,"retrievable":false}]})j";

constexpr std::string_view kBatch =
    R"({"value":[{"@search.action":"upload","id":"1","text":"The red fox","rating":3,"tags":["a","b"],"vec":[1,0]},)"
    R"({"@search.action":"upload","id":"2","text":"A red, red rose","rating":5,"tags":["b"],"vec":[0,1]},)"
    R"({"id":"3","text":"Foxglove","rating":1,"vec":[0.6,0.8]}]})";

class Search : public testing::Test {
 protected:
  std::string call(const std::string& method, const std::string& path, std::string_view body = "",
                   const test::Fields& fields = {}) {
    const char sign = path.contains('?') ? '&' : '?';
    return told(ask(api_, request_of(method, path + sign + "api-version=2024-07-01",
                                     std::string(body), fields)));
  }
  void fill() {
    EXPECT_EQ(call("POST", "/indexes", kIndex).substr(0, 4), "201 ");
    EXPECT_EQ(call("POST", "/indexes/docs/docs/index", kBatch),
              R"(200 {"value":[{"key":"1","status":true,"errorMessage":null,"statusCode":201},)"
              R"({"key":"2","status":true,"errorMessage":null,"statusCode":201},)"
              R"({"key":"3","status":true,"errorMessage":null,"statusCode":201}]})");
  }
  // The keys of what is found, in order.
  std::string found(const std::string& question) {
    std::string answer = call("POST", "/indexes('docs')/docs/search.post.search", question);
    if (!answer.starts_with("200 ")) return answer;
    std::string keys;
    for (std::size_t at = answer.find("\"id\":\""); at != std::string::npos;
         at = answer.find("\"id\":\"", at + 1)) {
      keys += answer[at + 6];
    }
    return keys;
  }

  SearchApi api_{"https://srch.search.windows.net"};
};

TEST_F(Search, IndexIsMadeAndTold) {
  const std::string told_index =
      R"({"@odata.context":"https://srch.search.windows.net/$metadata#indexes/$entity",)"
      R"("@odata.etag":"\"0x8DE000000000001\"",)" +
      std::string(kIndex.substr(1));
  EXPECT_EQ(call("PUT", "/indexes('docs')", kIndex), "201 " + told_index);
  EXPECT_EQ(call("GET", "/indexes/docs"), "200 " + told_index);
  EXPECT_EQ(call("GET", "/indexes"), "200 {\"value\":[" + told_index + "]}");
  EXPECT_EQ(
      call("POST", "/indexes", kIndex),
      R"(409 {"error":{"code":"","message":"Cannot create index 'docs' because it already exists."}})");
  EXPECT_EQ(
      call("PUT", "/indexes/docs", kIndex, {{"If-None-Match", "*"}}),
      R"(412 {"error":{"code":"","message":"The precondition given in one of the request headers evaluated to false."}})");
  EXPECT_EQ(call("DELETE", "/indexes/docs"), "204");
  EXPECT_EQ(
      call("GET", "/indexes/docs"),
      R"(404 {"error":{"code":"","message":"No index with the name 'docs' was found in the service."}})");
}

TEST_F(Search, WordsAreFound) {
  fill();
  EXPECT_EQ(found(R"({"search":"red"})"), "21");
  EXPECT_EQ(found(R"({"search":"red fox"})"), "12");
  EXPECT_EQ(found(R"({"search":"red fox","searchMode":"all"})"), "1");
  EXPECT_EQ(found(R"({"search":"fox*"})"), "13");
  EXPECT_EQ(found(R"({"search":"\"red fox\""})"), "1");
  EXPECT_EQ(found(R"({"search":"red -rose","searchMode":"all"})"), "1");
  EXPECT_EQ(found(R"({"search":"b","searchFields":"tags"})"), "12");
  EXPECT_EQ(found(R"({"search":"*"})"), "123");
  EXPECT_EQ(found(R"({"search":"*","orderby":"rating desc","top":2})"), "21");
  EXPECT_EQ(found(R"({"search":"*","orderby":"rating","skip":2})"), "2");
}

TEST_F(Search, FiltersNarrow) {
  fill();
  EXPECT_EQ(found(R"({"filter":"rating ge 3"})"), "12");
  EXPECT_EQ(found(R"j({"filter":"not (rating lt 3 or id eq '2')"})j"), "1");
  EXPECT_EQ(found(R"j({"filter":"search.in(id, '1,3')"})j"), "13");
  EXPECT_EQ(found(R"j({"filter":"tags/any(t: t eq 'a')"})j"), "1");
  EXPECT_EQ(
      found(R"({"filter":"nope eq 1"})"),
      R"(400 {"error":{"code":"","message":"Invalid expression: Could not find a property named 'nope' on type 'search.document'."}})");
  EXPECT_EQ(
      found(R"({"filter":"rating ge"})"),
      R"(400 {"error":{"code":"","message":"Invalid expression: expected a text, a number, true, false or null at `` in the filter"}})");
  EXPECT_EQ(
      found(R"({"filter":"geo.distance(x, y) le 1"})"),
      R"(501 {"error":{"code":"","message":"the lab's AI Search has no `geo.distance` in filters"}})");
}

TEST_F(Search, VectorsAreNear) {
  fill();
  EXPECT_EQ(found(R"({"vectorQueries":[{"kind":"vector","vector":[0,1],"fields":"vec","k":2}]})"),
            "23");
  EXPECT_EQ(call("POST", "/indexes/docs/docs/search",
                 R"({"select":"id","vectorQueries":[{"vector":[1,0],"fields":"vec","k":1}]})"),
            R"(200 {"value":[{"@search.score":1.0,"id":"1"}]})");
  EXPECT_EQ(
      found(R"({"vectorQueries":[{"vector":[1],"fields":"vec"}]})"),
      R"(400 {"error":{"code":"","message":"The vector query has 1 dimensions, and 'vec' is no vector field of as many."}})");
  EXPECT_EQ(found(R"({"search":"fox","vectorQueries":[{"vector":[0,1],"fields":"vec","k":1}]})"),
            "12");
}

TEST_F(Search, DocumentsChange) {
  fill();
  EXPECT_EQ(
      call("POST", "/indexes/docs/docs/index",
           R"({"value":[{"@search.action":"merge","id":"9","rating":1},)"
           R"({"@search.action":"mergeOrUpload","id":"1","rating":4},)"
           R"({"@search.action":"delete","id":"3"},{"id":"a b"}]})"),
      R"(207 {"value":[{"key":"9","status":false,"errorMessage":"Document not found.","statusCode":404},)"
      R"({"key":"1","status":true,"errorMessage":null,"statusCode":200},)"
      R"({"key":"3","status":true,"errorMessage":null,"statusCode":200},)"
      R"({"key":"a b","status":false,"errorMessage":"Invalid document key: keys are letters, digits, underscore, dash or equal sign.","statusCode":400}]})");
  EXPECT_EQ(call("GET", "/indexes('docs')/docs('1')"),
            R"(200 {"id":"1","text":"The red fox","rating":4,"tags":["a","b"]})");
  EXPECT_EQ(call("GET", "/indexes/docs/docs/$count"), "200 2");
  EXPECT_EQ(call("GET", "/indexes/docs/docs?$filter=id%20eq%20'2'&$count=true&$select=id"),
            R"(200 {"@odata.count":1,"value":[{"@search.score":1.0,"id":"2"}]})");
  EXPECT_EQ(
      call("POST", "/indexes/docs/docs/index", R"({"value":[{"id":"1","rating":"x"}]})"),
      R"(400 {"error":{"code":"","message":"The request is invalid. Details: the value of 'rating' is not of type 'Edm.Int32'."}})");
}

TEST_F(Search, FacetsCount) {
  fill();
  EXPECT_EQ(call("POST", "/indexes/docs/docs/search", R"({"top":0,"facets":["tags,count:1"]})"),
            R"(200 {"@search.facets":{"tags":[{"count":2,"value":"b"}]},"value":[]})");
}

TEST_F(Search, WhatIsNotThereIsSaid) {
  EXPECT_EQ(
      told(ask(api_, request_of("GET", "/indexes"))),
      R"(400 {"error":{"code":"","message":"Missing API version: the query has no `api-version`."}})");
  EXPECT_EQ(
      call("GET", "/synonymmaps"),
      R"(501 {"error":{"code":"","message":"the lab's AI Search has no `GET /synonymmaps`"}})");
  EXPECT_EQ(
      call("POST", "/indexes", "[[[[["),
      R"(400 {"error":{"code":"","message":"The request is invalid. Details: expected a JSON object."}})");
  fill();
  EXPECT_EQ(
      found(R"({"search":"x","queryType":"semantic"})"),
      R"(501 {"error":{"code":"","message":"the lab's AI Search has no `semantic` queries"}})");
  EXPECT_EQ(
      call("POST", "/indexes/docs/docs/search.post.suggest", "{}"),
      R"(501 {"error":{"code":"","message":"the lab's AI Search has no `POST docs/search.post.suggest`"}})");
}

TEST_F(Search, SkillSaysWhomToAsk) {
  const auto with = [&](std::string_view members) {
    return call(
        "POST", "/skillsets",
        R"({"name":"s","skills":[{"@odata.type":"#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill")" +
            std::string(members) + "}]}");
  };
  constexpr std::string_view kDetails =
      R"(400 {"error":{"code":"","message":"The request is invalid. Details: the skill needs a `)";
  EXPECT_EQ(with(R"(,"deploymentId":"e")"), std::string(kDetails) + R"(resourceUri`."}})");
  EXPECT_EQ(with(R"(,"resourceUri":"https://ai.openai.azure.com")"),
            std::string(kDetails) + R"(deploymentId`."}})");
  EXPECT_THAT(with(R"(,"resourceUri":"https://ai.openai.azure.com","deploymentId":"e")"),
              testing::StartsWith("201 "));
}

TEST(SearchLimits, RefuseAndSay) {
  SearchApi api("https://srch.search.windows.net", {.document_bytes = 60, .definitions = 1});
  const std::string version = "?api-version=2024-07-01";
  EXPECT_EQ(ask(api, request_of("POST", "/indexes" + version, std::string(kIndex))).status, 201U);
  EXPECT_EQ(
      told(ask(
          api,
          request_of(
              "POST", "/indexes/docs/docs/index" + version,
              R"({"value":[{"id":"1","text":"fits"},{"id":"2","text":"does not, as it is much too long"}]})"))),
      R"(207 {"value":[{"key":"1","status":true,"errorMessage":null,"statusCode":201},)"
      R"({"key":"2","status":false,"errorMessage":"the lab's AI Search has no more memory for documents","statusCode":507}]})");
}

}  // namespace
}  // namespace nsp::lab
