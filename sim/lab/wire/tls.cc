#include "sim/lab/wire/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <map>
#include <optional>

#include "sim/base/text.h"
#include "sim/lab/freed.h"

namespace nsp::lab {
namespace {

using BioOwner = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Owner = std::unique_ptr<X509, Freed<X509_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

struct KeyPair {
  X509Owner certificate;
  KeyOwner key;
};

BioOwner reader(const std::string& text) {
  return BioOwner(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::optional<KeyPair> load(const Certificate& from) {
  BioOwner chain = reader(from.chain_pem);
  BioOwner key = reader(from.key_pem);
  KeyPair loaded{X509Owner(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)),
                 KeyOwner(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr))};
  ERR_clear_error();
  if (!loaded.certificate || !loaded.key) return std::nullopt;
  return loaded;
}

std::unexpected<Problem> tls_failure(std::string text) {
  ERR_clear_error();
  return problem(Problem::Kind::Tls, std::move(text));
}

constexpr std::array<unsigned char, 9> kAlpn = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers h2 alone goes on without: it finds out what it gets.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  int result = SSL_select_next_proto(&chosen, out_size, kAlpn.data(), kAlpn.size(), in, in_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

SslContextPtr make_context(const SSL_METHOD* method) {
  SslContextPtr context(SSL_CTX_new(method));
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

SslContextPtr make_server_context() {
  SslContextPtr context = make_context(TLS_server_method());
  if (context) SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return context;
}

// Null where memory is short.
SslContextPtr common_server_context() {
  static const SslContextPtr kCommon = make_server_context();
  if (kCommon) SSL_CTX_up_ref(kCommon.get());
  return SslContextPtr(kCommon.get());
}

bool use_pair(SSL* ssl, const KeyPair& loaded) {
  return SSL_use_certificate(ssl, loaded.certificate.get()) == 1 &&
         SSL_use_PrivateKey(ssl, loaded.key.get()) == 1;
}

}  // namespace

struct ServerTls::Own {
  KeyPair loaded;
};

struct ServerTls::Minted {
  CertificateFor certificate_for;
  std::map<std::string, KeyPair, std::less<>> by_name;

  // Null: none.
  const KeyPair* of(const std::string& name) {
    auto found = by_name.find(name);
    if (found != by_name.end()) return &found->second;
    if (by_name.size() == kMostNames) return nullptr;
    std::expected<Certificate, std::string> made = certificate_for(name);
    std::optional<KeyPair> loaded = made ? load(*made) : std::nullopt;
    if (!loaded) return nullptr;
    return &by_name.emplace(name, *std::move(loaded)).first->second;
  }

  static int use(SSL* ssl, void* self) {
    const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const KeyPair* loaded = static_cast<Minted*>(self)->of(asked == nullptr ? "" : lower(asked));
    return loaded != nullptr && use_pair(ssl, *loaded) ? 1 : 0;
  }
};

ServerTls::ServerTls(SslContextPtr context) : context_(std::move(context)) {}
ServerTls::~ServerTls() = default;

Result<std::shared_ptr<ServerTls>> ServerTls::make(const Certificate& certificate) {
  SslContextPtr context = common_server_context();
  std::optional<KeyPair> loaded = load(certificate);
  if (!context || !loaded) return tls_failure("the certificate or its key is not readable PEM");
  if (X509_check_private_key(loaded->certificate.get(), loaded->key.get()) != 1) {
    return tls_failure("the key does not fit the certificate");
  }
  std::shared_ptr<ServerTls> made(new ServerTls(std::move(context)));
  made->own_ = std::make_unique<Own>(*std::move(loaded));
  return made;
}

Result<std::shared_ptr<ServerTls>> ServerTls::make(CertificateFor certificate_for) {
  SslContextPtr context = make_server_context();
  if (!context) return tls_failure("no memory for TLS");
  auto minted = std::make_unique<Minted>(std::move(certificate_for));
  SSL_CTX_set_cert_cb(context.get(), &Minted::use, minted.get());
  std::shared_ptr<ServerTls> made(new ServerTls(std::move(context)));
  made->minted_ = std::move(minted);
  return made;
}

SslPtr ServerTls::session() const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) return ssl;
  SSL_set_accept_state(ssl.get());
  if (own_ && !use_pair(ssl.get(), own_->loaded)) ssl.reset();
  return ssl;
}

Result<std::shared_ptr<ClientTls>> ClientTls::make(const std::string& authorities_pem) {
  SslContextPtr context = make_context(TLS_client_method());
  if (!context) return tls_failure("no memory for TLS");
  BioOwner in = reader(authorities_pem);
  int count = 0;
  while (X509Owner one{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), one.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) return tls_failure("the authority's certificate is not readable PEM");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_alpn_protos(context.get(), kAlpn.data(), kAlpn.size());
  return std::shared_ptr<ClientTls>(new ClientTls(std::move(context)));
}

SslPtr ClientTls::session(const std::string& name) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) return ssl;
  SSL_set_connect_state(ssl.get());
  if (IpAddress::parse(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), name.c_str());
    return ssl;
  }
  SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // What the macro SSL_set_tlsext_host_name does, which casts as C does.
  SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(name.c_str()));
  if (SSL_set1_host(ssl.get(), name.c_str()) != 1) ssl.reset();
  return ssl;
}

}  // namespace nsp::lab
