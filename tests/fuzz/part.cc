// Bytes → a part of `--shard`: one that is read is written and read again as itself.
#include "sim/access_log/part.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto part = nsp::read_part({reinterpret_cast<const char*>(data), size}, "a.part");
  if (!part) return 0;
  const std::string written = write_part(*part);
  const auto again = nsp::read_part(written, "b.part");
  if (!again || write_part(*again) != written) std::abort();
  return 0;
}
