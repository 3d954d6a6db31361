// The parts of Connection that a handler reaches through Exchange: bodies in, answers out.
#include <algorithm>

#include "sim/lab/wire/connection.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kWritePiece = 65'536;

bool has_no_body(const Request& request, unsigned status) {
  return request.method == "HEAD" || status < 200 || status == 204 || status == 304;
}

// The status that answers a body which could not be read; 0: none, nobody is there.
unsigned refusal_of(const Problem& problem) {
  switch (problem.kind) {
    case Problem::Kind::TooLarge:
      return 413;
    case Problem::Kind::TimedOut:
      return 408;
    case Problem::Kind::Malformed:
      return 400;
    default:
      return 0;
  }
}

}  // namespace

// A client that waits for leave to send its body. It is so short that the socket takes it whole,
// or the client is gone.
void Connection::send_continue() {
  if (!expects_continue() || answer_.begun) return;
  continued_ = true;
  (void)stream_.try_write("HTTP/1.1 100 Continue\r\n\r\n");
}

// Nothing: more bytes are needed.
Result<std::optional<std::size_t>> Connection::feed_body(std::span<char> into) {
  Active& active = *active_;
  if (active.buffer.size() == 0) return std::nullopt;
  Result<MessageParser<Request>::Fed> fed = active.parser->feed_body(view_of(active.buffer), into);
  if (!fed) return std::unexpected(fed.error());
  active.buffer.consume(fed->used);
  if (fed->body == 0 && !active.parser->is_done()) return std::nullopt;
  return fed->body;
}

Awaitable<Result<std::size_t>> Connection::read(std::span<char> into) {
  if (raw_) co_return co_await read_raw(into);
  if (body_problem_) co_return std::unexpected(*body_problem_);
  if (active_->parser->is_done()) co_return 0;
  send_continue();
  while (true) {
    Result<std::optional<std::size_t>> fed = feed_body(into);
    if (!fed) {
      body_problem_ = fed.error();
      break;
    }
    if (*fed) co_return **fed;
    if (active_->buffer.size() > server_->limits.head_bytes) {
      // A chunk's header or the trailers.
      body_problem_ = Problem{Problem::Kind::Malformed, "not HTTP: a chunk header without end"};
      break;
    }
    Result<std::size_t> got = co_await stream_.read_some(room(), reading_);
    if (!got) {
      body_problem_ = got.error();
      break;
    }
    if (*got == 0) {
      body_problem_ = Problem{Problem::Kind::Closed, "the peer closed within a body"};
      break;
    }
    active_->buffer.commit(*got);
  }
  body_refusal_ = refusal_of(*body_problem_);
  co_return std::unexpected(*body_problem_);
}

Awaitable<Result<std::size_t>> Connection::read_raw(std::span<char> into) {
  beast::flat_buffer& buffer = active_->buffer;
  if (buffer.size() == 0) co_return co_await stream_.read_some(into, reading_);
  const std::size_t count = std::min(buffer.size(), into.size());
  view_of(buffer).copy(into.data(), count);
  buffer.consume(count);
  co_return count;
}

Awaitable<Result<std::string>> Connection::whole_body(std::size_t most) {
  std::string body;
  if (active_->parser->is_done() && !body_problem_ && !raw_) co_return body;
  const auto announced = active_->parser->content_length();
  bool large = announced && *announced > most;
  if (announced && !large) body.reserve(static_cast<std::size_t>(*announced));
  const std::uint64_t first = announced ? std::max<std::uint64_t>(*announced, 1) : kWritePiece;
  std::string piece(std::min<std::uint64_t>(first, kWritePiece), '\0');
  while (!large) {
    Result<std::size_t> got = co_await read(piece);
    if (!got) co_return std::unexpected(got.error());
    if (*got == 0) co_return body;
    body.append(piece, 0, *got);
    large = body.size() > most;
  }
  body_problem_ = Problem{Problem::Kind::TooLarge, "the body is larger than allowed"};
  body_refusal_ = 413;
  co_return std::unexpected(*body_problem_);
}

// The head goes to `out`.
void Connection::frame(const Response& head, std::optional<std::uint64_t> length) {
  Framing framing;
  answer_.begun = true;
  answer_.bodyless = has_no_body(active_->request, head.status);
  const bool http11 = active_->parser->is_http11();
  if (length) {
    framing.length = length;
  } else if (http11) {
    framing.chunked = true;
  } else {
    answer_.keep = false;
  }
  if (head.status < 200 || head.status == 204) framing = {};
  answer_.chunked = framing.chunked && !answer_.bodyless;
  answer_.left = answer_.bodyless ? std::nullopt : length;
  if (body_problem_) answer_.keep = false;
  if (!answer_.keep) {
    framing.connection = "close";
  } else if (!http11) {
    framing.connection = "keep-alive";
  }
  active_->out.clear();
  append_response_head(active_->out, head, framing, server_->date());
}

