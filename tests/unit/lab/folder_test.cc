#include "sim/lab/folder.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nsp::lab {
namespace {

namespace fs = std::filesystem;

// A folder of the test's own, which is the working folder meanwhile.
class LabFolders : public testing::Test {
 protected:
  LabFolders() : before_(fs::current_path()), place_(make_place()) { fs::current_path(place_); }
  ~LabFolders() override {
    fs::current_path(before_);
    fs::remove_all(place_);
  }
  LabFolders(const LabFolders&) = delete;
  LabFolders& operator=(const LabFolders&) = delete;

  static fs::path make_place() {
    std::string name = fs::temp_directory_path() / "nspsim-folder-XXXXXX";
    return fs::canonical(::mkdtemp(name.data()));
  }

  fs::path before_;
  fs::path place_;
};

TEST_F(LabFolders, AreToldWhole) {
  const auto folder = LabFolder::make("labs", "one");
  ASSERT_TRUE(folder) << folder.error();
  EXPECT_EQ(folder->path(), place_ / "labs" / "one");
  const auto written = folder->write("ca.pem", "x");
  ASSERT_TRUE(written) << written.error();
  EXPECT_EQ(*written, place_ / "labs" / "one" / "ca.pem");
}

TEST_F(LabFolders, GoFromWhereTheyAre) {
  {
    const auto folder = LabFolder::make("labs", "one");
    ASSERT_TRUE(folder) << folder.error();
    fs::current_path("/");
  }
  EXPECT_FALSE(fs::exists(place_ / "labs" / "one"));
}

}  // namespace
}  // namespace nsp::lab
