// What a Lab is made of. See sim/lab/lab.h.
#ifndef NSP_SIM_LAB_WIRE_INSIDE_H_
#define NSP_SIM_LAB_WIRE_INSIDE_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "sim/lab/folder.h"
#include "sim/lab/lab.h"
#include "sim/lab/wire/control_server.h"
#include "sim/lab/wire/core.h"
#include "sim/lab/wire/dns_server.h"
#include "sim/lab/wire/emulator.h"
#include "sim/lab/wire/http_server.h"
#include "sim/lab/wire/record_feed.h"
#include "sim/lab/wire/sites.h"
#include "sim/lab/wire/storage_backend.h"

namespace nsp::lab {

// What somebody changed, for `status`.
struct DoneChange {
  std::uint64_t edition = 0;
  std::string what;  // `a-docs set to Enforced`
};

struct Lab::Inside {
  // Of more the oldest are forgotten.
  static constexpr std::size_t kMostChanges = 1'000;

  Inside(EditionPtr first, LabFolder place, LabSecrets secrets, LabOptions given);

  // Everything listens. The error is one line.
  [[nodiscard]] std::expected<void, std::string> open();
  [[nodiscard]] std::expected<void, std::string> open_fronts();
  // The emulator that keeps the blobs, where there is one.
  [[nodiscard]] std::expected<void, std::string> open_storage();
  [[nodiscard]] std::expected<Endpoint, std::string> start_azurite();
  void try_storage();
  [[nodiscard]] std::expected<ControlDone, Refusal> change(const Edit& edit);
  [[nodiscard]] std::expected<ControlDone, Refusal> publish(EditionPtr next, std::string done,
                                                            std::vector<std::string> warnings);
  [[nodiscard]] std::expected<ControlDone, Refusal> reload(const std::vector<std::string>& files);
  [[nodiscard]] std::string answer(const ControlRequest& request);
  [[nodiscard]] std::string status();
  [[nodiscard]] std::expected<std::string, std::string> caller_facts(const std::string& name);
  void record(const Ruling& ruling);
  void ask_to_stop();
  // Waits until somebody asks, then stops.
  [[nodiscard]] Awaitable<void> stop(std::chrono::milliseconds grace);

  LabOptions options;
  LabFolder folder;
  IoContext io;
  RecordFeed feed;
  Core core;
  std::unique_ptr<Emulator> emulator;       // null: the lab runs none
  std::unique_ptr<StorageBackend> storage;  // null: the lab keeps the blobs itself
  HttpServer server;
  Sites sites;
  DnsServer names;
  ControlServer control;
  std::deque<DoneChange> changes;  // since the environment was loaded
  Timer stopped;                   // cancelled to stop
  bool stop_asked = false;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_INSIDE_H_
