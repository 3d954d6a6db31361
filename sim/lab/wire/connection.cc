#include "sim/lab/wire/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kReadPiece = 16'384;
constexpr std::size_t kSpare = 256;                  // of Active
constexpr std::size_t kSpareBytes = 2 * kReadPiece;  // larger buffers are not kept
constexpr unsigned kInARow = 32;

}  // namespace

ServerCore::ServerCore(IoContext& context, HttpLimits of, Reach allowed)
    : io(context),
      limits(of),
      reach(allowed),
      deadlines(std::make_shared<Deadlines>(context)),
      drained(context.get_executor()) {}

std::unique_ptr<Active> ServerCore::take() {
  if (spare.empty()) return std::make_unique<Active>();
  std::unique_ptr<Active> active = std::move(spare.back());
  spare.pop_back();
  return active;
}

void ServerCore::give_back(std::unique_ptr<Active> active) {
  const bool large =
      active->buffer.capacity() > kSpareBytes || active->out.capacity() > kSpareBytes;
  if (spare.size() == kSpare || large) return;
  active->parser.reset();
  active->request = {};
  active->buffer.clear();
  spare.push_back(std::move(active));
}

const std::string& ServerCore::date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (second != std::exchange(date_second_, second)) date_ = http_date(second);
  return date_;
}

Connection::Connection(std::shared_ptr<ServerCore> server, std::shared_ptr<Site> site,
                       Socket socket, Peer peer)
    : server_(std::move(server)),
      site_(std::move(site)),
      stream_(std::move(socket), server_->deadlines),
      peer_(std::move(peer)),
      index_(server_->connections.size()),
      reading_(server_->limits.idle, server_->limits.lowest_rate),
      writing_(server_->limits.idle, server_->limits.lowest_rate) {
  server_->connections.push_back(this);
  ++server_->counts.open;
  ++site_->open;
}

Connection::~Connection() {
  std::vector<Connection*>& all = server_->connections;
  all[index_] = all.back();
  all[index_]->index_ = index_;
  all.pop_back();
  --server_->counts.open;
  --site_->open;
  if (all.empty()) server_->drained.cancel();
}

Awaitable<void> Connection::run(std::unique_ptr<Connection> self, Transport transport) {
  Connection& connection = *self;
  if (transport == Transport::Tls) {
    const bool safe = co_await connection.begin_tls();
    if (!safe) co_return;
  }
  bool more = true;
  while (more) more = co_await connection.serve_next();
  connection.stream_.end_writing();
  if (connection.lingers_ && !connection.server_->stopping) {
    const HttpLimits& limits = connection.server_->limits;
    co_await connection.stream_.linger(Clock::now() + limits.linger, limits.linger_bytes);
  }
}

Awaitable<bool> Connection::begin_tls() {
  SslPtr ssl = site_->tls->session();
  if (!ssl) co_return false;
  const Clock::time_point due = peer_.accepted + server_->limits.handshake;
  Result<void> safe = co_await stream_.handshake(std::move(ssl), due);
  if (!safe) co_return false;
  const char* name = SSL_get_servername(stream_.ssl(), TLSEXT_NAMETYPE_host_name);
  if (name != nullptr) peer_.sni = lower(name);
  co_return true;
}

// False: the connection ends.
Awaitable<bool> Connection::serve_next() {
  if (!active_) {
    const bool there = co_await wait_for_request();
    if (!there) co_return false;
    active_ = server_->take();
  }
  Active& active = *active_;
  active.request = {};
  active.parser.emplace(active.request, server_->limits.head_bytes, server_->limits.body_bytes);
  answer_ = {};
  continued_ = false;
  body_problem_.reset();
  reading_ = writing_ = Patience(server_->limits.idle, server_->limits.lowest_rate);
  const bool whole = co_await read_head();
  if (!whole) co_return false;
  co_await handle();
  const bool more = co_await settle();
  if (more) rest();
  co_return more;
}

Awaitable<bool> Connection::wait_for_request() {
  if (stream_.has_pending()) co_return true;
  if (server_->stopping) co_return false;
  idle_ = true;
  in_a_row_ = 0;
  const Clock::time_point due = Clock::now() + server_->limits.keep_alive;
  Result<void> waited = co_await stream_.wait(Waits::Read, Step::Kind::WantRead, due);
  idle_ = false;
  co_return waited.has_value();
}

// Between requests: without buffers, unless the next one has begun.
void Connection::rest() {
  if (active_->buffer.size() == 0) server_->give_back(std::move(active_));
}

std::span<char> Connection::room() {
  const auto prepared = active_->buffer.prepare(kReadPiece);
  return {static_cast<char*>(prepared.data()), prepared.size()};
}

