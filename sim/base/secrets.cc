#include "sim/base/secrets.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/base/text.h"

namespace nsp {
namespace {

// Lower case. The first are whole names, the second ends of names, the third parts of them.
constexpr std::array<std::string_view, 6> kNames{"key1", "key2", "keys", "sas", "pwd", "pat"};
constexpr std::array<std::string_view, 3> kEnds{"key", "sas", "token"};
constexpr std::array<std::string_view, 9> kParts{"secret",           "password",     "passwd",
                                                 "connectionstring", "sharedaccess", "credential",
                                                 "listkeys",         "sastoken",     "privatekey"};

// Lower case, as texts hold them: what stands before a `=`, and what stands anywhere.
constexpr std::array<std::string_view, 5> kAssigned{"accountkey", "sharedaccesskey", "sig",
                                                    "password", "pwd"};
constexpr std::array<std::string_view, 3> kAnywhere{"sharedaccesssignature", "bearer ",
                                                    "-----begin"};

bool iends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && iequals(text.substr(text.size() - end.size()), end);
}

// Without a copy: every distinct text of an access log is looked at.
bool has_pattern(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = ascii_lower(text[i]);
    const std::string_view before = text.substr(0, i);
    const auto ends = [&](std::string_view word) { return iends_with(before, word); };
    const auto begins = [&](std::string_view word) {
      return c == word.front() && iequals(text.substr(i, word.size()), word);
    };
    if (c == '=' && std::ranges::any_of(kAssigned, ends)) return true;
    if (std::ranges::any_of(kAnywhere, begins)) return true;
  }
  return false;
}

std::string bare(std::string_view name) {
  std::string text = lower(name);
  std::erase_if(text, [](char c) { return c == '_' || c == '-'; });
  return text;
}

enum class Letter : std::uint8_t { Other, Lower, Upper, Digit, Sign };

Letter letter_of(char c) {
  if (c >= 'a' && c <= 'z') return Letter::Lower;
  if (c >= 'A' && c <= 'Z') return Letter::Upper;
  if (c >= '0' && c <= '9') return Letter::Digit;
  return c == '+' || c == '/' ? Letter::Sign : Letter::Other;
}

// Random bytes change between cases and digits all the time; words and paths seldom do.
bool is_random(std::string_view run) {
  std::size_t changes = 0;
  std::array<bool, 5> seen{};
  for (std::size_t i = 0; i < run.size(); ++i) {
    seen[static_cast<std::size_t>(letter_of(run[i]))] = true;
    if (i != 0 && letter_of(run[i]) != letter_of(run[i - 1])) ++changes;
  }
  return seen[static_cast<std::size_t>(Letter::Lower)] &&
         seen[static_cast<std::size_t>(Letter::Upper)] && changes * 3 >= run.size();
}

bool has_base64(std::string_view text) {
  constexpr std::size_t kShortest = 54;  // 40 bytes
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && letter_of(text[end]) != Letter::Other) ++end;
    if (end - begin >= kShortest && is_random(text.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

// `eyJ….eyJ…`: two objects of JSON, signed.
bool has_web_token(std::string_view text) {
  const auto begin = text.find("eyJ");
  return begin != std::string_view::npos && text.find(".eyJ", begin) != std::string_view::npos;
}

// A text without what the pattern of `hides` takes for a secret, piece by quoted piece.
template <class Hides>
std::string without_pieces(std::string_view message, const Hides& hides) {
  std::string text;
  for (bool inside = false;; inside = !inside) {
    const auto tick = message.find('`');
    const std::string_view piece = message.substr(0, tick);
    text += inside && hides(piece) ? kRedacted : piece;
    if (tick == std::string_view::npos) return text;
    text += '`';
    message.remove_prefix(tick + 1);
  }
}

// A word such as `Enabled` is nobody's secret, whatever holds it.
bool is_dictionary_word(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; });
}

// A pointer ends before the first name that is a secret.
void hide_in_pointer(std::string& pointer) {
  for (std::size_t begin = 0; begin < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
    if (looks_secret(std::string_view(pointer).substr(begin + 1, end - begin - 1))) {
      return pointer.resize(begin);
    }
    begin = end;
  }
}

}  // namespace

bool is_secret_name(std::string_view member) {
  const std::string name = bare(member);
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); }) ||
         std::ranges::any_of(kParts, [&](std::string_view part) { return name.contains(part); });
}

bool looks_secret(std::string_view text) {
  return has_pattern(text) || has_web_token(text) || has_base64(text);
}

std::string message_without_secrets(std::string_view message) {
  return without_pieces(message, looks_secret);
}

void SecretTexts::add(std::string_view text) {
  if (!text.empty()) whole_.emplace(text);
}

void SecretTexts::add_part(std::string_view text) {
  add(text);
  if (text.size() >= kShortestPart && parts_.size() < kMostParts) parts_.emplace(text);
}

bool SecretTexts::contains(std::string_view text) const { return whole_.contains(text); }

bool SecretTexts::hides(std::string_view text) const {
  return contains(text) || std::ranges::any_of(parts_, [&](const std::string& part) {
           return text.find(part) != std::string_view::npos;
         });
}

void SecretTexts::merge(SecretTexts more) {
  whole_.merge(more.whole_);
  parts_.merge(more.parts_);
}

void hide_secrets(Diagnostic& diagnostic, const SecretTexts& secrets) {
  const auto hides = [&](std::string_view piece) {
    return looks_secret(piece) || (!is_dictionary_word(piece) && secrets.hides(piece));
  };
  diagnostic.message = without_pieces(diagnostic.message, hides);
  if (hides(diagnostic.excerpt)) diagnostic.excerpt.clear();
  hide_in_pointer(diagnostic.place.pointer);
}

}  // namespace nsp
