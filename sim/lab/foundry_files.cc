#include "sim/lab/foundry_files.h"

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

// `name="value"` of a header, the quotes taken off.
std::string parameter(std::string_view header, std::string_view name) {
  for (std::string_view part : split_words(header, ';')) {
    part = trim(part);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || !iequals(part.substr(0, equals), name)) continue;
    std::string_view value = trim(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
  }
  return {};
}

// The header of that name among lines.
std::string_view header_in(std::string_view head, std::string_view name) {
  for (std::string_view line : split_words(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && iequals(line.substr(0, colon), name)) {
      return trim(line.substr(colon + 1));
    }
  }
  return {};
}

void take_part(std::string_view part, UploadedFile& file, bool& has_file) {
  const std::size_t end = part.find("\r\n\r\n");
  if (end == std::string_view::npos) return;
  const std::string_view disposition = header_in(part.substr(0, end), "Content-Disposition");
  const std::string name = parameter(disposition, "name");
  const std::string_view bytes = part.substr(end + 4);
  if (name == "purpose") file.purpose = bytes;
  if (name != "file") return;
  has_file = true;
  file.bytes = bytes;
  file.name = parameter(disposition, "filename");
}

}  // namespace

std::optional<UploadedFile> parse_upload(std::string_view content_type, std::string_view body) {
  const std::string boundary = parameter(content_type, "boundary");
  if (!content_type.starts_with("multipart/form-data") || boundary.empty()) return std::nullopt;
  const std::string open = "--" + boundary;
  const std::string close = "\r\n" + open;
  if (!body.starts_with(open)) return std::nullopt;
  UploadedFile file;
  bool has_file = false;
  body.remove_prefix(open.size());
  while (body.starts_with("\r\n")) {
    const std::size_t end = body.find(close, 2);
    if (end == std::string_view::npos) return std::nullopt;
    take_part(body.substr(2, end - 2), file, has_file);
    body.remove_prefix(end + close.size());
  }
  if (!body.starts_with("--") || !has_file || file.purpose.empty()) return std::nullopt;
  return file;
}

}  // namespace nsp::lab
