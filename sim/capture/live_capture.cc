#include "sim/capture/live_capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "sim/capture/pcap_source.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kWait = 100;  // milliseconds: how long a stop may take to be seen

std::unexpected<Diagnostics> refuse(std::string place, std::string message) {
  return std::unexpected(one_error({std::move(place), 0, 0, {}}, std::move(message)));
}

// The names of all interfaces that may be listened to.
std::string interfaces() {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  pcap_if_t* all = nullptr;
  if (pcap_findalldevs(&all, reason.data()) != 0) return "none";
  std::string names;
  for (const pcap_if_t* one = all; one != nullptr; one = one->next) {
    names += fmt::format("{}`{}`", names.empty() ? "" : ", ", one->name);
  }
  pcap_freealldevs(all);
  return names.empty() ? "none" : names;
}

// How to call this program where a capability is given to it.
std::string own_path() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? std::string("nspsim") : path.string();
}

std::string why_not(pcap_t* handle, int code) {
  if (code == PCAP_ERROR_PERM_DENIED) {
    return fmt::format(
        "may not be listened to: the capability CAP_NET_RAW is missing; run with sudo, or give it "
        "once with `sudo setcap cap_net_raw+ep {}`",
        own_path());
  }
  if (code == PCAP_ERROR_NO_SUCH_DEVICE) {
    return fmt::format("is no interface, expected one of {}", interfaces());
  }
  if (code == PCAP_ERROR_IFACE_NOT_UP) return "is down";
  const std::string_view said = pcap_geterr(handle);
  return fmt::format("cannot be listened to: {}", said.empty() ? pcap_statustostr(code) : said);
}

// A savefile under another name until finish() gives it its own.
class Savefile {
 public:
  Savefile() = default;
  Savefile(const Savefile&) = delete;
  Savefile& operator=(const Savefile&) = delete;
  ~Savefile() {
    if (dumper_ == nullptr) return;
    pcap_dump_close(dumper_);
    std::error_code ignored;
    fs::remove(beside_, ignored);
  }

  Result<void> open(pcap_t* handle, const fs::path& path) {
    path_ = path;
    beside_ = path;
    beside_ += fmt::format(".{}.tmp", ::getpid());
    errno = 0;
    std::FILE* file = std::fopen(beside_.c_str(), "wb");
    if (file == nullptr) return cannot(errno);
    dumper_ = pcap_dump_fopen(handle, file);
    if (dumper_ != nullptr) return {};
    std::fclose(file);
    return refuse(path_.string(), fmt::format("cannot be written: {}", pcap_geterr(handle)));
  }

  [[nodiscard]] pcap_dumper_t* dumper() const { return dumper_; }

  Result<void> finish() {
    if (dumper_ == nullptr) return {};
    errno = 0;
    const bool flushed = pcap_dump_flush(dumper_) == 0;
    // pcap_dump() does not say that it failed; the stream remembers.
    if (!flushed || std::ferror(pcap_dump_file(dumper_)) != 0) return cannot(errno);
    pcap_dump_close(std::exchange(dumper_, nullptr));
    std::error_code error;
    fs::rename(beside_, path_, error);
    if (!error) return {};
    std::error_code ignored;
    fs::remove(beside_, ignored);
    return cannot(error.value());
  }

 private:
  [[nodiscard]] std::unexpected<Diagnostics> cannot(int code) const {
    const int known = code == 0 ? EIO : code;
    return refuse(path_.string(),
                  fmt::format("cannot be written: {}", std::generic_category().message(known)));
  }

  fs::path path_;
  fs::path beside_;
  pcap_dumper_t* dumper_ = nullptr;
};

class Listening {
 public:
  Listening(const LiveOptions& options, const FlowSink& sink, const std::atomic<bool>& stop)
      : options_(options), stop_(stop), assembler_(sink, options.limits) {}

