#include "sim/lab/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <system_error>
#include <utility>

namespace nsp::lab {
namespace {

namespace fs = std::filesystem;

using Failure = std::unexpected<std::string>;

Failure failure(std::string_view what, const fs::path& path) {
  return Failure(fmt::format("cannot {} {}: {}", what, path.string(),
                             std::error_code(errno, std::generic_category()).message()));
}

// Ours alone, afterwards.
std::expected<void, std::string> make_private(const fs::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failure("make", path);
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return failure("look at", path);
  const bool ours = S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid();
  if (!ours || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Failure(fmt::format("{} is not a folder that this user alone may enter", path.string()));
  }
  return {};
}

// The lock, held.
std::expected<int, std::string> lock(const fs::path& path, const std::string& name) {
  const int file =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return failure("open", path);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return Failure(
      fmt::format("a lab named `{}` is running, stop it or give this one another --name", name));
}

// Whether a process, `/proc/PID`, was started with that setting.
bool has_setting(const fs::path& process, std::string_view setting) {
  std::ifstream in(process / "environ", std::ios::binary);
  for (std::string one; std::getline(in, one, '\0');) {
    if (one == setting) return true;
  }
  return false;
}

// Of a lab that is no more: its lock is ours.
void end_processes_of(const fs::path& folder) {
  const std::string setting = fmt::format("{}={}", kLabFolderVariable, folder.string());
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (error != std::errc() || *end != '\0' || process == ::getpid()) continue;
    if (has_setting(entry.path(), setting)) ::kill(process, SIGKILL);
  }
}

bool is_clean(const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::all_of(fs::directory_iterator(folder, ignored),
                             [](const auto& entry) { return entry.path().filename() == "lock"; });
}

void empty(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename() != "lock") fs::remove_all(entry.path(), ignored);
  }
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::expected<LabFolder, std::string> LabFolder::make(const fs::path& home,
                                                      const std::string& name) {
  if (!is_lab_name(name)) {
    return Failure(fmt::format(
        "`{}` is no name for a lab, expected at most 40 letters, digits, `-` and `_`", name));
  }
  // Programs that are told of it may run in another folder than we.
  std::error_code error;
  const fs::path whole_home = fs::absolute(home, error);
  if (error)
    return Failure(fmt::format("cannot tell where {} is: {}", home.string(), error.message()));
  fs::path path = whole_home / name;
  for (const fs::path& folder : {whole_home, path}) {
    if (auto made = make_private(folder); !made) return Failure(std::move(made.error()));
  }
  auto held = lock(path / "lock", name);
  if (!held) return Failure(std::move(held.error()));
  if (!is_clean(path)) end_processes_of(path);
  empty(path);
  return LabFolder(std::move(path), *held);
}

LabFolder::LabFolder(LabFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

LabFolder& LabFolder::operator=(LabFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

LabFolder::~LabFolder() { remove(); }

// The lock goes last, so that nobody starts a lab in a folder that is being emptied.
void LabFolder::remove() {
  if (lock_ < 0) return;
  empty(path_);
  std::error_code ignored;
  fs::remove(path_ / "lock", ignored);
  fs::remove(path_, ignored);
  ::close(lock_);
  lock_ = -1;
}

std::expected<fs::path, std::string> LabFolder::write(const std::string& name,
                                                      std::string_view content) const {
  fs::path path = path_ / name;
  const fs::path part = path_ / (name + ".part");
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR);
  if (file < 0) return failure("write", path);
  const bool whole = write_all(file, content);
  if (::close(file) != 0 || !whole) return failure("write", path);
  if (::rename(part.c_str(), path.c_str()) != 0) return failure("write", path);
  return path;
}

bool is_lab_name(std::string_view name) {
  constexpr std::size_t kMost = 40;
  return !name.empty() && name.size() <= kMost && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

}  // namespace nsp::lab
