#include "tests/captures/fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace nsp::captures {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtureRoot = NSPSIM_SOURCE_DIR;
const fs::path kCaptures = kFixtureRoot / "fixtures/captures";

bool is_capture(const fs::directory_entry& entry) {
  const fs::path extension = entry.path().extension();
  return entry.is_regular_file() && (extension == ".pcap" || extension == ".pcapng");
}

std::string shown(const SocketAddress& socket) {
  const std::string address = to_string(socket.address);
  if (socket.address.v4) return fmt::format("{}:{}", address, socket.port);
  return fmt::format("[{}]:{}", address, socket.port);
}

std::string shown(const Flow& flow) {
  std::string line =
      fmt::format("  {} {} -> {}, {}+{} packets, {}+{} bytes", to_string(flow.transport),
                  shown(flow.client), shown(flow.server), flow.sent.packets, flow.received.packets,
                  flow.sent.bytes, flow.received.bytes);
  if (flow.client_by_port) line += ", client by port";
  if (flow.name_source != NameSource::None) {
    line += fmt::format(", {} `{}`", to_string(flow.name_source), flow.name.text());
  }
  if (flow.encrypted_client_hello) line += ", encrypted ClientHello";
  if (flow.privatelink) line += ", privatelink";
  return line + "\n";
}

}  // namespace

std::vector<std::string> fixture_files() {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kCaptures)) {
    if (is_capture(entry)) files.push_back(fs::relative(entry.path(), kCaptures).string());
  }
  std::ranges::sort(files);
  return files;
}

fs::path path_of(const std::string& file) { return kCaptures / file; }

Reading read_fixture(const std::string& file) {
  Reading reading;
  auto result =
      read_capture(path_of(file), [&](Flow&& flow) { reading.flows.push_back(std::move(flow)); });
  if (result) {
    reading.result = *std::move(result);
  } else {
    ADD_FAILURE() << file << ": " << to_string(result.error().front());
  }
  return reading;
}

std::string shown(const std::string& file, const Reading& reading) {
  std::string text = file + "\n";
  for (const Flow& flow : reading.flows) text += shown(flow);
  for (const CountedKind& kind : problems(reading.result.counts)) {
    text += fmt::format("  problem: {} {}\n", kind.count, kind.kind);
  }
  for (const Diagnostic& warning : reading.result.warnings) {
    text += fmt::format("  {}: {}\n", to_string(warning.severity), warning.message);
  }
  return text;
}

Summary summary_of(const Reading& reading) {
  Summary summary;
  for (const Flow& flow : reading.flows) {
    ++(flow.transport == Transport::Tcp ? summary.tcp : summary.udp);
    // tshark's fields do not say which name an answer of DNS gives to a connection.
    if (flow.name_source != NameSource::ServerName && flow.name_source != NameSource::HttpHost) {
      continue;
    }
    summary.names.insert(fmt::format("{} {}", shown(flow.client), flow.name.text()));
  }
  return summary;
}

}  // namespace nsp::captures
