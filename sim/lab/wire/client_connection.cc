#include "sim/lab/wire/client_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/lab/wire/head.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kReplyPiece = 16'384;

// RFC 9110 section 8.6: only where a body has a meaning is its absence worth a header.
bool says_no_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

std::string host_of(const Route& route) {
  const std::string host = route.name.empty() ? to_string(route.to.address) : route.name;
  const bool usual = route.to.port == (route.tls ? 443 : 80);
  const bool bare_v6 = host.find(':') != std::string::npos;
  std::string text = bare_v6 ? '[' + host + ']' : host;
  return usual ? text : fmt::format("{}:{}", text, route.to.port);
}

}  // namespace

ClientConnection::ClientConnection(const HttpClientLimits& limits, Route route,
                                   std::unique_ptr<Stream> stream)
    : limits_(limits),
      route_(std::move(route)),
      stream_(std::move(stream)),
      reading_(limits.idle, limits.lowest_rate),
      writing_(limits.idle, limits.lowest_rate) {}

std::span<char> ClientConnection::room() {
  const auto prepared = buffer_.prepare(kReplyPiece);
  return {static_cast<char*>(prepared.data()), prepared.size()};
}

void ClientConnection::expect_answer() {
  response_ = {};
  parser_.emplace(response_, limits_.head_bytes, kAnyLength);
  if (is_head_) parser_->skip(true);
}

void ClientConnection::prepare_reuse() {
  finished_ = chunked_ = answered_ = false;
  left_.reset();
  reused_ = true;
  reading_ = writing_ = Patience(limits_.idle, limits_.lowest_rate);
}

Awaitable<Result<void>> ClientConnection::send_head(const Request& head,
                                                    std::optional<std::uint64_t> length) {
  Framing framing;
  framing.length = length;
  framing.chunked = chunked_ = !length;
  if (length == 0 && !says_no_body(head.method)) framing.length.reset();
  left_ = length;
  is_head_ = head.method == "HEAD";
  expect_answer();
  out_.clear();
  append_request_head(out_, head, framing, host_of(route_));
  if (!head.body.empty() && length == head.body.size() && head.body.size() <= kReplyPiece) {
    // One packet for a small request that is whole.
    out_.append(head.body);
    left_ = 0;
  }
  co_return co_await send(out_);
}

Awaitable<Result<void>> ClientConnection::send(std::string_view bytes) {
  Result<void> sent = co_await stream_->write_all(bytes, writing_);
  last_sent_ = Clock::now();
  if (!sent) broken_ = true;
  co_return sent;
}

Awaitable<Result<void>> ClientConnection::write(std::string_view bytes) {
  if (raw_) co_return co_await send(bytes);
  if (bytes.empty()) co_return Result<void>();
  if (!chunked_) {
    if (bytes.size() > left_.value_or(0)) {
      broken_ = true;
      co_return problem(Problem::Kind::System, "the request is longer than announced");
    }
    *left_ -= bytes.size();
    co_return co_await send(bytes);
  }
  out_.clear();
  append_chunk_start(out_, bytes.size());
  out_.append(bytes).append("\r\n");
  co_return co_await send(out_);
}

Awaitable<Result<void>> ClientConnection::finish() {
  if (raw_) {
    stream_->end_writing();
    co_return Result<void>();
  }
  if (left_.value_or(0) != 0) {
    broken_ = true;
    co_return problem(Problem::Kind::System, "the request is shorter than announced");
  }
  finished_ = true;
  last_sent_ = Clock::now();
  if (!chunked_) co_return Result<void>();
  co_return co_await send("0\r\n\r\n");
}

Awaitable<Result<void>> ClientConnection::send_rest(std::string_view body) {
  Result<void> sent;
  if (left_.value_or(0) != 0) sent = co_await write(body);
  if (!sent) co_return sent;
  co_return co_await finish();
}

void ClientConnection::be_raw() {
  raw_ = true;
  reading_ = writing_ = kForEver;
}

Awaitable<Result<Response>> ClientConnection::head() {
  while (true) {
    Result<bool> whole = co_await fill_head();
    if (!whole) {
      broken_ = true;
      co_return std::unexpected(whole.error());
    }
    if (!*whole) continue;
    if (response_.status >= 200) co_return response_;
    if (response_.status == 101) {
      broken_ = true;
      co_return problem(Problem::Kind::Malformed, "the server speaks another protocol");
    }
    expect_answer();  // an interim answer
  }
}

// True: the head is whole.
Awaitable<Result<bool>> ClientConnection::fill_head() {
  Result<std::size_t> used = parser_->feed_head(view_of(buffer_));
  if (!used) co_return std::unexpected(used.error());
  buffer_.consume(*used);
  if (parser_->is_header_done()) co_return true;
  Step step = stream_->try_read(room());
  if (step.kind == Step::Kind::Done) {
    answered_ = true;
    buffer_.commit(step.count);
    co_return false;
  }
  if (step.kind == Step::Kind::Failed) co_return std::unexpected(stream_->failure());
  if (step.kind == Step::Kind::End) {
    co_return problem(Problem::Kind::Closed, "the peer closed the connection without an answer");
  }
  Result<void> waited = co_await wait_for_head(step.kind);
  if (!waited) co_return std::unexpected(waited.error());
  co_return false;
}

