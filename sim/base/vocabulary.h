// The words that users, Azure and this program share, each written once.
//
// A Vocabulary is the closed set of words of one enumeration, in order of its enumerators. Reading
// compares without case, as Azure does; writing gives the canonical spelling. An open enumeration
// (Azure's `modelAsString`) ends in `Unknown`, which no word reads as.
//
// Source of the words: the REST api-versions of Microsoft.Network/networkSecurityPerimeters and of
// the services.
#ifndef NSP_SIM_BASE_VOCABULARY_H_
#define NSP_SIM_BASE_VOCABULARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace nsp {

// What an association does with traffic that no perimeter rule admits (clause G-6). `Audit` is
// judged as `Learning`. "Transition" is the portal's word for Learning and reads as it.
enum class AccessMode : std::uint8_t { Learning, Enforced, Audit, Unknown };

// The resource's own switch (clause G-7). Unknown: the resource is not described, or the word is
// new to us.
enum class PublicNetworkAccess : std::uint8_t { Enabled, Disabled, SecuredByPerimeter, Unknown };

// What the caller shows to prove who it is. Unknown: nobody said.
enum class Credential : std::uint8_t {
  ManagedIdentity,
  User,
  ServicePrincipal,
  Key,
  Sas,
  Anonymous,
  Unknown
};

// How an attempt is said to travel. `Auto`: as name resolution and service endpoints decide (P-1 to
// P-5).
enum class Via : std::uint8_t { Auto, Public, PrivateEndpoint, ServiceEndpoint };

// The path that an attempt takes once resolved.
enum class Path : std::uint8_t { Public, ServiceEndpoint, PrivateEndpoint };

enum class Protocol : std::uint8_t { Https, Nfs, Smb, Sftp };

// The state of a private endpoint connection, a shared private link or a perimeter link.
enum class ConnectionStatus : std::uint8_t { Approved, Pending, Rejected, Disconnected, Unknown };

enum class Direction : std::uint8_t { Outbound, Inbound };

enum class Verdict : std::uint8_t { Allow, Deny, Undecided };

enum class Grade : std::uint8_t { Documented, Observed, Inferred, Ours };

// The thirteen categories of NSPAccessLogs: which leg of which attempt a record tells of, what
// decided and how. Source: LOG; the two of links: LINK.
enum class LogCategory : std::uint8_t {
  NspPublicInboundPerimeterRulesAllowed,
  NspPublicInboundPerimeterRulesDenied,
  NspPublicOutboundPerimeterRulesAllowed,
  NspPublicOutboundPerimeterRulesDenied,
  NspPublicInboundResourceRulesAllowed,
  NspPublicInboundResourceRulesDenied,
  NspPublicOutboundResourceRulesAllowed,
  NspPublicOutboundResourceRulesDenied,
  NspIntraPerimeterInboundAllowed,
  NspOutboundAttempt,
  NspPrivateInboundAllowed,
  NspCrossPerimeterInboundAllowed,
  NspCrossPerimeterOutboundAllowed,
};

template <class E>
struct Vocabulary;  // specialised below: `static constexpr std::array<std::string_view, N> words`

#define NSP_VOCABULARY(E, N, ...)                                        \
  template <>                                                            \
  struct Vocabulary<E> {                                                 \
    static constexpr std::array<std::string_view, N> words{__VA_ARGS__}; \
  }

NSP_VOCABULARY(AccessMode, 3, "Learning", "Enforced", "Audit");
NSP_VOCABULARY(PublicNetworkAccess, 3, "Enabled", "Disabled", "SecuredByPerimeter");
NSP_VOCABULARY(Credential, 6, "managed identity", "user", "service principal", "key", "sas",
               "anonymous");
NSP_VOCABULARY(Via, 4, "auto", "public", "private endpoint", "service endpoint");
NSP_VOCABULARY(Path, 3, "public", "service endpoint", "private endpoint");
NSP_VOCABULARY(Protocol, 4, "https", "nfs", "smb", "sftp");
NSP_VOCABULARY(ConnectionStatus, 4, "Approved", "Pending", "Rejected", "Disconnected");
NSP_VOCABULARY(Direction, 2, "outbound", "inbound");
NSP_VOCABULARY(Verdict, 3, "allow", "deny", "undecided");
NSP_VOCABULARY(Grade, 4, "documented", "observed", "inferred", "ours");
NSP_VOCABULARY(LogCategory, 13, "NspPublicInboundPerimeterRulesAllowed",
               "NspPublicInboundPerimeterRulesDenied", "NspPublicOutboundPerimeterRulesAllowed",
               "NspPublicOutboundPerimeterRulesDenied", "NspPublicInboundResourceRulesAllowed",
               "NspPublicInboundResourceRulesDenied", "NspPublicOutboundResourceRulesAllowed",
               "NspPublicOutboundResourceRulesDenied", "NspIntraPerimeterInboundAllowed",
               "NspOutboundAttempt", "NspPrivateInboundAllowed", "NspCrossPerimeterInboundAllowed",
               "NspCrossPerimeterOutboundAllowed");

#undef NSP_VOCABULARY

// The leg that a record of this category tells of, and whether it was refused.
[[nodiscard]] constexpr Direction direction_of(LogCategory category) {
  switch (category) {
    case LogCategory::NspPublicOutboundPerimeterRulesAllowed:
    case LogCategory::NspPublicOutboundPerimeterRulesDenied:
    case LogCategory::NspPublicOutboundResourceRulesAllowed:
    case LogCategory::NspPublicOutboundResourceRulesDenied:
    case LogCategory::NspOutboundAttempt:
    case LogCategory::NspCrossPerimeterOutboundAllowed:
      return Direction::Outbound;
    default:
      return Direction::Inbound;
  }
}
[[nodiscard]] constexpr bool is_denial(LogCategory category) {
  return category == LogCategory::NspPublicInboundPerimeterRulesDenied ||
         category == LogCategory::NspPublicOutboundPerimeterRulesDenied ||
         category == LogCategory::NspPublicInboundResourceRulesDenied ||
         category == LogCategory::NspPublicOutboundResourceRulesDenied;
}

// The canonical word; `unknown` for the Unknown of an open enumeration.
template <class E>
requires requires { Vocabulary<E>::words; }
[[nodiscard]] constexpr std::string_view to_string(E value) {
  const auto index = static_cast<std::size_t>(value);
  return index < Vocabulary<E>::words.size() ? Vocabulary<E>::words[index] : "unknown";
}

// The index of `word` among `words`, compared without case.
[[nodiscard]] std::optional<std::size_t> find_word(std::span<const std::string_view> words,
                                                   std::string_view word);

template <class E>
requires requires { Vocabulary<E>::words; }
[[nodiscard]] std::optional<E> parse_word(std::string_view word) {
  const auto index = find_word(Vocabulary<E>::words, word);
  if (!index) return std::nullopt;
  return static_cast<E>(*index);
}

// As parse_word, and "Transition" reads as Learning (contradiction C1).
[[nodiscard]] std::optional<AccessMode> parse_access_mode(std::string_view word);

}  // namespace nsp

#endif  // NSP_SIM_BASE_VOCABULARY_H_
