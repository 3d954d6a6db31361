// Runs the built program in a folder of its own and hands back what it printed.
#ifndef NSP_TESTS_CLI_PROGRAM_H_
#define NSP_TESTS_CLI_PROGRAM_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nsp::test {

struct Ran {
  int status = -1;  // exit status; -1 when it died of a signal
  std::string out;
  std::string err;
};

// Each test works in a fresh folder, which is gone at the end.
class ProgramTest : public testing::Test {
 protected:
  ProgramTest();
  ~ProgramTest() override;

  // `nspsim` with these arguments, `input` on its standard input.
  [[nodiscard]] Ran run(const std::vector<std::string>& arguments,
                        std::string_view input = {}) const;

  void write(const std::string& name, std::string_view text) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool exists(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// The page that most of these tests use as their environment: `st` in Learning behind its own
// firewall, `search-1` in Enforced, a rule `office`; callers office, partner and roamer.
extern const std::string_view kSitePage;

}  // namespace nsp::test

#endif  // NSP_TESTS_CLI_PROGRAM_H_