namespace {

// RFC 9112 section 2.2: an empty line before a request is not one.
void skip_empty_lines(beast::flat_buffer& buffer) {
  while (view_of(buffer).starts_with("\r\n")) buffer.consume(2);
}

}  // namespace

// False: there is none, and the client has been told where that was possible.
Awaitable<bool> Connection::read_head() {
  Active& active = *active_;
  MessageParser<Request>& parser = *active.parser;
  const Clock::time_point due = Clock::now() + server_->limits.head;
  std::size_t size = 0;
  while (true) {
    if (!parser.got_some()) skip_empty_lines(active.buffer);
    Result<std::size_t> used = parser.feed_head(view_of(active.buffer));
    if (!used) {
      co_await refuse(parser.refusal(), used.error().text);
      co_return false;
    }
    active.buffer.consume(*used);
    // The parser's own limit is that of one step.
    size += *used;
    if (size > server_->limits.head_bytes) {
      co_await refuse(431, "the head is larger than allowed");
      co_return false;
    }
    if (parser.is_header_done()) break;
    Step step = stream_.try_read(room());
    if (step.kind == Step::Kind::Done) {
      active.buffer.commit(step.count);
      continue;
    }
    if (step.kind == Step::Kind::End || step.kind == Step::Kind::Failed) co_return false;
    Result<void> waited = co_await stream_.wait(Waits::Read, step.kind, due);
    if (waited) continue;
    if (waited.error().kind == Problem::Kind::TimedOut) {
      co_await refuse(408, "the request took too long");
    }
    co_return false;
  }
  if (names_one_host()) co_return true;
  co_await refuse(400, "expected one Host header");
  co_return false;
}

// RFC 9112 section 3.2.
bool Connection::names_one_host() const {
  const auto& all = active_->request.headers.all();
  const auto hosts = std::ranges::count_if(all, [](const auto& field) {
    return field.first.size() == 4 && iequals(field.first, "Host");
  });
  return hosts == 1 || (hosts == 0 && !active_->parser->is_http11());
}

bool Connection::expects_continue() const {
  if (continued_ || !active_->parser->is_http11()) return false;
  const std::optional<std::string_view> expects = active_->request.headers.find("Expect");
  return expects && iequals(*expects, "100-continue");
}

Awaitable<void> Connection::handle() {
  ++server_->counts.requests;
  if (++in_a_row_ % kInARow == 0) {
    // Others have their turn.
    co_await asio::post(server_->io.get_executor(), kAwait);
  }
  answer_.keep = active_->parser->keep_alive() && !server_->stopping;
  Exchange exchange(*this);
  try {
    co_await site_->handler(exchange);
  } catch (...) {
    // A library below threw. An answer half sent is cut off, another one says 500.
    answer_.keep = false;
  }
}

// After the handler: what it left undone. False: the connection ends.
Awaitable<bool> Connection::settle() {
  if (raw_) co_return false;
  if (!answer_.begun) {
    if (body_problem_ && body_refusal_ == 0) co_return false;
    if (body_problem_) {
      co_await refuse(body_refusal_, body_problem_->text);
      co_return false;
    }
    Response none;
    none.status = 500;
    Result<void> sent = co_await answer(std::move(none));
    if (!sent) co_return false;
  }
  if (!answer_.finished || body_problem_) {
    lingers_ = answer_.finished;
    co_return false;
  }
  if (active_->parser->is_done()) co_return answer_.keep;
  const bool skipped = co_await skip_body();
  lingers_ = !skipped;
  co_return skipped&& answer_.keep;
}

// What of a body nobody wanted. True: it was little, and is gone.
Awaitable<bool> Connection::skip_body() {
  if (expects_continue() || !answer_.keep) co_return false;
  const HttpLimits& limits = server_->limits;
  reading_ = Patience(limits.linger, limits.lowest_rate);
  std::vector<char> dropped(kReadPiece);
  for (std::uint64_t count = 0; count < limits.linger_bytes;) {
    Result<std::size_t> got = co_await read(dropped);
    if (!got) co_return false;
    if (*got == 0) co_return true;
    count += *got;
  }
  co_return false;
}

// A short answer in plain words, after which the connection ends.
Awaitable<void> Connection::refuse(unsigned status, std::string_view why) {
  lingers_ = true;
  answer_ = {};
  answer_.keep = false;
  Response response{status, {}, std::string(why) + '\n'};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  writing_ = Patience(server_->limits.linger, 0);
  Result<void> sent = co_await answer(std::move(response));
  if (!sent) lingers_ = false;
}

void Connection::stop_when_idle() {
  answer_.keep = false;
  if (idle_) stream_.stop(Waits::Read);
}

}  // namespace nsp::lab
