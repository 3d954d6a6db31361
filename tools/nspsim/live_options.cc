#include "tools/nspsim/live_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>

#include "sim/analysis/capture_reading.h"

namespace nsp::cli {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 60 * kMinute;
constexpr double kLongestSeconds = 31'536'000;  // a year

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // for a signal handler

// While it lives, an interrupt is a wish to end; the second one ends the program as ever.
class InterruptGuard {
 public:
  InterruptGuard() {
    interrupted = false;
    before_ = std::signal(SIGINT, [](int) {
      interrupted = true;
      std::signal(SIGINT, SIG_DFL);
    });
  }
  ~InterruptGuard() { std::signal(SIGINT, before_); }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  void (*before_)(int) = SIG_DFL;
};

LiveOptions options_of(const LiveWords& words) {
  LiveOptions options{.interface = words.interface, .filter = words.filter, .write = words.write};
  if (words.seconds > 0) {
    options.duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(words.seconds));
  }
  return options;
}

void say_listening(const LiveWords& words, bool quiet) {
  if (quiet || ::isatty(STDERR_FILENO) != 1) return;
  std::fputs(fmt::format("listening on {}; Ctrl-C ends it and reports\n", words.interface).c_str(),
             stderr);
}

}  // namespace

CLI::Option* add_live_options(CLI::App& command, LiveWords& words) {
  auto* interface = command.add_option("--interface", words.interface,
                                       "listen to this network interface instead of reading files");
  interface->type_name("NAME");
  command
      .add_option("--filter", words.filter, "with --interface: packets of this libpcap expression")
      ->type_name("EXPRESSION")
      ->needs(interface);
  command
      .add_option("--duration", words.seconds, "with --interface: for so long (`90`, `90s`, `5m`)")
      ->type_name("TIME")
      ->check(CLI::Range(0.001, kLongestSeconds))
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"s", 1}, {"m", kMinute}, {"h", kHour}},
          CLI::AsNumberWithUnit::DEFAULT, ""))
      ->needs(interface);
  command.add_option("--write", words.write, "with --interface: keep the packets in this file")
      ->type_name("FILE")
      ->needs(interface);
  return interface;
}

std::expected<ObtainedTraffic, int> listen_to(const LiveWords& words, const TrafficJob& job) {
  const Policy& policy = job.environment.policy;
  auto bindings = load_bindings(job.options.bindings, policy.environment());
  if (!bindings) {
    print_diagnostics(bindings.error());
    return std::unexpected(kInvalidInput);
  }
  const InterruptGuard guard;
  say_listening(words, job.common.quiet);
  auto heard = listen(options_of(words), policy, *bindings, interrupted);
  if (!heard) {
    print_diagnostics(heard.error());
    return std::unexpected(kInvalidInput);
  }
  ObtainedTraffic obtained;
  obtained.bindings = std::move(*bindings);
  obtained.recorded.captures = std::move(*heard);
  obtained.traffic = observe_traffic(obtained.recorded, policy, obtained.bindings);
  return obtained;
}

}  // namespace nsp::cli
