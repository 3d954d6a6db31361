#include "sim/document/template/characters.h"

#include <fmt/format.h>
#include <nettle/base64.h>

#include <algorithm>
#include <charconv>

#include "sim/base/text.h"

namespace nsp {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Bytes of the first `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
  }
  return at;
}

bool is_unreserved(char c) {
  const char l = ascii_lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
         c == '~';
}

std::optional<unsigned> hex_pair(std::string_view text) {
  unsigned value = 0;
  if (text.size() < 2) return std::nullopt;
  text = text.substr(0, 2);
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || last != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::string_view characters(std::string_view text, std::size_t first, std::size_t count) {
  text.remove_prefix(bytes_of(text, first));
  return text.substr(0, bytes_of(text, count));
}

std::expected<std::string, std::string> format_item(const Call& call, std::string_view item) {
  const std::size_t colon = item.find(':');
  const std::string_view number = item.substr(0, colon);
  std::size_t index = 0;
  const auto [last, error] = std::from_chars(number.data(), number.data() + number.size(), index);
  if (error != std::errc() || last != number.data() + number.size()) {
    return std::unexpected(fmt::format("`{{{}}}` names no argument by its number", item));
  }
  if (index + 1 >= call.size()) {
    return std::unexpected(fmt::format("`{{{}}}` has no argument", item));
  }
  const Node& argument = call[index + 1];
  if (colon == std::string_view::npos) return text_of(argument);
  const std::string_view style = item.substr(colon + 1);
  const auto integer = integer_of(argument);
  unsigned digits = 0;
  const bool padded = (style.starts_with('D') || style.starts_with('d')) &&
                      std::from_chars(style.data() + 1, style.data() + style.size(), digits).ptr ==
                          style.data() + style.size();
  constexpr unsigned kMostDigits = 99;
  if (!padded || !integer || digits > kMostDigits) {
    return std::unexpected(fmt::format(
        "the format `{}` is not supported, expected `D` and a number of digits", style));
  }
  const std::string text = fmt::format("{:0{}}", std::abs(*integer), digits);
  return *integer < 0 ? "-" + text : text;
}

std::string to_base64(std::string_view bytes) {
  std::string out(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
  base64_encode_raw(out.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  base64_decode_ctx context;
  base64_decode_init(&context);
  std::string out(BASE64_DECODE_LENGTH(text.size()), '\0');
  std::size_t size = out.size();
  if (base64_decode_update(&context, &size, reinterpret_cast<std::uint8_t*>(out.data()),
                           text.size(), text.data()) == 0 ||
      base64_decode_final(&context) == 0) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::string to_uri_component(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string from_uri_component(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? hex_pair(text.substr(i + 1)) : std::nullopt;
    out += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return is_utf8(out) ? out : std::string(text);
}

}  // namespace nsp
