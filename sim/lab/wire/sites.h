// The nodes of a lab and where they listen.
//
// Every resource listens at its public address, and at the address of each of its private
// endpoints; one site stands for every host outside the environment. Nodes keep their state (blobs,
// indexes) from edition to edition.
//
// Thread safety: none. Lifetime: core and server outlive it.
#ifndef NSP_SIM_LAB_WIRE_SITES_H_
#define NSP_SIM_LAB_WIRE_SITES_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "sim/lab/wire/core.h"
#include "sim/lab/wire/http_server.h"
#include "sim/lab/wire/node.h"

namespace nsp::lab {

class Sites {
 public:
  Sites(Core& core, HttpServer& server) : core_(core), server_(server) {}

  // An emulator keeps the blobs instead of the lab. Before anything is opened; it outlives the
  // sites.
  void keep_blobs_at(StorageBackend* storage) { storage_ = storage; }

  // Listens for everything in the edition that nobody listens for yet, and no longer for what is
  // gone. What was opened before an error stays open.
  [[nodiscard]] Result<void> open(const Edition& edition);
  // The site of all hosts outside the environment, at kOutsideWorld.
  [[nodiscard]] Result<void> open_outside_world();

  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

 private:
  struct Place {
    std::shared_ptr<Node> node;
    std::shared_ptr<Site> site;
    LeafNames names;  // of its certificate
  };

  [[nodiscard]] Result<void> open_resource(const Edition& edition, Index index);
  [[nodiscard]] Result<void> open_place(Place& place, LeafNames names);
  [[nodiscard]] Result<void> listen(const IpAddress& address, const std::shared_ptr<Site>& site);
  void stop_listening(const IpAddress& address);
  void close_gone(const Edition& edition);

  Core& core_;
  HttpServer& server_;
  StorageBackend* storage_ = nullptr;
  std::map<std::string, Place> nodes_;  // by key of the resource
  std::set<IpAddress> listening_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_SITES_H_
