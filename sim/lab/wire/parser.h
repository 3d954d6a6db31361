// Beast's HTTP parser, filling the lab's own messages.
//
// Beast knows the grammar: request smuggling by two lengths, by a length beside chunks, by bare
// line feeds and the like is refused there. Trailers of a chunked body are read and dropped.
#ifndef NSP_SIM_LAB_WIRE_PARSER_H_
#define NSP_SIM_LAB_WIRE_PARSER_H_

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "sim/lab/message.h"
#include "sim/lab/wire/problem.h"

namespace nsp::lab {

namespace beast = boost::beast;

// The bytes that were read and not used. Valid until the buffer changes.
[[nodiscard]] inline std::string_view view_of(const beast::flat_buffer& buffer) {
  const auto data = buffer.data();
  return {static_cast<const char*>(data.data()), data.size()};
}

// `Message` is Request or Response: its head is filled in, its body is left alone.
template <class Message>
class MessageParser final : public beast::http::basic_parser<std::is_same_v<Message, Request>> {
  using Base = beast::http::basic_parser<std::is_same_v<Message, Request>>;

 public:
  // REQUIRES: `into` outlives the parser.
  MessageParser(Message& into, std::uint32_t head_bytes, std::uint64_t body_bytes) : into_(into) {
    this->header_limit(head_bytes);
    this->body_limit(body_bytes);
  }

  // The next bytes of the head: how many of them were used. Bytes not used come again, with more
  // behind them. `is_header_done()` tells when it is whole.
  [[nodiscard]] Result<std::size_t> feed_head(std::string_view bytes) { return feed(bytes, false); }

  struct Fed {
    std::size_t used = 0;  // of the bytes
    std::size_t body = 0;  // put into the span
  };
  // The next bytes of the body. REQUIRES: the head is whole, the body is not. `is_done()` tells
  // when it is.
  [[nodiscard]] Result<Fed> feed_body(std::string_view bytes, std::span<char> into) {
    room_ = into;
    Result<std::size_t> used = feed(bytes, true);
    const std::size_t body = into.size() - room_.size();
    room_ = {};
    if (!used) return std::unexpected(used.error());
    return Fed{*used, body};
  }

  // The peer sends no more. An error where the message needs more.
  [[nodiscard]] Result<void> feed_end() {
    beast::error_code error;
    if (this->got_some()) this->put_eof(error);
    if (!error && this->is_done()) return {};
    return problem(Problem::Kind::Closed, "the peer closed within a message");
  }

  // The status that tells a client what was wrong with its request.
  [[nodiscard]] unsigned refusal() const { return refusal_; }
  [[nodiscard]] bool is_http11() const { return version_ >= 11; }

 private:
  using View = beast::string_view;

  [[nodiscard]] Result<std::size_t> feed(std::string_view bytes, bool body) {
    beast::error_code error;
    this->eager(body);
    const std::size_t used = this->put({bytes.data(), bytes.size()}, error);
    using Error = beast::http::error;
    if (!error || error == Error::need_more || error == Error::need_buffer) return used;
    const bool head_limit = error == Error::header_limit;
    if (head_limit || error == Error::body_limit) {
      refusal_ = head_limit ? 431 : 413;
      return problem(Problem::Kind::TooLarge, head_limit ? "the head is larger than allowed"
                                                         : "the body is larger than allowed");
    }
    return problem(Problem::Kind::Malformed, "not HTTP: " + error.message());
  }

  std::size_t take(View body, beast::error_code& error) {
    const std::size_t count = std::min(body.size(), room_.size());
    if (count == 0 && !body.empty()) error = beast::http::error::need_buffer;
    body.copy(room_.data(), count);
    room_ = room_.subspan(count);
    return count;
  }

  void on_request_impl(beast::http::verb, View method, View target, int version,
                       beast::error_code&) override {
    if constexpr (std::is_same_v<Message, Request>) {
      into_.method.assign(method.data(), method.size());
      into_.target.assign(target.data(), target.size());
    }
    version_ = version;
  }
  void on_response_impl(int code, View, int version, beast::error_code&) override {
    if constexpr (std::is_same_v<Message, Response>) into_.status = static_cast<unsigned>(code);
    version_ = version;
  }
  void on_field_impl(beast::http::field, View name, View value, beast::error_code&) override {
    if (head_read_) return;
    into_.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(beast::error_code&) override { head_read_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(View body, beast::error_code& error) override {
    return take(body, error);
  }
  void on_chunk_header_impl(std::uint64_t, View, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, beast::error_code& error) override {
    return take(body, error);
  }
  void on_finish_impl(beast::error_code&) override {}

  Message& into_;
  std::span<char> room_;
  unsigned refusal_ = 400;
  int version_ = 11;
  bool head_read_ = false;
};

// Without a limit of their own: Beast compares with nothing wrongly.
inline constexpr std::uint64_t kAnyLength = std::numeric_limits<std::uint64_t>::max();

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_PARSER_H_
