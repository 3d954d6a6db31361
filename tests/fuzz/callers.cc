// Bytes → callers of `--callers`: each has a name of its own, or every mistake has a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/access_log/line_protocol_callers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto callers =
      nsp::read_callers({reinterpret_cast<const char*>(data), size}, "callers.json");
  if (!callers) {
    if (callers.error().empty()) std::abort();
    for (const nsp::Diagnostic& wrong : callers.error()) {
      if (wrong.place.line == 0 || wrong.message.empty()) std::abort();
    }
    return 0;
  }
  for (const nsp::Caller& caller : *callers) {
    if (caller.name.empty() || caller.place.line == 0) std::abort();
  }
  return 0;
}
