// A folder of pages that lives as long as the object.
#ifndef NSP_TESTS_UNIT_SCENARIO_PAGE_FOLDER_H_
#define NSP_TESTS_UNIT_SCENARIO_PAGE_FOLDER_H_

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace nsp::testing_support {

class PageFolder {
 public:
  PageFolder() {
    static int number = 0;
    path_ = std::filesystem::path(testing::TempDir()) /
            fmt::format("nspsim-pages-{}-{}", ::getpid(), ++number);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~PageFolder() { std::filesystem::remove_all(path_); }
  PageFolder(const PageFolder&) = delete;
  PageFolder& operator=(const PageFolder&) = delete;

  std::filesystem::path write(std::string_view name, std::string_view text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  [[nodiscard]] std::string read(std::string_view name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace nsp::testing_support

#endif  // NSP_TESTS_UNIT_SCENARIO_PAGE_FOLDER_H_
