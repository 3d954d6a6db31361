#include "sim/access_log/json_walk.h"

#include <simdjson.h>

#include <algorithm>

namespace nsp {

struct JsonWalk::Stage {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  // The pass writes where tokens start into memory for `size` bytes.
  bool reserve(std::size_t size) {
    constexpr std::size_t kFirst = std::size_t{1} << 14;
    if (parser == nullptr) {
      const auto& machine = simdjson::get_active_implementation();
      return machine->create_dom_parser_implementation(
                 std::max(size, kFirst), simdjson::DEFAULT_MAX_DEPTH, parser) == simdjson::SUCCESS;
    }
    if (parser->capacity() >= size) return true;
    return parser->set_capacity(2 * size) == simdjson::SUCCESS;
  }
};

JsonWalk::JsonWalk() : stage_(std::make_unique<Stage>()) {}
JsonWalk::~JsonWalk() = default;

JsonWalk::Fault JsonWalk::start(std::string_view text) {
  at_ = 0;
  tokens_ = {};
  if (!stage_->reserve(text.size())) return Fault::NotJson;
  auto& parser = *stage_->parser;
  const auto code = parser.stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                  simdjson::stage1_mode::regular);
  if (code != simdjson::SUCCESS) {
    return code == simdjson::UTF8_ERROR ? Fault::NotUtf8 : Fault::NotJson;
  }
  tokens_ = {text.data(), text.size(), parser.structural_indexes.get(),
             parser.n_structural_indexes};
  return Fault::None;
}

bool JsonWalk::skip_value(std::string_view* into) {
  const char first = peek();
  const std::size_t begin = at_;
  if (first != '{' && first != '[') {
    if (into != nullptr && !at_end()) *into = token();
    ++at_;
    return first != '\0';
  }
  std::size_t depth = 0;
  for (; at_ < tokens_.count; ++at_) {
    const char c = peek();
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) break;
  }
  if (at_end()) return false;
  if (into != nullptr) {
    const char* const from = tokens_.from(begin);
    *into = {from, static_cast<std::size_t>(tokens_.from(at_) - from) + 1};
  }
  ++at_;
  return true;
}

}  // namespace nsp
