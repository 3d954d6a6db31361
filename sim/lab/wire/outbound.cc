#include "sim/lab/wire/outbound.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "sim/base/text.h"
#include "sim/decision/describe.h"
#include "sim/lab/dns_view.h"

namespace nsp::lab {
namespace {

constexpr std::uint16_t kHttps = 443;

OutResult failed(std::string problem) { return {std::nullopt, false, std::move(problem)}; }

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size() && port != 0;
  return whole ? std::optional(port) : std::nullopt;
}

// What a call is, once it is known where it goes.
struct Planned {
  CallUrl url;
  Index resource = kNone;
  IpAddress to;
};

std::expected<Planned, std::string> plan(const Edition& edition, const Outgoing& outgoing) {
  auto url = parse_url(outgoing.call.url);
  if (!url) return std::unexpected(std::move(url.error()));
  Planned planned{*std::move(url), edition.policy.find_resource(outgoing.resource).index, {}};
  if (planned.resource == kNone) return std::unexpected("the caller is gone");
  if (const auto address = outgoing.to ? outgoing.to : IpAddress::parse(planned.url.host)) {
    // Nothing of the lab's leaves it: whoever else has that address is played by the world.
    const bool of_the_lab = outgoing.to || edition.plan.at(*address) != nullptr;
    planned.to = of_the_lab ? *address : kOutsideWorld;
    return planned;
  }
  const Asker asker =
      outgoing.from ? asker_at(edition, *outgoing.from) : Asker{planned.resource, kNone};
  const DnsAnswer answer =
      look_up(edition, asker, planned.url.host, static_cast<std::uint16_t>(DnsType::A));
  if (!answer.address) {
    return std::unexpected(fmt::format("`{}` has no address", planned.url.host));
  }
  planned.to = *answer.address;
  return planned;
}

Attempt attempt_of(const Edition& edition, const Planned& planned, const Outgoing& outgoing) {
  if (outgoing.attempt) return *outgoing.attempt;
  Attempt attempt;
  attempt.from = edition.environment().resources[planned.resource].id.text();
  attempt.to = planned.url.host;
  attempt.credential = outgoing.call.credential;
  return attempt;
}

// The body that is sent is the call's own; what else a request carries is added here.
std::expected<Request, std::string> signed_request(Core& core, const Edition& edition,
                                                   const Planned& planned, OutCall call) {
  Request request = std::move(call.request);
  request.target = planned.url.target;
  request.headers.set("Host", planned.url.host);
  if (call.credential != Credential::ManagedIdentity) return request;
  Resource resource = edition.environment().resources[planned.resource];
  // Of a resource that nobody describes: it claims to have one, and nothing says otherwise.
  if (!resource.identity) resource.identity = true;
  const auto identity = identity_of(edition.environment(), resource);
  if (!identity) return std::unexpected(fmt::format("`{}` has no managed identity", resource.name));
  const std::string audience =
      call.audience.empty() ? "https://" + planned.url.host : call.audience;
  request.headers.set("Authorization", "Bearer " + core.identities.issue(*identity, audience,
                                                                         whole_seconds(utc_now())));
  return request;
}

Route route_of(const Core& core, const Edition& edition, const Planned& planned,
               const std::optional<IpAddress>& from) {
  const std::uint16_t usual = planned.url.tls ? core.ports.https : core.ports.http;
  const Resource& resource = edition.environment().resources[planned.resource];
  return {from ? *from : edition.plan.of_resource(resource),
          {planned.to, planned.url.port.value_or(usual)},
          planned.url.tls,
          planned.url.host};
}

}  // namespace

std::expected<CallUrl, std::string> parse_url(std::string_view text) {
  CallUrl url;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    url.tls = false;
  } else {
    return std::unexpected(
        fmt::format("`{}` is no URL, expected one like `https://host/path`", text));
  }
  const std::size_t slash = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) url.target = rest.substr(slash);
  if (url.target.starts_with('?')) url.target.insert(0, "/");
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos) {
    url.port = parse_port(authority.substr(colon + 1));
    if (!url.port) return std::unexpected(fmt::format("`{}` has no valid port", text));
    if (*url.port == kHttps && url.tls) url.port.reset();
    authority = authority.substr(0, colon);
  }
  url.host = lower(authority);
  if (url.host.empty()) return std::unexpected(fmt::format("`{}` names no host", text));
  return url;
}

Awaitable<OutResult> call_out(Core& core, Outgoing outgoing) {
  const EditionPtr edition = core.data_plane();
  const auto planned = plan(*edition, outgoing);
  if (!planned) co_return failed(planned.error());
  if (core.enforce) {
    const auto decided = core.gate.leaving(edition, attempt_of(*edition, *planned, outgoing));
    if (!decided) co_return failed(decided.error());
    if (core.on_decision) core.on_decision(*make_ruling(*decided, core.gate.readings()));
    const Leg* leg = decided->leg(Direction::Outbound);
    if (leg != nullptr && leg->verdict != Verdict::Allow) {
      OutResult refused =
          failed(fmt::format("the call to {} is refused on its way out: {}", planned->url.host,
                             reason_text(edition->policy, *leg)));
      refused.denied = true;
      co_return refused;
    }
  }
  auto request = signed_request(core, *edition, *planned, std::move(outgoing.call));
  if (!request) co_return failed(request.error());
  const Route route = route_of(core, *edition, *planned, outgoing.from);
  Result<Response> answer =
      co_await core.client.fetch(route, *std::move(request), kMostAnswerBytes);
  if (!answer) co_return failed(answer.error().text);
  co_return OutResult{*std::move(answer), false, {}};
}

Awaitable<void> run_work(Core& core, std::string resource, Work& work) {
  OutResult last;
  std::optional<OutCall> call = work.next(nullptr, utc_now());
  while (call) {
    Outgoing outgoing{resource, *std::move(call)};
    last = co_await call_out(core, std::move(outgoing));
    call = work.next(&last, utc_now());
  }
}

}  // namespace nsp::lab
