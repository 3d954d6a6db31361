// Values of documents without their secrets (sim/base/secrets.h says what is one).
//
// Thread safety: pure functions.
#ifndef NSP_SIM_MODEL_SECRETS_H_
#define NSP_SIM_MODEL_SECRETS_H_

#include <string>
#include <string_view>

#include "sim/base/secrets.h"
#include "sim/document/node.h"

namespace nsp {

// The value of the member `name`, as JSON text: strings that are secrets become `"redacted"`, at
// any depth. Anything without one stays as it is, byte by byte.
[[nodiscard]] std::string without_secrets(std::string_view name, std::string_view json);

// The value as JSON text, strings that a document calls secret as `"redacted"`.
[[nodiscard]] std::string json_without(const SecretTexts& secrets, const Node& node);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_SECRETS_H_
