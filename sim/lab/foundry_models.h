// What the models of the lab answer, as JSON in and out: deterministic, and no model's.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_FOUNDRY_MODELS_H_
#define NSP_SIM_LAB_FOUNDRY_MODELS_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/service.h"

namespace nsp::lab {

struct FoundryProblem {
  unsigned status = 400;
  std::string code;
  std::string message;

  bool operator==(const FoundryProblem&) const = default;
};

enum class ModelCall : std::uint8_t { Chat, Completion, Embedding };

// A body and what it is.
struct ModelAnswer {
  std::string body;
  bool stream = false;  // text/event-stream, not JSON

  bool operator==(const ModelAnswer&) const = default;
};

// `deployment`: of the path; empty: the body's `model` tells.
[[nodiscard]] std::expected<ModelAnswer, FoundryProblem> ask_model(ModelCall call,
                                                                   std::string_view deployment,
                                                                   std::string_view body, Utc now);

// Of length 1; the same text has the same vector, and texts that share words are nearer. 1 to 4,096
// dimensions.
[[nodiscard]] std::vector<float> embedding_of(std::string_view text, std::size_t dimensions);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FOUNDRY_MODELS_H_
