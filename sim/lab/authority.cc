#include "sim/lab/authority.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "sim/lab/freed.h"

namespace nsp::lab {
namespace {

using BioPtr = std::unique_ptr<BIO, Freed<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, Freed<GENERAL_NAME_free>>;

constexpr std::chrono::minutes kClocksDiffer{1};

// OpenSSL's own words for what it could not do.
std::unexpected<std::string> openssl_failure(std::string_view what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return std::unexpected(fmt::format("{}: {}", what, reason == nullptr ? "no memory" : reason));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  return text_of(out.get());
}

std::string to_pem(EVP_PKEY* key) {
  BioPtr out(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(out.get());
}

// Positive, and so at most 128 bits of the 159 that RFC 5280 allows.
bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] |= 1;
  NumberPtr number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_times(X509* certificate, Authority::Time from, Authority::Time to) {
  const auto seconds = [](Authority::Time time) {
    return std::chrono::system_clock::to_time_t(time);
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(to)) != nullptr;
}

bool set_subject(X509* certificate, std::string_view name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto add = [&](const char* field, std::string_view value) {
    return X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
  };
  return add("O", "nspsim lab") && add("CN", name);
}

bool add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

struct Extension {
  int id;
  const char* value;
};

template <std::size_t kCount>
bool add_extensions(X509* certificate, X509* issuer,
                    const std::array<Extension, kCount>& extensions) {
  return std::ranges::all_of(extensions, [&](const Extension& extension) {
    return add_extension(certificate, issuer, extension.id, extension.value);
  });
}

bool is_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, fits);
}

std::string address_bytes(const IpAddress& address) {
  std::string bytes;
  for (int shift = address.v4 ? 24 : 120; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(address.bits >> shift));
  }
  return bytes;
}

// Takes text as it is: nothing of a name is ever read as configuration.
bool push_name(GENERAL_NAMES* names, int type, std::string_view text) {
  GeneralNamePtr name(GENERAL_NAME_new());
  ASN1_STRING* value = type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
  if (!name || value == nullptr) return false;
  ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  GENERAL_NAME_set0_value(name.get(), type, value);
  GENERAL_NAME* given = name.release();
  if (sk_GENERAL_NAME_push(names, given) != 0) return true;
  GENERAL_NAME_free(given);
  return false;
}

bool add_names(X509* certificate, const LeafNames& names) {
  NamesPtr all(GENERAL_NAMES_new());
  if (!all) return false;
  for (const std::string& name : names.dns) {
    if (!push_name(all.get(), GEN_DNS, name)) return false;
  }
  for (const IpAddress& address : names.addresses) {
    if (!push_name(all.get(), GEN_IPADD, address_bytes(address))) return false;
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, X509V3_ADD_DEFAULT) ==
         1;
}

// A common name has at most 64 characters; who verifies looks at the alternative names.
std::string_view common_name(const LeafNames& names) {
  if (names.dns.empty() || names.dns[0].size() > 64) return "node";
  return names.dns[0];
}

X509Ptr blank(EVP_PKEY* key, std::string_view name, Authority::Time from, Authority::Time to) {
  X509Ptr certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !set_serial(certificate.get()) || !set_times(certificate.get(), from, to) ||
      !set_subject(certificate.get(), name) || X509_set_pubkey(certificate.get(), key) != 1) {
    return nullptr;
  }
  return certificate;
}

}  // namespace

struct Authority::Inside {
  KeyPtr key;
  X509Ptr certificate;
  Time until;
  std::string pem;
};

Authority::Authority(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

std::expected<Authority, std::string> Authority::make(Time now, std::chrono::hours validity) {
  auto inside = std::make_unique<Inside>();
  inside->until = now + std::min(validity, kLongest);
  inside->key.reset(EVP_EC_gen("P-256"));
  if (!inside->key) return openssl_failure("cannot make a key");
  const Time from = now - kClocksDiffer;
  inside->certificate = blank(inside->key.get(), "nspsim lab authority", from, inside->until);
  X509* made = inside->certificate.get();
  static constexpr std::array<Extension, 3> kExtensions = {
      Extension{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
      Extension{NID_key_usage, "critical,keyCertSign,cRLSign"},
      Extension{NID_subject_key_identifier, "hash"}};
  if (made == nullptr || X509_set_issuer_name(made, X509_get_subject_name(made)) != 1 ||
      !add_extensions(made, made, kExtensions) ||
      X509_sign(made, inside->key.get(), EVP_sha256()) == 0) {
    return openssl_failure("cannot make the lab's authority");
  }
  inside->pem = to_pem(made);
  return Authority(std::move(inside));
}

std::expected<Certificate, std::string> Authority::issue(const LeafNames& names, Time now) const {
  if (names.dns.empty() && names.addresses.empty()) {
    return std::unexpected("a certificate needs a name or an address");
  }
  auto wrong = std::ranges::find_if_not(names.dns, is_name);
  if (wrong != names.dns.end()) {
    return std::unexpected(fmt::format("`{}` is not a host name", *wrong));
  }
  KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return openssl_failure("cannot make a key");
  X509* issuer = inside_->certificate.get();
  X509Ptr leaf = blank(key.get(), common_name(names), now - kClocksDiffer, inside_->until);
  static constexpr std::array<Extension, 5> kExtensions = {
      Extension{NID_basic_constraints, "critical,CA:FALSE"},
      Extension{NID_key_usage, "critical,digitalSignature"},
      Extension{NID_ext_key_usage, "serverAuth"}, Extension{NID_subject_key_identifier, "hash"},
      Extension{NID_authority_key_identifier, "keyid:always"}};
  if (!leaf || X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer)) != 1 ||
      !add_extensions(leaf.get(), issuer, kExtensions) || !add_names(leaf.get(), names) ||
      X509_sign(leaf.get(), inside_->key.get(), EVP_sha256()) == 0) {
    return openssl_failure("cannot make a certificate");
  }
  return Certificate{to_pem(leaf.get()), to_pem(key.get())};
}

const std::string& Authority::certificate_pem() const { return inside_->pem; }

std::expected<std::string, std::string> Authority::key_pem() const {
  std::string pem = to_pem(inside_->key.get());
  if (pem.empty()) return openssl_failure("cannot write the authority's key");
  return pem;
}

std::optional<std::filesystem::path> system_bundle() {
  static constexpr std::array<const char*, 5> kPlaces = {
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
      "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL, too
      "/etc/ssl/ca-bundle.pem",                             // openSUSE
      "/etc/ssl/cert.pem"};                                 // Alpine, BSD
  std::error_code ignored;
  for (const char* place : kPlaces) {
    if (std::filesystem::is_regular_file(place, ignored)) return place;
  }
  return std::nullopt;
}

std::expected<std::string, std::string> bundle(const Authority& authority,
                                               const std::optional<std::filesystem::path>& others) {
  std::string all = authority.certificate_pem();
  if (!others) return all;
  std::ifstream in(*others, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || content.empty()) {
    return std::unexpected(fmt::format("cannot read `{}`", others->string()));
  }
  return all + content;
}

}  // namespace nsp::lab
