// Files that describe Azure resources only after a tool has built them: Bicep and Terraform's
// source. They are not read; who names one is told which command builds it.
#ifndef NSP_SIM_DOCUMENT_SOURCE_FILES_H_
#define NSP_SIM_DOCUMENT_SOURCE_FILES_H_

#include <filesystem>
#include <optional>
#include <string>

#include "sim/base/diagnostic.h"

namespace nsp {

// `.bicep`, `.bicepparam`, `.tf`, `.tf.json`.
[[nodiscard]] bool is_source_file(const std::filesystem::path& file);

// What to do instead of reading `file`, one command or two, ready to be pasted.
// REQUIRES: is_source_file(file).
[[nodiscard]] std::string how_to_build(const std::filesystem::path& file);

// Of a folder, a note about the source files in it that nobody built into a `.json` of the same
// name beside them, one for Bicep and one for Terraform; hidden folders are left out.
[[nodiscard]] Diagnostics unbuilt_sources(const std::filesystem::path& folder);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_SOURCE_FILES_H_
