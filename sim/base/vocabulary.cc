#include "sim/base/vocabulary.h"

#include "sim/base/text.h"

namespace nsp {

std::optional<std::size_t> find_word(std::span<const std::string_view> words,
                                     std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (iequals(words[i], word)) return i;
  }
  return std::nullopt;
}

std::optional<AccessMode> parse_access_mode(std::string_view word) {
  if (iequals(word, "Transition")) return AccessMode::Learning;
  return parse_word<AccessMode>(word);
}

}  // namespace nsp
