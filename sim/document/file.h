// Files and folders to bytes, with messages that name the file and the system's reason.
#ifndef NSP_SIM_DOCUMENT_FILE_H_
#define NSP_SIM_DOCUMENT_FILE_H_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp {

// More than any document of Azure's: a device that never ends must not eat the memory.
inline constexpr std::size_t kMostBytes = std::size_t{2} << 30;

// The whole file, which is refused when it is longer than `most` bytes. `-` is standard input.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t most = kMostBytes);

// A file itself; a folder: every file under it with one of `extensions` (".json", ".md"), sorted by
// path, hidden folders left out. A folder that holds none is an error, as is a path that cannot be
// read.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list_files(
    const std::filesystem::path& path, const std::vector<std::string_view>& extensions);

// Writes beside `path` and renames, so that a reader never sees half a file and a failure leaves
// the old one.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_FILE_H_
