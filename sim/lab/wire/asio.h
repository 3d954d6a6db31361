// Boost.Asio as the lab uses it: one io_context, one thread, coroutines on its own executor.
//
// The executor is the io_context's and not any_io_executor, which would ask the heap and a virtual
// call at each step of a coroutine. Failures are values: `co_await op(into(error))` never throws.
//
// What to keep in mind with GCC 12: co_await stands alone in its statement or initialises a
// variable; its expression makes no temporary of an aggregate with strings or the like in it (the
// compiler destroys it twice) and no initializer list; a coroutine's parameters are values or
// outlive it; no lambda with captures is one.
#ifndef NSP_SIM_LAB_WIRE_ASIO_H_
#define NSP_SIM_LAB_WIRE_ASIO_H_

// Boost 1.74 needs these two before it.
#include <coroutine>
#include <utility>
//
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace nsp::lab {

namespace asio = boost::asio;

using IoContext = asio::io_context;
using Executor = IoContext::executor_type;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
// TCP and Unix alike.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using ErrorCode = boost::system::error_code;

inline constexpr asio::use_awaitable_t<Executor> kAwait;

// The completion token of every operation: the coroutine goes on, the error goes to `error`.
[[nodiscard]] inline auto into(ErrorCode& error) { return asio::redirect_error(kAwait, error); }

// Runs beside whoever calls. REQUIRES: the coroutine throws nothing, and what it refers to outlives
// it.
inline void spawn(IoContext& io, Awaitable<void> coroutine) {
  asio::co_spawn(io.get_executor(), std::move(coroutine), asio::detached);
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_ASIO_H_
