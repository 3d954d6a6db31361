// One connection of a server: reads requests one after the other, has each handled, and keeps the
// answer's framing right. Exchange is what a handler sees of it.
#ifndef NSP_SIM_LAB_WIRE_CONNECTION_H_
#define NSP_SIM_LAB_WIRE_CONNECTION_H_

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/head.h"
#include "sim/lab/wire/http_server.h"
#include "sim/lab/wire/parser.h"
#include "sim/lab/wire/stream.h"

namespace nsp::lab {

// What a connection needs only while a request is under way. Taken from the server's store and
// given back, so that an idle connection does without.
struct Active {
  beast::flat_buffer buffer;
  Request request;
  std::optional<MessageParser<Request>> parser;
  std::string out;  // what is being written
};

// What the connections of a server share.
struct ServerCore {
  ServerCore(IoContext& context, HttpLimits of, Reach allowed);

  IoContext& io;
  HttpLimits limits;
  Reach reach;
  std::shared_ptr<Deadlines> deadlines;
  HttpServer::Counts counts;
  std::vector<Connection*> connections;
  std::vector<std::unique_ptr<Active>> spare;
  bool stopping = false;
  Timer drained;  // cancelled when the last connection goes

  [[nodiscard]] std::unique_ptr<Active> take();
  void give_back(std::unique_ptr<Active> active);
  // The Date header, made once a second.
  [[nodiscard]] const std::string& date();

 private:
  std::int64_t date_second_ = 0;
  std::string date_;
};

class Connection {
 public:
  Connection(std::shared_ptr<ServerCore> server, std::shared_ptr<Site> site, Socket socket,
             Peer peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // To its end; owns itself until then.
  [[nodiscard]] static Awaitable<void> run(std::unique_ptr<Connection> self, Transport transport);

  // The server is stopping: goes at once if idle, else after this request.
  void stop_when_idle();
  void cut() { stream_.cut(); }

  // What Exchange offers.
  [[nodiscard]] Active& active() { return *active_; }
  [[nodiscard]] Peer& peer() { return peer_; }
  [[nodiscard]] Awaitable<Result<std::size_t>> read(std::span<char> into);
  [[nodiscard]] Awaitable<Result<std::string>> whole_body(std::size_t most);
  [[nodiscard]] Awaitable<Result<void>> answer(Response response);
  [[nodiscard]] Awaitable<Result<void>> begin(Response head, std::optional<std::uint64_t> length);
  [[nodiscard]] Awaitable<Result<void>> begin_tunnel();
  [[nodiscard]] Awaitable<Result<void>> write(std::string_view bytes);
  [[nodiscard]] Awaitable<Result<void>> finish();
  [[nodiscard]] bool begun() const { return answer_.begun; }
  void stop_reading() { stream_.stop(Waits::Read); }
  void close_afterwards() { answer_.keep = false; }

 private:
  // How far the answer is.
  struct Answer {
    bool begun = false;
    bool finished = false;
    bool keep = true;       // the connection, afterwards
    bool bodyless = false;  // HEAD, 1xx, 204, 304
    bool chunked = false;
    std::optional<std::uint64_t> left;  // still to be written
  };

  [[nodiscard]] Awaitable<bool> begin_tls();
  [[nodiscard]] Awaitable<bool> serve_next();
  [[nodiscard]] Awaitable<bool> wait_for_request();
  [[nodiscard]] Awaitable<bool> read_head();
  [[nodiscard]] Awaitable<void> handle();
  [[nodiscard]] Awaitable<bool> settle();
  [[nodiscard]] Awaitable<bool> skip_body();
  [[nodiscard]] Awaitable<void> refuse(unsigned status, std::string_view why);
  [[nodiscard]] Awaitable<Result<std::size_t>> read_raw(std::span<char> into);
  [[nodiscard]] Awaitable<Result<void>> send_piece(std::string_view piece);
  [[nodiscard]] Result<std::optional<std::size_t>> feed_body(std::span<char> into);
  [[nodiscard]] bool names_one_host() const;
  [[nodiscard]] bool expects_continue() const;
  void send_continue();
  void frame(const Response& head, std::optional<std::uint64_t> length);
  void rest();
  [[nodiscard]] std::span<char> room();

  std::shared_ptr<ServerCore> server_;
  std::shared_ptr<Site> site_;
  Stream stream_;
  Peer peer_;
  std::size_t index_;
  std::unique_ptr<Active> active_;
  Answer answer_;
  Patience reading_;
  Patience writing_;
  std::optional<Problem> body_problem_;
  unsigned body_refusal_ = 0;
  bool continued_ = false;
  bool raw_ = false;
  bool idle_ = false;
  bool lingers_ = false;
  unsigned in_a_row_ = 0;  // requests served without waiting
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_CONNECTION_H_
