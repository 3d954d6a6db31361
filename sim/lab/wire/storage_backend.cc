#include "sim/lab/wire/storage_backend.h"

#include <fmt/format.h>
#include <netdb.h>

#include <cstring>
#include <memory>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/denial.h"
#include "sim/lab/wire/head.h"
#include "sim/lab/wire/outbound.h"
#include "sim/lab/wire/proxy.h"

namespace nsp::lab {
namespace {

constexpr std::uint16_t kUsualEmulatorPort = 10'000;
constexpr std::size_t kMostListBytes = 64'000'000;

std::optional<IpAddress> address_of_host(const std::string& host) {
  const std::size_t bracket = host.starts_with('[') ? 1 : 0;
  if (auto address = IpAddress::parse(host.substr(bracket, host.size() - 2 * bracket))) {
    return address;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, ::freeaddrinfo);
  sockaddr_storage storage{};
  std::memcpy(&storage, found->ai_addr, found->ai_addrlen);
  const std::optional<Endpoint> endpoint = to_endpoint(storage);
  if (!endpoint) return std::nullopt;
  return endpoint->address;
}

Response blob_problem_answer(const BlobProblem& problem, const Passage& passage) {
  Response answer =
      error_answer(Service::Storage, problem.status, problem.code, problem.message,
                   passage.request_id, nsp::to_string(Instant(passage.now.time_since_epoch())));
  passage.mark(answer.headers);
  return answer;
}

}  // namespace

std::expected<Endpoint, std::string> emulator_endpoint(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed || parsed->tls || parsed->target != "/") {
    return std::unexpected(fmt::format(
        "`{}` is no URL of a storage emulator, expected one like `http://127.0.0.1:10000`", url));
  }
  const auto address = address_of_host(parsed->host);
  if (!address) return std::unexpected(fmt::format("`{}` has no address", parsed->host));
  return Endpoint{*address, parsed->port.value_or(kUsualEmulatorPort)};
}

EmulatedAccount StorageBackend::account_of(const Resource& resource) const {
  const std::string name = lower(resource.name);
  const std::string host = resource.host_names.empty() ? name + ".blob.core.windows.net"
                                                       : resource.host_names.front().text();
  return {name, keys_.of_resource(resource, LabKeys::kNames.front()), "https://" + host,
          to_string(at_)};
}

std::string StorageBackend::trouble() const {
  const auto ended = process_ == nullptr ? std::nullopt : process_->ended();
  return ended ? "it has ended: " + *ended : trouble_;
}

std::optional<std::string> StorageBackend::refusal(const Response& head,
                                                   const EmulatedAccount& account) const {
  const auto why = refused_by_emulator(head, account);
  if (!why) return std::nullopt;
  // One that the lab runs knows the accounts that there were when it was started.
  return *why + (process_ != nullptr ? ", start the lab again"
                                     : ", start it with AZURITE_ACCOUNTS as `nspsim lab keys "
                                       "--format azurite` prints it");
}

Response StorageBackend::unavailable(const Passage& passage, std::string why) {
  trouble_ = std::move(why);
  const BlobProblem problem{
      503, "ServerBusy",
      fmt::format("the storage emulator at {} does not serve the lab: {}", url(), trouble())};
  return blob_problem_answer(problem, passage);
}

Awaitable<void> StorageBackend::pass_on(Exchange& exchange, Passage passage) {
  Request head = exchange.request();
  head.headers = without_hop_by_hop(head.headers);
  const EmulatedAccount account = account_of(passage.resource);
  const BlobResult<Request> request = emulator_request(head, account, passage.now);
  if (!request) {
    Response refused = blob_problem_answer(request.error(), passage);
    const Result<void> sent = co_await exchange.answer(std::move(refused));
    (void)sent;  // nobody is left to tell
  } else if (lists(head)) {
    co_await pass_list(exchange, passage, *request, account);
  } else {
    co_await stream(exchange, passage, *request, account);
  }
}

Awaitable<Result<Response>> StorageBackend::ask(const Request& request) {
  Route route{std::nullopt, at_};
  Request copy = request;
  co_return co_await client_.fetch(std::move(route), std::move(copy), kMostListBytes);
}

Awaitable<void> StorageBackend::pass_list(Exchange& exchange, const Passage& passage,
                                          const Request& request, const EmulatedAccount& account) {
  Result<Response> answer = co_await ask(request);
  const auto refused = answer ? refusal(*answer, account) : std::optional(answer.error().text);
  if (refused) {
    answer = unavailable(passage, *refused);
  } else {
    trouble_.clear();
    answer->headers = without_hop_by_hop(answer->headers);
    answer->body = restore_list(std::move(answer->body), account);
    passage.mark(answer->headers);
  }
  const Result<void> sent = co_await exchange.answer(*std::move(answer));
  (void)sent;
}

Awaitable<void> StorageBackend::stream(Exchange& exchange, const Passage& passage,
                                       const Request& request, const EmulatedAccount& account) {
  Filters filters;
  filters.request = [&](Request& head) { head = request; };
  filters.response = [&](Response& head) {
    trouble_.clear();
    restore_head(head, account);
    passage.mark(head.headers);
  };
  filters.instead = [&](const Response& head) -> std::optional<Response> {
    const auto refused = refusal(head, account);
    if (!refused) return std::nullopt;
    return unavailable(passage, *refused);
  };
  filters.failure = [&](const Problem& problem) { return unavailable(passage, problem.text); };
  Route route{std::nullopt, at_};
  const Result<void> done = co_await proxy(exchange, client_, std::move(route), filters);
  (void)done;  // the proxy has answered
}

Awaitable<void> StorageBackend::try_out(Resource resource, Utc now) {
  const EmulatedAccount account = account_of(resource);
  const Request list("GET", "/?comp=list&maxresults=1");
  const BlobResult<Request> request = emulator_request(list, account, now);
  if (!request) co_return;
  const Result<Response> answer = co_await ask(*request);
  const auto refused = answer ? refusal(*answer, account) : std::optional(answer.error().text);
  trouble_ = refused.value_or("");
  tried_ = true;
}

}  // namespace nsp::lab
