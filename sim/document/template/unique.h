// Names that Resource Manager makes from texts: uniqueString() and guid().
//
// Both are deterministic and computed here as Azure computes them. Microsoft documents guid() as
// the name-based UUID of RFC 4122 section 4.3 (version 5) in a namespace of its own, arguments
// joined by hyphens; uniqueString() is not documented: it is 64 bits of a MurmurHash3 with two
// lanes of 32 bits, over the UTF-8 of the arguments joined by hyphens, in thirteen letters of
// base 32. Published pairs that the tests hold: uniqueString('tyeth') is zcztcwvu6iyg6,
// uniqueString('hello', 'world') is a7wkljktk6wne.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_UNIQUE_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_UNIQUE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace nsp {

[[nodiscard]] std::uint64_t template_hash(std::string_view bytes);
// Thirteen letters of `a` to `z` and `2` to `7`.
[[nodiscard]] std::string unique_string(std::string_view joined);
// Lower case, with hyphens.
[[nodiscard]] std::string name_based_guid(std::string_view joined);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_UNIQUE_H_
