// A GUID: 32 hexadecimal digits, written 8-4-4-4-12. Subscriptions, tenants and perimeters are
// named by one.
#ifndef NSP_SIM_BASE_GUID_H_
#define NSP_SIM_BASE_GUID_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nsp {

struct Guid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const Guid&) const = default;

  // With or without braces, any case; nothing else.
  [[nodiscard]] static std::optional<Guid> parse(std::string_view text);

  // A GUID that depends on `text` alone (compared without case), for objects whose real GUID a
  // document does not carry. Not a secret and not unique in the cryptographic sense.
  [[nodiscard]] static Guid from_text(std::string_view text);
};

// Lower case, with hyphens.
[[nodiscard]] std::string to_string(const Guid& guid);

}  // namespace nsp

#endif  // NSP_SIM_BASE_GUID_H_
