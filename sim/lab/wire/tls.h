// TLS for both sides of a connection, made from the lab's authority.
//
// TLS 1.2 and 1.3, ALPN `http/1.1`. Buffers of idle connections are given back
// (SSL_MODE_RELEASE_BUFFERS), sessions are not kept: a handshake on loopback is cheap and memory is
// not.
//
// Both are made once and shared by many connections, which keep them alive. Thread safety: none.
#ifndef NSP_SIM_LAB_WIRE_TLS_H_
#define NSP_SIM_LAB_WIRE_TLS_H_

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/lab/authority.h"
#include "sim/lab/wire/problem.h"

namespace nsp::lab {

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, SslDeleter>;
using SslContextPtr = std::unique_ptr<SSL_CTX, SslDeleter>;

class ServerTls {
 public:
  // One certificate for everybody. Of a lab of hundreds of nodes all share OpenSSL's context, which
  // takes longer to make than the rest of a node; the certificate is put into each connection.
  [[nodiscard]] static Result<std::shared_ptr<ServerTls>> make(const Certificate& certificate);

  // A certificate for whatever name the client asks for (lower case; empty where it names none):
  // for the node that stands for all hosts outside the environment. `certificate_for` is asked once
  // a name, and for at most `kMostNames` names; others get no handshake. An error of it ends the
  // handshake.
  using CertificateFor = std::function<std::expected<Certificate, std::string>(std::string_view)>;
  static constexpr std::size_t kMostNames = 1'000;
  [[nodiscard]] static Result<std::shared_ptr<ServerTls>> make(CertificateFor certificate_for);

  ~ServerTls();
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  // For one connection; null where memory is short.
  [[nodiscard]] SslPtr session() const;

 private:
  struct Own;
  struct Minted;
  explicit ServerTls(SslContextPtr context);
  SslContextPtr context_;
  std::unique_ptr<Own> own_;  // the one certificate
  std::unique_ptr<Minted> minted_;
};

class ClientTls {
 public:
  // Trusts the certificates in `authorities_pem`, nobody else.
  [[nodiscard]] static Result<std::shared_ptr<ClientTls>> make(const std::string& authorities_pem);

  // For one connection to a server that must have a certificate for `name`, a host name or an IP
  // address.
  [[nodiscard]] SslPtr session(const std::string& name) const;

 private:
  explicit ClientTls(SslContextPtr context) : context_(std::move(context)) {}
  SslContextPtr context_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_TLS_H_
