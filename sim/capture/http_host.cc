#include "sim/capture/http_host.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "sim/base/text.h"

namespace nsp {
namespace {

using State = SpokenName::State;

constexpr std::size_t kLongestMethod = 20;
constexpr std::size_t kShortText = 4096;

// Ask again at every byte while the text is short, then only as it grows by an eighth: a long
// header that trickles in is not read from its start ten thousand times.
SpokenName need_more(std::size_t there) {
  const std::size_t step = there < kShortText ? 1 : there / 8;
  return {.state = State::NeedMore, .need = there + step};
}

bool is_method_char(char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

// The length of the method; nothing for text that starts with none. A method that may go on has the
// length of the text.
std::optional<std::size_t> method_length(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_method_char);
  const auto length = static_cast<std::size_t>(end - text.begin());
  if (length > kLongestMethod) return std::nullopt;
  if (length == text.size()) return length;
  if (length == 0 || text[length] != ' ') return std::nullopt;
  return length;
}

// Without user and port. A bracketed IPv6 address stays as it is, and so is no name later.
std::string_view host_of_authority(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  if (authority.starts_with('[')) return authority;
  return authority.substr(0, authority.find(':'));
}

// The authority of an absolute target; empty for `/path` and `*`.
std::string_view authority_of_target(std::string_view method, std::string_view target) {
  if (method == "CONNECT") return target;
  const auto scheme = target.find("://");
  if (scheme == std::string_view::npos || scheme > 10 || target.starts_with('/')) return {};
  target.remove_prefix(scheme + 3);
  return target.substr(0, target.find_first_of("/?#"));
}

SpokenName named(std::string_view authority) {
  const std::string_view host = host_of_authority(trim(authority));
  if (host.empty()) return {.state = State::None};
  return {.state = State::Found, .name = host};
}

// Takes one line off the front, without its end; nothing when it is not whole.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  text.remove_prefix(end + 1);
  return line;
}

SpokenName read_fields(std::string_view text, std::size_t there) {
  while (const auto line = take_line(text)) {
    if (line->empty()) return {.state = State::None};
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) return {.state = State::Other};
    if (iequals(line->substr(0, colon), "host")) return named(line->substr(colon + 1));
  }
  return need_more(there);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/1.") && text[7] >= '0' && text[7] <= '9';
}

}  // namespace

SpokenName read_http_host(Bytes stream) {
  std::string_view text = as_text(stream);
  const auto method = method_length(text);
  if (!method) return {.state = State::Other};
  const auto line = take_line(text);
  if (!line) {
    // Before the line's end no control character stands: other protocols show themselves here.
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (std::ranges::any_of(text, is_control)) return {.state = State::Other};
    return need_more(stream.size());
  }
  const auto space = line->rfind(' ');
  if (space == std::string_view::npos || space <= *method || !is_version(line->substr(space + 1))) {
    return {.state = State::Other};
  }
  const std::string_view target = trim(line->substr(*method, space - *method));
  const std::string_view authority = authority_of_target(line->substr(0, *method), target);
  return authority.empty() ? read_fields(text, stream.size()) : named(authority);
}

}  // namespace nsp
