#include "sim/lab/wire/live_call.h"

#include <fmt/format.h>

#include <utility>

#include "sim/lab/crypto.h"
#include "sim/lab/dns_view.h"
#include "sim/lab/storage_signature.h"
#include "sim/lab/wire/outbound.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostBody = 1'000'000;

// A call that every service has.
std::string usual_target(Service service, const std::string& operation) {
  switch (service) {
    case Service::Storage:
      return "/?comp=list";
    case Service::Search:
      return "/indexes?api-version=2024-07-01";
    case Service::Foundry:
    case Service::OpenAi:
      if (operation == "fine-tuning") return "/openai/fine_tuning/jobs?api-version=2024-10-21";
      if (operation == "assistants") return "/openai/assistants?api-version=2024-05-01-preview";
      return "/openai/models?api-version=2024-10-21";
    default:
      return "/";
  }
}

Identity identity_to_show(const LiveCase& live, const Sending& sending) {
  Caller caller = sending.post.caller;
  caller.credential = sending.proven.credential;
  if (caller.name.empty()) caller.name = live.attempt.from;
  Identity identity = identity_of(caller).value_or(Identity{});
  if (!sending.proven.identity.empty()) identity.mirid = sending.proven.identity.text();
  return identity;
}

void sign_with_key(const Core& core, Request& request, const Resource& account) {
  const auto target = parse_target(request.target);
  const auto key = parse_base64(core.keys.of_resource(account, LabKeys::kNames[0]));
  request.headers.set("x-ms-date", "Thu, 01 Jan 2026 00:00:00 GMT");
  request.headers.set("x-ms-version", "2023-11-03");
  const SignedRequest text{request, *target, account.name, storage_service_of(request.headers)};
  const std::string signature = base64(hmac_sha256(*key, shared_key_texts(text, false).front()));
  request.headers.set("Authorization", fmt::format("SharedKey {}:{}", account.name, signature));
}

void show_key(const Core& core, Request& request, const Resource* destination) {
  if (destination != nullptr && destination->service == Service::Storage) {
    sign_with_key(core, request, *destination);
  } else {
    request.headers.set("api-key", destination == nullptr
                                       ? "unknown"
                                       : core.keys.of_resource(*destination, LabKeys::kNames[0]));
  }
}

// `destination`: null where the host is outside the environment.
void show_credential(Core& core, Request& request, const LiveCase& live, const Sending& sending,
                     const Resource* destination) {
  switch (sending.proven.credential) {
    case Credential::ManagedIdentity:
    case Credential::User:
    case Credential::ServicePrincipal: {
      const std::string audience =
          destination == nullptr ? "https://" + sending.host : audiences(*destination).front();
      const Identity identity = identity_to_show(live, sending);
      const std::string token = core.identities.issue(identity, audience, whole_seconds(utc_now()));
      request.headers.set("Authorization", "Bearer " + token);
      return;
    }
    case Credential::Key:
      return show_key(core, request, destination);
    case Credential::Sas:
      request.target += "&sv=2023-11-03&sp=r&se=2100-01-01T00:00:00Z&sig=bm90IGEgc2lnbmF0dXJl";
      return;
    default:
      return;
  }
}

// Where the name server sends this caller, unless the attempt states its path.
IpAddress address_for(const Edition& edition, const LiveCase& live, const Sending& sending) {
  if (live.attempt.via != Via::Auto || sending.post.via) return address_called(edition, sending);
  const Asker asker = asker_at(edition, address_calling(edition, sending));
  const DnsAnswer answer =
      look_up(edition, asker, sending.host, static_cast<std::uint16_t>(DnsType::A));
  return answer.address.value_or(address_called(edition, sending));
}

LiveAnswer seen(const Response& response) {
  LiveAnswer answer;
  answer.status = response.status;
  answer.verdict = response.headers.find("x-nspsim-verdict").value_or("");
  answer.reason = response.headers.find("x-nspsim-reason").value_or("");
  answer.clause = response.headers.find("x-nspsim-clause").value_or("");
  return answer;
}

LiveAnswer without_answer(std::string problem) {
  LiveAnswer answer;
  answer.cut = true;
  answer.problem = std::move(problem);
  return answer;
}

// A resource calls: its own node judges first.
Awaitable<LiveAnswer> call_from_node(Core& core, const LiveCase& live, const Sending& sending,
                                     Request request, IpAddress to) {
  const EditionPtr edition = core.data_plane();
  Outgoing outgoing;
  outgoing.resource = edition->environment().resources[sending.caller].id.key();
  outgoing.call.url = "https://" + sending.host + request.target;
  outgoing.call.request = std::move(request);
  outgoing.call.credential = sending.proven.credential;
  if (!sending.own_address) outgoing.from = address_calling(*edition, sending);
  outgoing.to = to;
  outgoing.attempt = live.attempt;
  if (sending.destination != kNone) {
    outgoing.call.audience =
        audiences(edition->environment().resources[sending.destination]).front();
  }
  OutResult result = co_await call_out(core, std::move(outgoing));
  if (result.response) co_return seen(*result.response);
  LiveAnswer answer = without_answer(std::move(result.problem));
  answer.refused = result.denied;
  answer.cut = !result.denied;
  co_return answer;
}

Awaitable<LiveAnswer> call_from_outside(Core& core, const Sending& sending, Request request,
                                        IpAddress to) {
  const EditionPtr edition = core.data_plane();
  Route route{address_calling(*edition, sending), {to, core.ports.https}, true, sending.host};
  request.headers.set("Host", sending.host);
  Result<Response> response =
      co_await core.client.fetch(std::move(route), std::move(request), kMostBody);
  if (response) co_return seen(*response);
  co_return without_answer(std::move(response.error().text));
}

}  // namespace

Awaitable<LiveAnswer> send_live(Core& core, const LiveCase& live, const Sending& sending) {
  const EditionPtr edition = core.data_plane();
  const Environment& env = edition->environment();
  const Resource* destination =
      sending.destination == kNone ? nullptr : &env.resources[sending.destination];
  Request request;
  request.method = "GET";
  request.target = usual_target(destination == nullptr ? Service::Other : destination->service,
                                sending.operation);
  request.headers.set("Host", sending.host);
  const bool own_identity =
      sending.caller != kNone && sending.proven.credential == Credential::ManagedIdentity;
  if (!own_identity) show_credential(core, request, live, sending, destination);
  const IpAddress to = address_for(*edition, live, sending);
  LiveAnswer answer;
  if (sending.caller != kNone) {
    answer = co_await call_from_node(core, live, sending, std::move(request), to);
  } else {
    answer = co_await call_from_outside(core, sending, std::move(request), to);
  }
  co_return answer;
}

}  // namespace nsp::lab
