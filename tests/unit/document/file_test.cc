#include "sim/document/file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace nsp {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, removed at the end.
class File : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("nspsim_file_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path put(const fs::path& name, std::string_view bytes = "x") {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  fs::path folder_;
};

TEST_F(File, ReadsWholeFilesAndSaysWhyNot) {
  const std::string bytes("a\0b\r\n", 5);
  EXPECT_EQ(*read_file(put("a.json", bytes)), bytes);
  const fs::path missing = folder_ / "missing.json";
  EXPECT_EQ(to_string(read_file(missing).error().front()),
            "error " + missing.string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(to_string(read_file(folder_).error().front()),
            "error " + folder_.string() + ": is a folder, expected a file");
}

TEST_F(File, ListsFoldersInOrderWithoutHiddenOnes) {
  put("b/2.json");
  put("a.json");
  put("b/1.md");
  put(".git/c.json");
  const auto files = list_files(folder_, {".json", ".md"});
  ASSERT_TRUE(files);
  EXPECT_EQ(*files,
            (std::vector<fs::path>{folder_ / "a.json", folder_ / "b/1.md", folder_ / "b/2.json"}));
  EXPECT_EQ(*list_files(folder_ / "b/1.md", {".json"}),
            (std::vector<fs::path>{folder_ / "b/1.md"}));
}

TEST_F(File, RefusesFoldersThatHoldNothing) {
  EXPECT_EQ(to_string(list_files(folder_, {".json", ".md"}).error().front()),
            "error " + folder_.string() + ": holds no .json or .md file");
  EXPECT_EQ(to_string(list_files(folder_ / "x", {".json"}).error().front()),
            "error " + (folder_ / "x").string() + ": cannot be read: No such file or directory");
}

TEST_F(File, WritesBesideAndRenames) {
  const fs::path path = put("out.txt", "old");
  ASSERT_TRUE(write_file(path, "new"));
  EXPECT_EQ(*read_file(path), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
  const fs::path nowhere = folder_ / "no" / "out.txt";
  EXPECT_EQ(to_string(write_file(nowhere, "x").error().front()),
            "error " + nowhere.string() + ": cannot be written: No such file or directory");
}

// Renaming over a device would replace it by a file.
TEST_F(File, WritesDevicesInPlaceAndFollowsLinks) {
  const auto written = write_file("/dev/full", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(to_string(written.error().front()),
            "error /dev/full: cannot be written: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  const fs::path target = put("target.json", "old");
  fs::create_symlink(target, folder_ / "link.json");
  ASSERT_TRUE(write_file(folder_ / "link.json", "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.json"));
  EXPECT_EQ(*read_file(target), "new");
}

// How many files stand in the folder.
std::ptrdiff_t count_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

TEST_F(File, IsReplacedAsAWholeWhenItIsCommitted) {
  const fs::path path = put("out.txt", "old");
  auto file = ReplacedFile::open(path);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("new "));
  ReplacedFile moved = std::move(*file);
  ASSERT_TRUE(moved.write("text"));
  EXPECT_EQ(*read_file(path), "old");
  EXPECT_EQ(count_in(folder_), 2);
  ASSERT_TRUE(moved.commit());
  EXPECT_EQ(*read_file(path), "new text");
  EXPECT_EQ(count_in(folder_), 1);
}

TEST_F(File, StaysWhenItsReplacementIsNotCommitted) {
  const fs::path path = put("out.txt", "old");
  {
    auto file = ReplacedFile::open(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(std::string(100'000, 'x')));
  }
  EXPECT_EQ(*read_file(path), "old");
  EXPECT_EQ(count_in(folder_), 1);
  const fs::path nowhere = folder_ / "no" / "out.txt";
  EXPECT_EQ(to_string(ReplacedFile::open(nowhere).error().front()),
            "error " + nowhere.string() + ": cannot be written: No such file or directory");
  auto full = ReplacedFile::open("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_EQ(to_string(full->write(std::string(100'000, 'x')).error().front()),
            "error /dev/full: cannot be written: No space left on device");
}

TEST_F(File, RefusesAFileThatNeverEnds) {
  EXPECT_EQ(to_string(read_file("/dev/zero", std::size_t{2} << 20).error().front()),
            "error /dev/zero: is longer than 2 MiB, the most that is read");
}

}  // namespace
}  // namespace nsp
