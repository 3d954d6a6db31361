#include "sim/document/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <system_error>

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

std::string read_stream(std::istream& in) {
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
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

Result<std::string> read_file(const fs::path& path) {
  if (path == "-") return read_stream(std::cin);
  std::error_code error;
  if (fs::is_directory(path, error)) return refuse(path, "is a folder, expected a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse(path, fmt::format("cannot be read: {}", system_reason(errno)));
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return refuse(path, fmt::format("cannot be read: {}", system_reason(errno)));
  return bytes;
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

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  // The process number keeps two programs that write the same file apart.
  fs::path beside = path;
  beside += fmt::format(".{}.tmp", ::getpid());
  errno = 0;
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  const int code = errno;
  std::error_code error;
  if (!out) {
    fs::remove(beside, error);
    return refuse(path, fmt::format("cannot be written: {}", system_reason(code)));
  }
  fs::rename(beside, path, error);
  if (!error) return {};
  const std::string reason = error.message();
  fs::remove(beside, error);
  return refuse(path, fmt::format("cannot be written: {}", reason));
}

}  // namespace nsp
