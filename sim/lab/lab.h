// A running lab: an environment as live nodes on this machine's loopback network.
//
//   127.77.x.y   each resource: HTTPS, and plain HTTP when asked
//   127.78.x.y   each private endpoint: the same node, by the private path
//   127.77.0.1   every host outside the environment
//   127.77.0.53  name server, UDP and TCP
//   127.77.0.169 managed-identity endpoints and the login servers
//   127.77.0.80  forward proxy, for programs without a network namespace
//   127.77.0.100 the storage emulator that the lab has started, at a free port
//
// A lab has a folder of its own, for its user alone (mode 0700): the control socket (0600), the
// certificates that clients must trust. It goes when the lab ends; what a crashed lab left behind
// is removed by the next of the same name, and a running one is not disturbed. The authority's key
// is never written.
//
// The library prints nothing and reads no files of the user: reading an environment again is the
// program's (Reader). Thread safety: a Lab belongs to one thread.
#ifndef NSP_SIM_LAB_LAB_H_
#define NSP_SIM_LAB_LAB_H_

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/decision/reading.h"
#include "sim/lab/control.h"
#include "sim/lab/edition.h"

namespace nsp::lab {

struct LabPortOptions {
  std::uint16_t https = 7443;
  std::uint16_t http = 0;  // 0: no plain HTTP
  std::uint16_t dns = 7053;
  std::uint16_t identity = 7080;
  std::uint16_t proxy = 7128;
};

// An environment with its callers, as the program reads it from files.
struct Loaded {
  Environment environment;
  std::vector<Caller> callers;
  std::vector<std::string> warnings;
};
// `files` empty: those that the lab was started with.
using Reader = std::function<std::expected<Loaded, Refusal>(const std::vector<std::string>& files)>;

struct LabOptions {
  std::string name = "default";
  std::filesystem::path home;  // the lab's folder is home/name; see default_home()
  LabPortOptions ports;
  std::chrono::milliseconds propagation_delay{0};
  std::chrono::seconds token_lifetime{3600};
  Readings readings;
  bool enforce = true;
  // The user knows what it means that others can reach the lab, or the lab others.
  bool beyond_loopback = false;
  // Where the forward proxy listens besides 127.77.0.80, as for a container; empty: nowhere else.
  std::string proxy_address;
  // Of a storage emulator, `http://127.0.0.1:10000`; empty: the lab answers itself.
  std::string storage_backend;
  // The command that runs Azurite's Blob service (see find_azurite()): the lab starts it with its
  // accounts and keys, and ends it. Empty: it does not. REQUIRES: not both of these.
  std::vector<std::string> azurite;
  // The secret that keys are made of; empty: random, other keys in each lab.
  std::string key_secret;
  Reader reader;  // empty: an environment cannot be loaded again
  // Told of every access-log record, a line without its end, as it happens.
  std::function<void(std::string_view)> on_record;
};

// `$XDG_RUNTIME_DIR/nspsim`, else `/tmp/nspsim-UID`.
[[nodiscard]] std::filesystem::path default_home();
// The control socket of the lab of that name.
[[nodiscard]] std::filesystem::path control_socket(const std::filesystem::path& home,
                                                   const std::string& name);

// Outside callers, each at a post of its own.
[[nodiscard]] std::vector<Post> posts_of(const std::vector<Caller>& callers);

class Lab {
 public:
  // Listens everywhere, has its folder and the answer of the emulator that it starts, when it
  // returns; SIGINT and SIGTERM end the wait for that. The error is one line.
  [[nodiscard]] static std::expected<std::unique_ptr<Lab>, std::string> start(
      Environment environment, std::vector<Post> posts, LabOptions options);
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  // Serves until somebody asks it to stop, or SIGINT or SIGTERM arrives; requests under way end
  // first, for at most `grace`. Once.
  void run(std::chrono::milliseconds grace = std::chrono::seconds(5));

  // For the answer to `status`: one JSON object on one line.
  [[nodiscard]] std::string status();
  // The wire's side, for sim/lab alone.
  struct Inside;
  [[nodiscard]] Inside& inside() { return *inside_; }

 private:
  explicit Lab(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_LAB_H_
