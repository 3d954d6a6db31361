// Keyed hashes and the encodings that tokens, keys and signatures are written in.
//
// Bytes are std::string here, as they come from and go to headers. The OpenSSL library does the
// hashing. Sources: RFC 2104 (HMAC), RFC 4648 (base64, base64url). Thread safety: pure functions,
// but for random_bytes(), which asks the system.
#ifndef NSP_SIM_LAB_CRYPTO_H_
#define NSP_SIM_LAB_CRYPTO_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nsp::lab {

[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);  // 32 bytes
[[nodiscard]] std::string hmac_sha512(std::string_view key, std::string_view text);  // 64 bytes
[[nodiscard]] std::string sha256(std::string_view text);                             // 32 bytes
[[nodiscard]] std::string md5(std::string_view text);  // 16 bytes; for Content-MD5, no secret

// From the system's generator. Only what makes a lab's secrets calls this. Nothing: the system has
// none to give.
[[nodiscard]] std::optional<std::string> random_bytes(std::size_t count);

[[nodiscard]] std::string base64(std::string_view bytes);     // with padding
[[nodiscard]] std::string base64url(std::string_view bytes);  // without
// Nothing where a character is none of the alphabet or the length is impossible. Padding is
// required and only at the end in base64(), refused in base64url(). Bits that no byte holds must be
// zero, so that bytes have one spelling.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);
[[nodiscard]] std::optional<std::string> parse_base64url(std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);  // lower case

// Equal, in a time that depends on the lengths alone.
[[nodiscard]] bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_CRYPTO_H_
