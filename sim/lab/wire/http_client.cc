#include "sim/lab/wire/http_client.h"

#include <algorithm>
#include <utility>

#include "sim/lab/wire/client_connection.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kBodyPiece = 65'536;

}  // namespace

Call::Call(std::shared_ptr<ClientCore> core, std::unique_ptr<ClientConnection> connection)
    : core_(std::move(core)), connection_(std::move(connection)) {}
Call::Call(Call&&) noexcept = default;
Call& Call::operator=(Call&& other) noexcept {
  release();
  core_ = std::move(other.core_);
  connection_ = std::move(other.connection_);
  return *this;
}
Call::~Call() { release(); }

void Call::release() {
  if (connection_) core_->release(std::move(connection_));
}

Awaitable<Result<void>> Call::write(std::string_view bytes) { return connection_->write(bytes); }
Awaitable<Result<void>> Call::finish() { return connection_->finish(); }
Awaitable<Result<Response>> Call::head() { return connection_->head(); }
std::optional<std::uint64_t> Call::body_length() const { return connection_->body_length(); }
Awaitable<Result<std::size_t>> Call::read(std::span<char> into) { return connection_->read(into); }
void Call::stop() { connection_->stop(); }

HttpClient::HttpClient(IoContext& io, std::shared_ptr<ClientTls> tls, HttpClientLimits limits)
    : core_(std::make_shared<ClientCore>(io, std::move(tls), limits)) {}
HttpClient::~HttpClient() = default;

Awaitable<Result<Call>> HttpClient::begin(Route route, Request head,
                                          std::optional<std::uint64_t> length) {
  head.body.clear();
  co_return co_await begin_on(std::move(route), head, length, false);
}

Awaitable<Result<Call>> HttpClient::begin_on(Route route, const Request& head,
                                             std::optional<std::uint64_t> length, bool fresh) {
  std::unique_ptr<ClientConnection> connection;
  if (!fresh) connection = core_->take(route);
  if (connection) {
    Result<void> sent = co_await connection->send_head(head, length);
    if (sent) co_return Call(core_, std::move(connection));
  }
  Result<std::unique_ptr<ClientConnection>> made = co_await core_->connect(std::move(route));
  if (!made) co_return std::unexpected(made.error());
  Result<void> sent = co_await (*made)->send_head(head, length);
  if (!sent) co_return std::unexpected(sent.error());
  co_return Call(core_, *std::move(made));
}

Awaitable<Result<Call>> HttpClient::open(Route route) {
  Result<std::unique_ptr<ClientConnection>> made = co_await core_->connect(std::move(route));
  if (!made) co_return std::unexpected(made.error());
  (*made)->be_raw();
  co_return Call(core_, *std::move(made));
}

// Sends what `begin` has not, and reads the whole answer.
Awaitable<Result<Response>> HttpClient::finish_call(Call& call, const Request& request,
                                                    std::size_t most) {
  // A server may answer and close before it has read everything: its answer counts.
  Result<void> sent = co_await call.connection_->send_rest(request.body);
  Result<Response> answer = co_await call.head();
  if (!answer) co_return sent ? answer : std::unexpected(sent.error());
  const std::uint64_t announced = call.body_length().value_or(0);
  std::string piece(std::clamp<std::uint64_t>(announced, 1024, kBodyPiece), '\0');
  while (true) {
    Result<std::size_t> got = co_await call.read(piece);
    if (!got) co_return std::unexpected(got.error());
    if (*got == 0) co_return answer;
    if (answer->body.size() + *got > most) {
      co_return problem(Problem::Kind::TooLarge, "the answer is larger than expected");
    }
    answer->body.append(piece, 0, *got);
  }
}

Awaitable<Result<Response>> HttpClient::fetch(Route route, Request request, std::size_t most) {
  bool fresh = false;
  while (true) {
    Result<Call> call = co_await begin_on(route, request, request.body.size(), fresh);
    if (!call) co_return std::unexpected(call.error());
    Result<Response> answer = co_await finish_call(*call, request, most);
    const bool again = !answer && answer.error().kind == Problem::Kind::Closed && !fresh &&
                       call->connection_->may_be_retried();
    if (!again) co_return answer;
    fresh = true;
  }
}

IoContext& HttpClient::io() const { return core_->io; }

std::size_t HttpClient::kept() const { return core_->count; }

void HttpClient::forget() {
  core_->kept.clear();
  core_->count = 0;
}

}  // namespace nsp::lab
