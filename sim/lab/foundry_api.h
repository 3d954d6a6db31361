// Foundry and Azure OpenAI: what their clients ask of models, answered with made-up content.
//
// Answered: chat completions (whole and streamed), completions, embeddings, models, files (upload,
// list, get, content, delete) and batches (create, get, list; the work is foundry_batch.h). Paths
// come as `/openai/deployments/NAME/…`, `/openai/v1/…`, `/models/…` and `/openai/…`. Any deployment
// name is there. Fine-tuning and Assistants are operations of their own to a perimeter; once
// admitted, they are 501, like all else.
//
// Content is deterministic: the same question to the same model has the same answer, the same text
// the same embedding, of length 1. It is no model's.
//
// Sources: Azure OpenAI REST reference 2024-10-21 and v1. Thread safety: none.
#ifndef NSP_SIM_LAB_FOUNDRY_API_H_
#define NSP_SIM_LAB_FOUNDRY_API_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/service.h"

namespace nsp::lab {

class FoundryApi : public ServiceApi {
 public:
  struct Limits {
    std::size_t file_bytes = 64'000'000;  // of all files
    std::size_t files = 1'000;
    std::size_t batches = 1'000;
  };

  // `service`: Foundry, OpenAi or CognitiveServices. `region`: told in `x-ms-region`.
  FoundryApi(Service service, std::string region)
      : FoundryApi(service, std::move(region), Limits()) {}
  FoundryApi(Service service, std::string region, Limits limits);
  ~FoundryApi() override;
  FoundryApi(const FoundryApi&) = delete;
  FoundryApi& operator=(const FoundryApi&) = delete;

  [[nodiscard]] ServiceAnswer answer(const ServiceCall& call) override;
  // `fine-tuning`, `assistants`, or `data`.
  [[nodiscard]] std::string operation(const Request& head) const override;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FOUNDRY_API_H_
