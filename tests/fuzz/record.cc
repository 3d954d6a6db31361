// Any bytes as a log file: every record is read or counted, and the result does not depend on how
// the file was cut nor on whether it went through a part.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/line_reader.h"
#include "sim/access_log/log_collector.h"
#include "sim/access_log/log_format.h"
#include "sim/access_log/observe_log.h"
#include "sim/access_log/part.h"
#include "tests/unit/decision/small_environment.h"

namespace nsp {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// The lines that start in [begin, end), as one job of several would read them.
LogTable read_range(std::string_view bytes, std::size_t begin, std::size_t end) {
  LogCollector collector;
  collector.begin_piece("log", begin == 0);
  const auto from = static_cast<std::size_t>(range_start(begin));
  const auto source = memory_source(bytes.substr(from));
  Window window(*source, from);
  (void)read_line_range(window, collector, begin, end);
  collector.end_piece([] { return std::uint64_t{0}; });
  return collector.take();
}

void check_cut(std::string_view bytes, const LogTable& whole) {
  if (sniff_format(bytes.substr(0, kHeadBytes)) != LogFormat::Lines) return;
  const std::size_t cut = bytes.size() / 3;
  LogTable merged = read_range(bytes, 0, cut);
  if (cut < bytes.size()) merged.merge(read_range(bytes, cut, bytes.size()));
  // Places are those of the piece here.
  merged.examples = whole.examples;
  merged.files = whole.files;
  require(merged == whole);
}

void check(std::string_view bytes) {
  static const Policy policy = compile(test::small_environment(AccessMode::Learning));
  const LogTable table = read_log_bytes(bytes, "log");
  const Part part{{}, {}, table};
  const auto back = read_part(write_part(part), "part");
  require(back && *back == part);
  check_cut(bytes, table);
  const LogObservations seen = observe_log(table, policy);
  require(seen.observations.size() == seen.tuples.size());
}

}  // namespace
}  // namespace nsp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // libFuzzer hands over bytes; logs are characters.
  nsp::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
