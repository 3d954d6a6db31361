// The lab's certificate authority: made at start, in memory, trusted by nobody but the lab's own
// clients.
//
// Keys are EC P-256, signatures SHA-256, serial numbers 128 random bits. A certificate is valid
// from one minute before it was made (clocks of clients differ) and never longer than its
// authority. The authority's own key stays in memory; `key_pem` is the only way out.
//
// A leaf has a key of its own, one name or many (`blob.core.windows.net` names may start with
// `*.`), and IP addresses. It carries what strict verifiers ask for (RFC 5280): key identifiers,
// critical basic constraints and key usage, serverAuth.
//
// Errors are messages. Randomness is OpenSSL's generator; time is passed in. Thread safety: a const
// Authority may be shared. Cost: a leaf is
// one key and one signature.
#ifndef NSP_SIM_LAB_AUTHORITY_H_
#define NSP_SIM_LAB_AUTHORITY_H_

#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/net/address.h"

namespace nsp::lab {

// A certificate and the key to it, as PEM.
struct Certificate {
  std::string chain_pem;  // the leaf alone: the authority is its direct issuer
  std::string key_pem;    // PKCS#8, not encrypted

  bool operator==(const Certificate&) const = default;
};

// What a leaf is valid for. At least one of either kind.
struct LeafNames {
  std::vector<std::string> dns;  // 1 to 253 letters, digits, `-`, `_`, `.`; may start with `*.`
  std::vector<IpAddress> addresses;

  bool operator==(const LeafNames&) const = default;
};

class Authority {
 public:
  using Time = std::chrono::system_clock::time_point;
  static constexpr std::chrono::hours kLongest{24 * 397};  // what clients accept of a leaf

  // `validity` is cut to kLongest.
  [[nodiscard]] static std::expected<Authority, std::string> make(
      Time now, std::chrono::hours validity = std::chrono::hours(24 * 30));
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;
  ~Authority();

  // Valid from a minute before `now` to the end of the authority.
  [[nodiscard]] std::expected<Certificate, std::string> issue(const LeafNames& names,
                                                              Time now) const;

  [[nodiscard]] const std::string& certificate_pem() const;
  // PKCS#8, not encrypted. Whoever asks must keep it private.
  [[nodiscard]] std::expected<std::string, std::string> key_pem() const;

 private:
  struct Inside;
  explicit Authority(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// The file of the system's trusted authorities, where Linux distributions keep it; nothing where
// there is none.
[[nodiscard]] std::optional<std::filesystem::path> system_bundle();

// What SSL_CERT_FILE and its like point to: the authority's certificate, then the content of
// `others` where given. An error where `others` cannot be read.
[[nodiscard]] std::expected<std::string, std::string> bundle(
    const Authority& authority, const std::optional<std::filesystem::path>& others);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_AUTHORITY_H_
