#include "sim/lab/wire/proxy.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "sim/lab/wire/deadlines.h"
#include "sim/lab/wire/head.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kTunnelPiece = 65'536;

// One way of two, running beside the other; whoever started it waits for its end.
struct Upload {
  explicit Upload(IoContext& io) : ended(io.get_executor()) {}
  Result<void> result;
  bool client_failed = false;  // rather than the other server
  bool done = true;
  Timer ended;
};

Awaitable<void> upload(Exchange& exchange, Call& call, Upload& state) {
  std::vector<char> piece(kTunnelPiece);
  while (state.result) {
    Result<std::size_t> got = co_await exchange.read(piece);
    if (!got) {
      state.result = std::unexpected(got.error());
      state.client_failed = true;
      // The other server waits for the rest in vain.
      call.stop();
    } else if (*got == 0) {
      state.result = co_await call.finish();
      break;
    } else {
      state.result = co_await call.write({piece.data(), *got});
    }
  }
  state.done = true;
  state.ended.cancel();
}

Awaitable<void> join(Upload& state) {
  ErrorCode ignored;
  while (!state.done) {
    state.ended.expires_at(Deadlines::kNever);
    co_await state.ended.async_wait(into(ignored));
  }
}

Awaitable<Result<void>> download(Exchange& exchange, Call& call) {
  std::vector<char> piece(kTunnelPiece);
  while (true) {
    Result<std::size_t> got = co_await call.read(piece);
    if (!got) co_return std::unexpected(got.error());
    if (*got == 0) co_return co_await exchange.finish();
    Result<void> sent = co_await exchange.write({piece.data(), *got});
    if (!sent) co_return sent;
  }
}

Response problem_as_text(const Problem& problem) {
  const unsigned status = problem.kind == Problem::Kind::TimedOut ? 504 : 502;
  Response response{status, {}, problem.text + '\n'};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

Awaitable<Result<void>> answer_problem(Exchange& exchange, Problem problem,
                                       const Filters& filters) {
  exchange.close_afterwards();
  Response response = filters.failure ? filters.failure(problem) : problem_as_text(problem);
  Result<void> sent = co_await exchange.answer(std::move(response));
  (void)sent;  // the problem that it tells matters more
  co_return std::unexpected(std::move(problem));
}

// The answer, while the request may still be on its way.
Awaitable<Result<void>> pass_back(Exchange& exchange, Call& call, const Filters& filters,
                                  const Upload& state) {
  Result<Response> head = co_await call.head();
  if (!head) {
    // Where the client broke off, its own server says so.
    if (state.client_failed) co_return state.result;
    co_return co_await answer_problem(exchange, head.error(), filters);
  }
  std::optional<Response> other;
  if (filters.instead) other = filters.instead(*head);
  if (other) {
    exchange.close_afterwards();
    co_return co_await exchange.answer(*std::move(other));
  }
  head->headers = without_hop_by_hop(head->headers);
  if (filters.response) filters.response(*head);
  Result<void> begun = co_await exchange.begin(*std::move(head), call.body_length());
  if (!begun) co_return begun;
  Result<void> passed = co_await download(exchange, call);
  if (!passed) exchange.close_afterwards();
  co_return passed;
}

}  // namespace

Awaitable<Result<void>> proxy(Exchange& exchange, HttpClient& client, Route route,
                              const Filters& filters) {
  Request head = exchange.request();
  head.headers = without_hop_by_hop(head.headers);
  if (filters.request) filters.request(head);
  const std::optional<std::uint64_t> length = exchange.body_length();
  Result<Call> call = co_await client.begin(std::move(route), std::move(head), length);
  if (!call) co_return co_await answer_problem(exchange, call.error(), filters);
  Upload state(client.io());
  if (length == 0) {
    state.result = co_await call->finish();
  } else {
    state.done = false;
    spawn(client.io(), upload(exchange, *call, state));
    // It begins first: a client that waits for `100 Continue` gets it before any answer.
    co_await asio::post(client.io().get_executor(), kAwait);
  }
  Result<void> passed = co_await pass_back(exchange, *call, filters, state);
  // An upload that is at its end has its turn.
  co_await asio::post(client.io().get_executor(), kAwait);
  if (!state.done) {
    // The answer came before the request's end: the rest is not wanted.
    exchange.stop_reading();
    exchange.close_afterwards();
    call->stop();
    co_await join(state);
  }
  co_return passed;
}

namespace {

// Bytes both ways. `life` ends it when nothing has moved for `idle`.
struct Tunnel {
  Tunnel(Exchange& client, Call& server, std::chrono::milliseconds longest, IoContext& io)
      : exchange(client),
        call(server),
        idle(longest),
        life(std::make_shared<Deadlines>(io), [this] { end(); }),
        up(io) {
    moved();
  }
  void moved() { life.set(Clock::now() + idle); }
  void end() {
    exchange.cut();
    call.stop();
  }

  Exchange& exchange;
  Call& call;
  std::chrono::milliseconds idle;
  Deadlines::Slot life;
  Upload up;
};

template <class From, class To>
Awaitable<Result<void>> pump(From& from, To& to, Tunnel& tunnel) {
  std::vector<char> piece(kTunnelPiece);
  while (true) {
    Result<std::size_t> got = co_await from.read(piece);
    if (!got) co_return std::unexpected(got.error());
    tunnel.moved();
    if (*got == 0) co_return co_await to.finish();
    Result<void> sent = co_await to.write({piece.data(), *got});
    if (!sent) co_return sent;
    tunnel.moved();
  }
}

Awaitable<void> pump_up(Tunnel& tunnel) {
  tunnel.up.result = co_await pump(tunnel.exchange, tunnel.call, tunnel);
  if (!tunnel.up.result) tunnel.end();
  tunnel.up.done = true;
  tunnel.up.ended.cancel();
}

}  // namespace

Awaitable<Result<void>> tunnel(Exchange& exchange, HttpClient& client, Route route,
                               std::chrono::milliseconds idle) {
  Result<Call> call = co_await client.open(std::move(route));
  const Filters none;
  if (!call) co_return co_await answer_problem(exchange, call.error(), none);
  Result<void> begun = co_await exchange.begin_tunnel();
  if (!begun) co_return begun;
  Tunnel both(exchange, *call, idle, client.io());
  both.up.done = false;
  spawn(client.io(), pump_up(both));
  Result<void> down = co_await pump(*call, exchange, both);
  if (!down) both.end();
  co_await join(both.up);
  co_return down ? both.up.result : down;
}

}  // namespace nsp::lab
