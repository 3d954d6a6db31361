// Takes every connection that comes to a listening socket, TCP or Unix, until it is closed.
//
// Where the system has no socket to give (no file left), it waits a moment and tries again, so that
// a lack passes without a processor spinning on it.
//
// Thread safety: none. Lifetime: the coroutine keeps the acceptor and what `admit` holds.
#ifndef NSP_SIM_LAB_WIRE_ACCEPT_H_
#define NSP_SIM_LAB_WIRE_ACCEPT_H_

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "sim/lab/wire/asio.h"

namespace nsp::lab {

template <class Protocol>
using AcceptorOf = asio::basic_socket_acceptor<Protocol, Executor>;
template <class Protocol>
using SocketOf = asio::basic_stream_socket<Protocol, Executor>;

template <class Protocol>
Awaitable<void> accept_all(std::shared_ptr<AcceptorOf<Protocol>> acceptor,
                           std::function<void(SocketOf<Protocol>)> admit) {
  constexpr std::chrono::milliseconds kPause{50};
  Timer pause(acceptor->get_executor());
  while (acceptor->is_open()) {
    SocketOf<Protocol> socket(acceptor->get_executor());
    ErrorCode error;
    co_await acceptor->async_accept(socket, into(error));
    if (!acceptor->is_open()) co_return;
    if (!error) {
      admit(std::move(socket));
      continue;
    }
    pause.expires_after(kPause);
    co_await pause.async_wait(into(error));
  }
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_ACCEPT_H_