Awaitable<Result<void>> Connection::answer(Response response) {
  Active& active = *active_;
  std::uint64_t length = response.body.size();
  if (has_no_body(active.request, response.status)) {
    // Of a body that is not sent, the handler knows the length.
    length = content_length(response.headers).value_or(length);
  }
  // A head that is not whole is refused, and nothing is known of a body.
  if (active.parser->is_header_done() && !active.parser->is_done()) {
    const auto remaining = active.parser->content_length_remaining();
    const bool large = remaining && *remaining > server_->limits.linger_bytes;
    if (expects_continue() || large) answer_.keep = false;
  }
  frame(response, length);
  answer_.finished = true;
  answer_.left.reset();
  std::string_view rest;
  if (!answer_.bodyless) {
    if (response.body.size() <= kWritePiece) {
      active.out.append(response.body);
    } else {
      rest = response.body;
    }
  }
  // Nearly always the socket takes it at once.
  Step step = stream_.try_write(active.out);
  if (step.kind == Step::Kind::Done && step.count == active.out.size() && rest.empty()) {
    co_return Result<void>();
  }
  std::string_view first = active.out;
  if (step.kind == Step::Kind::Done) first.remove_prefix(step.count);
  Result<void> sent = co_await stream_.write_all(first, writing_);
  if (sent) sent = co_await stream_.write_all(rest, writing_);
  if (!sent) answer_.finished = false;
  co_return sent;
}

Awaitable<Result<void>> Connection::begin(Response head, std::optional<std::uint64_t> length) {
  frame(head, length);
  if (answer_.bodyless || head.body.empty()) {
    co_return co_await stream_.write_all(active_->out, writing_);
  }
  Result<void> sent = co_await stream_.write_all(active_->out, writing_);
  if (!sent) co_return sent;
  co_return co_await write(head.body);
}

Awaitable<Result<void>> Connection::begin_tunnel() {
  answer_.begun = raw_ = true;
  reading_ = writing_ = kForEver;
  active_->out = "HTTP/1.1 200 Connection established\r\n\r\n";
  co_return co_await stream_.write_all(active_->out, writing_);
}

Awaitable<Result<void>> Connection::write(std::string_view bytes) {
  if (raw_) co_return co_await stream_.write_all(bytes, writing_);
  if (answer_.bodyless || bytes.empty()) co_return Result<void>();
  if (answer_.left) {
    if (bytes.size() > *answer_.left) {
      answer_.keep = false;
      co_return problem(Problem::Kind::System, "the answer is longer than announced");
    }
    *answer_.left -= bytes.size();
  }
  if (!answer_.chunked) co_return co_await stream_.write_all(bytes, writing_);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kWritePiece);
    bytes.remove_prefix(piece.size());
    Result<void> sent = co_await send_piece(piece);
    if (!sent) co_return sent;
  }
  co_return Result<void>();
}

// As one chunk.
Awaitable<Result<void>> Connection::send_piece(std::string_view piece) {
  std::string& out = active_->out;
  out.clear();
  append_chunk_start(out, piece.size());
  out.append(piece).append("\r\n");
  co_return co_await stream_.write_all(out, writing_);
}

Awaitable<Result<void>> Connection::finish() {
  if (raw_) {
    stream_.end_writing();
    co_return Result<void>();
  }
  if (answer_.left.value_or(0) != 0) {
    answer_.keep = false;
    co_return problem(Problem::Kind::System, "the answer is shorter than announced");
  }
  answer_.finished = true;
  if (!answer_.chunked) co_return Result<void>();
  Result<void> sent = co_await stream_.write_all("0\r\n\r\n", writing_);
  if (!sent) answer_.finished = false;
  co_return sent;
}

Request& Exchange::request() { return connection_.active().request; }
const Request& Exchange::request() const { return connection_.active().request; }
Peer& Exchange::peer() { return connection_.peer(); }

std::optional<std::uint64_t> Exchange::body_length() const {
  const MessageParser<Request>& parser = *connection_.active().parser;
  if (parser.chunked()) return std::nullopt;
  const auto length = parser.content_length();
  return length ? *length : 0;
}

Awaitable<Result<std::size_t>> Exchange::read(std::span<char> into) {
  return connection_.read(into);
}
Awaitable<Result<std::string>> Exchange::whole_body(std::size_t most) {
  return connection_.whole_body(most);
}
Awaitable<Result<void>> Exchange::answer(Response response) {
  return connection_.answer(std::move(response));
}
Awaitable<Result<void>> Exchange::begin(Response head, std::optional<std::uint64_t> length) {
  return connection_.begin(std::move(head), length);
}
Awaitable<Result<void>> Exchange::begin_tunnel() { return connection_.begin_tunnel(); }
Awaitable<Result<void>> Exchange::write(std::string_view bytes) { return connection_.write(bytes); }
Awaitable<Result<void>> Exchange::finish() { return connection_.finish(); }
bool Exchange::begun() const { return connection_.begun(); }
void Exchange::stop_reading() { connection_.stop_reading(); }
void Exchange::cut() { connection_.cut(); }
void Exchange::close_afterwards() { connection_.close_afterwards(); }

}  // namespace nsp::lab
