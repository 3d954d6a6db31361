// The storage emulator behind the nodes of storage accounts.
//
// What a node has admitted is signed anew (emulator_request.h) and passed on, bodies streamed both
// ways; lists are read whole, since they name the emulator. Where the emulator gives no answer, or
// does not accept the lab's own signature, the caller is answered 503 with the reason: it did
// nothing wrong. The last such reason is kept for the lab's status.
//
// Thread safety: none. Lifetime: client, keys and process outlive it.
#ifndef NSP_SIM_LAB_WIRE_STORAGE_BACKEND_H_
#define NSP_SIM_LAB_WIRE_STORAGE_BACKEND_H_

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/emulator_request.h"
#include "sim/lab/keys.h"
#include "sim/lab/wire/emulator.h"
#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/http_client.h"

namespace nsp::lab {

// `http://127.0.0.1:10000`, `http://localhost`; the port is 10000 where there is none. A name is
// looked up now. The error says what was expected.
[[nodiscard]] std::expected<Endpoint, std::string> emulator_endpoint(const std::string& url);

// One request of a node's.
struct Passage {
  const Resource& resource;
  std::string request_id;
  Utc now;
  std::function<void(Headers&)> mark;  // what every answer of the node carries
};

class StorageBackend {
 public:
  // `process`: of the emulator, where the lab runs it; else null.
  StorageBackend(HttpClient& client, const LabKeys& keys, Endpoint at, const Emulator* process)
      : client_(client), keys_(keys), at_(at), process_(process) {}

  // Answers, whatever happens.
  [[nodiscard]] Awaitable<void> pass_on(Exchange& exchange, Passage passage);
  // Asks for a list of the account, to know whether the emulator takes the lab's requests.
  [[nodiscard]] Awaitable<void> try_out(Resource resource, Utc now);
  [[nodiscard]] bool was_tried() const { return tried_; }

  [[nodiscard]] std::string url() const { return "http://" + to_string(at_); }
  // Why the last request got no answer of the emulator's; empty: it got one, or none was made.
  [[nodiscard]] std::string trouble() const;

 private:
  [[nodiscard]] EmulatedAccount account_of(const Resource& resource) const;
  // Why the answer is none to the caller, and what to do about it; nothing: it is one.
  [[nodiscard]] std::optional<std::string> refusal(const Response& head,
                                                   const EmulatedAccount& account) const;
  [[nodiscard]] Response unavailable(const Passage& passage, std::string why);
  [[nodiscard]] Awaitable<void> pass_list(Exchange& exchange, const Passage& passage,
                                          const Request& request, const EmulatedAccount& account);
  [[nodiscard]] Awaitable<void> stream(Exchange& exchange, const Passage& passage,
                                       const Request& request, const EmulatedAccount& account);
  [[nodiscard]] Awaitable<Result<Response>> ask(const Request& request);

  HttpClient& client_;
  const LabKeys& keys_;
  Endpoint at_;
  const Emulator* process_;
  std::string trouble_;
  bool tried_ = false;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_STORAGE_BACKEND_H_