  Result<CaptureResult> run() {
    if (auto opened = open(); !opened) return std::unexpected(std::move(opened.error()));
    const auto link = link_type_of(handle_.get());
    if (!link) return refuse(options_.interface, link.error());
    if (const auto set = set_filter(handle_.get(), options_.filter); !set) {
      return refuse(options_.interface, set.error());
    }
    if (!options_.write.empty()) {
      auto opened = savefile_.open(handle_.get(), options_.write);
      if (!opened) return std::unexpected(std::move(opened.error()));
    }
    if (auto heard = listen(*link); !heard) return std::unexpected(std::move(heard.error()));
    assembler_.finish();
    if (auto saved = savefile_.finish(); !saved) return std::unexpected(std::move(saved.error()));
    return CaptureResult{assembler_.counts(), std::move(warnings_)};
  }

 private:
  Result<void> open() {
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    handle_.reset(pcap_create(options_.interface.c_str(), reason.data()));
    if (!handle_) return refuse(options_.interface, reason.data());
    constexpr int kLongest = 262144;
    constexpr int kBuffer = 16 << 20;
    pcap_set_snaplen(handle_.get(), kLongest);
    pcap_set_timeout(handle_.get(), kWait);
    pcap_set_buffer_size(handle_.get(), kBuffer);
    // Refused by some sources, which then count in microseconds.
    pcap_set_tstamp_precision(handle_.get(), PCAP_TSTAMP_PRECISION_NANO);
    const int code = pcap_activate(handle_.get());
    if (code < 0) return refuse(options_.interface, why_not(handle_.get(), code));
    // With a timeout alone libpcap may wait for the first packet for ever.
    if (pcap_setnonblock(handle_.get(), 1, reason.data()) != 0) {
      return refuse(options_.interface, reason.data());
    }
    return {};
  }

  [[nodiscard]] bool is_over(Clock::time_point since) const {
    if (stop_.load(std::memory_order_relaxed)) return true;
    return options_.duration && Clock::now() - since >= *options_.duration;
  }

  Result<void> listen(LinkType link) {
    const bool nanoseconds = pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO;
    PcapPump pump(handle_.get(), link, nanoseconds, assembler_, savefile_.dumper());
    const Clock::time_point since = Clock::now();
    while (!is_over(since)) {
      wait();
      if (auto taken = drain(pump); !taken) return std::unexpected(std::move(taken.error()));
    }
    // What passed in the last moments lies in a block that the system has not handed over yet.
    ::poll(nullptr, 0, kWait);
    constexpr int kMostRounds = 64;  // packets may come faster than they are read
    for (int round = 0; round < kMostRounds; ++round) {
      auto taken = drain(pump);
      if (!taken) return std::unexpected(std::move(taken.error()));
      if (*taken == 0) break;
    }
    note_drops();
    return {};
  }

  void wait() const {
    pollfd one{pcap_get_selectable_fd(handle_.get()), POLLIN, 0};
    ::poll(&one, 1, kWait);
  }

  // Takes what is there, at most so much that a stop is seen in time. The number of packets.
  Result<int> drain(PcapPump& pump) {
    constexpr int kBatch = 4096;
    const int taken = pump.pump(kBatch);
    if (taken >= 0) return taken;
    return refuse(options_.interface,
                  fmt::format("cannot be listened to any more: {}", pcap_geterr(handle_.get())));
  }

  void note_drops() {
    pcap_stat stat{};
    if (pcap_stats(handle_.get(), &stat) != 0 || stat.ps_drop == 0) return;
    warnings_.push_back({Severity::Warning,
                         {options_.interface, 0, 0, {}},
                         fmt::format("{} packets were dropped by the system, which came faster "
                                     "than they were read",
                                     stat.ps_drop)});
  }

  const LiveOptions& options_;
  const std::atomic<bool>& stop_;
  FlowAssembler assembler_;
  PcapHandle handle_;
  Savefile savefile_;  // closed before the handle
  Diagnostics warnings_;
};

}  // namespace

Result<CaptureResult> live_capture(const LiveOptions& options, const FlowSink& sink,
                                   const std::atomic<bool>& stop) {
  return Listening(options, sink, stop).run();
}

}  // namespace nsp
