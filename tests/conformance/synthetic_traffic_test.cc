// Every attempt of every page as synthetic traffic: written as a capture, with bindings for its
// caller, read back as any capture is, judged as any flow is. The verdict and its reason must be
// the page's.
//
// What a capture cannot carry is named, counted and left out; see why_not().
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "sim/analysis/lint_block.h"
#include "sim/analysis/traffic.h"
#include "sim/capture/write_capture.h"
#include "sim/decision/describe.h"
#include "sim/scenario/run.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

// The client and the server on the wire, where the page states no address.
constexpr std::string_view kClient = "10.200.0.4";
constexpr std::string_view kServer = "198.18.0.10";
constexpr std::string_view kPrivateServer = "10.201.0.4";

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

bool has_service_endpoint(const Decided& decided) {
  const Lookup subnet = decided.policy.find_subnet(decided.attempt.subnet);
  const auto& subnets = decided.policy.environment().subnets;
  if (decided.bound.destination == kNone || subnet.index >= subnets.size()) return false;
  return has_service_endpoint(subnets[subnet.index],
                              decided.policy.resource(decided.bound.destination).service);
}

// Why a capture cannot say what this attempt is; empty: it can.
std::string why_not(const Decided& decided) {
  const Attempt& attempt = decided.attempt;
  const BoundAttempt& bound = decided.bound;
  if (attempt.operation != "data") return "an operation other than data: it is encrypted";
  if (attempt.outside && attempt.to.empty()) return "no destination";
  if (attempt.outside && !attempt.address && !attempt.address_hidden) {
    return "an address that nobody stated: packets always have one";
  }
  if (attempt.via == Via::PrivateEndpoint && bound.destination == kNone) {
    return "a private path to a host outside the environment";
  }
  const bool by_endpoint = has_service_endpoint(decided);
  if (bound.path == Path::ServiceEndpoint && !by_endpoint) {
    return "a service endpoint of a subnet that nobody stated";
  }
  if (bound.path == Path::Public && by_endpoint) {
    return "the public path from a subnet that has a service endpoint";
  }
  return {};
}

std::uint16_t port_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::Nfs:
      return 2049;
    case Protocol::Smb:
      return 445;
    case Protocol::Sftp:
      return 22;
    case Protocol::Https:
      break;
  }
  return 443;
}

// A capture and bindings that say what the attempt says.
class Stage {
 public:
  explicit Stage(const Decided& decided)
      : decided_(decided), attempt_(decided.attempt), private_path_(is_private_path()) {
    flow_.client = {client(), 0};
    flow_.server = {server(), port_of(attempt_.protocol)};
    flow_.name = name();
    flow_.privatelink = private_path_ && !flow_.name.empty();
    if (attempt_.protocol != Protocol::Https) flow_.first_message = FirstMessage::None;
  }

  [[nodiscard]] const SyntheticFlow& flow() const { return flow_; }

  [[nodiscard]] std::string bindings() const {
    return fmt::format("{{\"bindings\":[{}{}]}}", caller_binding(), server_binding());
  }

 private:
  [[nodiscard]] bool is_private_path() const {
    return decided_.bound.path == Path::PrivateEndpoint;
  }

  [[nodiscard]] bool states_wire_address() const {
    return attempt_.address && !attempt_.address_hidden &&
           (private_path_ || !attempt_.address->is_private());
  }

  [[nodiscard]] IpAddress client() const {
    return states_wire_address() ? *attempt_.address : ip(kClient);
  }

  // Of the client's family, since packets have one.
  [[nodiscard]] IpAddress server() const {
    if (client().v4) return ip(private_path_ ? kPrivateServer : kServer);
    return ip(private_path_ ? "fd00:201::4" : "2001:db8:5::10");
  }

  // The name that is asked for: that of the attempt, of the destination, or the one outside.
  [[nodiscard]] DomainName name() const {
    if (attempt_.name) return *attempt_.name;
    if (decided_.bound.destination == kNone) {
      return DomainName::parse(attempt_.to).value_or(DomainName());
    }
    const auto& names = decided_.policy.environment().resources[decided_.bound.destination];
    return names.host_names.empty() ? DomainName() : names.host_names.front();
  }

