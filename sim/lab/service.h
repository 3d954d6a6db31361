// What a resource does with a request that its perimeter admitted: the API of its service.
//
// An API is a pure value machine: a request and the moment go in, an answer comes out, and its
// state changes. It knows nothing of sockets. Where the service has to call others (an indexer that
// reads blobs, a batch that writes them, a skill that asks for embeddings), it hands out Work: a
// conversation that says one call at a time, given what came of the last. Whoever runs the work
// makes the calls for real, and the caller's perimeter and the destination's judge each of them.
//
// Thread safety: none; a lab has one thread.
#ifndef NSP_SIM_LAB_SERVICE_H_
#define NSP_SIM_LAB_SERVICE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/vocabulary.h"
#include "sim/lab/message.h"
#include "sim/lab/token.h"
#include "sim/model/environment.h"

namespace nsp::lab {

using Utc = std::chrono::sys_time<std::chrono::milliseconds>;

// Whole seconds since 1970, as Foundry's objects carry them.
[[nodiscard]] inline std::int64_t unix_time(Utc moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

// Numbers of a vector, of an embedding and of a field of an index.
inline constexpr std::size_t kMostDimensions = 4'096;

// A call that a resource makes: `https://stdocs.blob.core.windows.net/docs?comp=list`.
struct OutCall {
  std::string url;  // scheme, host, path and query; the port is the lab's
  Request request;  // method, headers, body; target and Host follow from the URL
  // ManagedIdentity: a token of the resource for that audience is put in; Key: what the request
  // brings along (a key of a connection string) is all there is; Anonymous likewise.
  Credential credential = Credential::ManagedIdentity;
  std::string audience;  // `https://storage.azure.com`
};

// What came of it: an answer, or why there was none.
struct OutResult {
  std::optional<Response> response;
  // Set where there is no response: refused by the resource's own outbound leg, or no connection.
  bool denied = false;
  std::string problem;  // one line
};

class Work {
 public:
  virtual ~Work() = default;
  // The next call; nothing: the work is done (its outcome is in the API's state). `last` is null at
  // first.
  [[nodiscard]] virtual std::optional<OutCall> next(const OutResult* last, Utc now) = 0;
};

struct ServiceAnswer {
  Response response;
  // Not null: to be done in the background, once the answer is sent.
  std::unique_ptr<Work> work;
  // Not null: to be done first. When it is done, `answer` is asked again with the same request and
  // `resumed` set, until it gives an answer without `before`.
  std::unique_ptr<Work> before;
};

struct ServiceCall {
  const Request& request;  // body whole
  Utc now;
  std::string request_id;
  Credential credential = Credential::Anonymous;  // what was shown and admitted
  const Work* resumed = nullptr;
  std::string_view key_name{};     // `key1`, `query`: of a key, a shared key or a SAS; see keys.h
  const Claims* claims = nullptr;  // of the token that was shown; null: it was none
};

class ServiceApi {
 public:
  virtual ~ServiceApi() = default;
  [[nodiscard]] virtual ServiceAnswer answer(const ServiceCall& call) = 0;
  // What the request is to a perimeter, from its head alone: `data`, `fine-tuning`, `assistants`.
  [[nodiscard]] virtual std::string operation(const Request& head) const {
    (void)head;
    return "data";
  }
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SERVICE_H_
