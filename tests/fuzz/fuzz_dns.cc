// Bytes → a DNS response: no crash, no endless name; what is read can be written and reads the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sim/capture/dns_answers.h"
#include "sim/capture/synthetic_messages.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response = nsp::read_dns_response({data, size});
  if (!response) return 0;
  require(!response->asked.empty() && !response->addresses.empty());
  for (const auto& given : response->addresses) {
    const nsp::Message again =
        nsp::make_dns_answer(response->asked, {}, given.address, given.ttl, 1);
    const auto read = nsp::read_dns_response(again);
    require(read.has_value() && read->asked == response->asked);
    require(read->addresses.size() == 1 && read->addresses[0].address == given.address);
  }
  return 0;
}
