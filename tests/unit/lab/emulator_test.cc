// Processes that a lab runs: here shells that say what Azurite says.
#include "sim/lab/wire/emulator.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sim/lab/azurite.h"
#include "sim/lab/folder.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::ElementsAre;

constexpr milliseconds kLongest{20'000};

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "nspsim-emulator-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

EmulatorPlan shell(const std::string& script) {
  return {{"sh", "-c", script}, {"PATH=/usr/bin:/bin"}};
}

std::string listening(IoContext& io, Emulator& emulator, milliseconds longest = kLongest) {
  std::string text;
  bool done = false;
  asio::co_spawn(io.get_executor(), emulator.listening(longest),
                 [&](std::exception_ptr, std::expected<Endpoint, std::string> at) {
                   text = at ? to_string(*at) : at.error();
                   done = true;
                 });
  while (!done) io.run_one();
  return text;
}

// Until it has ended.
std::string end_of(IoContext& io, const Emulator& emulator) {
  for (const auto until = Clock::now() + kLongest; Clock::now() < until;) {
    if (const auto how = emulator.ended()) return *how;
    io.run_one_for(milliseconds(10));
  }
  return "it runs";
}

bool comes_true(const std::function<bool()>& what) {
  for (const auto until = Clock::now() + kLongest; Clock::now() < until;) {
    if (what()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

pid_t number_in(const fs::path& file) {
  pid_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

bool is_gone(pid_t process) { return ::kill(process, 0) != 0; }

TEST(Emulator, SaysWhereItListens) {
  IoContext io;
  const auto emulator =
      Emulator::start(io, shell("echo starting; echo 'Azurite Blob service successfully listens on "
                                "http://127.77.0.100:41000'; sleep 60"));
  ASSERT_TRUE(emulator);
  EXPECT_EQ(listening(io, **emulator), "127.77.0.100:41000");
  EXPECT_EQ((*emulator)->ended(), std::nullopt);
}

TEST(Emulator, TellsHowItEnded) {
  IoContext io;
  const auto emulator = Emulator::start(
      io, shell("for n in 1 2 3 4 5 6; do echo line $n; done; echo >&2; echo broken >&2; exit 3"));
  ASSERT_TRUE(emulator);
  const std::string how = "exit status 3: line 3; line 4; line 5; line 6; broken";
  EXPECT_EQ(listening(io, **emulator), "it ended: " + how);
  EXPECT_EQ((*emulator)->ended(), how);
}

TEST(Emulator, TellsThatItCannotRun) {
  IoContext io;
  const auto emulator = Emulator::start(io, {{"/nowhere/azurite-blob"}, {}});
  ASSERT_TRUE(emulator);
  EXPECT_EQ(listening(io, **emulator),
            "it ended: exit status 127: cannot run `/nowhere/azurite-blob`: No such file or "
            "directory");
}

TEST(Emulator, IsNotWaitedForForEver) {
  IoContext io;
  const auto emulator = Emulator::start(io, shell("echo ready; sleep 60"));
  ASSERT_TRUE(emulator);
  EXPECT_EQ(listening(io, **emulator, milliseconds(1'000)),
            "it did not say where it listens within 1 s: ready");
}

TEST(Emulator, ThatDiesLaterIsNoticed) {
  IoContext io;
  const auto emulator = Emulator::start(
      io, shell("echo successfully listens on http://127.0.0.1:1; echo last words; kill -9 $$"));
  ASSERT_TRUE(emulator);
  EXPECT_EQ(listening(io, **emulator), "127.0.0.1:1");
  EXPECT_EQ(end_of(io, **emulator), "exit status 137: last words");
}

// A wrapper that waits for its child and heeds no signal; the child's number is written down.
std::string stubborn(const fs::path& file) {
  return "trap '' TERM INT; sleep 600 & echo $! > " + file.string() + ".part; mv " + file.string() +
         ".part " + file.string() + "; echo successfully listens on http://127.0.0.1:1; wait";
}

TEST(Emulator, EndsWithAllThatItStarted) {
  const Folder folder;
  IoContext io;
  auto emulator = Emulator::start(io, shell(stubborn(folder.path / "child")));
  ASSERT_TRUE(emulator);
  EXPECT_EQ(listening(io, **emulator), "127.0.0.1:1");
  const pid_t child = number_in(folder.path / "child");
  ASSERT_GT(child, 0);
  EXPECT_FALSE(is_gone(child));
  emulator->reset();
  EXPECT_TRUE(is_gone(child));
}

// The lab, here a fork of this test, is killed: nobody can say good-bye.
TEST(Emulator, DoesNotOutliveALabThatIsKilled) {
  const Folder folder;
  const pid_t lab = ::fork();
  if (lab == 0) {
    IoContext io;
    const auto emulator = Emulator::start(io, shell(stubborn(folder.path / "child")));
    ::pause();
    ::_exit(emulator ? 0 : 1);
  }
  ASSERT_TRUE(comes_true([&] { return number_in(folder.path / "child") > 0; }));
  const pid_t child = number_in(folder.path / "child");
  EXPECT_FALSE(is_gone(child));
  ::kill(lab, SIGKILL);
  ::waitpid(lab, nullptr, 0);
  EXPECT_TRUE(comes_true([&] { return is_gone(child); }));
}

// Its lab and its keeper are gone: the next lab of the folder ends it.
TEST(LabFolder, EndsWhatACrashedLabHasLeft) {
  const Folder home;
  const fs::path path = home.path / "one";
  fs::create_directory(path);
  fs::permissions(path, fs::perms::owner_all);
  std::ofstream(path / "left") << "over\n";
  const std::string setting = "NSPSIM_LAB_FOLDER=" + path.string();
  const pid_t left = ::fork();
  if (left == 0) {
    std::string variable = setting;
    std::array<char*, 2> environment{variable.data(), nullptr};
    ::execle("/bin/sleep", "sleep", "600", nullptr, environment.data());
    ::_exit(127);
  }
  ASSERT_TRUE(comes_true([&] {
    std::ifstream in("/proc/" + std::to_string(left) + "/environ");
    return std::string(std::istreambuf_iterator<char>(in), {}).starts_with(setting);
  }));
  {
    const auto folder = LabFolder::make(home.path, "one");
    ASSERT_TRUE(folder) << folder.error();
    EXPECT_FALSE(fs::exists(path / "left"));
    int how = 0;
    EXPECT_EQ(::waitpid(left, &how, 0), left);
    EXPECT_TRUE(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
  }
  EXPECT_FALSE(fs::exists(path));
}

void make_command(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\n";
  fs::permissions(file, fs::perms::owner_all);
}

TEST(Azurite, IsFoundAsNpmWould) {
  const Folder folder;
  const fs::path deep = folder.path / "app/src";
  fs::create_directories(deep);
  const std::string path = "/nowhere:" + (folder.path / "bin").string();
  EXPECT_EQ(find_azurite("", path, deep).error(),
            "azurite-blob is neither in PATH nor in node_modules of this folder or one above; "
            "install it with `npm install -g azurite`, or name the command with --azurite");
  const fs::path local = folder.path / "app/node_modules/.bin/azurite-blob";
  make_command(local);
  EXPECT_THAT(find_azurite("", path, deep).value(), ElementsAre(local.string()));
  const fs::path global = folder.path / "bin/azurite-blob";
  make_command(global);
  EXPECT_THAT(find_azurite("", path, deep).value(), ElementsAre(global.string()));
  fs::permissions(global, fs::perms::owner_read);
  if (::geteuid() != 0) {
    EXPECT_THAT(find_azurite("", path, deep).value(), ElementsAre(local.string()));
  }
  EXPECT_THAT(find_azurite(" npx  azurite-blob ", path, deep).value(),
              ElementsAre("npx", "azurite-blob"));
}

TEST(Azurite, IsToldWhereToListenAndWhatToKeep) {
  EXPECT_THAT(azurite_words({"npx", "azurite-blob"}, kEmulator, "/lab/a"),
              ElementsAre("npx", "azurite-blob", "--blobHost", "127.77.0.100", "--blobPort", "0",
                          "--location", "/lab/a", "--silent", "--skipApiVersionCheck",
                          "--disableTelemetry", "--blobKeepAliveTimeout", "60"));
}

TEST(Azurite, KnowsEveryStorageAccount) {
  const LabKeys keys("lab secret");
  Environment environment;
  environment.resources = {test::make_resource(Service::Storage, "stlab"),
                           test::make_resource(Service::Search, "search"),
                           test::make_resource(Service::Storage, "stother")};
  const auto key = [&](std::size_t at, const char* name) {
    return keys.of_resource(environment.resources[at], name);
  };
  EXPECT_EQ(azurite_accounts(environment, keys), "stlab:" + key(0, "key1") + ':' + key(0, "key2") +
                                                     ";stother:" + key(2, "key1") + ':' +
                                                     key(2, "key2"));
}

}  // namespace
}  // namespace nsp::lab
