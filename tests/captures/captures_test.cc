// Every capture of fixtures/captures, found at run time, read by our reader: flow by flow as
// expected.txt says, and as tshark sees it where that is installed.
//
// With NSPSIM_UPDATE_GOLDEN set expected.txt is rewritten instead; see tools/update_golden.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "sim/model/bindings.h"
#include "sim/model/build.h"
#include "tests/captures/fixture.h"
#include "tests/captures/tshark.h"
#include "tests/captures/tshark_differences.h"

namespace nsp::captures {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path kRoot = NSPSIM_SOURCE_DIR;
const fs::path kExpected = kRoot / "tests/captures/expected.txt";

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// The files, never none.
std::vector<std::string> files() {
  std::vector<std::string> found = fixture_files();
  EXPECT_FALSE(found.empty()) << "fixtures/captures holds no capture";
  return found;
}

// The entries of expected.txt, by file: a line that is not indented begins one.
std::map<std::string, std::string> kept_entries() {
  std::map<std::string, std::string> entries;
  std::istringstream in(read_text(kExpected));
  std::string file;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(' ')) file = line;
    entries[file] += line + "\n";
  }
  return entries;
}

TEST(Captures, GiveTheFlowsThatAreKept) {
  std::map<std::string, std::string> now;
  for (const std::string& file : files()) now[file] = shown(file, read_fixture(file));
  if (std::getenv("NSPSIM_UPDATE_GOLDEN") != nullptr) {
    std::ofstream out(kExpected, std::ios::binary);
    for (const auto& [file, entry] : now) out << entry;
    return;
  }
  std::map<std::string, std::string> kept = kept_entries();
  for (const auto& [file, entry] : now) EXPECT_EQ(kept[file], entry);
  EXPECT_EQ(kept.size(), now.size()) << "expected.txt has entries of files that are gone";
}

std::vector<std::string> differences(const Summary& ours, const Summary& theirs) {
  std::vector<std::string> lines;
  const auto count = [&](std::string_view what, std::size_t mine, std::size_t other) {
    if (mine != other) lines.push_back(fmt::format("{} flows: {}, tshark {}", what, mine, other));
  };
  count("tcp", ours.tcp, theirs.tcp);
  count("udp", ours.udp, theirs.udp);
  for (const std::string& name : ours.names) {
    if (!theirs.names.contains(name)) lines.push_back("only ours: " + name);
  }
  for (const std::string& name : theirs.names) {
    if (!ours.names.contains(name)) lines.push_back("only tshark: " + name);
  }
  return lines;
}

std::vector<std::string_view> known_differences(std::string_view file) {
  for (const Difference& known : kDifferences) {
    if (known.file == file) return known.lines;
  }
  return {};
}

TEST(Captures, HaveTheFlowsAndNamesThatTsharkSees) {
  if (!has_tshark()) GTEST_SKIP() << "tshark is not installed";
  for (const std::string& file : files()) {
    SCOPED_TRACE(file);
    const Reading ours = read_fixture(file);
    const Tshark theirs = ask_tshark(file);
    EXPECT_THAT(differences(summary_of(ours), theirs.summary),
                ElementsAreArray(known_differences(file)));
    EXPECT_EQ(!ours.result.warnings.empty(), theirs.complained);
  }
}

TEST(Captures, DifferFromTsharkOnlyWhereThereIsAFileAndAReason) {
  const std::vector<std::string> there = files();
  for (const Difference& known : kDifferences) {
    EXPECT_THAT(there, testing::Contains(known.file));
    EXPECT_FALSE(known.lines.empty()) << known.file;
    EXPECT_FALSE(known.reason.empty()) << known.file;
  }
}

TEST(Captures, AreEachNotedInTheReadme) {
  const std::string readme = read_text(kRoot / "fixtures/captures/README.md");
  for (const std::string& file : files()) {
    EXPECT_THAT(readme, HasSubstr("| `" + fs::path(file).filename().string() + "` |"));
  }
}

Bindings bindings_of(const std::string& file) {
  auto bindings = read_bindings(read_text(kRoot / "fixtures/bindings" / file), file);
  if (bindings) return *std::move(bindings);
  ADD_FAILURE() << to_string(bindings.error().front());
  return {};
}

TEST(Captures, HaveBindingsThatFitTheirEnvironment) {
  const BuildResult built = load_environment(std::vector{kRoot / "fixtures/environments/rag.json"});
  ASSERT_TRUE(built.ok());
  for (const std::string file : {"rag.json", "rag-addresses-only.json"}) {
    SCOPED_TRACE(file);
    const Bindings bindings = bindings_of(file);
    EXPECT_FALSE(bindings.empty());
    EXPECT_THAT(check_bindings(built.environment, bindings), IsEmpty());
  }
}

TEST(Captures, HaveBindingsForEveryClientOfTheRealOnes) {
  const Bindings bindings = bindings_of("rag.json");
  const auto loopback = IpAddress::parse("127.0.0.1");
  for (const std::string& file : files()) {
    if (!file.starts_with("real/")) continue;
    for (const Flow& flow : read_fixture(file).flows) {
      EXPECT_TRUE(flow.client.address == *loopback || bindings.find(flow.client.address))
          << file << ": " << to_string(flow.client.address);
    }
  }
}

}  // namespace
}  // namespace nsp::captures
