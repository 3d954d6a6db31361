#include "tests/captures/tshark.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace nsp::captures {
namespace {

enum Column { kTcp, kUdp, kSource, kSource6, kPort, kServerName, kHost, kColumns };
using Row = std::array<std::string, kColumns>;

std::string command_for(const std::string& file) {
  return fmt::format(
      "tshark -n -2 -o tcp.reassemble_out_of_order:TRUE -r '{}' -T fields -e tcp.stream"
      " -e udp.stream -e ip.src -e ipv6.src -e tcp.srcport -e tls.handshake.extensions_server_name"
      " -e http.host 2>/dev/null",
      path_of(file).string());
}

struct Ran {
  std::string output;
  int status = 0;
};

Ran run(const std::string& command) {
  Ran ran;
  std::FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    ran.output.append(buffer.data(), count);
  }
  ran.status = WEXITSTATUS(pclose(pipe));
  return ran;
}

// Fields with several values (of tunnels, of several names in a frame) stand with commas.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

Row row_of(const std::string& line) {
  const std::vector<std::string> parts = split(line, '\t');
  Row row;
  std::ranges::copy(parts, row.begin());
  return row;
}

std::string lower_without_port(std::string name) {
  name.erase(std::ranges::find(name, ':'), name.end());
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

std::string client_of(const Row& row) {
  return row[kSource].empty() ? fmt::format("[{}]:{}", row[kSource6], row[kPort])
                              : fmt::format("{}:{}", row[kSource], row[kPort]);
}

}  // namespace

bool has_tshark() { return std::system("command -v tshark >/dev/null") == 0; }

Tshark ask_tshark(const std::string& file) {
  const Ran ran = run(command_for(file));
  Tshark found{.summary = {}, .complained = ran.status != 0};
  std::set<std::string> tcp;
  std::set<std::string> udp;
  for (const std::string& line : split(ran.output, '\n')) {
    const Row row = row_of(line);
    for (const std::string& stream : split(row[kTcp], ',')) tcp.insert(stream);
    for (const std::string& stream : split(row[kUdp], ',')) udp.insert(stream);
    for (const Column column : {kServerName, kHost}) {
      for (const std::string& name : split(row[column], ',')) {
        found.summary.names.insert(client_of(row) + " " + lower_without_port(name));
      }
    }
  }
  found.summary.tcp = tcp.size();
  found.summary.udp = udp.size();
  return found;
}

}  // namespace nsp::captures
