// What a log file holds, told by its first bytes.
#ifndef NSP_SIM_ACCESS_LOG_LOG_FORMAT_H_
#define NSP_SIM_ACCESS_LOG_LOG_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nsp {

enum class LogFormat : std::uint8_t {
  Lines,     // a record a line; what nothing else fits, too
  Document,  // an array, a wrapper, records over several lines
  Csv,
  Gzip,
  Utf16,  // not read
};

// How many bytes are looked at.
inline constexpr std::size_t kHeadBytes = std::size_t{1} << 16;

[[nodiscard]] LogFormat sniff_format(std::string_view head);

// The length of a UTF-8 byte order mark at the start, or 0.
[[nodiscard]] std::size_t bom_length(std::string_view head);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LOG_FORMAT_H_
