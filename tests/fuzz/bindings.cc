// Bytes → bindings, and what every prefix of them finds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/model/bindings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bindings =
      nsp::read_bindings({reinterpret_cast<const char*>(data), size}, "bindings.json");
  if (!bindings) return 0;
  for (const nsp::Binding& each : bindings->all()) {
    // The first address of a prefix lies in it; what is found is no shorter.
    const nsp::Binding* found = bindings->find(each.prefix.first());
    if (found == nullptr || found->prefix.length < each.prefix.length) std::abort();
    if (!found->prefix.contains(each.prefix.first())) std::abort();
  }
  static_cast<void>(nsp::check_bindings({}, *bindings));
  return 0;
}
