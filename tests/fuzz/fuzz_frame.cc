// Bytes → frames of every link type: no input crashes the reader, and what it reads lies inside the
// frame.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sim/capture/frame.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(nsp::LinkType link, nsp::Bytes frame, std::uint32_t sent) {
  const auto packet = nsp::read_frame(link, frame, sent);
  if (!packet) return;
  require(packet->payload.size() <= packet->payload_sent);
  require(packet->payload_sent <= sent);
  if (!packet->payload.empty()) {
    require(packet->payload.data() >= frame.data());
    require(packet->payload.data() + packet->payload.size() <= frame.data() + frame.size());
  }
  if (packet->is_fragment) static_cast<void>(nsp::read_datagram(*packet, packet->payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  // The first byte chooses the link type, the second how much of the frame a snap length cut off.
  const auto link =
      static_cast<nsp::LinkType>(data[0] % nsp::Vocabulary<nsp::LinkType>::words.size());
  const auto sent = static_cast<std::uint32_t>(size - 2 + data[1] % 64);
  check(link, {data + 2, size - 2}, sent);
  return 0;
}
