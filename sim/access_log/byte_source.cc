#include "sim/access_log/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace nsp {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;

std::unexpected<std::string> system_reason() {
  return std::unexpected(std::generic_category().message(errno));
}

class FileSource : public ByteSource {
 public:
  FileSource(int file, ReadMeter meter) : file_(file), meter_(std::move(meter)) {}
  ~FileSource() override {
    if (file_ != STDIN_FILENO) ::close(file_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::expected<std::size_t, std::string> read(char* into, std::size_t most) override {
    for (;;) {
      const ssize_t count = ::read(file_, into, most);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_reason();
      if (meter_) meter_(static_cast<std::size_t>(count));
      return static_cast<std::size_t>(count);
    }
  }

 private:
  int file_;
  ReadMeter meter_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}

  std::expected<std::size_t, std::string> read(char* into, std::size_t most) override {
    const std::size_t count = std::min(most, rest_.size());
    std::memcpy(into, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

class GzipSource : public ByteSource {
 public:
  GzipSource(std::string head, ByteSource& packed) : packed_(packed), input_(std::move(head)) {
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(input_.size());
    constexpr int kGzipOnly = 16;
    ready_ = inflateInit2(&stream_, kGzipOnly + MAX_WBITS) == Z_OK;
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::expected<std::size_t, std::string> read(char* into, std::size_t most) override {
    if (!ready_) return std::unexpected("gzip data cannot be unpacked: not enough memory");
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(most, kBlock));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room && !done_) {
      if (auto filled = fill(); !filled) return std::unexpected(std::move(filled.error()));
      if (auto step = inflate_some(); !step) return std::unexpected(std::move(step.error()));
    }
    return room - stream_.avail_out;
  }

 private:
  using Step = std::expected<void, std::string>;

  // Input, unless there is some. At the end of input `done_` is set where a member may end.
  Step fill() {
    if (stream_.avail_in != 0) return {};
    input_.resize(kBlock);
    auto count = packed_.read(input_.data(), input_.size());
    if (!count) return std::unexpected(std::move(count.error()));
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*count);
    if (*count != 0) return {};
    if (!between_members_) return std::unexpected("gzip data ends too early");
    done_ = true;
    return {};
  }

  Step inflate_some() {
    if (done_) return {};
    // Zeros that fill a block up may follow the last member.
    while (between_members_ && stream_.avail_in != 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return {};
    between_members_ = false;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      between_members_ = true;
      inflateReset(&stream_);
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return std::unexpected("gzip data is damaged");
    }
    return {};
  }

  ByteSource& packed_;
  std::string input_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = false;
  bool done_ = false;
};

}  // namespace

std::expected<std::unique_ptr<ByteSource>, std::string> open_source(
    const std::filesystem::path& path, std::uint64_t begin, ReadMeter meter) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, std::move(meter));
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_reason();
  auto source = std::make_unique<FileSource>(file, std::move(meter));
  if (begin != 0 && ::lseek(file, static_cast<off_t>(begin), SEEK_SET) < 0) return system_reason();
  return source;
}

std::unique_ptr<ByteSource> memory_source(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

std::unique_ptr<ByteSource> gunzip(std::string head, ByteSource& packed) {
  return std::make_unique<GzipSource>(std::move(head), packed);
}

// Room for one block behind what is unread.
void Window::make_room() {
  const std::size_t wanted = size() + kBlock + kPadding;
  if (capacity_ >= wanted) {
    std::memmove(buffer_.get(), data(), size());
  } else {
    // Twice as much as is needed, so that a long record is not copied once a block.
    const std::size_t capacity = std::max(wanted, 2 * size() + kBlock + kPadding);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size() != 0) std::memcpy(larger.get(), data(), size());
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  end_ = size();
  begin_ = 0;
}

bool Window::more() {
  if (at_end_) return false;
  make_room();
  auto count = source_.read(buffer_.get() + end_, kBlock);
  if (!count) error_ = std::move(count.error());
  end_ += count.value_or(0);
  std::memset(buffer_.get() + end_, 0, kPadding);
  at_end_ = count.value_or(0) == 0;
  return !at_end_;
}

}  // namespace nsp
