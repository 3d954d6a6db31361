// What must never be printed: keys, passwords, connection strings, tokens.
//
// Documents carry them where nobody expects them: in an app's settings, in a tag, in the answer of
// `listKeys` that somebody kept. A value is a secret where the name of its member says so
// (`primaryKey`, `password`, `connectionString`) or where it looks like one (`AccountKey=…`,
// `sig=…`, a private key, a bearer token, base64 of 40 bytes or more). Rather one harmless value
// too many is hidden than one secret shown. Names are compared without case, `_` and `-`.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_MODEL_SECRETS_H_
#define NSP_SIM_MODEL_SECRETS_H_

#include <string>
#include <string_view>

namespace nsp {

[[nodiscard]] bool is_secret_name(std::string_view member);
[[nodiscard]] bool looks_secret(std::string_view text);

// The value of the member `name`, as JSON text: strings that are secrets become `"redacted"`, at
// any depth. Anything without one stays as it is, byte by byte.
[[nodiscard]] std::string without_secrets(std::string_view name, std::string_view json);

// A message with each quoted value (in backticks) that looks secret as `redacted`.
[[nodiscard]] std::string message_without_secrets(std::string_view message);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_SECRETS_H_
