// Conditional headers, ranges and dates of HTTP, as the Blob service reads them.
//
// Sources: RFC 9110 (dates, conditions); Microsoft's REST reference "Specifying conditional headers
// for Blob service operations" and "Specifying the range header for Blob service operations".
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_BLOB_CONDITIONS_H_
#define NSP_SIM_LAB_BLOB_CONDITIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/blob_store.h"
#include "sim/lab/message.h"

namespace nsp::lab {

[[nodiscard]] std::string http_date(Utc time);  // `Wed, 25 Nov 2026 17:12:21 GMT`
// Nothing: not of that form.
[[nodiscard]] std::optional<Utc> parse_http_date(std::string_view text);

enum class Access : std::uint8_t { Read, Write };

// What the conditions of a request say of a blob's state; null: there is no such blob. A read whose
// copy is fresh is 304, all else that does not hold 412; a write that asks for absence 409.
[[nodiscard]] BlobResult<void> check_conditions(const Headers& headers, Access access,
                                                const std::string* etag, Utc modified);

// Bytes of a blob: `x-ms-range` before `Range`. Nothing: the whole of it, also where the header is
// of no form that Storage reads.
struct ByteRange {
  std::size_t first = 0;
  std::size_t count = 0;

  bool operator==(const ByteRange&) const = default;
};
// The problem: it starts after the end (416).
[[nodiscard]] BlobResult<std::optional<ByteRange>> range_of(const Headers& headers,
                                                            std::size_t size);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_CONDITIONS_H_
