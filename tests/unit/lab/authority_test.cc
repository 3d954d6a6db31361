#include "sim/lab/authority.h"

#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>
#include <set>

namespace nsp::lab {
namespace {

using std::chrono::hours;
using Time = Authority::Time;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* one) const { X509_free(one); }
  void operator()(X509_STORE* one) const { X509_STORE_free(one); }
  void operator()(X509_STORE_CTX* one) const { X509_STORE_CTX_free(one); }
  void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> read_pem(const std::string& pem) {
  Owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Owned<X509>(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

Owned<EVP_PKEY> read_key(const std::string& pem) {
  Owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Owned<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

// `ok`, or OpenSSL's words for why the chain is not accepted, by its strictest rules.
std::string verified_by(const std::string& authority, const std::string& leaf, Time at) {
  Owned<X509> root = read_pem(authority);
  Owned<X509> one = read_pem(leaf);
  Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), one.get(), nullptr);
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(at));
  X509_verify_cert(context.get());
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

const Time kAuthorityNow = Time(std::chrono::seconds(1'780'000'000));

Authority made(hours validity = hours(24)) {
  return Authority::make(kAuthorityNow, validity).value();
}

TEST(Authority, IssuesWhatStrictVerifiersAccept) {
  Authority authority = made();
  Certificate leaf = authority.issue({{"st.blob.core.windows.net"}, {}}, kAuthorityNow).value();
  EXPECT_EQ(verified_by(authority.certificate_pem(), leaf.chain_pem, kAuthorityNow), "ok");
  Authority other = made();
  EXPECT_EQ(verified_by(other.certificate_pem(), leaf.chain_pem, kAuthorityNow),
            "unable to get local issuer certificate");
}

TEST(Authority, IsValidFromAMinuteAgoToItsEnd) {
  Authority authority = made(hours(1));
  const Time later = kAuthorityNow + std::chrono::minutes(30);
  Certificate leaf = authority.issue({{"a"}, {}}, later).value();
  const auto at = [&](Time time) {
    return verified_by(authority.certificate_pem(), leaf.chain_pem, time);
  };
  EXPECT_EQ(at(later - std::chrono::seconds(59)), "ok");
  EXPECT_EQ(at(later - std::chrono::seconds(61)), "certificate is not yet valid");
  EXPECT_EQ(at(kAuthorityNow + std::chrono::minutes(59)), "ok");
  EXPECT_EQ(at(kAuthorityNow + std::chrono::minutes(61)), "certificate has expired");
}

TEST(Authority, LivesNoLongerThanClientsAccept) {
  Authority authority = made(hours(24 * 10'000));
  Certificate leaf = authority.issue({{"a"}, {}}, kAuthorityNow).value();
  const auto at = [&](hours after) {
    return verified_by(authority.certificate_pem(), leaf.chain_pem, kAuthorityNow + after);
  };
  EXPECT_EQ(at(hours(24 * 396)), "ok");
  EXPECT_EQ(at(hours(24 * 398)), "certificate has expired");
}

TEST(Authority, WritesManyNamesAndAddresses) {
  Certificate leaf = made()
                         .issue({{"a.search.windows.net", "*.services.ai.azure.com"},
                                 {*IpAddress::parse("127.77.1.1"), *IpAddress::parse("::1")}},
                                kAuthorityNow)
                         .value();
  Owned<X509> read = read_pem(leaf.chain_pem);
  const auto host = [&](const char* name) {
    return X509_check_host(read.get(), name, 0, 0, nullptr);
  };
  const auto address = [&](const char* text) { return X509_check_ip_asc(read.get(), text, 0); };
  EXPECT_EQ(host("a.search.windows.net"), 1);
  EXPECT_EQ(host("any.services.ai.azure.com"), 1);
  EXPECT_EQ(host("services.ai.azure.com"), 0);
  EXPECT_EQ(host("b.search.windows.net"), 0);
  EXPECT_EQ(address("127.77.1.1"), 1);
  EXPECT_EQ(address("::1"), 1);
  EXPECT_EQ(address("127.77.1.2"), 0);
}

TEST(Authority, GivesTheKeyToItsLeaf) {
  Certificate leaf = made().issue({{"a"}, {}}, kAuthorityNow).value();
  Owned<X509> certificate = read_pem(leaf.chain_pem);
  Owned<EVP_PKEY> key = read_key(leaf.key_pem);
  EXPECT_EQ(X509_check_private_key(certificate.get(), key.get()), 1);
}

TEST(Authority, GivesItsOwnKeyWhenAsked) {
  Authority authority = made();
  Owned<X509> certificate = read_pem(authority.certificate_pem());
  Owned<EVP_PKEY> key = read_key(authority.key_pem().value());
  EXPECT_EQ(X509_check_private_key(certificate.get(), key.get()), 1);
}

TEST(Authority, TakesLongNames) {
  const std::string name = std::string(60, 'a') + '.' + std::string(60, 'b') + ".test";
  Certificate leaf = made().issue({{name}, {}}, kAuthorityNow).value();
  Owned<X509> read = read_pem(leaf.chain_pem);
  EXPECT_EQ(X509_check_host(read.get(), name.c_str(), 0, 0, nullptr), 1);
}

TEST(Authority, RefusesWhatIsNotAName) {
  Authority authority = made();
  const auto refused = [&](const LeafNames& names) {
    return authority.issue(names, kAuthorityNow).error();
  };
  EXPECT_EQ(refused({}), "a certificate needs a name or an address");
  EXPECT_EQ(refused({{"a", "b,IP:127.0.0.1"}, {}}), "`b,IP:127.0.0.1` is not a host name");
  EXPECT_EQ(refused({{""}, {}}), "`` is not a host name");
  EXPECT_EQ(refused({{"a.*.b"}, {}}), "`a.*.b` is not a host name");
  EXPECT_EQ(refused({{std::string("a\0b", 3)}, {}}), std::string("`a\0b` is not a host name", 24));
  EXPECT_EQ(refused({{std::string(254, 'a')}, {}}),
            '`' + std::string(254, 'a') + "` is not a host name");
}

TEST(Authority, NeverGivesASerialNumberTwice) {
  Authority authority = made();
  std::set<std::string> serials;
  for (int i = 0; i < 100; ++i) {
    Owned<X509> read = read_pem(authority.issue({{"a"}, {}}, kAuthorityNow)->chain_pem);
    const ASN1_INTEGER* serial = X509_get0_serialNumber(read.get());
    EXPECT_GE(serial->length, 15);
    EXPECT_EQ(serial->type, V_ASN1_INTEGER);  // not a negative one
    serials.emplace(reinterpret_cast<const char*>(serial->data),
                    static_cast<std::size_t>(serial->length));
  }
  EXPECT_EQ(serials.size(), 100);
}

TEST(Bundle, IsTheAuthorityAndTheOthers) {
  Authority authority = made();
  EXPECT_EQ(bundle(authority, std::nullopt).value(), authority.certificate_pem());
  const std::filesystem::path path = testing::TempDir() + "others.pem";
  std::ofstream(path) << "others\n";
  EXPECT_EQ(bundle(authority, path).value(), authority.certificate_pem() + "others\n");
  std::filesystem::remove(path);
  EXPECT_EQ(bundle(authority, path).error(), "cannot read `" + path.string() + '`');
}

}  // namespace
}  // namespace nsp::lab
