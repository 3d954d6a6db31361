#include "sim/lab/foundry_api.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sim/lab/foundry_files.h"
#include "sim/lab/foundry_models.h"
#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

using test::ask;
using test::header;
using test::request_of;
using test::told;

class Foundry : public testing::Test {
 protected:
  Response post(std::string path, std::string body) {
    return ask(api_, request_of("POST", std::move(path), std::move(body)));
  }
  std::string get(std::string path) { return told(ask(api_, request_of("GET", std::move(path)))); }

  FoundryApi api_{Service::Foundry, "eastus"};
};

constexpr std::string_view kHello = R"({"messages":[{"role":"user","content":"hello"}]})";

TEST_F(Foundry, ChatsTheSameEachTime) {
  const Response answer =
      post("/openai/deployments/gpt/chat/completions?api-version=2024-10-21", std::string(kHello));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(header(answer, "apim-request-id"), "id-1");
  EXPECT_EQ(header(answer, "x-ms-region"), "eastus");
  EXPECT_THAT(
      answer.body,
      testing::HasSubstr(
          R"("message":{"role":"assistant","content":"The lab answers 2cf24dba: hello","refusal":null})"));
  EXPECT_THAT(
      answer.body,
      testing::EndsWith(R"("usage":{"prompt_tokens":5,"completion_tokens":8,"total_tokens":13}})"));
  EXPECT_EQ(post("/openai/deployments/gpt/chat/completions", std::string(kHello)).body,
            answer.body);
}

TEST_F(Foundry, ChatsInPieces) {
  const Response answer = post(
      "/openai/v1/chat/completions",
      R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})");
  EXPECT_EQ(header(answer, "Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_THAT(answer.body,
              testing::HasSubstr(
                  R"("choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]})"));
  EXPECT_THAT(
      answer.body,
      testing::EndsWith(
          R"("choices":[],"usage":{"prompt_tokens":4,"completion_tokens":7,"total_tokens":11}})"
          "\n\ndata: [DONE]\n\n"));
}

std::string chat_with(std::string_view member) {
  return fmt::format(R"({{"model":"m",{},"messages":[{{"role":"user","content":"hi"}}]}})", member);
}

TEST_F(Foundry, ChatsInJson) {
  EXPECT_THAT(
      post("/openai/v1/chat/completions", chat_with(R"("response_format":{"type":"json_object"})"))
          .body,
      testing::HasSubstr(R"("content":"{\"answer\":\"The lab answers 8f434346: hi\"}")"));
}

// A client would look in vain for what it asked.
TEST_F(Foundry, ChatsNoOtherwiseThanAsked) {
  const auto refusal = [&](std::string_view member) {
    return told(post("/openai/v1/chat/completions", chat_with(member)));
  };
  const auto lacks = [](std::string_view what) {
    return fmt::format(
        R"(501 {{"error":{{"code":"NotImplemented","message":"the lab's models have no {}"}}}})",
        what);
  };
  EXPECT_EQ(refusal(R"("n":2)"), lacks("more than one answer (`n`)"));
  EXPECT_EQ(refusal(R"("logprobs":true)"), lacks("`logprobs`"));
  EXPECT_EQ(refusal(R"("tool_choice":"required")"), lacks("calls of tools"));
  EXPECT_EQ(refusal(R"("tool_choice":{"type":"function","function":{"name":"f"}})"),
            lacks("calls of tools"));
  EXPECT_EQ(refusal(R"("response_format":{"type":"json_schema","json_schema":{"name":"s"}})"),
            lacks("answers that follow a `json_schema`"));
  for (const char* usual : {R"("n":1)", R"("logprobs":false)", R"("tool_choice":"auto")",
                            R"("response_format":{"type":"text"})"}) {
    EXPECT_THAT(refusal(usual), testing::StartsWith("200 ")) << usual;
  }
  EXPECT_EQ(told(post("/openai/v1/completions", R"({"model":"m","prompt":"hi","n":3})")),
            lacks("more than one answer (`n`)"));
  EXPECT_EQ(told(post("/openai/v1/completions", R"({"model":"m","prompt":"hi","stream":true})")),
            lacks("completions in parts, only chats"));
}

TEST_F(Foundry, EmbedsAsNumbersAndBytes) {
  const std::vector<float> vector = embedding_of("red fox", 3);
  float square = 0;
  for (const float number : vector) square += number * number;
  EXPECT_NEAR(square, 1, 1e-6);
  EXPECT_EQ(embedding_of("Red, fox!", 3), vector);
  EXPECT_NE(embedding_of("red rose", 3), vector);
  const Response bytes = post("/openai/deployments/e/embeddings",
                              R"({"input":["a","b"],"dimensions":1,"encoding_format":"base64"})");
  EXPECT_THAT(bytes.body, testing::AnyOf(testing::HasSubstr(R"("embedding":"AACAPw==")"),
                                         testing::HasSubstr(R"("embedding":"AACAvw==")")));
  EXPECT_EQ(
      told(post("/openai/deployments/e/embeddings", R"({"input":"a","dimensions":0})")),
      R"(400 {"error":{"code":"BadRequest","message":"'dimensions' is a number from 1 to 4096"}})");
}

TEST_F(Foundry, SaysWhatIsWrong) {
  EXPECT_EQ(told(post("/openai/deployments/gpt/chat/completions", "{")),
            R"(400 {"error":{"code":"BadRequest","message":"the body is no JSON object"}})");
  EXPECT_EQ(told(post("/openai/v1/chat/completions", std::string(kHello))),
            R"(400 {"error":{"code":"BadRequest","message":"'model' is a required property"}})");
  EXPECT_EQ(
      told(post("/openai/v1/responses", "{}")),
      R"(501 {"error":{"code":"NotImplemented","message":"the lab's Foundry has no `POST responses`"}})");
  EXPECT_EQ(
      get("/elsewhere?x=1"),
      R"(501 {"error":{"code":"NotImplemented","message":"the lab's Foundry has no `GET /elsewhere`"}})");
  EXPECT_EQ(get("/openai/models/none"),
            R"(404 {"error":{"code":"ModelNotFound","message":"the lab lists no model `none`"}})");
}

TEST_F(Foundry, KnowsItsOperations) {
  const auto of = [&](const std::string& path) { return api_.operation(request_of("POST", path)); };
  EXPECT_EQ(of("/openai/fine_tuning/jobs?api-version=1"), "fine-tuning");
  EXPECT_EQ(of("/openai/v1/assistants"), "assistants");
  EXPECT_EQ(of("/api/projects/p/openai/threads/1/runs"), "assistants");
  EXPECT_EQ(of("/openai/deployments/threads/chat/completions"), "data");
  EXPECT_EQ(of("nothing"), "data");
}

TEST(Uploads, AreReadOrRefused) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
      "Content-Type: application/jsonl\r\n\r\n{}\r\n\r\n--b--\r\n";
  EXPECT_EQ(parse_upload("multipart/form-data; boundary=b", body),
            (UploadedFile{"batch", "in.jsonl", "{}\r\n"}));
  EXPECT_EQ(parse_upload("multipart/form-data; boundary=\"c\"", body), std::nullopt);
  EXPECT_EQ(parse_upload("multipart/form-data", body), std::nullopt);
  EXPECT_EQ(parse_upload("multipart/form-data; boundary=b", body.substr(0, body.size() - 10)),
            std::nullopt);
}

}  // namespace
}  // namespace nsp::lab
