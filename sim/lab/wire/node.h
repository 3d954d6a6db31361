// A resource as a node of the lab: whatever arrives at its addresses is judged, then answered by
// its service's API or passed on to a storage backend.
//
// For each request: the credential is read, the gate decides under the edition that was in effect
// when the connection was accepted (G-9; what it decided last on a connection is remembered,
// ruling.h), a denied caller gets its service's denial, then what is
// wrong with the credential is said (G-4: after the network), then the service answers. A private
// endpoint whose connection is not approved carries nothing: the connection is cut.
//
// Every answer says what was decided (denial.h), or that nothing was asked: a lab without
// enforcement admits all. `POST /_lab/call` is the lab's own and judged by
// nobody: `{"url":"https://…","method":"GET","headers":{},"body":"","credential":"managed
// identity", "audience":"…"}` makes the resource call, and the answer says what came of it.
//
// Thread safety: none. Lifetime: the core outlives the node; connections may outlive it.
#ifndef NSP_SIM_LAB_WIRE_NODE_H_
#define NSP_SIM_LAB_WIRE_NODE_H_

#include <memory>
#include <optional>
#include <string>

#include "sim/lab/service.h"
#include "sim/lab/wire/core.h"
#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/storage_backend.h"

namespace nsp::lab {

class Node {
 public:
  // Of requests that the node reads whole.
  static constexpr std::size_t kMostBodyBytes = 64'000'000;

  // `resource`: its key, by which each edition knows it. `backend`: a storage emulator that answers
  // instead of `api`, or null; it outlives the node.
  Node(Core& core, std::string resource, std::unique_ptr<ServiceApi> api, StorageBackend* backend);

  [[nodiscard]] Awaitable<void> serve(Exchange& exchange);
  [[nodiscard]] const std::string& resource() const { return resource_; }

 private:
  struct Arrived;

  [[nodiscard]] Awaitable<void> call(Exchange& exchange);
  [[nodiscard]] Awaitable<void> admitted(Exchange& exchange, const Arrived& arrived);
  [[nodiscard]] Awaitable<void> ask_api(Exchange& exchange, const Arrived& arrived);
  [[nodiscard]] Awaitable<void> pass_on(Exchange& exchange, const Arrived& arrived);
  [[nodiscard]] Awaitable<void> work_in_background(std::unique_ptr<Work> work);
  [[nodiscard]] Arrived read(Exchange& exchange);
  // What the perimeter, and what the perimeter and authentication, have against it. Nothing: go on.
  [[nodiscard]] std::optional<Response> denial(Exchange& exchange, Arrived& arrived);
  [[nodiscard]] std::optional<Response> refusal(Exchange& exchange, Arrived& arrived);

  Core& core_;
  std::string resource_;
  std::unique_ptr<ServiceApi> api_;
  StorageBackend* backend_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_NODE_H_
