// What must never be printed: keys, passwords, connection strings, tokens.
//
// Documents carry them where nobody expects them: in an app's settings, in a tag, in the answer of
// `listKeys` that somebody kept. A text is a secret where the name of its member says so
// (`primaryKey`, `password`, `connectionString`), where it looks like one (`AccountKey=…`, `sig=…`,
// a private key, a bearer token, base64 of 40 bytes or more), or where the document itself says so,
// however plain it looks (SecretTexts). Rather one harmless text too many is hidden than one secret
// shown. Names are compared without case, `_` and `-`.
//
// Thread safety: pure functions and plain values.
#ifndef NSP_SIM_BASE_SECRETS_H_
#define NSP_SIM_BASE_SECRETS_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "sim/base/diagnostic.h"

namespace nsp {

// What stands where a secret stood.
inline constexpr std::string_view kRedacted = "redacted";

[[nodiscard]] bool is_secret_name(std::string_view member);
[[nodiscard]] bool looks_secret(std::string_view text);

// A message with each quoted value (in backticks) that looks secret as `redacted`.
[[nodiscard]] std::string message_without_secrets(std::string_view message);

// Texts that a document calls secret: values of secure parameters, what Terraform marks as
// sensitive.
class SecretTexts {
 public:
  // One that is hidden where it is the whole text.
  void add(std::string_view text);
  // One that expressions may have put into other texts: hidden there too, from kShortestPart
  // characters on. Of more than kMostParts the rest is only hidden as a whole.
  void add_part(std::string_view text);
  void merge(SecretTexts more);

  [[nodiscard]] bool empty() const { return whole_.empty(); }
  [[nodiscard]] bool contains(std::string_view text) const;
  [[nodiscard]] bool hides(std::string_view text) const;

 private:
  static constexpr std::size_t kShortestPart = 6;
  static constexpr std::size_t kMostParts = 1000;

  std::set<std::string, std::less<>> whole_;
  std::set<std::string, std::less<>> parts_;
};

// The message without quoted secrets; no excerpt that holds one, and the pointer up to one. A plain word in a
// message (`Enabled`) is none, even where a secure parameter has it as its value.
void hide_secrets(Diagnostic& diagnostic, const SecretTexts& secrets = {});

}  // namespace nsp

#endif  // NSP_SIM_BASE_SECRETS_H_
