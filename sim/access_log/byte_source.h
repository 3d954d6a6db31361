// Bytes as they come: a file or a range of one, standard input, memory, gzip around any of them;
// and the window through which a reader of lines or records looks at them.
//
// Blocks are read, not mapped: a file that shrinks while it is read then ends early instead of
// killing the program, and reading costs little beside parsing. Memory: one block, or the longest
// record that the reader asks to keep whole.
//
// Errors are values: the system's reason, or what is wrong with gzip data. Thread safety: one
// thread's.
#ifndef NSP_SIM_ACCESS_LOG_BYTE_SOURCE_H_
#define NSP_SIM_ACCESS_LOG_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace nsp {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `most` bytes, at least one unless at the end. REQUIRES: most > 0.
  [[nodiscard]] virtual std::expected<std::size_t, std::string> read(char* into,
                                                                     std::size_t most) = 0;
};

// Told how many bytes were read of a file.
using ReadMeter = std::function<void(std::size_t bytes)>;

// A file from `begin` on, or standard input for `-`.
[[nodiscard]] std::expected<std::unique_ptr<ByteSource>, std::string> open_source(
    const std::filesystem::path& path, std::uint64_t begin, ReadMeter meter);

// REQUIRES: the bytes outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::string_view bytes);

// What gzip members, one after the other, hold (RFC 1952). `head` are bytes of `packed` that were
// already read. Errors: `gzip data is damaged`, `gzip data ends too early`, and those of `packed`.
// REQUIRES: `packed` outlives it.
[[nodiscard]] std::unique_ptr<ByteSource> gunzip(std::string head, ByteSource& packed);

class Window {
 public:
  // So many readable bytes stand behind the window's end; their values mean nothing.
  static constexpr std::size_t kPadding = 256;

  // `offset`: of the source's first byte in its file.
  explicit Window(ByteSource& source, std::uint64_t offset = 0)
      : source_(source), offset_(offset) {}

  [[nodiscard]] const char* data() const { return buffer_.get() + begin_; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  [[nodiscard]] std::string_view view() const { return {data(), size()}; }
  // Bytes behind data() that may be read, padding included.
  [[nodiscard]] std::size_t readable() const { return size() + kPadding; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }  // of data()

  void consume(std::size_t count) {
    begin_ += count;
    offset_ += count;
  }
  // Reads on behind what is there, which may move. False at the end and after an error.
  [[nodiscard]] bool more();

  // Why reading stopped early; empty: it did not.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void make_room();

  ByteSource& source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_;
  bool at_end_ = false;
  std::string error_;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_BYTE_SOURCE_H_
