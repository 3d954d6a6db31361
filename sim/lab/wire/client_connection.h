// One connection of a client, with the request and the answer that are under way on it.
#ifndef NSP_SIM_LAB_WIRE_CLIENT_CONNECTION_H_
#define NSP_SIM_LAB_WIRE_CLIENT_CONNECTION_H_

#include <boost/beast/core/flat_buffer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/wire/http_client.h"
#include "sim/lab/wire/parser.h"
#include "sim/lab/wire/stream.h"

namespace nsp::lab {

class ClientConnection {
 public:
  ClientConnection(const HttpClientLimits& limits, Route route, std::unique_ptr<Stream> stream);

  [[nodiscard]] Awaitable<Result<void>> send_head(const Request& head,
                                                  std::optional<std::uint64_t> length);
  [[nodiscard]] Awaitable<Result<void>> write(std::string_view bytes);
  [[nodiscard]] Awaitable<Result<void>> finish();
  // What `send_head` has not sent of a body that is whole.
  [[nodiscard]] Awaitable<Result<void>> send_rest(std::string_view body);
  [[nodiscard]] Awaitable<Result<Response>> head();
  [[nodiscard]] std::optional<std::uint64_t> body_length() const;
  [[nodiscard]] Awaitable<Result<std::size_t>> read(std::span<char> into);
  void stop();

  void be_raw();
  // Used before, and nothing of an answer has come: it may have been closed while it was kept.
  [[nodiscard]] bool may_be_retried() const { return reused_ && !answered_; }
  // Request and answer are over, and the server keeps the connection.
  [[nodiscard]] bool is_reusable() const;
  [[nodiscard]] bool is_stale() { return stream_->is_stale(); }
  void prepare_reuse();
  [[nodiscard]] const Route& route() const { return route_; }
  [[nodiscard]] Stream& stream() { return *stream_; }

 private:
  [[nodiscard]] Awaitable<Result<void>> send(std::string_view bytes);
  [[nodiscard]] Awaitable<Result<bool>> fill_head();
  [[nodiscard]] Awaitable<Result<void>> wait_for_head(Step::Kind want);
  [[nodiscard]] Awaitable<Result<void>> fill_body();
  [[nodiscard]] Result<std::optional<std::size_t>> feed_body(std::span<char> into);
  [[nodiscard]] std::span<char> room();
  void expect_answer();

  HttpClientLimits limits_;
  Route route_;
  std::unique_ptr<Stream> stream_;
  beast::flat_buffer buffer_;
  std::string out_;
  Response response_;
  std::optional<MessageParser<Response>> parser_;
  Patience reading_;
  Patience writing_;
  Clock::time_point last_sent_;
  std::optional<std::uint64_t> left_;  // of the request's body
  bool chunked_ = false;
  bool finished_ = false;  // the request
  bool is_head_ = false;
  bool answered_ = false;
  bool reused_ = false;
  bool broken_ = false;
  bool raw_ = false;
};

// What the calls of a client share: connections that wait for their next call.
struct ClientCore : std::enable_shared_from_this<ClientCore> {
  struct Kept {
    std::unique_ptr<ClientConnection> connection;
    std::unique_ptr<Deadlines::Slot> end;
  };

  ClientCore(IoContext& context, std::shared_ptr<ClientTls> trusted, HttpClientLimits of);

  // Null: none that is still good.
  [[nodiscard]] std::unique_ptr<ClientConnection> take(const Route& route);
  void release(std::unique_ptr<ClientConnection> connection);
  [[nodiscard]] Awaitable<Result<std::unique_ptr<ClientConnection>>> connect(Route route);
  void drop(const ClientConnection* connection);

  IoContext& io;
  std::shared_ptr<ClientTls> tls;
  HttpClientLimits limits;
  std::shared_ptr<Deadlines> deadlines;
  std::map<Route, std::vector<Kept>> kept;
  std::size_t count = 0;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_CLIENT_CONNECTION_H_
