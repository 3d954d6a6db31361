// Bytes → the server name of a ClientHello. Whatever comes, growing input never takes a name back,
// and `need` is the truth: with fewer bytes the answer is the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/capture/client_hello.h"

namespace {

using State = nsp::SpokenName::State;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static nsp::ClientHelloReader reader;
  constexpr std::size_t kLongest = 4096;  // each length is read, which is quadratic
  size = std::min(size, kLongest);
  std::string name;
  bool is_over = false;
  std::size_t need = 1;
  for (std::size_t length = 1; length <= size; ++length) {
    const nsp::SpokenName spoken = reader.read({data, length});
    // What was decided stays decided: more bytes belong to what comes after.
    require(!is_over || spoken.state != State::NeedMore);
    is_over = spoken.state != State::NeedMore;
    if (is_over && spoken.state != State::Other) require(length >= need);
    if (!is_over) require(spoken.need > length);
    need = spoken.need;
    if (spoken.state == State::Other) return 0;
    require(name.empty() || spoken.name == name);
    name = spoken.name;
  }
  return 0;
}
