// A file that a client sends to Foundry, as multipart/form-data.
//
// Source: RFC 7578, RFC 2046. Thread safety: pure functions.
#ifndef NSP_SIM_LAB_FOUNDRY_FILES_H_
#define NSP_SIM_LAB_FOUNDRY_FILES_H_

#include <optional>
#include <string>
#include <string_view>

namespace nsp::lab {

struct UploadedFile {
  std::string purpose;
  std::string name;
  std::string bytes;

  bool operator==(const UploadedFile&) const = default;
};
// Nothing: it is no form with a `purpose` and a `file`.
[[nodiscard]] std::optional<UploadedFile> parse_upload(std::string_view content_type,
                                                       std::string_view body);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FOUNDRY_FILES_H_
