// Writes an access log of about so many bytes: `nspsim_make_logs MEGABYTES FILE`.
// Platform records only, since compare_logs gives them to a program that knows one spelling of
// names.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/log_generator.h"

int main(int argc, char** argv) {
  std::uint64_t megabytes = 0;
  const std::string_view size = argc == 3 ? argv[1] : "";
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), megabytes);
  if (error != std::errc{} || end != size.data() + size.size()) {
    fmt::print(stderr, "usage: nspsim_make_logs MEGABYTES FILE\n");
    return 2;
  }
  std::ofstream out(argv[2], std::ios::binary | std::ios::trunc);
  using nsp::test::LogGenerator;
  LogGenerator generator(1, 500, LogGenerator::Shapes::Platform);
  std::string block;
  for (std::uint64_t written = 0; written < megabytes * 1'000'000 && out; written += block.size()) {
    block.clear();
    while (block.size() < 1'000'000) generator.next(block);
    out.write(block.data(), static_cast<std::streamsize>(block.size()));
  }
  out.close();
  const nsp::LogTable truth = generator.truth();
  fmt::print("{} records, {} tuples\n", truth.records, truth.tuples.size());
  return out ? 0 : 3;
}
