#include "sim/lab/foundry_batch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_calls_out.h"
#include "sim/lab/crypto.h"
#include "sim/lab/foundry_models.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostLines = 100'000;
constexpr std::size_t kMostOutputBytes = 32'000'000;

std::optional<ModelCall> call_of(std::string_view url) {
  if (url.ends_with("/chat/completions")) return ModelCall::Chat;
  if (url.ends_with("/embeddings")) return ModelCall::Embedding;
  if (url.ends_with("/completions")) return ModelCall::Completion;
  return std::nullopt;
}

// A URL's host and what follows it.
std::optional<std::pair<std::string, std::string>> host_and_path(std::string_view url) {
  if (!url.starts_with("https://")) return std::nullopt;
  url.remove_prefix(8);
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  return std::pair(std::string(url.substr(0, slash)), std::string(url.substr(slash)));
}

class BatchWork : public Work {
 public:
  BatchWork(std::shared_ptr<FoundryBatch> batch, std::optional<std::string> input, KeepFile keep)
      : batch_(std::move(batch)), input_(std::move(input)), keep_(std::move(keep)) {}

  std::optional<OutCall> next(const OutResult* last, Utc now) override {
    if (last == nullptr) {
      if (input_) return process(*input_, now);
      return call("GET", batch_->input_blob, "", now);
    }
    if (!is_writing_) return read(*last, now);
    return written(*last, now);
  }

 private:
  std::optional<OutCall> call(std::string method, const std::string& url, std::string body,
                              Utc now) {
    const auto parts = host_and_path(url);
    if (!parts) {
      return give_up("invalid_url", fmt::format("`{}` is no URL of a blob", url), now);
    }
    BlobConnection connection;
    connection.host = parts->first;
    connection.account = parts->first.substr(0, parts->first.find('.'));
    return blob_call(connection, std::move(method), parts->second, std::move(body), now);
  }

  std::optional<OutCall> read(const OutResult& last, Utc now) {
    if (!last.response || last.response->status != 200) {
      return give_up("input_blob_not_readable",
                     fmt::format("the input blob could not be read: {}", told_problem(last)), now);
    }
    return process(last.response->body, now);
  }

  std::optional<OutCall> process(const std::string& input, Utc now) {
    batch_->status = "in_progress";
    std::string output;
    for (const std::string_view line : split_words(input, '\n')) {
      if (trim(line).empty()) continue;
      if (++batch_->total > kMostLines) {
        return give_up("too_many_tasks", fmt::format("a batch has at most {} lines", kMostLines),
                       now);
      }
      output += answer(line, now) + '\n';
      if (output.size() > kMostOutputBytes) {
        return give_up("output_too_large",
                       fmt::format("a batch of the lab writes at most {} bytes", kMostOutputBytes),
                       now);
      }
    }
    if (batch_->total == 0) return give_up("empty_file", "the input has no lines", now);
    return keep(std::move(output), now);
  }

  std::string answer(std::string_view line, Utc now) {
    const Json json = parse_object<Json>(line).value_or(Json::object());
    const auto call = call_of(text_in(json, "url"));
    const Json* body = member(json, "body");
    std::expected<ModelAnswer, FoundryProblem> done = std::unexpected(
        FoundryProblem{400, "invalid_line", "expected `custom_id`, `url` and `body` of a call"});
    if (call && body != nullptr && !is_true(*body, "stream")) {
      done = ask_model(*call, "", json_text(*body), now);
    }
    ++(done ? batch_->completed : batch_->failed);
    Json out;
    out["custom_id"] = text_in(json, "custom_id");
    out["response"]["status_code"] = done ? 200U : done.error().status;
    out["response"]["request_id"] = hex(sha256(line)).substr(0, 32);
    out["response"]["body"] =
        done ? parse_object<Json>(done->body).value_or(Json::object())
             : Json{{"error", {{"code", done.error().code}, {"message", done.error().message}}}};
    out["error"] = nullptr;
    return json_text(out);
  }

  std::optional<OutCall> keep(std::string output, Utc now) {
    if (batch_->output_folder.empty()) {
      const auto id = keep_(batch_->id + "_output.jsonl", std::move(output));
      if (!id) return give_up("no_room", "the account has no room for the output file", now);
      batch_->output_file = *id;
      return finish(now);
    }
    std::string folder = batch_->output_folder;
    while (folder.ends_with('/')) folder.pop_back();
    batch_->status = "finalizing";
    batch_->output_blob = fmt::format("{}/{}/results.jsonl", folder, batch_->id);
    is_writing_ = true;
    return call("PUT", batch_->output_blob, std::move(output), now);
  }

  std::optional<OutCall> written(const OutResult& last, Utc now) {
    if (last.response && last.response->status == 201) return finish(now);
    batch_->output_blob.clear();
    return give_up("output_blob_not_writable",
                   fmt::format("the output blob could not be written: {}", told_problem(last)),
                   now);
  }

  std::optional<OutCall> finish(Utc now) {
    batch_->status = "completed";
    batch_->ended = now;
    return std::nullopt;
  }

  std::optional<OutCall> give_up(std::string code, std::string why, Utc now) {
    batch_->status = "failed";
    batch_->error_code = std::move(code);
    batch_->error = std::move(why);
    batch_->ended = now;
    return std::nullopt;
  }

  std::shared_ptr<FoundryBatch> batch_;
  std::optional<std::string> input_;
  KeepFile keep_;
  bool is_writing_ = false;
};

}  // namespace

std::unique_ptr<Work> make_batch_work(std::shared_ptr<FoundryBatch> batch,
                                      std::optional<std::string> input, KeepFile keep) {
  return std::make_unique<BatchWork>(std::move(batch), std::move(input), std::move(keep));
}

}  // namespace nsp::lab
