// One file of fixtures/captures, read by our reader, and as lines of text to compare.
#ifndef NSP_TESTS_CAPTURES_FIXTURE_H_
#define NSP_TESTS_CAPTURES_FIXTURE_H_

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "sim/capture/read_capture.h"

namespace nsp::captures {

struct Reading {
  std::vector<Flow> flows;
  CaptureResult result;
};

// Every capture under fixtures/captures, relative to it, in order of names.
[[nodiscard]] std::vector<std::string> fixture_files();
[[nodiscard]] std::filesystem::path path_of(const std::string& file);

// Fails the test where the reader refuses the file.
[[nodiscard]] Reading read_fixture(const std::string& file);

// The file's entry of expected.txt: its name, then a line a flow, a problem and a warning.
[[nodiscard]] std::string shown(const std::string& file, const Reading& reading);

// What the tests compare with tshark: how many flows, and which client (`203.0.113.7:50000`) asked
// for which name, in lower case and without a port.
struct Summary {
  std::size_t tcp = 0;
  std::size_t udp = 0;
  std::set<std::string> names;
};
[[nodiscard]] Summary summary_of(const Reading& reading);

}  // namespace nsp::captures

#endif  // NSP_TESTS_CAPTURES_FIXTURE_H_
