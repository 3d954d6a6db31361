#include "sim/document/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>

namespace nsp {
namespace {

namespace fs = std::filesystem;

std::unexpected<Diagnostics> refuse(const fs::path& path, std::string message) {
  return std::unexpected(one_error({path.string(), 0, 0, {}}, std::move(message)));
}

std::string system_reason(int code) { return std::generic_category().message(code); }

bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() > 1 && name.front() == '.' && name != "..";
}

bool has_extension(const fs::path& path, const std::vector<std::string_view>& extensions) {
  return std::ranges::find(extensions, path.extension().string()) != extensions.end();
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += " or ";
    out += word;
  }
  return out;
}

// Everything, block by block; nothing when there is more than `most`. `expected`: its size, as far
// as it is known.
std::optional<std::string> read_stream(std::istream& in, std::size_t most, std::size_t expected) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  std::string bytes;
  bytes.reserve(std::min(expected, most) + kBlock);
  while (in) {
    const std::size_t before = bytes.size();
    if (before > most) return std::nullopt;
    bytes.resize(before + kBlock);
    in.read(bytes.data() + before, static_cast<std::streamsize>(kBlock));
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  return bytes;
}

// Every fitting file below `folder`; `error` says why the walk stopped early.
std::vector<fs::path> walk(const fs::path& folder, const std::vector<std::string_view>& extensions,
                           std::error_code& error) {
  std::vector<fs::path> found;
  fs::recursive_directory_iterator it(folder, error);
  while (!error && it != fs::recursive_directory_iterator()) {
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (is_hidden(it->path())) it.disable_recursion_pending();
    } else if (has_extension(it->path(), extensions)) {
      found.push_back(it->path());
    }
    it.increment(error);
  }
  return found;
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t most) {
  const auto too_long = [&] {
    return refuse(path, fmt::format("is longer than {} MiB, the most that is read", most >> 20));
  };
  if (path == "-") {
    auto bytes = read_stream(std::cin, most, 0);
    return bytes ? Result<std::string>(std::move(*bytes)) : too_long();
  }
  std::error_code error;
  if (fs::is_directory(path, error)) return refuse(path, "is a folder, expected a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse(path, fmt::format("cannot be read: {}", system_reason(errno)));
  const std::uintmax_t size = fs::file_size(path, error);
  auto bytes = read_stream(in, most, error ? 0 : static_cast<std::size_t>(size));
  if (in.bad()) return refuse(path, fmt::format("cannot be read: {}", system_reason(errno)));
  return bytes ? Result<std::string>(std::move(*bytes)) : too_long();
}

Result<std::vector<fs::path>> list_files(const fs::path& path,
                                         const std::vector<std::string_view>& extensions) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (path == "-" || (!error && fs::exists(status) && !fs::is_directory(status))) {
    return std::vector<fs::path>{path};
  }
  if (error || !fs::exists(status)) {
    const int code = error ? error.value() : ENOENT;
    return refuse(path, fmt::format("cannot be read: {}", system_reason(code)));
  }
  std::vector<fs::path> found = walk(path, extensions, error);
  if (error) return refuse(path, fmt::format("cannot be read: {}", system_reason(error.value())));
  if (found.empty()) return refuse(path, fmt::format("holds no {} file", joined(extensions)));
  std::ranges::sort(found);
  return found;
}

namespace {

// A link is followed, so that renaming replaces what it points to and not the link.
fs::path final_target(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(path, error))) return path;
  fs::path target = fs::weakly_canonical(path, error);
  return error ? path : target;
}

// A device or a pipe is written in place: renaming would put a file where it was. It is opened by
// the name given: what `/dev/stdout` leads to may have no name of its own.
bool is_written_in_place(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

// The process number keeps two programs that write the same file apart.
fs::path beside(const fs::path& target) {
  fs::path file = target;
  file += fmt::format(".{}.tmp", ::getpid());
  return file;
}

std::unexpected<Diagnostics> cannot_write(const fs::path& path, const std::string& reason) {
  return refuse(path, fmt::format("cannot be written: {}", reason));
}

}  // namespace

ReplacedFile::ReplacedFile(fs::path path, fs::path target, bool in_place)
    : path_(std::move(path)),
      target_(std::move(target)),
      beside_(in_place ? fs::path() : beside(target_)),
      out_(in_place ? target_ : beside_, std::ios::binary | std::ios::trunc) {}

ReplacedFile::ReplacedFile(ReplacedFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      beside_(std::exchange(other.beside_, {})),
      out_(std::move(other.out_)) {}

ReplacedFile::~ReplacedFile() { discard(); }

Result<ReplacedFile> ReplacedFile::open(const fs::path& path) {
  const bool in_place = is_written_in_place(path);
  fs::path target = in_place ? path : final_target(path);
  errno = 0;
  ReplacedFile file(path, std::move(target), in_place);
  if (!file.out_) {
    const int code = errno;
    file.beside_.clear();  // it was not made
    return cannot_write(path, system_reason(code));
  }
  return file;
}

Result<void> ReplacedFile::write(std::string_view bytes) {
  errno = 0;
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (out_) return {};
  return cannot_write(path_, system_reason(errno));
}

Result<void> ReplacedFile::commit() {
  errno = 0;
  out_.close();
  if (!out_) return cannot_write(path_, system_reason(errno));
  const fs::path written = std::exchange(beside_, {});
  if (written.empty()) return {};
  std::error_code error;
  fs::rename(written, target_, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(written, ignored);
  return cannot_write(path_, error.message());
}

void ReplacedFile::discard() {
  if (beside_.empty()) return;
  out_.close();
  std::error_code ignored;
  fs::remove(beside_, ignored);
}

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  auto file = ReplacedFile::open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  if (auto written = file->write(bytes); !written) return written;
  return file->commit();
}

}  // namespace nsp
