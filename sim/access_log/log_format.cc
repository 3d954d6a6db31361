#include "sim/access_log/log_format.h"

#include <algorithm>
#include <string>

#include "sim/access_log/record_fields.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// The first key of an object that starts at `text`, as written.
std::string_view first_key(std::string_view text) {
  text.remove_prefix(1);
  const auto open = text.find_first_not_of(kBlank);
  if (open == std::string_view::npos || text[open] != '"') return {};
  const auto close = text.find('"', open + 1);
  return close == std::string_view::npos ? text.substr(0, 0)
                                         : text.substr(open + 1, close - open - 1);
}

// Over several lines: a printer breaks behind these, and goes on with a name. A line that was cut
// off can end so, too, but the next one then starts a record.
bool is_printed(std::string_view head) {
  const auto end = head.find('\n');
  const std::string_view line = trim(head.substr(0, end));
  if (end == std::string_view::npos || !(line.ends_with('{') || line.ends_with(','))) return false;
  const auto next = head.find_first_not_of(kBlank, end);
  return next != std::string_view::npos && head[next] == '"';
}

bool is_csv_header(std::string_view line) {
  const std::string text = lower(line);
  return text.find("category") != std::string::npos && text.find(',') != std::string::npos &&
         text.find("timegenerated") != std::string::npos;
}

}  // namespace

std::size_t bom_length(std::string_view head) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return head.starts_with(kMark) ? kMark.size() : 0;
}

LogFormat sniff_format(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return LogFormat::Gzip;
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return LogFormat::Utf16;
  head.remove_prefix(bom_length(head));
  const auto start = head.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return LogFormat::Lines;
  head.remove_prefix(start);
  if (head.front() == '[') return LogFormat::Document;
  if (head.front() == '{') {
    const bool wrapper = find_member(Level::Top, first_key(head)) == RecordMember::Wrapper;
    return wrapper || is_printed(head) ? LogFormat::Document : LogFormat::Lines;
  }
  return is_csv_header(head.substr(0, head.find('\n'))) ? LogFormat::Csv : LogFormat::Lines;
}

}  // namespace nsp
