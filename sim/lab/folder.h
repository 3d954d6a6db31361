// The folder of a running lab: private to its user, gone when the lab is.
//
// A lock file tells a running lab from one that crashed: the lock dies with its process. A process
// that a lab runs has the folder in kLabFolderVariable, so that the next lab finds one whose lab
// and keeper were both killed, and ends it. Files are
// made with mode 0600 in a folder of mode 0700; a folder that belongs to somebody else, or that
// others may write, is refused.
//
// Thread safety: none.
#ifndef NSP_SIM_LAB_FOLDER_H_
#define NSP_SIM_LAB_FOLDER_H_

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace nsp::lab {

inline constexpr std::string_view kLabFolderVariable = "NSPSIM_LAB_FOLDER";

class LabFolder {
 public:
  // Makes `home` and `home/name`; what a crashed lab left there is removed, processes included
  // (those of this user that can be looked at, in /proc/PID/environ). The error is one line,
  // also where a lab of that name runs.
  [[nodiscard]] static std::expected<LabFolder, std::string> make(const std::filesystem::path& home,
                                                                  const std::string& name);
  LabFolder(LabFolder&& other) noexcept;
  LabFolder& operator=(LabFolder&& other) noexcept;
  ~LabFolder();  // removes it

  // Absolute, whatever `home` was.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Whole or not at all.
  [[nodiscard]] std::expected<std::filesystem::path, std::string> write(
      const std::string& name, std::string_view content) const;

 private:
  LabFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  void remove();

  std::filesystem::path path_;
  int lock_ = -1;
};

// What a lab may be called: letters, digits, `-`, `_`; at most 40.
[[nodiscard]] bool is_lab_name(std::string_view name);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FOLDER_H_
