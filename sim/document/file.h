// Files and folders to bytes, with messages that name the file and the system's reason.
#ifndef NSP_SIM_DOCUMENT_FILE_H_
#define NSP_SIM_DOCUMENT_FILE_H_

#include <cstddef>
#include <filesystem>
#include <fstream>
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

// As write_file, for what is written piece by piece: until commit() the old file stays, whatever
// becomes of this program. Only one that is killed leaves what it wrote beside it, in
// PATH.NUMBER.tmp. A device or a pipe has no old content to keep and is written as it comes.
//
// Thread safety: one thread. Destroyed without commit(), it leaves nothing.
class ReplacedFile {
 public:
  [[nodiscard]] static Result<ReplacedFile> open(const std::filesystem::path& path);
  ~ReplacedFile();
  ReplacedFile(ReplacedFile&& other) noexcept;
  ReplacedFile& operator=(ReplacedFile&&) = delete;
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  // After an error nothing more is to be written.
  [[nodiscard]] Result<void> write(std::string_view bytes);
  // Puts the file in its place. REQUIRES: every write() succeeded; the last call.
  [[nodiscard]] Result<void> commit();

  // The file that would be replaced: the end of a chain of links.
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

 private:
  ReplacedFile(std::filesystem::path path, std::filesystem::path target, bool in_place);
  void discard();

  std::filesystem::path path_;  // as given, for messages
  std::filesystem::path target_;
  std::filesystem::path beside_;  // where it is written; empty: the target itself
  std::ofstream out_;
};

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_FILE_H_
