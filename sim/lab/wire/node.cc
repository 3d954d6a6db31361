#include "sim/lab/wire/node.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/authentication.h"
#include "sim/lab/denial.h"
#include "sim/lab/wire/outbound.h"

namespace nsp::lab {
namespace {

constexpr std::string_view kCallPath = "/_lab/call";
constexpr std::size_t kMostCallBytes = 16'000'000;

// What a connection keeps: the edition that it was accepted under, the resource in it, and what was
// ruled on the connection.
struct Pinned {
  EditionPtr edition;
  Index index = kNone;  // kNone: it is gone
  RulingMemo memo{};
};

// Without its port.
std::string_view host_of(const Request& request) {
  const std::string_view host = request.headers.find("Host").value_or("");
  const std::size_t bracket = host.rfind(']');  // of an IPv6 address
  const std::size_t colon = host.rfind(':');
  const bool is_port = bracket == std::string_view::npos || colon > bracket;
  return is_port ? host.substr(0, colon) : host;
}

std::string time_text(Utc now) { return nsp::to_string(Instant(now.time_since_epoch())); }

Response json_answer(unsigned status, const nlohmann::ordered_json& body) {
  Response answer;
  answer.status = status;
  answer.headers.set("content-type", "application/json");
  answer.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return answer;
}

Response call_problem(std::string text) {
  return json_answer(400, {{"error", {{"code", "BadCall"}, {"message", std::move(text)}}}});
}

std::expected<OutCall, std::string> read_call(const std::string& text) {
  using Json = nlohmann::ordered_json;
  const Json body = Json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("url") || !body["url"].is_string()) {
    return std::unexpected("expected a JSON object with a `url`");
  }
  for (const auto& [name, value] : body.items()) {
    const bool known = name == "url" || name == "method" || name == "headers" || name == "body" ||
                       name == "credential" || name == "audience";
    if (!known) return std::unexpected(fmt::format("unknown member `{}`", name));
    if (name == "headers" ? !value.is_object() : !value.is_string()) {
      return std::unexpected(
          fmt::format("`{}` is not {}", name, name == "headers" ? "an object" : "a text"));
    }
  }
  OutCall call;
  call.url = body["url"].get<std::string>();
  call.request.method = body.value("method", "GET");
  call.request.body = body.value("body", "");
  call.audience = body.value("audience", "");
  const auto credential = parse_word<Credential>(body.value("credential", "managed identity"));
  if (!credential) return std::unexpected("`credential` is none that a pages' `as` column knows");
  call.credential = *credential;
  const Json headers = body.value("headers", Json::object());
  for (const auto& [name, value] : headers.items()) {
    if (!value.is_string()) return std::unexpected(fmt::format("header `{}` is not a text", name));
    call.request.headers.add(name, value.get<std::string>());
  }
  return call;
}

Response told(const OutResult& result) {
  nlohmann::ordered_json body;
  body["denied"] = result.denied;
  if (!result.response) {
    body["problem"] = result.problem;
    return json_answer(result.denied ? 403 : 502, body);
  }
  body["status"] = result.response->status;
  for (const auto& [name, value] : result.response->headers.all()) body["headers"][name] = value;
  body["body"] = result.response->body;
  return json_answer(200, body);
}

}  // namespace

// One request, as far as it is known.
struct Node::Arrived {
  Pinned* pinned = nullptr;
  EditionPtr edition;
  Index index = kNone;  // of the resource; kNone: it is gone
  Shown shown;
  RulingPtr ruling;   // null: nothing was decided
  bool asked = true;  // the perimeter
  std::string id;
  Utc now;

  [[nodiscard]] const Resource& resource() const { return edition->environment().resources[index]; }
  [[nodiscard]] const Leg* leg() const {
    return ruling ? ruling->decided.leg(Direction::Inbound) : nullptr;
  }
  // What every answer of the node carries.
  void mark(Headers& headers) const {
    if (!headers.find("x-ms-request-id")) headers.set("x-ms-request-id", id);
    if (ruling) add_verdict(ruling->decided, leg(), headers);
    if (!asked) add_no_verdict(headers);
  }
};

Node::Node(Core& core, std::string resource, std::unique_ptr<ServiceApi> api,
           StorageBackend* backend)
    : core_(core), resource_(std::move(resource)), api_(std::move(api)), backend_(backend) {}

// A connection belongs to one node.
Node::Arrived Node::read(Exchange& exchange) {
  std::shared_ptr<void>& state = exchange.peer().state;
  if (!state) {
    const EditionPtr& edition = core_.data_plane();
    state = std::make_shared<Pinned>(edition, edition->policy.find_resource(resource_).index);
  }
  Arrived arrived;
  arrived.pinned = static_cast<Pinned*>(state.get());
  arrived.edition = arrived.pinned->edition;
  arrived.index = arrived.pinned->index;
  arrived.asked = core_.enforce;
  arrived.id = core_.next_request_id();
  arrived.now = utc_now();
  if (arrived.index == kNone) return arrived;
  const CredentialReader reader{core_.keys, core_.verifier};
  arrived.shown = reader.read(exchange.request(), arrived.resource(), whole_seconds(arrived.now));
  return arrived;
}

