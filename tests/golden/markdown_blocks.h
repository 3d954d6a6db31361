// Fenced blocks of a Markdown file, and the console sessions in them.
#ifndef NSP_TESTS_GOLDEN_MARKDOWN_BLOCKS_H_
#define NSP_TESTS_GOLDEN_MARKDOWN_BLOCKS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nsp::golden {

using Lines = std::vector<std::string>;

// A fenced block. The info string is `LANGUAGE`, or `LANGUAGE NAME` where the text stands for a
// file of that name.
struct Block {
  std::string language;
  std::string name;
  std::size_t first_line = 0;  // index of the line after the opening fence
  std::size_t last_line = 0;   // index of the closing fence
};

[[nodiscard]] Lines split_lines(std::string_view text);
[[nodiscard]] std::string join_lines(const Lines& lines);
[[nodiscard]] std::vector<Block> find_blocks(const Lines& lines);
[[nodiscard]] std::string block_text(const Lines& lines, const Block& block);

// One `$ command` and the output printed under it.
struct Exchange {
  std::string command;
  std::size_t line = 0;  // counted from 1
  std::string output;
};

[[nodiscard]] std::vector<Exchange> exchanges(const Lines& lines, const Block& block);

// Durations differ from run to run: `12 ms` and `0.013 s` both become `TIME`.
[[nodiscard]] std::string without_times(const std::string& text);

}  // namespace nsp::golden

#endif  // NSP_TESTS_GOLDEN_MARKDOWN_BLOCKS_H_
