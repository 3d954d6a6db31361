// OpenSSL on a socket that does not block and whose peer may be gone: its own socket BIO would
// raise SIGPIPE.
#ifndef NSP_SIM_LAB_WIRE_SOCKET_BIO_H_
#define NSP_SIM_LAB_WIRE_SOCKET_BIO_H_

#include <openssl/ssl.h>

#include "sim/lab/wire/problem.h"

namespace nsp::lab {

// `ssl` reads and writes `fd` from now on, and does not close it. REQUIRES: `fd` outlives it. False
// where memory is short.
[[nodiscard]] bool attach_socket(SSL& ssl, int& fd);

// What the last operation failed of, from OpenSSL's queue of errors, which is emptied.
[[nodiscard]] Problem tls_problem(const SSL& ssl);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_SOCKET_BIO_H_
