#include "sim/lab/wire/head.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <iterator>
#include <memory>
#include <vector>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

constexpr bool may_stand_in_token(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Asked of every character of every header's name.
constexpr std::array<bool, 256> kTokenChars = [] {
  std::array<bool, 256> all{};
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = may_stand_in_token(static_cast<char>(c));
  return all;
}();

bool is_token_char(char c) { return kTokenChars[static_cast<unsigned char>(c)]; }

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// Length first: this is asked of every header of every answer.
bool is_framing(std::string_view name) {
  switch (name.size()) {
    case 10:
      return iequals(name, "Connection");
    case 14:
      return iequals(name, "Content-Length");
    case 17:
      return iequals(name, "Transfer-Encoding");
    default:
      return false;
  }
}

void append_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out.append(value);
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  };
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), is_control, ' ');
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  append_value(out, value);
  out.append("\r\n");
}

void append_rest(std::string& out, const Headers& headers, const Framing& framing) {
  for (const auto& [name, value] : headers.all()) {
    if (is_framing(name) || !is_token(name)) continue;
    append_header(out, name, value);
  }
  if (framing.length) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *framing.length);
  }
  if (framing.chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (!framing.connection.empty()) append_header(out, "Connection", framing.connection);
  out.append("\r\n");
}

// A target with a space or a control character would end the request line early.
void append_target(std::string& out, std::string_view target) {
  for (char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f) {
      out.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
    }
  }
  if (target.empty()) out.push_back('/');
}

std::string_view reason_of(unsigned status) {
  const boost::beast::string_view reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {reason.data(), reason.size()};
}

bool is_hop_by_hop(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kNames = {"Connection",
                                                              "Keep-Alive",
                                                              "Proxy-Connection",
                                                              "Proxy-Authenticate",
                                                              "Proxy-Authorization",
                                                              "TE",
                                                              "Trailer",
                                                              "Transfer-Encoding",
                                                              "Upgrade",
                                                              "Expect"};
  return std::ranges::any_of(kNames, [&](std::string_view one) { return iequals(one, name); });
}

}  // namespace

void append_response_head(std::string& out, const Response& head, const Framing& framing,
                          std::string_view date) {
  // Three digits, or the client would not find the end of the line.
  const unsigned status = head.status >= 100 && head.status <= 999 ? head.status : 500;
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} ", status);
  out.append(reason_of(status)).append("\r\n");
  if (!head.headers.find("Date")) append_header(out, "Date", date);
  append_rest(out, head.headers, framing);
}

void append_request_head(std::string& out, const Request& head, const Framing& framing,
                         std::string_view host) {
  out.append(is_token(head.method) ? std::string_view(head.method) : "GET").append(" ");
  append_target(out, head.target);
  out.append(" HTTP/1.1\r\n");
  if (!head.headers.find("Host")) append_header(out, "Host", host);
  append_rest(out, head.headers, framing);
}

void append_chunk_start(std::string& out, std::size_t size) {
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", size);
}

Headers without_hop_by_hop(const Headers& headers) {
  std::vector<std::string_view> named;
  for (const auto& [name, value] : headers.all()) {
    if (iequals(name, "Connection"))
      std::ranges::copy(split_words(value, ','), std::back_inserter(named));
  }
  Headers rest;
  for (const auto& [name, value] : headers.all()) {
    const auto is_it = [&](std::string_view one) { return iequals(one, name); };
    if (!is_hop_by_hop(name) && std::ranges::none_of(named, is_it)) rest.add(name, value);
  }
  return rest;
}

std::optional<std::uint64_t> content_length(const Headers& headers) {
  const std::optional<std::string_view> text = headers.find("Content-Length");
  std::uint64_t length = 0;
  if (!text || text->empty()) return std::nullopt;
  const char* end = std::to_address(text->end());
  const auto [stop, error] = std::from_chars(std::to_address(text->begin()), end, length);
  if (error != std::errc() || stop != end) return std::nullopt;
  return length;
}

std::string http_date(std::int64_t seconds) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace nsp::lab
