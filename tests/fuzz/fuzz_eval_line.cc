// Any bytes as lines of `eval`, over a small environment: every line that is not empty gets one
// answer, every answer is one line, and the answers do not depend on how the bytes were cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/access_log/line_protocol.h"
#include "tests/unit/decision/small_environment.h"

namespace nsp {
namespace {

constexpr std::size_t kLongest = 4096;

const Policy& policy() {
  static const Policy small = compile(test::small_environment(AccessMode::Learning));
  return small;
}

CallerBook callers() {
  Caller office;
  office.name = "office";
  office.address = IpAddress::parse("203.0.113.7");
  office.credential = Credential::User;
  return CallerBook({office});
}

std::string answers(std::string_view bytes, std::size_t cut, LineCounts& counts) {
  LineEvaluator evaluator(policy(), callers());
  LineStream stream(evaluator, kLongest);
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(cut, bytes.size()))) {
    stream.feed(bytes.substr(0, cut), out);
  }
  stream.finish(out);
  counts = evaluator.counts();
  return out;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::string_view bytes) {
  LineCounts whole;
  const std::string out = answers(bytes, bytes.size() + 1, whole);
  require(static_cast<std::size_t>(std::ranges::count(out, '\n')) == whole.records);
  require(whole.records <= whole.lines && whole.errors <= whole.records);
  LineCounts pieces;
  require(answers(bytes, 1 + bytes.size() % 7, pieces) == out);
  require(pieces == whole);
}

}  // namespace
}  // namespace nsp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // libFuzzer hands over bytes; the protocol reads characters.
  nsp::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
