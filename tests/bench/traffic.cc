#include "tests/bench/traffic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <random>
#include <vector>

#include "sim/capture/packet_writer.h"
#include "sim/capture/synthetic_messages.h"

namespace nsp::bench {
namespace {

constexpr std::size_t kSegment = 1400;
constexpr std::size_t kUnderWay = 512;
constexpr std::uint64_t kBytesPerSecond = 4'000'000;
constexpr std::array kSuffixes{"blob.core.windows.net", "search.windows.net", "openai.azure.com",
                               "services.ai.azure.com"};

enum class Kind : std::uint8_t { Tls, Http, Dns };

// One flow that sends its next packet when it is asked to.
class Conversation {
 public:
  Conversation(std::uint32_t number, std::mt19937& random) : number_(number) {
    client_.address = IpAddress::from_v4(0x0a00'0004 + number % 4096);
    client_.port = static_cast<std::uint16_t>(32768 + number / 4096 % 28000);
    server_ = {IpAddress::from_v4(0x143c'0000 + number % 997), 443};
    kind_ = number % 64 == 1 ? Kind::Http : number % 64 == 2 ? Kind::Dns : Kind::Tls;
    const auto host = fmt::format("account{}.{}", number % 3001, kSuffixes[number % 4]);
    name_ = DomainName::parse(host).value();
    if (kind_ == Kind::Tls) first_ = make_client_hello(name_, {.post_quantum = number % 2 == 0});
    if (kind_ == Kind::Http) first_ = make_http_request(name_);
    if (kind_ == Kind::Http) server_.port = 80;
    answer_ = 2048 + random() % (118 * 1024);
    client_next_ = static_cast<std::uint32_t>(random());
    server_next_ = static_cast<std::uint32_t>(random());
  }

  [[nodiscard]] Kind kind() const { return kind_; }

  // False when that was its last packet.
  bool step(Instant time, PacketWriter& out) {
    if (kind_ == Kind::Dns) return look_up(time, out);
    switch (state_) {
      case 0:
        return send(time, out, tcp_flag::kSyn, {}, 1);
      case 1:
        return receive(time, out, tcp_flag::kSyn | tcp_flag::kAck, {}, 1);
      case 2:
        return send(time, out, tcp_flag::kAck, {}, 1);
      case 3:
        return say(time, out);
      case 4:
        return answer(time, out);
      case 5:
        return send(time, out, tcp_flag::kFin | tcp_flag::kAck, {}, 1);
      case 6:
        return receive(time, out, tcp_flag::kFin | tcp_flag::kAck, {}, 1);
      default:
        send(time, out, tcp_flag::kAck, {}, 1);
        return false;
    }
  }

 private:
  bool look_up(Instant time, PacketWriter& out) {
    const SocketAddress resolver{IpAddress::from_v4(0xa83f'8110), 53};
    const auto id = static_cast<std::uint16_t>(number_);
    if (state_++ == 0) {
      out.udp(time, client_, resolver, make_dns_question(name_, true, id));
      return true;
    }
    out.udp(time, resolver, client_, make_dns_answer(name_, {}, server_.address, 60, id));
    return false;
  }

  bool send(Instant time, PacketWriter& out, std::uint8_t flags, Bytes payload, int steps) {
    out.tcp(time, {client_, server_, flags, client_next_, server_next_}, payload);
    client_next_ += advance(flags, payload);
    state_ += steps;
    return true;
  }
  bool receive(Instant time, PacketWriter& out, std::uint8_t flags, Bytes payload, int steps) {
    out.tcp(time, {server_, client_, flags, server_next_, client_next_}, payload);
    server_next_ += advance(flags, payload);
    state_ += steps;
    return true;
  }
  static std::uint32_t advance(std::uint8_t flags, Bytes payload) {
    const bool takes_one = (flags & (tcp_flag::kSyn | tcp_flag::kFin)) != 0;
    return static_cast<std::uint32_t>(payload.size()) + (takes_one ? 1 : 0);
  }

  // The first message, a segment at a time.
  bool say(Instant time, PacketWriter& out) {
    const std::size_t length = std::min(kSegment, first_.size() - said_);
    const Bytes part = Bytes(first_).subspan(said_, length);
    said_ += length;
    return send(time, out, tcp_flag::kAck, part, said_ == first_.size() ? 1 : 0);
  }

  bool answer(Instant time, PacketWriter& out) {
    // Application data, sealed: 23, version, and bytes that nobody reads.
    static const Message kSealed = [] {
      Message bytes(kSegment, 0x5a);
      bytes[0] = 23;
      bytes[1] = bytes[2] = 3;
      return bytes;
    }();
    if (++answered_ % 3 == 0) return send(time, out, tcp_flag::kAck, {}, 0);
    const std::size_t length = std::min(kSegment, answer_);
    answer_ -= length;
    return receive(time, out, tcp_flag::kAck, Bytes(kSealed).first(length), answer_ == 0 ? 1 : 0);
  }

  std::uint32_t number_;
  Kind kind_ = Kind::Tls;
  SocketAddress client_;
  SocketAddress server_;
  DomainName name_;
  Message first_;
  std::size_t said_ = 0;
  std::size_t answer_ = 0;
  std::size_t answered_ = 0;
  std::uint32_t client_next_ = 0;
  std::uint32_t server_next_ = 0;
  int state_ = 0;
};

class Generator {
 public:
  Generator(std::ofstream& out, std::uint64_t bytes) : out_(out), wanted_(bytes) {}

  Traffic run() {
    while (under_way_.size() < kUnderWay) begin();
    while (!under_way_.empty()) step();
    flush();
    return traffic_;
  }

 private:
  void begin() {
    under_way_.emplace_back(next_++, random_);
    const Kind kind = under_way_.back().kind();
    traffic_.hellos += kind == Kind::Tls ? 1 : 0;
    traffic_.requests += kind == Kind::Http ? 1 : 0;
  }

  void step() {
    const std::size_t at = random_() % under_way_.size();
    const std::uint64_t written = traffic_.bytes + writer_.bytes().size();
    const Instant time = Instant(std::chrono::seconds(1'780'000'000)) +
                         std::chrono::nanoseconds(written * (1'000'000'000 / kBytesPerSecond));
    ++traffic_.packets;
    if (!under_way_[at].step(time, writer_)) {
      std::swap(under_way_[at], under_way_.back());
      under_way_.pop_back();
      if (written < wanted_) begin();
    }
    if (writer_.bytes().size() > (4U << 20)) flush();
  }

  void flush() {
    const std::string bytes = writer_.take();
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    traffic_.bytes += bytes.size();
  }

  std::ofstream& out_;
  std::uint64_t wanted_;
  std::mt19937 random_{20};  // NOLINT: the same bytes each time
  std::uint32_t next_ = 0;
  std::vector<Conversation> under_way_;
  PacketWriter writer_;
  Traffic traffic_;
};

}  // namespace

Traffic write_traffic(const std::filesystem::path& path, std::uint64_t bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return {};
  const Traffic traffic = Generator(out, bytes).run();
  out.close();
  return out ? traffic : Traffic{};
}

}  // namespace nsp::bench
