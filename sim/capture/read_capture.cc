#include "sim/capture/read_capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "sim/capture/pcap_source.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

std::unexpected<Diagnostics> refuse(const fs::path& path, std::string message) {
  return std::unexpected(one_error({path.string(), 0, 0, {}}, std::move(message)));
}

std::unexpected<Diagnostics> refuse_system(const fs::path& path, int code) {
  return refuse(path, fmt::format("cannot be read: {}", std::generic_category().message(code)));
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, FileCloser>;

// The program that unpacks a file which begins so, or nullptr.
const char* unpacker(FileHandle& file) {
  std::array<unsigned char, 4> magic{};
  const std::size_t count = std::fread(magic.data(), 1, magic.size(), file.get());
  const bool is_back = std::fseek(file.get(), 0, SEEK_SET) == 0;
  if (!is_back || count < magic.size()) return nullptr;
  if (magic[0] == 0x1f && magic[1] == 0x8b) return "gunzip -k";
  if (magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd) return "unzstd";
  if (magic[0] == 0xfd && magic[1] == '7' && magic[2] == 'z' && magic[3] == 'X') return "unxz -k";
  return nullptr;
}

void keep_open(FileHandle& file) {
  [[maybe_unused]] std::FILE* const owned_elsewhere = file.release();
}

Result<FileHandle> open_file(const fs::path& path) {
  if (path == "-") return FileHandle(stdin);
  std::error_code error;
  if (fs::is_directory(path, error)) return refuse(path, "is a folder, expected a capture file");
  errno = 0;
  FileHandle file(std::fopen(path.c_str(), "rb"));
  if (!file) return refuse_system(path, errno);
  if (!fs::is_regular_file(path, error)) return file;
  if (const char* program = unpacker(file)) {
    return refuse(
        path, fmt::format("is compressed, expected pcap or pcapng; unpack it with `{} {}`", program,
                          path.string()));
  }
  return file;
}

// Reads until the end, the caller's wish to stop, or damage; the last is a warning.
class Reading {
 public:
  Reading(const fs::path& path, const FlowSink& sink, const CaptureOptions& options)
      : path_(path), options_(options), assembler_(sink, options.limits) {}

  Result<CaptureResult> run() {
    auto file = open_file(path_);
    if (!file) return std::unexpected(std::move(file.error()));
    auto handle = open_capture(std::move(*file));
    if (!handle) return std::unexpected(std::move(handle.error()));
    const auto link = link_type_of(handle->get());
    if (!link) return refuse(path_, link.error());
    if (const auto set = set_filter(handle->get(), options_.filter); !set) {
      return refuse(path_, set.error());
    }
    read_packets(handle->get(), *link);
    assembler_.finish();
    return CaptureResult{assembler_.counts(), std::move(warnings_)};
  }

 private:
  Result<PcapHandle> open_capture(FileHandle file) {
    if (path_ != "-") prepare(file.get());
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    PcapHandle handle(pcap_fopen_offline_with_tstamp_precision(
        file.get(), PCAP_TSTAMP_PRECISION_NANO, reason.data()));
    if (!handle) {
      if (path_ == "-") keep_open(file);
      return refuse(path_,
                    fmt::format("is not a capture that can be read, expected pcap or pcapng: {}",
                                reason.data()));
    }
    keep_open(file);  // the handle closes it
    return handle;
  }

  // Standard input outlives this reading, and keeps what it has.
  void prepare(std::FILE* file) {
    // A larger buffer than stdio's own saves most of the system calls.
    constexpr std::size_t kBuffer = std::size_t{1} << 18;
    buffer_.resize(kBuffer);
    std::setvbuf(file, buffer_.data(), _IOFBF, buffer_.size());
    // Nobody else has this stream, and libpcap reads it twice a packet: no lock each time.
    __fsetlocking(file, FSETLOCKING_BYCALLER);
  }

  void read_packets(pcap* handle, LinkType link) {
    constexpr int kBatch = 1 << 14;
    PcapPump pump(handle, link, true, assembler_);
    for (;;) {
      const int taken = pump.pump(kBatch);
      if (taken < 0) return warn(pcap_geterr(handle));
      if (taken == 0) return;
      if (options_.progress && !options_.progress(position(handle))) return;
    }
  }

  static std::uint64_t position(pcap* handle) {
    const long at = std::ftell(pcap_file(handle));
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
  }

  void warn(std::string_view reason) {
    const bool is_cut = reason.starts_with("truncated dump file");
    const std::string message =
        fmt::format("{} after {} packets, which were read: {}",
                    is_cut ? "ends in the middle of a packet" : "is damaged",
                    assembler_.counts().packets, reason);
    warnings_.push_back({Severity::Warning, {path_.string(), 0, 0, {}}, message});
  }

  const fs::path& path_;
  const CaptureOptions& options_;
  std::vector<char> buffer_;  // outlives the handle, which run() closes
  FlowAssembler assembler_;
  Diagnostics warnings_;
};

}  // namespace

Result<CaptureResult> read_capture(const fs::path& path, const FlowSink& sink,
                                   const CaptureOptions& options) {
  return Reading(path, sink, options).run();
}

}  // namespace nsp
