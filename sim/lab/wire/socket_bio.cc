#include "sim/lab/wire/socket_bio.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <cerrno>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

int fd_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

bool blocks(ssize_t result) {
  return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

int read_socket(BIO* bio, char* into, int size) {
  ssize_t result = recv(fd_of(bio), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  BIO_clear_retry_flags(bio);
  if (blocks(result)) BIO_set_retry_read(bio);
  if (result == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(result);
}

int write_socket(BIO* bio, const char* bytes, int size) {
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  ssize_t result = send(fd_of(bio), bytes, static_cast<std::size_t>(size), flags);
  BIO_clear_retry_flags(bio);
  if (blocks(result)) BIO_set_retry_write(bio);
  return static_cast<int>(result);
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lab socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_read(method, read_socket);
  BIO_meth_set_write(method, write_socket);
  BIO_meth_set_ctrl(method, control_socket);
  return method;
}

}  // namespace

bool attach_socket(SSL& ssl, int& fd) {
  static BIO_METHOD* const method = make_method();
  BIO* bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) return false;
  BIO_set_data(bio, &fd);
  BIO_set_init(bio, 1);
  SSL_set_bio(&ssl, bio, bio);
  return true;
}

Problem tls_problem(const SSL& ssl) {
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {Problem::Kind::Closed, "the peer closed the connection"};
  }
  long verified = SSL_get_verify_result(&ssl);
  if (verified != X509_V_OK) {
    return {Problem::Kind::Tls, fmt::format("the server's certificate is not accepted: {}",
                                            lower(X509_verify_cert_error_string(verified)))};
  }
  const char* reason = ERR_reason_error_string(code);
  return {Problem::Kind::Tls,
          fmt::format("TLS failed: {}", reason == nullptr ? "no reason given" : lower(reason))};
}

}  // namespace nsp::lab
