#include "tools/nspsim/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "sim/report/format.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// `1.2 GB`, in powers of 1000 as disks are sold.
std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
  constexpr double kStep = 1000;
  constexpr double kFewDigits = 10;
  std::size_t unit = 0;
  while (bytes >= kStep && unit + 1 < kUnits.size()) {
    bytes /= kStep;
    ++unit;
  }
  return bytes < kFewDigits && unit > 0 ? fmt::format("{:.1f} {}", bytes, kUnits[unit])
                                        : fmt::format("{:.0f} {}", bytes, kUnits[unit]);
}

// `3 s`, `2 min 5 s`, `1 h 4 min`.
std::string time_text(double seconds) {
  constexpr std::uint64_t kMinute = 60;
  constexpr std::uint64_t kHour = 3600;
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < kMinute) return fmt::format("{} s", whole);
  if (whole < kHour) return fmt::format("{} min {} s", whole / kMinute, whole % kMinute);
  return fmt::format("{} h {} min", whole / kHour, whole % kHour / kMinute);
}

bool can_redraw() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace

std::string progress_text(std::uint64_t done, std::uint64_t all,
                          std::chrono::duration<double> elapsed) {
  const double rate = elapsed.count() > 0 ? static_cast<double>(done) / elapsed.count() : 0;
  std::string text = bytes_text(static_cast<double>(done));
  if (all != 0) {
    text += fmt::format(" of {}  {} %", bytes_text(static_cast<double>(all)),
                        done >= all ? 100 : done * 100 / all);
  }
  if (rate > 0) text += fmt::format("  {}/s", bytes_text(rate));
  if (rate > 0 && all > done) {
    text += fmt::format("  {} left", time_text(static_cast<double>(all - done) / rate));
  }
  return text;
}

Progress::Progress(bool quiet) : wanted_(!quiet && can_redraw()) {}

Progress::~Progress() { clear(); }

void Progress::show(std::string_view what, std::uint64_t done, std::uint64_t all) {
  constexpr auto kInterval = std::chrono::milliseconds(100);
  constexpr auto kPatience = std::chrono::milliseconds(300);  // short work shows nothing
  const Clock::time_point now = Clock::now();
  if (!wanted_ || now < next_ || now - start_ < kPatience) return;
  next_ = now + kInterval;
  const std::string line = fmt::format("{}  {}", what, progress_text(done, all, now - start_));
  std::fputs(fmt::format("\r\x1b[K{}", cut(line, terminal_width() - 1)).c_str(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace nsp::cli
