// What a batch of Foundry does: it reads its input (a file of the account, or a blob), asks the
// model for each line, and keeps the answers (as a file of the account, or as blobs that it
// writes).
//
// Blobs are read and written with the account's managed identity; each call is real and judged like
// any other. A line is `{"custom_id": …, "method": "POST", "url": "/chat/completions", "body":
// {…}}`.
//
// Source: Azure OpenAI documentation "Getting started with batch deployments" and "Configuring
// Azure Blob Storage for Azure OpenAI Batch". Thread safety: none.
#ifndef NSP_SIM_LAB_FOUNDRY_BATCH_H_
#define NSP_SIM_LAB_FOUNDRY_BATCH_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/service.h"

namespace nsp::lab {

// A batch and how far it is.
struct FoundryBatch {
  std::string id;
  std::string endpoint;               // `/chat/completions`
  std::string input_file;             // id; empty: the input is a blob
  std::string input_blob;             // URL
  std::string output_folder;          // URL; empty: the output is a file
  std::string status = "validating";  // … `in_progress`, `completed`, `failed`
  std::string output_file;
  std::string output_blob;
  std::string error_code;  // of all of it
  std::string error;
  std::size_t total = 0;
  std::size_t completed = 0;
  std::size_t failed = 0;
  Utc created;
  Utc ended;

  bool operator==(const FoundryBatch&) const = default;
};

// Keeps bytes as a file of the account; its id, or nothing where there is no room.
using KeepFile = std::function<std::optional<std::string>(std::string name, std::string bytes)>;

// `input`: the bytes of the input file, where it is one. `batch` is brought up to date.
[[nodiscard]] std::unique_ptr<Work> make_batch_work(std::shared_ptr<FoundryBatch> batch,
                                                    std::optional<std::string> input,
                                                    KeepFile keep);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FOUNDRY_BATCH_H_
