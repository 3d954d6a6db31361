// Bytes → a scenario page, and what its tables build. Nothing is judged.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/scenario/page.h"
#include "sim/scenario/section_environment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  nsp::Page page = nsp::read_page(bytes, "page.md");
  for (std::size_t i = 0; i < page.sections.size(); ++i) {
    // Files are no matter of a page's bytes; a fuzzer must not be able to name any.
    page.sections[i].environment.clear();
  }
  for (std::size_t i = 0; i < page.sections.size(); ++i) {
    static_cast<void>(nsp::build_section(page, i));
  }
  return 0;
}
