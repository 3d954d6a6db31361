// The lab's HTTP server by itself, for measure_wire: requests a second and memory of idle
// connections; the latter also of a whole lab, for measure_lab.
//
//   nspsim_wire_bench serve plain|tls BYTES CA_FILE    answers BYTES to everything on 127.0.0.1;
//                                                      prints its port; ends when its input does
//   nspsim_wire_bench idle plain|tls COUNT CA_FILE PID ADDRESS:PORT…
//                                                      opens COUNT connections to these in turn,
//                                                      has one answer on each, and prints the
//                                                      memory of process PID in KB before, then,
//                                                      and after they are gone

#include "sim/lab/wire/asio.h"
//
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/authority.h"
#include "sim/lab/wire/http_client.h"
#include "sim/lab/wire/http_server.h"

namespace {

using namespace nsp;
using namespace nsp::lab;

const IpAddress kHere = IpAddress::from_v4(0x7f00'0001);
constexpr const char* kName = "bench.test";

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "nspsim_wire_bench: {}\n", why);
  std::exit(1);
}

std::shared_ptr<ServerTls> make_tls(const char* ca_file) {
  const auto now = std::chrono::system_clock::now();
  std::expected<Authority, std::string> authority = Authority::make(now);
  if (!authority) give_up(authority.error());
  std::ofstream(ca_file) << authority->certificate_pem();
  std::expected<Certificate, std::string> leaf = authority->issue({{kName}, {}}, now);
  if (!leaf) give_up(leaf.error());
  return ServerTls::make(*leaf).value();
}

int serve(bool tls, std::size_t bytes, const char* ca_file) {
  IoContext io;
  HttpServer server(io, {});
  auto site = std::make_shared<Site>();
  site->connections = 20'000;
  if (tls) site->tls = make_tls(ca_file);
  const std::string body(bytes, 'x');
  site->handler = [&body](Exchange& exchange) -> Awaitable<void> {
    Response response;
    response.headers.add("Content-Type", "text/plain");
    response.body = body;
    Result<void> sent = co_await exchange.answer(std::move(response));
    (void)sent;
  };
  Result<Endpoint> at = server.listen({kHere, 0}, site, tls ? Transport::Tls : Transport::Plain);
  if (!at) give_up(at.error().text);
  fmt::print("{}\n", at->port);
  std::fflush(stdout);
  asio::posix::stream_descriptor input(io, dup(STDIN_FILENO));
  input.async_wait(asio::posix::stream_descriptor::wait_read, [&](ErrorCode) { io.stop(); });
  io.run();
  return 0;
}

long memory_kb(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/status");
  std::string word;
  long kb = 0;
  while (in >> word && word != "VmRSS:") {
  }
  in >> kb;
  return kb;
}

Endpoint endpoint_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto address = IpAddress::parse(text.substr(0, colon));
  if (colon == std::string_view::npos || !address) give_up("expected ADDRESS:PORT");
  const std::string port(text.substr(colon + 1));
  return {*address, static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10))};
}

// The certificate of the server by itself is for a name, those of a lab are for addresses, too.
Route route_to(const Endpoint& at, bool tls) {
  return {{}, at, tls, at.address == kHere ? kName : to_string(at.address)};
}

Awaitable<void> open_all(HttpClient& client, std::vector<Route> routes, std::size_t count,
                         std::vector<Call>& calls) {
  std::array<char, 4096> piece{};
  while (calls.size() < count) {
    Result<Call> call = co_await client.open(routes[calls.size() % routes.size()]);
    if (!call) give_up(call.error().text);
    Result<void> sent = co_await call->write("GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n");
    if (!sent) give_up(sent.error().text);
    Result<std::size_t> got = co_await call->read(piece);
    if (!got || *got == 0) give_up("no answer");
    calls.push_back(*std::move(call));
  }
}

int hold_idle(const std::vector<Route>& routes, std::size_t count, const char* ca_file,
              const std::string& pid) {
  IoContext io;
  std::ifstream in(ca_file);
  const std::string ca{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  HttpClient client(io, routes.front().tls ? ClientTls::make(ca).value() : nullptr, {});
  std::vector<Call> calls;
  const long before = memory_kb(pid);
  spawn(io, open_all(client, routes, count, calls));
  io.run();
  sleep(1);
  const long during = memory_kb(pid);
  const std::size_t opened = calls.size();
  calls.clear();
  sleep(1);
  fmt::print("{} connections: {} KB before, {} KB open, {} KB after; {:.1f} KB each\n", opened,
             before, during, memory_kb(pid),
             static_cast<double>(during - before) / static_cast<double>(opened));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  raise_open_files();
  const std::span<char*> args(argv, static_cast<std::size_t>(argc));
  const std::string_view what = argc > 2 ? args[1] : "";
  const bool tls = argc > 2 && std::string_view(args[2]) == "tls";
  const auto number = [&](std::size_t i) { return std::strtoul(args[i], nullptr, 10); };
  if (what == "serve" && argc == 5) return serve(tls, number(3), args[4]);
  if (what == "idle" && argc >= 7) {
    std::vector<Route> routes;
    for (const char* at : args.subspan(6)) routes.push_back(route_to(endpoint_of(at), tls));
    return hold_idle(routes, number(3), args[4], args[5]);
  }
  give_up(
      "expected `serve plain|tls BYTES CA_FILE` or `idle plain|tls COUNT CA_FILE PID "
      "ADDRESS:PORT…`");
}