  [[nodiscard]] std::string caller_binding() const {
    std::string text = fmt::format(R"({{"address":"{}","{}":"{}")", to_string(flow_.client.address),
                                   attempt_.outside ? "caller" : "resource", attempt_.from);
    const auto& credential = attempt_.credential;
    if (credential && *credential != Credential::Unknown) {
      text += fmt::format(R"(,"credential":"{}")", to_string(*credential));
    } else if (!attempt_.outside && decided_.bound.credential != Credential::Unknown) {
      text += fmt::format(R"(,"credential":"{}")", to_string(decided_.bound.credential));
    }
    if (attempt_.subscription) {
      text += fmt::format(R"(,"subscription":"{}")", to_string(*attempt_.subscription));
    }
    if (!attempt_.subnet.empty()) text += fmt::format(R"(,"subnet":"{}")", attempt_.subnet);
    if (attempt_.trusted_service) text += R"(,"trustedService":true)";
    if (attempt_.address_hidden) {
      text += R"(,"visibleAddress":"hidden")";
    } else if (attempt_.address && !states_wire_address()) {
      text += fmt::format(R"(,"visibleAddress":"{}")", to_string(*attempt_.address));
    }
    return text + "}";
  }

  [[nodiscard]] std::string server_binding() const {
    if (decided_.bound.destination == kNone) return {};
    return fmt::format(R"(,{{"address":"{}","resource":"{}"}})", to_string(flow_.server.address),
                       decided_.policy.display_name(decided_.bound.destination));
  }

  const Decided& decided_;
  const Attempt& attempt_;
  bool private_path_;
  SyntheticFlow flow_;
};

// A folder that goes with the test.
class Folder {
 public:
  Folder() : path_(fs::path(testing::TempDir()) / fmt::format("nspsim-synthetic-{}", ::getpid())) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] TrafficFiles write(const Stage& stage) const {
    const fs::path capture = path_ / "attempt.pcap";
    const fs::path bindings = path_ / "bindings.json";
    const auto written = write_capture(capture, std::span(&stage.flow(), 1));
    EXPECT_TRUE(written);
    std::ofstream(bindings, std::ios::binary) << stage.bindings();
    return {{capture}, {}, bindings};
  }

 private:
  fs::path path_;
};

// What the attempt comes to when it is read back; an error starts with `!`.
std::string read_back(const Folder& folder, const Decided& decided) {
  const Stage stage(decided);
  const auto seen = read_observations(folder.write(stage), decided.policy);
  if (!seen) return "! " + to_string(seen.error().front()) + "\n" + stage.bindings();
  if (seen->size() != 1) return fmt::format("! {} flows\n{}", seen->size(), stage.bindings());
  const Observation& flow = seen->front();
  const auto evidence = weigh(decided.policy, decided.policy, flow, decided.readings);
  if (!evidence) return "! " + evidence.error();
  const auto judged = judge(decided.policy, flow, *evidence, decided.scope, decided.readings);
  if (!judged) return "! " + judged.error();
  return fmt::format("{}: {}", to_string(judged->verdict), judged->reason);
}

struct Tally {
  std::size_t carried = 0;
  std::size_t differ = 0;
  std::map<std::string, std::size_t> left_out;
};

TEST(SyntheticTraffic, ReplaysEveryAttemptOfEveryPage) {
  fs::current_path(NSPSIM_SOURCE_DIR);
  const Folder folder;
  Tally tally;
  RunOptions options;
  options.paths = {"scenarios"};
  options.read_traffic = read_observations;
  options.lint = lint_block;
  options.on_decision = [&](const Decided& decided) {
    if (auto reason = why_not(decided); !reason.empty()) {
      ++tally.left_out[reason];
      return;
    }
    ++tally.carried;
    const std::string came = read_back(folder, decided);
    if (came == outcome_text(decided.policy, decided.decision)) return;
    ++tally.differ;
    ADD_FAILURE() << decided.attempt.from << " -> " << decided.attempt.to << " ("
                  << (decided.attempt.credential ? to_string(*decided.attempt.credential) : "-")
                  << ", " << to_string(decided.attempt.via)
                  << "): " << outcome_text(decided.policy, decided.decision)
                  << ", as a capture: " << came;
  };
  ASSERT_EQ(exit_status(run_pages(options)), 0);
  for (const auto& [reason, count] : tally.left_out) {
    std::printf("%zu left out: %s\n", count, reason.c_str());
  }
  std::printf("%zu carried\n", tally.carried);
  EXPECT_EQ(tally.differ, 0U);
  EXPECT_GT(tally.carried, 1800U);
}

}  // namespace
}  // namespace nsp