std::optional<Response> Node::denial(Exchange& exchange, Arrived& arrived) {
  const Peer& peer = exchange.peer();
  const std::string operation = api_->operation(exchange.request());
  const ArrivalQuestion question{arrived.edition,
                                 arrived.index,
                                 peer.local.address,
                                 peer.remote.address,
                                 host_of(exchange.request()),
                                 operation,
                                 arrived.shown};
  auto ruled = rule(core_.gate, arrived.pinned->memo, question);
  if (!ruled) {
    return error_answer(arrived.resource().service, 400, "BadAttempt", ruled.error(), arrived.id,
                        time_text(arrived.now));
  }
  arrived.ruling = *std::move(ruled);
  if (core_.on_decision) core_.on_decision(*arrived.ruling);
  const Leg* leg = arrived.leg();
  if (leg == nullptr || leg->verdict == Verdict::Allow) return std::nullopt;
  return denied_answer(arrived.ruling->decided, *leg, arrived.id, time_text(arrived.now));
}

std::optional<Response> Node::refusal(Exchange& exchange, Arrived& arrived) {
  if (arrived.asked) {
    if (auto denied = denial(exchange, arrived)) return denied;
  }
  if (is_good(arrived.shown)) return std::nullopt;
  return authentication_refusal(arrived.resource().service, arrived.shown, arrived.id,
                                time_text(arrived.now));
}

Awaitable<void> Node::serve(Exchange& exchange) {
  const Request& request = exchange.request();
  if (request.method == "POST" && request.target == kCallPath) {
    co_await call(exchange);
    co_return;
  }
  Arrived arrived = read(exchange);
  if (arrived.index == kNone) {
    exchange.cut();
    co_return;
  }
  std::optional<Response> refused = refusal(exchange, arrived);
  const Leg* leg = arrived.leg();
  if (leg != nullptr && leg->reason == Reason::PrivateEndpointNotApproved) {
    exchange.cut();
    co_return;
  }
  if (!refused) {
    co_await admitted(exchange, arrived);
    co_return;
  }
  arrived.mark(refused->headers);
  const Result<void> sent = co_await exchange.answer(*std::move(refused));
  (void)sent;  // nobody is left to tell
}

Awaitable<void> Node::admitted(Exchange& exchange, const Arrived& arrived) {
  if (backend_ != nullptr && is_for_emulator(exchange.request())) {
    co_await pass_on(exchange, arrived);
  } else {
    co_await ask_api(exchange, arrived);
  }
}

Awaitable<void> Node::pass_on(Exchange& exchange, const Arrived& arrived) {
  Passage passage{arrived.resource(), arrived.id, arrived.now,
                  [&arrived](Headers& headers) { arrived.mark(headers); }};
  co_await backend_->pass_on(exchange, std::move(passage));
}

Awaitable<void> Node::ask_api(Exchange& exchange, const Arrived& arrived) {
  Result<std::string> body = co_await exchange.whole_body(kMostBodyBytes);
  if (!body) co_return;
  exchange.request().body = *std::move(body);
  ServiceCall asked{exchange.request(), arrived.now, arrived.id, arrived.shown.credential};
  asked.key_name = arrived.shown.key_name;
  if (arrived.shown.claims) asked.claims = &*arrived.shown.claims;
  ServiceAnswer answer = api_->answer(asked);
  while (answer.before) {
    std::unique_ptr<Work> work = std::move(answer.before);
    co_await run_work(core_, resource_, *work);
    asked.resumed = work.get();
    answer = api_->answer(asked);
    asked.resumed = nullptr;
  }
  arrived.mark(answer.response.headers);
  const Result<void> sent = co_await exchange.answer(std::move(answer.response));
  (void)sent;
  if (answer.work) spawn(core_.io, work_in_background(std::move(answer.work)));
}

Awaitable<void> Node::work_in_background(std::unique_ptr<Work> work) {
  co_await run_work(core_, resource_, *work);
}

Awaitable<void> Node::call(Exchange& exchange) {
  Result<std::string> body = co_await exchange.whole_body(kMostCallBytes);
  if (!body) co_return;
  auto read = read_call(*body);
  Response answer;
  if (read) {
    Outgoing outgoing{resource_, *std::move(read)};
    const OutResult result = co_await call_out(core_, std::move(outgoing));
    answer = told(result);
  } else {
    answer = call_problem(std::move(read.error()));
  }
  const Result<void> sent = co_await exchange.answer(std::move(answer));
  (void)sent;
}

}  // namespace nsp::lab