// While the request is still being sent, its end is what time is counted from.
Awaitable<Result<void>> ClientConnection::wait_for_head(Step::Kind want) {
  while (true) {
    Result<void> waited = co_await stream_->wait(Waits::Read, want, last_sent_ + limits_.head);
    const bool late = !waited && waited.error().kind == Problem::Kind::TimedOut;
    if (!late || (finished_ && Clock::now() >= last_sent_ + limits_.head)) co_return waited;
    if (!finished_ && Clock::now() >= last_sent_ + limits_.head) last_sent_ = Clock::now();
  }
}

std::optional<std::uint64_t> ClientConnection::body_length() const {
  if (is_head_ || response_.status == 304) return content_length(response_.headers);
  if (response_.status == 204) return 0;
  if (parser_->chunked()) return std::nullopt;
  const auto length = parser_->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

// Nothing: more bytes are needed.
Result<std::optional<std::size_t>> ClientConnection::feed_body(std::span<char> into) {
  if (buffer_.size() == 0) return std::nullopt;
  Result<MessageParser<Response>::Fed> fed = parser_->feed_body(view_of(buffer_), into);
  if (!fed) return std::unexpected(fed.error());
  buffer_.consume(fed->used);
  if (fed->body != 0 || parser_->is_done()) return fed->body;
  if (buffer_.size() > limits_.head_bytes) {
    return problem(Problem::Kind::Malformed, "not HTTP: a chunk header without end");
  }
  return std::nullopt;
}

Awaitable<Result<std::size_t>> ClientConnection::read(std::span<char> into) {
  if (raw_) co_return co_await stream_->read_some(into, reading_);
  while (!parser_->is_done()) {
    Result<std::optional<std::size_t>> fed = feed_body(into);
    if (!fed) {
      broken_ = true;
      co_return std::unexpected(fed.error());
    }
    if (*fed) co_return **fed;
    Result<void> filled = co_await fill_body();
    if (!filled) {
      broken_ = true;
      co_return std::unexpected(filled.error());
    }
  }
  co_return 0;
}

Awaitable<Result<void>> ClientConnection::fill_body() {
  Result<std::size_t> got = co_await stream_->read_some(room(), reading_);
  if (!got) co_return std::unexpected(got.error());
  buffer_.commit(*got);
  if (*got != 0) co_return Result<void>();
  broken_ = true;  // not to be used again, even where the end was due
  co_return parser_->feed_end();
}

void ClientConnection::stop() {
  broken_ = true;
  stream_->stop(Waits::Read);
  stream_->stop(Waits::Write);
}

bool ClientConnection::is_reusable() const {
  return !broken_ && !raw_ && finished_ && parser_ && parser_->is_done() && parser_->keep_alive() &&
         buffer_.size() == 0;
}

ClientCore::ClientCore(IoContext& context, std::shared_ptr<ClientTls> trusted, HttpClientLimits of)
    : io(context),
      tls(std::move(trusted)),
      limits(of),
      deadlines(std::make_shared<Deadlines>(context)) {}

std::unique_ptr<ClientConnection> ClientCore::take(const Route& route) {
  auto found = kept.find(route);
  if (found == kept.end()) return nullptr;
  std::unique_ptr<ClientConnection> good;
  while (!good && !found->second.empty()) {
    good = std::move(found->second.back().connection);
    found->second.pop_back();
    --count;
    if (good->is_stale()) good.reset();
  }
  if (found->second.empty()) kept.erase(found);
  if (good) good->prepare_reuse();
  return good;
}

void ClientCore::release(std::unique_ptr<ClientConnection> connection) {
  const Route route = connection->route();
  if (!connection->is_reusable() || count >= limits.kept) return;
  std::vector<Kept>& of_route = kept[route];
  if (of_route.size() >= limits.kept_a_route) return;
  const ClientConnection* raw = connection.get();
  auto end = std::make_unique<Deadlines::Slot>(deadlines, [weak = weak_from_this(), raw] {
    if (std::shared_ptr<ClientCore> core = weak.lock()) core->drop(raw);
  });
  end->set(Clock::now() + limits.keep);
  of_route.push_back({std::move(connection), std::move(end)});
  ++count;
}

void ClientCore::drop(const ClientConnection* connection) {
  auto found = kept.find(connection->route());
  if (found == kept.end()) return;
  count -= std::erase_if(found->second,
                         [&](const Kept& one) { return one.connection.get() == connection; });
  if (found->second.empty()) kept.erase(found);
}

Awaitable<Result<std::unique_ptr<ClientConnection>>> ClientCore::connect(Route route) {
  const Clock::time_point due = Clock::now() + limits.connect;
  Result<std::unique_ptr<Stream>> stream =
      co_await Stream::connect(io, deadlines, route.from, route.to, due);
  if (!stream) co_return std::unexpected(stream.error());
  if (route.tls) {
    SslPtr ssl = tls ? tls->session(route.name) : nullptr;
    if (!ssl) {
      co_return problem(Problem::Kind::Tls,
                        fmt::format("no TLS to `{}`: no authority or not a name", route.name));
    }
    Result<void> safe = co_await (*stream)->handshake(std::move(ssl), due);
    if (!safe) co_return std::unexpected(safe.error());
  }
  const HttpClientLimits& of = limits;
  co_return std::make_unique<ClientConnection>(of, std::move(route), *std::move(stream));
}

}  // namespace nsp::lab
