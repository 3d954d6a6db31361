// Bytes → the host of an HTTP request: no crash, a name inside the bytes, and once it is found more
// bytes do not change it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sim/capture/http_host.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using State = nsp::SpokenName::State;
  if (size == 0) return 0;
  const nsp::SpokenName whole = nsp::read_http_host({data, size});
  require(whole.name.size() < size);
  if (whole.state == State::NeedMore) require(whole.need > size);
  const nsp::SpokenName half = nsp::read_http_host({data, (size + 1) / 2});
  if (half.state != State::Found) return 0;
  require(whole.state == State::Found && whole.name == half.name);
  return 0;
}
