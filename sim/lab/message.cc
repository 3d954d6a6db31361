#include "sim/lab/message.h"

#include <algorithm>
#include <utility>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Most names differ in length already.
bool is_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() && iequals(one, other);
}

std::optional<std::string_view> find_in(const Pairs& pairs, std::string_view name) {
  auto found =
      std::ranges::find_if(pairs, [&](const auto& pair) { return is_name(pair.first, name); });
  if (found == pairs.end()) return std::nullopt;
  return found->second;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char small = ascii_lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// `plus_is_space`: as in queries.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    int high = hex_value(text[i + 1]);
    int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

// Calls `each` with the pieces of `text` between separators; stops and says false when `each` does.
template <class Each>
bool for_pieces(std::string_view text, char separator, const Each& each) {
  while (true) {
    std::size_t end = text.find(separator);
    if (!each(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool read_path(std::string_view text, Target& target) {
  if (text == "/") return true;
  return for_pieces(text.substr(1), '/', [&](std::string_view segment) {
    std::optional<std::string> plain = decoded(segment, false);
    if (!plain) return false;
    target.path.push_back(*std::move(plain));
    return true;
  });
}

bool read_query(std::string_view text, Target& target) {
  return for_pieces(text, '&', [&](std::string_view pair) {
    if (pair.empty()) return true;
    std::size_t equals = pair.find('=');
    std::optional<std::string> name = decoded(pair.substr(0, equals), true);
    std::optional<std::string> value =
        equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), true);
    if (!name || !value) return false;
    target.query.emplace_back(*std::move(name), *std::move(value));
    return true;
  });
}

}  // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const {
  return find_in(fields_, name);
}

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return is_name(field.first, name); });
  add(std::move(name), std::move(value));
}

// Room for as many as a message usually has, so that they need not move one by one.
void Headers::add(std::string name, std::string value) {
  constexpr std::size_t kUsual = 20;
  if (fields_.empty()) fields_.reserve(kUsual);
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Target::find(std::string_view name) const {
  return find_in(query, name);
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  Target parsed;
  std::size_t question = target.find('?');
  if (!read_path(target.substr(0, question), parsed)) return std::nullopt;
  if (question != std::string_view::npos && !read_query(target.substr(question + 1), parsed)) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace nsp::lab
