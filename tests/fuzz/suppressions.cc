// Bytes → suppressions: what is accepted is whole, what is refused has a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/analysis/lint_suppressions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto read =
      nsp::read_suppressions({reinterpret_cast<const char*>(data), size}, "suppressions.json");
  if (!read) {
    require(!read.error().empty());
    for (const nsp::Diagnostic& each : read.error()) {
      require(each.place.line != 0 && !each.message.empty());
    }
    return 0;
  }
  for (const nsp::Suppression& each : *read) {
    require(each.check != nullptr && !each.reason.empty() && each.place.line != 0);
    require(!each.object.empty() || !each.file.empty());
    require(nsp::parse_day(each.expires) == each.last_day);
  }
  return 0;
}
