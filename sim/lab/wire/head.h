// Heads of HTTP messages as text, and what of them belongs to the connection alone.
#ifndef NSP_SIM_LAB_WIRE_HEAD_H_
#define NSP_SIM_LAB_WIRE_HEAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/message.h"

namespace nsp::lab {

// How a body is framed: the headers that the wire writes itself.
struct Framing {
  std::optional<std::uint64_t> length;  // Content-Length
  bool chunked = false;                 // Transfer-Encoding
  std::string_view connection;          // Connection; empty: not sent
};

// Appends a whole head, the empty line included. Of `headers`, those of the framing are left out,
// as are fields whose names are not tokens; control characters in values become spaces: nothing
// that a handler sets can end the head early.
void append_response_head(std::string& out, const Response& head, const Framing& framing,
                          std::string_view date);
void append_request_head(std::string& out, const Request& head, const Framing& framing,
                         std::string_view host);

// `1a\r\n`.
void append_chunk_start(std::string& out, std::size_t size);

// RFC 9110 section 7.6.1: Connection, the headers that it names, and their like.
[[nodiscard]] Headers without_hop_by_hop(const Headers& headers);

// The header's value as a number; nothing where there is none or it is not one.
[[nodiscard]] std::optional<std::uint64_t> content_length(const Headers& headers);

// `Wed, 25 Nov 2026 16:41:00 GMT`. Seconds since 1970.
[[nodiscard]] std::string http_date(std::int64_t seconds);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_HEAD_H_
