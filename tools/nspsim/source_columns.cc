#include "tools/nspsim/source_columns.h"

#include <string_view>

#include "sim/base/text_table.h"
#include "sim/document/file.h"

namespace nsp::cli {
namespace {

std::vector<std::size_t> line_starts(std::string_view bytes) {
  std::vector<std::size_t> starts{0};
  for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  return starts;
}

}  // namespace

std::uint32_t SourceColumns::operator()(const Place& place) const {
  if (place.line == 0 || place.column == 0 || place.file.empty() || place.file == "-") return 0;
  const auto [found, fresh] = files_->try_emplace(place.file);
  Source& source = found->second;
  if (fresh) {
    source.bytes = read_file(place.file).value_or(std::string());
    source.line_starts = line_starts(source.bytes);
  }
  if (place.line > source.line_starts.size()) return 0;
  const std::string_view from =
      std::string_view(source.bytes).substr(source.line_starts[place.line - 1]);
  const std::string_view line = from.substr(0, from.find('\n'));
  if (line.size() + 1 < place.column) return 0;
  return static_cast<std::uint32_t>(display_width(line.substr(0, place.column - 1))) + 1;
}

}  // namespace nsp::cli
