// The JSON reader: no input crashes it; what it reads, it writes as text that reads the same again.

#include "sim/document/json.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto first = nsp::parse_json(bytes, "fuzz");
  if (!first) {
    if (first.error().empty() || first.error().front().place.line == 0) std::abort();
    return 0;
  }
  const std::string text = nsp::to_json(*first);
  const auto second = nsp::parse_json(text, "fuzz");
  if (!second || nsp::to_json(*second) != text) std::abort();
  return 0;
}
