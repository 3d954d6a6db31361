// One line of `eval` to an attempt: a flat JSON object, read in place with simdjson.
//
// `{"id":"42","from":"office","to":"stcontoso","credential":"user","via":"auto","address":"203.0.113.7",…}`.
// Only `to` is required. `null` says the same as leaving the member out. Facts on the line override
// those of the caller that `from` names. Strict JSON: no comments, no trailing commas, no member
// twice.
//
// Cost: no allocation for short words; the line is copied once, into a buffer with the padding that
// simdjson needs. Thread safety: a reader is one thread's.
#ifndef NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_READER_H_
#define NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_READER_H_

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "sim/traffic/attempt.h"

namespace nsp {

enum class LineMember : std::uint8_t {
  Id,
  From,
  To,
  Credential,
  Via,
  Address,
  Subscription,
  Subnet,
  Name,
  Protocol,
  Operation,
  TrustedService,
};
inline constexpr std::size_t kLineMemberCount =
    static_cast<std::size_t>(LineMember::TrustedService) + 1;

template <>
struct Vocabulary<LineMember> {
  static constexpr std::array<std::string_view, kLineMemberCount> words{
      "id",           "from",   "to",   "credential", "via",       "address",
      "subscription", "subnet", "name", "protocol",   "operation", "trustedService"};
};

// What a line says, before `from` is looked up. `column` is where the value of a member starts, 0:
// not said.
struct AttemptLine {
  std::string id;  // the JSON token as written; `null` when there was none
  Attempt attempt;
  std::array<std::uint32_t, kLineMemberCount> column{};

  [[nodiscard]] bool says(LineMember member) const {
    return column[static_cast<std::size_t>(member)] != 0;
  }
};

struct LineError {
  std::string message;
  std::uint32_t column = 1;  // in bytes, from 1
};

class AttemptLineReader {
 public:
  AttemptLineReader();
  ~AttemptLineReader();
  AttemptLineReader(const AttemptLineReader&) = delete;
  AttemptLineReader& operator=(const AttemptLineReader&) = delete;

  // Fills `into`, whose old contents are forgotten. After an error `into.id` still holds the id
  // where one can be read.
  [[nodiscard]] std::expected<void, LineError> read(std::string_view line, AttemptLine& into);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_READER_H_
