#include "tests/cli/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace nsp::test {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string pattern = (fs::temp_directory_path() / "nspsim-cli-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void spill(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void redirect(const fs::path& file, int flags, int to) {
  const int fd = ::open(file.c_str(), flags, 0600);
  if (fd < 0 || ::dup2(fd, to) < 0) std::_Exit(126);
}

// In the child: never returns.
[[noreturn]] void become_program(const fs::path& folder, const fs::path& streams,
                                 std::vector<std::string> arguments) {
  redirect(streams / "in", O_RDONLY, STDIN_FILENO);
  redirect(streams / "out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(streams / "err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  if (::chdir(folder.c_str()) != 0) std::_Exit(126);
  ::unsetenv("COLUMNS");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(NSPSIM_PROGRAM, argv.data());
  std::_Exit(127);
}

}  // namespace

ProgramTest::ProgramTest() : folder_(make_folder()) {
  fs::create_directory(folder_ / "work");
  fs::create_directory(folder_ / "streams");
}

ProgramTest::~ProgramTest() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Ran ProgramTest::run(const std::vector<std::string>& arguments, std::string_view input) const {
  const fs::path streams = folder_ / "streams";
  spill(streams / "in", input);
  std::vector<std::string> all{"nspsim"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const pid_t child = ::fork();
  if (child == 0) become_program(folder_ / "work", streams, std::move(all));
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(streams / "out"),
          slurp(streams / "err")};
}

void ProgramTest::write(const std::string& name, std::string_view text) const {
  spill(folder_ / "work" / name, text);
}

std::string ProgramTest::read(const std::string& name) const {
  return slurp(folder_ / "work" / name);
}

bool ProgramTest::exists(const std::string& name) const {
  return fs::exists(folder_ / "work" / name);
}

const std::string_view kSitePage = R"(# Site

```scenario
status: local
```

| resource | kind    | profile  | mode     | firewall        |
| -------- | ------- | -------- | -------- | --------------- |
| st       | storage | nsp/data | Learning | 198.51.100.0/24 |
| search-1 | search  | nsp/data | Enforced | open            |

| rule   | profile  | direction | allows                       |
| ------ | -------- | --------- | ---------------------------- |
| office | nsp/data | inbound   | 203.0.113.0/28, 192.0.2.0/24 |

| caller  | address       | credential |
| ------- | ------------- | ---------- |
| office  | 203.0.113.7   | user       |
| partner | 198.51.100.33 | key        |
| roamer  |               | user       |
)";

}  // namespace nsp::test
