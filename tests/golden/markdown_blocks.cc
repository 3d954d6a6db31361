#include "tests/golden/markdown_blocks.h"

#include <regex>
#include <sstream>

namespace nsp::golden {

namespace {

// The length of the run of backticks that opens or closes a fence; 0 for any other line.
std::size_t fence_length(std::string_view line) {
  const std::size_t end = line.find_first_not_of('`');
  const std::size_t length = end == std::string_view::npos ? line.size() : end;
  return length >= 3 ? length : 0;
}

Block open_block(const std::string& fence, std::size_t first_line) {
  std::istringstream info(fence.substr(fence_length(fence)));
  Block block;
  info >> block.language >> block.name;
  block.first_line = first_line;
  return block;
}

}  // namespace

Lines split_lines(std::string_view text) {
  Lines lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string join_lines(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<Block> find_blocks(const Lines& lines) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t length = fence_length(lines[i]);
    if (length == 0) continue;
    Block block = open_block(lines[i], i + 1);
    const std::string closing(length, '`');
    while (++i < lines.size() && lines[i] != closing) {
    }
    block.last_line = i;
    blocks.push_back(block);
  }
  return blocks;
}

std::string block_text(const Lines& lines, const Block& block) {
  std::string text;
  for (std::size_t i = block.first_line; i < block.last_line; ++i) text += lines[i] + "\n";
  return text;
}

std::vector<Exchange> exchanges(const Lines& lines, const Block& block) {
  std::vector<Exchange> found;
  for (std::size_t i = block.first_line; i < block.last_line; ++i) {
    if (lines[i].starts_with("$ ")) {
      found.push_back({lines[i].substr(2), i + 1, ""});
    } else if (!found.empty()) {
      found.back().output += lines[i] + "\n";
    }
  }
  return found;
}

std::string without_times(const std::string& text) {
  static const std::regex duration(R"(\b[0-9]+(\.[0-9]+)? ?(ns|µs|us|ms|s)\b)");
  return std::regex_replace(text, duration, "TIME");
}

}  // namespace nsp::golden
