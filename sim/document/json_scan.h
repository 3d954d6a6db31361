// The first pass over JSON text: it checks everything that can be checked a byte at a time and
// turns what Azure's tools add to JSON into plain JSON.
//
// Example: `{"a": [1, 2,], // why` becomes `{"a": [1, 2 ]        `, same length, so that a place in
// the one is a place in the other. Each key and value notes where it starts; the SAX parser then
// meets them in exactly this order.
//
// Cost: one pass, no recursion (open brackets stand in a vector of at most kMaxDepth).
#ifndef NSP_SIM_DOCUMENT_JSON_SCAN_H_
#define NSP_SIM_DOCUMENT_JSON_SCAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nsp {

struct ScanFault {
  std::size_t offset = 0;
  std::string message;
};

struct Scan {
  std::string text;  // the bytes, with BOM, comments and trailing commas blanked
  // Where each key, string, number, literal and opening bracket starts.
  std::vector<std::uint32_t> tokens;
  std::optional<ScanFault> fault;  // the first mistake; what comes behind it in `text` is as it was
};

// REQUIRES: bytes is shorter than 4 GiB.
[[nodiscard]] Scan scan_json(std::string bytes);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_JSON_SCAN_H_
