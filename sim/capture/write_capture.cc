#include "sim/capture/write_capture.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "sim/capture/packet_writer.h"
#include "sim/capture/privatelink_name.h"
#include "sim/capture/synthetic_messages.h"
#include "sim/document/file.h"

namespace nsp {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kTtl = 60;

// One packet, until all are sorted by time; those of one moment stay in order.
struct Packet {
  Instant time;
  std::size_t order = 0;
  bool is_tcp = true;
  TcpSegment segment;  // of UDP: the two ends
  Message payload;
};

// Azure's resolver for IPv4; for IPv6 one from the documentation prefix.
IpAddress resolver(bool v4) {
  return v4 ? IpAddress::from_v4(0xa83f'8110)
            : IpAddress{(Uint128{0x2001'0db8'0000'0000U} << 64) | 0x53, false};
}

// The packets of one flow, a millisecond apart.
class Conversation {
 public:
  Conversation(const SyntheticFlow& flow, std::uint32_t number, std::vector<Packet>& out)
      : flow_(flow), client_(flow.client), number_(number), out_(out), time_(flow.time) {
    if (client_.port == 0) client_.port = ephemeral();
    client_next_ = number * 65'537U + 1;
    server_next_ = number * 48'271U + 7;
  }

  void write() {
    if (!flow_.name.empty()) resolve();
    send(tcp_flag::kSyn);
    receive(tcp_flag::kSyn | tcp_flag::kAck);
    send(tcp_flag::kAck);
    if (flow_.first_message != FirstMessage::None) {
      send(tcp_flag::kAck, request());
      receive(tcp_flag::kAck, response());
    }
    send(tcp_flag::kFin | tcp_flag::kAck);
    receive(tcp_flag::kFin | tcp_flag::kAck);
    send(tcp_flag::kAck);
  }

 private:
  [[nodiscard]] std::uint16_t ephemeral() const {
    return static_cast<std::uint16_t>(49152 + number_ % 16384);
  }

  Instant tick() {
    const Instant now = time_;
    time_ += milliseconds(1);
    return now;
  }

  void resolve() {
    const bool v4 = flow_.server.address.v4;
    const auto id = static_cast<std::uint16_t>(number_ + 1);
    const SocketAddress asker{client_.address, ephemeral()};
    const SocketAddress server{resolver(v4), 53};
    std::vector<DomainName> aliases;
    if (flow_.privatelink) aliases.push_back(privatelink_name(flow_.name));
    out_.push_back(
        {tick(), out_.size(), false, {asker, server}, make_dns_question(flow_.name, v4, id)});
    out_.push_back({tick(),
                    out_.size(),
                    false,
                    {server, asker},
                    make_dns_answer(flow_.name, aliases, flow_.server.address, kTtl, id)});
  }

  [[nodiscard]] Message request() const {
    return flow_.first_message == FirstMessage::ClientHello ? make_client_hello(flow_.name)
                                                            : make_http_request(flow_.name);
  }

  // A TLS server that refuses the handshake, an HTTP server that has nothing to say.
  [[nodiscard]] Message response() const {
    if (flow_.first_message == FirstMessage::ClientHello) return {21, 3, 3, 0, 2, 2, 40};
    constexpr std::string_view kText = "HTTP/1.1 204 No Content\r\n\r\n";
    return {kText.begin(), kText.end()};
  }

  static std::uint32_t advance(std::uint8_t flags, const Message& payload) {
    const bool takes_one = (flags & (tcp_flag::kSyn | tcp_flag::kFin)) != 0;
    return static_cast<std::uint32_t>(payload.size()) + (takes_one ? 1 : 0);
  }

  void send(std::uint8_t flags, Message payload = {}) {
    const std::uint32_t seen = (flags & tcp_flag::kAck) != 0 ? server_next_ : 0;
    const std::uint32_t step = advance(flags, payload);
    out_.push_back({tick(),
                    out_.size(),
                    true,
                    {client_, flow_.server, flags, client_next_, seen},
                    std::move(payload)});
    client_next_ += step;
  }

  void receive(std::uint8_t flags, Message payload = {}) {
    const std::uint32_t step = advance(flags, payload);
    out_.push_back({tick(),
                    out_.size(),
                    true,
                    {flow_.server, client_, flags, server_next_, client_next_},
                    std::move(payload)});
    server_next_ += step;
  }

  const SyntheticFlow& flow_;
  SocketAddress client_;
  std::uint32_t number_;
  std::vector<Packet>& out_;
  Instant time_;
  std::uint32_t client_next_ = 0;
  std::uint32_t server_next_ = 0;
};

}  // namespace

std::string make_capture(std::span<const SyntheticFlow> flows) {
  std::vector<Packet> packets;
  std::uint32_t number = 0;
  for (const SyntheticFlow& flow : flows) Conversation(flow, number++, packets).write();
  std::ranges::sort(packets, {}, [](const Packet& p) { return std::pair(p.time, p.order); });
  PacketWriter writer;
  for (const Packet& packet : packets) {
    if (packet.is_tcp) {
      writer.tcp(packet.time, packet.segment, packet.payload);
    } else {
      writer.udp(packet.time, packet.segment.from, packet.segment.to, packet.payload);
    }
  }
  return writer.take();
}

Result<void> write_capture(const std::filesystem::path& path,
                           std::span<const SyntheticFlow> flows) {
  return write_file(path, make_capture(flows));
}

}  // namespace nsp
