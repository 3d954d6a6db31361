#include "sim/lab/foundry_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/lab/crypto.h"
#include "sim/lab/search_index.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;
using Answer = std::expected<ModelAnswer, FoundryProblem>;

constexpr std::size_t kUsualDimensions = 1'536;
constexpr std::size_t kMostInputs = 2'048;
constexpr std::size_t kMostNumbers = 2'000'000;  // of one answer
constexpr std::size_t kMostEchoed = 400;

std::unexpected<FoundryProblem> invalid(std::string message) {
  return std::unexpected(FoundryProblem{400, "BadRequest", std::move(message)});
}

// About four bytes are a token.
std::size_t tokens_of(std::string_view text) { return (text.size() + 3) / 4; }

std::string id_of(std::string_view prefix, std::string_view body) {
  return std::string(prefix) + hex(sha256(body)).substr(0, 24);
}

std::unexpected<FoundryProblem> no_model_can(std::string_view what) {
  return std::unexpected(
      FoundryProblem{501, "NotImplemented", fmt::format("the lab's models have no {}", what)});
}

// At most so many bytes, and no character cut in two.
std::string_view head_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

// A message's content: a text, or parts of which some are texts.
std::string content_of(const Json& message) {
  const Json* content = member(message, "content");
  if (content == nullptr) return {};
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  if (!content->is_array()) return text;
  for (const Json& part : *content) text += text_in(part, "text");
  return text;
}

std::string reply_to(std::string_view prompt) {
  return fmt::format("The lab answers {}: {}", hex(sha256(prompt)).substr(0, 8),
                     head_of(prompt, kMostEchoed));
}

Json usage_of(std::size_t prompt, std::size_t completion) {
  return {{"prompt_tokens", prompt},
          {"completion_tokens", completion},
          {"total_tokens", prompt + completion}};
}

std::string event(const Json& chunk) { return fmt::format("data: {}\n\n", json_text(chunk)); }

