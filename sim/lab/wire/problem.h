// What goes wrong on the wire, as values.
#ifndef NSP_SIM_LAB_WIRE_PROBLEM_H_
#define NSP_SIM_LAB_WIRE_PROBLEM_H_

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace nsp::lab {

struct Problem {
  enum class Kind : std::uint8_t {
    Closed,     // the other side closed or reset the connection
    TimedOut,   // it was slower than the limits allow
    TooLarge,   // it sent more than the limits allow
    Malformed,  // what it sent is not HTTP
    Refused,    // no connection: nobody listens, or the address may not be used
    Tls,        // the handshake failed: no common version, not a trusted certificate, another name
    Stopped,    // this side is closing
    System,     // anything else that the operating system refuses
  };
  Kind kind = Kind::System;
  std::string text;  // one line, as all our messages

  bool operator==(const Problem&) const = default;
};

template <class T>
using Result = std::expected<T, Problem>;

[[nodiscard]] inline std::unexpected<Problem> problem(Problem::Kind kind, std::string text) {
  return std::unexpected(Problem{kind, std::move(text)});
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_PROBLEM_H_
