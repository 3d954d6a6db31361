#include "sim/model/secrets.h"

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

constexpr std::string_view kRedacted = "redacted";

// Lower case. The first are whole names, the second ends of names, the third parts of them.
constexpr std::array<std::string_view, 6> kNames{"key1", "key2", "keys", "sas", "pwd", "pat"};
constexpr std::array<std::string_view, 3> kEnds{"key", "sas", "token"};
constexpr std::array<std::string_view, 9> kParts{"secret",           "password",     "passwd",
                                                 "connectionstring", "sharedaccess", "credential",
                                                 "listkeys",         "sastoken",     "privatekey"};

// Lower case, as texts hold them.
constexpr std::array<std::string_view, 8> kPatterns{
    "accountkey=", "sharedaccesskey=", "sharedaccesssignature", "sig=", "password=", "pwd=",
    "bearer ",     "-----begin"};

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

// `secret`: the name of a member above says so.
bool hide(Node& node, bool secret) {
  bool hidden = false;
  if (node.is_string() && !node.text.empty() && (secret || looks_secret(node.text))) {
    hidden = node.text != kRedacted;
    node.text = kRedacted;
  }
  for (Node& item : node.items) hidden = hide(item, secret) || hidden;
  for (Member& member : node.members) {
    hidden = hide(member.value, secret || is_secret_name(member.name)) || hidden;
  }
  return hidden;
}

}  // namespace

bool is_secret_name(std::string_view member) {
  const std::string name = bare(member);
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); }) ||
         std::ranges::any_of(kParts, [&](std::string_view part) { return name.contains(part); });
}

bool looks_secret(std::string_view text) {
  const std::string small = lower(text);
  return std::ranges::any_of(kPatterns,
                             [&](std::string_view pattern) { return small.contains(pattern); }) ||
         has_web_token(text) || has_base64(text);
}

std::string without_secrets(std::string_view name, std::string_view json) {
  auto node = parse_json(json, {});
  if (!node) return looks_secret(json) ? "\"redacted\"" : std::string(json);
  return hide(*node, is_secret_name(name)) ? to_json(*node) : std::string(json);
}

std::string message_without_secrets(std::string_view message) {
  std::string text;
  for (bool inside = false;; inside = !inside) {
    const auto tick = message.find('`');
    const std::string_view piece = message.substr(0, tick);
    text += inside && looks_secret(piece) ? kRedacted : piece;
    if (tick == std::string_view::npos) return text;
    text += '`';
    message.remove_prefix(tick + 1);
  }
}

}  // namespace nsp
