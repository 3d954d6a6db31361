// Bytes to a Node: JSON with what Azure's tools add to it, comments (`//`, `/* */`), a BOM and
// trailing commas.
//
// Errors, with line and column: not UTF-8, a syntax error, a duplicate key (compared exactly),
// nesting deeper than kMaxDepth, anything after the value. The parser is nlohmann_json's SAX
// parser; places come from a first pass that blanks comments and trailing commas and notes where
// each token starts (see json.cc).
#ifndef NSP_SIM_DOCUMENT_JSON_H_
#define NSP_SIM_DOCUMENT_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/document/node.h"

namespace nsp {

inline constexpr std::size_t kMaxDepth = 200;

// `file` is the name that places carry; `first_line` is the line of the first byte (for text inside
// a page).
[[nodiscard]] Result<Node> parse_json(std::string_view bytes, const std::string& file,
                                      std::uint32_t first_line = 1);

// The same without a copy of the bytes: a large file need not stand in memory twice.
[[nodiscard]] Result<Node> parse_owned_json(std::string bytes, const std::string& file,
                                            std::uint32_t first_line = 1);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_JSON_H_