// The answer word by word, as clients show it.
std::string streamed(Json chunk, const std::string& reply, const Json& usage, bool with_usage) {
  std::string out;
  const auto send = [&](Json delta, const Json& reason) {
    chunk["choices"] = Json::array();
    chunk["choices"].push_back(
        {{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", reason}});
    out += event(chunk);
  };
  send({{"role", "assistant"}, {"content", ""}}, nullptr);
  for (std::size_t at = 0; at < reply.size();) {
    const std::size_t space = reply.find(' ', at);
    const std::size_t end = space == std::string::npos ? reply.size() : space + 1;
    send({{"content", reply.substr(at, end - at)}}, nullptr);
    at = end;
  }
  send(Json::object(), "stop");
  if (with_usage) {
    chunk["choices"] = Json::array();
    chunk["usage"] = usage;
    out += event(chunk);
  }
  return out + "data: [DONE]\n\n";
}

struct Question {
  Json json;
  std::string model;
  std::string_view body;
  std::int64_t created = 0;
};

// What a client would look for in the answer and not find there; empty: nothing.
std::string_view lacking_for(const Json& json) {
  const Json* count = member(json, "n");
  if (count != nullptr && *count != 1) return "more than one answer (`n`)";
  if (is_true(json, "logprobs")) return "`logprobs`";
  const Json* choice = member(json, "tool_choice");
  if (choice != nullptr && *choice != "auto" && *choice != "none") return "calls of tools";
  const Json* format = member(json, "response_format");
  const bool by_schema = format != nullptr && text_in(*format, "type") == "json_schema";
  return by_schema ? "answers that follow a `json_schema`" : "";
}

// In JSON mode the reply is an object.
std::string in_form_asked(const Json& json, std::string reply) {
  const Json* format = member(json, "response_format");
  if (format == nullptr || text_in(*format, "type") != "json_object") return reply;
  return json_text(Json{{"answer", std::move(reply)}});
}

Answer chat(const Question& question) {
  if (const std::string_view what = lacking_for(question.json); !what.empty()) {
    return no_model_can(what);
  }
  const Json* messages = member(question.json, "messages");
  if (messages == nullptr || !messages->is_array() || messages->empty()) {
    return invalid("'messages' is a required property: a list of at least one message");
  }
  std::size_t prompt = 0;
  std::string last;
  for (const Json& message : *messages) {
    if (!message.is_object() || text_in(message, "role").empty()) {
      return invalid("each of 'messages' is an object with a role");
    }
    std::string content = content_of(message);
    prompt += tokens_of(content) + 3;
    if (text_in(message, "role") == "user") last = std::move(content);
  }
  const std::string reply = in_form_asked(question.json, reply_to(last));
  const Json usage = usage_of(prompt, tokens_of(reply));
  Json answer;
  answer["id"] = id_of("chatcmpl-", question.body);
  answer["created"] = question.created;
  answer["model"] = question.model;
  answer["system_fingerprint"] = "fp_nspsim";
  if (is_true(question.json, "stream")) {
    answer["object"] = "chat.completion.chunk";
    const Json* options = member(question.json, "stream_options");
    const bool with_usage = options != nullptr && is_true(*options, "include_usage");
    return ModelAnswer{streamed(std::move(answer), reply, usage, with_usage), true};
  }
  answer["object"] = "chat.completion";
  answer["choices"].push_back(
      {{"index", 0},
       {"message", {{"role", "assistant"}, {"content", reply}, {"refusal", nullptr}}},
       {"logprobs", nullptr},
       {"finish_reason", "stop"}});
  answer["usage"] = usage;
  return ModelAnswer{json_text(answer), false};
}

Answer completion(const Question& question) {
  const std::string prompt = text_in(question.json, "prompt");
  if (prompt.empty()) return invalid("'prompt' is a required property: one text");
  if (is_true(question.json, "stream")) return no_model_can("completions in parts, only chats");
  const Json* count = member(question.json, "n");
  if (count != nullptr && *count != 1) return no_model_can("more than one answer (`n`)");
  const std::string reply = reply_to(prompt);
  Json answer;
  answer["id"] = id_of("cmpl-", question.body);
  answer["object"] = "text_completion";
  answer["created"] = question.created;
  answer["model"] = question.model;
  answer["choices"].push_back(
      {{"index", 0}, {"text", reply}, {"logprobs", nullptr}, {"finish_reason", "stop"}});
  answer["usage"] = usage_of(tokens_of(prompt), tokens_of(reply));
  return ModelAnswer{json_text(answer), false};
}

// One text, or a list of them.
std::optional<std::vector<std::string>> inputs_in(const Json& json) {
  const Json* input = member(json, "input");
  if (input == nullptr) return std::nullopt;
  if (input->is_string()) return std::vector{input->get<std::string>()};
  if (!input->is_array() || input->empty() || input->size() > kMostInputs) return std::nullopt;
  std::vector<std::string> texts;
  for (const Json& item : *input) {
    if (!item.is_string()) return std::nullopt;
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

// Little-endian floats, as the machines that Azure runs on have them.
std::string bytes_of(const std::vector<float>& vector) {
  std::string bytes;
  bytes.reserve(vector.size() * sizeof(float));
  for (const float number : vector) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<char>((bits >> shift) & 0xff));
    }
  }
  return bytes;
}

Answer embedding(const Question& question) {
  const auto texts = inputs_in(question.json);
  if (!texts) {
    return invalid(fmt::format("'input' is a required property: a text or a list of 1 to {} texts",
                               kMostInputs));
  }
  const bool said = member(question.json, "dimensions") != nullptr;
  const std::size_t dimensions =
      said ? count_in(question.json, "dimensions").value_or(0) : kUsualDimensions;
  if (dimensions == 0 || dimensions > kMostDimensions) {
    return invalid(fmt::format("'dimensions' is a number from 1 to {}", kMostDimensions));
  }
  if (texts->size() * dimensions > kMostNumbers) {
    return invalid(fmt::format("the lab answers with at most {} numbers at once", kMostNumbers));
  }
  const bool base = text_in(question.json, "encoding_format") == "base64";
  Json answer;
  answer["object"] = "list";
  answer["data"] = Json::array();
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const std::vector<float> vector = embedding_of((*texts)[i], dimensions);
    tokens += tokens_of((*texts)[i]);
    answer["data"].push_back({{"object", "embedding"},
                              {"index", i},
                              {"embedding", base ? Json(base64(bytes_of(vector))) : Json(vector)}});
  }
  answer["model"] = question.model;
  answer["usage"] = {{"prompt_tokens", tokens}, {"total_tokens", tokens}};
  return ModelAnswer{json_text(answer), false};
}

// Adds numbers between -1 and 1 that follow from the seed.
void add_noise(std::string_view seed, std::vector<float>& vector) {
  const std::string digest = sha256(seed);
  std::uint64_t state = 0;
  for (std::size_t i = 0; i < sizeof state; ++i) {
    state = (state << 8) | static_cast<unsigned char>(digest[i]);
  }
  for (float& number : vector) {
    // SplitMix64.
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    number += static_cast<float>(static_cast<double>(z >> 11) * 0x1p-52 - 1);
  }
}

}  // namespace

std::vector<float> embedding_of(std::string_view text, std::size_t dimensions) {
  constexpr std::size_t kMostWords = 256;
  std::vector<float> vector(dimensions);
  std::vector<std::string> words = words_of(text);
  if (words.empty()) words.emplace_back(text);
  words.resize(std::min(words.size(), kMostWords));
  for (const std::string& word : words) add_noise(word, vector);
  double square = 0;
  for (const float number : vector) square += static_cast<double>(number) * number;
  const double length = square > 0 ? std::sqrt(square) : 1;
  for (float& number : vector) number = static_cast<float>(number / length);
  return vector;
}

std::expected<ModelAnswer, FoundryProblem> ask_model(ModelCall call, std::string_view deployment,
                                                     std::string_view body, Utc now) {
  auto json = parse_object<Json>(body);
  if (!json) return invalid("the body is no JSON object");
  Question question{*std::move(json), std::string(deployment), body, unix_time(now)};
  if (question.model.empty()) question.model = text_in(question.json, "model");
  if (question.model.empty()) return invalid("'model' is a required property");
  switch (call) {
    case ModelCall::Chat:
      return chat(question);
    case ModelCall::Completion:
      return completion(question);
    case ModelCall::Embedding:
      break;
  }
  return embedding(question);
}

}  // namespace nsp::lab
