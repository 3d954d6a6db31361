// nspsim_read_names_libtins FILE: what nspsim_read_names prints, by libtins. Its StreamFollower
// joins the streams; the ClientHello is read by our reader, so that only packets and streams are
// compared. Data of the server, and of the client once the name is known, are ignored, which is how
// libtins is fastest.
#include <tins/tcp_ip/stream_follower.h>
#include <tins/tins.h>

#include <cstdio>
#include <string>

#include "sim/capture/client_hello.h"

namespace {

using Tins::TCPIP::Stream;

void on_client_data(Stream& stream) {
  static nsp::ClientHelloReader reader;
  const auto& payload = stream.client_payload();
  if (payload.empty()) return;
  const nsp::SpokenName spoken = reader.read(payload);
  if (spoken.state == nsp::SpokenName::State::NeedMore) return;
  if (spoken.state == nsp::SpokenName::State::Found) {
    std::fwrite(spoken.name.data(), 1, spoken.name.size(), stdout);
    std::fputc('\n', stdout);
  }
  stream.ignore_client_data();
}

void on_new_stream(Stream& stream) {
  stream.auto_cleanup_client_data(false);
  stream.ignore_server_data();
  stream.client_data_callback(&on_client_data);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Tins::FileSniffer sniffer(argv[1]);
  Tins::TCPIP::StreamFollower follower;
  follower.new_stream_callback(&on_new_stream);
  sniffer.sniff_loop([&](Tins::Packet& packet) {
    follower.process_packet(packet);
    return true;
  });
  return 0;
}
