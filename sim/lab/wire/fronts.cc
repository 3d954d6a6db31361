#include "sim/lab/wire/fronts.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/crypto.h"
#include "sim/lab/dns_view.h"
#include "sim/lab/wire/outbound.h"
#include "sim/lab/wire/proxy.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostIdentityBytes = 64'000;
constexpr std::chrono::minutes kTunnelIdle{5};

Response text_answer(unsigned status, std::string text) {
  Response answer;
  answer.status = status;
  answer.headers.set("content-type", "text/plain");
  answer.body = std::move(text) + '\n';
  return answer;
}

// `Basic` with the name of a caller or resource and its secret.
std::expected<std::pair<std::string, std::string>, std::string> basic(const Request& request) {
  const std::string_view header = request.headers.find("Proxy-Authorization").value_or("");
  if (header.size() < 6 || !iequals(header.substr(0, 6), "Basic ")) {
    return std::unexpected("expected Proxy-Authorization: Basic, with a caller and its secret");
  }
  const auto plain = parse_base64(trim(header.substr(6)));
  // The secret has no colon, a name may.
  const std::size_t colon = plain ? plain->rfind(':') : std::string::npos;
  if (colon == std::string::npos) return std::unexpected("the proxy authorization cannot be read");
  return std::pair(plain->substr(0, colon), plain->substr(colon + 1));
}

// Where the user of the proxy sits.
std::expected<IpAddress, std::string> user_of(Core& core, const Edition& edition,
                                              const Request& request) {
  auto shown = basic(request);
  if (!shown) return std::unexpected(std::move(shown.error()));
  for (const auto& [seat, address] : edition.plan.seats()) {
    if (seat.kind == SeatKind::PrivateEndpoint) continue;
    if (!iequals(seat.key, shown->first)) continue;
    if (!equal_secrets(core.keys.identity_header(seat), shown->second)) break;
    return address;
  }
  return std::unexpected("no caller of the lab has that name and secret");
}

// The address of a host as that user sees it.
std::expected<IpAddress, std::string> resolve(const Edition& edition, const IpAddress& user,
                                              std::string_view host) {
  if (const auto address = IpAddress::parse(host)) {
    const bool of_the_lab = edition.plan.at(*address) != nullptr || *address == kOutsideWorld;
    if (of_the_lab) return *address;
    return std::unexpected(fmt::format("{} is no address of the lab", host));
  }
  const Asker asker = asker_at(edition, user);
  const DnsAnswer answer = look_up(edition, asker, host, static_cast<std::uint16_t>(DnsType::A));
  if (answer.address) return *answer.address;
  return std::unexpected(fmt::format("`{}` has no address", host));
}

std::string_view host_of_authority(std::string_view authority) {
  return authority.substr(0, authority.rfind(':'));
}

// What to ask of whom, of a request with an absolute URL.
std::expected<CallUrl, std::string> absolute(const Request& request) {
  auto url = parse_url(request.target);
  if (!url) return url;
  if (url->tls) return std::unexpected("expected CONNECT for https");
  return url;
}

Awaitable<void> answer_text(Exchange& exchange, unsigned status, std::string text) {
  Response answer = text_answer(status, std::move(text));
  if (status == 407) answer.headers.set("Proxy-Authenticate", "Basic realm=\"nspsim lab\"");
  const Result<void> sent = co_await exchange.answer(std::move(answer));
  (void)sent;
}

Awaitable<void> open_tunnel(Core& core, Exchange& exchange, const Edition& edition,
                            IpAddress user) {
  const std::string host(host_of_authority(exchange.request().target));
  const auto address = resolve(edition, user, host);
  if (!address) {
    co_await answer_text(exchange, 502, address.error());
    co_return;
  }
  const bool login = *address == kIdentityEndpoint;
  const Route route{
      login ? std::nullopt : std::optional(user), {*address, core.ports.https}, false, host};
  const Result<void> done = co_await tunnel(exchange, core.client, route, kTunnelIdle);
  (void)done;
}

Awaitable<void> pass_on_plain(Core& core, Exchange& exchange, const Edition& edition,
                              IpAddress user) {
  const auto url = absolute(exchange.request());
  const auto address = url ? resolve(edition, user, url->host) : std::unexpected(url.error());
  if (!address || core.ports.http == 0) {
    // GCC 12 destroys a conditional temporary twice where it stands in a co_await expression.
    std::string why = address ? "the lab serves no plain HTTP" : address.error();
    co_await answer_text(exchange, 502, std::move(why));
    co_return;
  }
  const Route route{user, {*address, core.ports.http}, false, url->host};
  Filters filters;
  filters.request = [&url](Request& head) {
    head.target = url->target;
    head.headers.set("Host", url->host);
  };
  const Result<void> done = co_await proxy(exchange, core.client, route, filters);
  (void)done;
}

}  // namespace

Awaitable<void> serve_identity(Core& core, Exchange& exchange) {
  Result<std::string> body = co_await exchange.whole_body(kMostIdentityBytes);
  if (!body) co_return;
  exchange.request().body = *std::move(body);
  const EditionPtr edition = core.timeline.control_plane();
  const IdentityQuestion question{exchange.request(),
                                  edition->plan.at(exchange.peer().remote.address),
                                  whole_seconds(utc_now())};
  const Result<void> sent = co_await exchange.answer(core.identities.answer(*edition, question));
  (void)sent;
}

Awaitable<void> serve_proxy(Core& core, Exchange& exchange) {
  const EditionPtr edition = core.data_plane();
  const auto user = user_of(core, *edition, exchange.request());
  if (!user) {
    co_await answer_text(exchange, 407, user.error());
  } else if (exchange.request().method == "CONNECT") {
    co_await open_tunnel(core, exchange, *edition, *user);
  } else {
    co_await pass_on_plain(core, exchange, *edition, *user);
  }
}

}  // namespace nsp::lab
