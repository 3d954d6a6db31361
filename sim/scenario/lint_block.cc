#include "sim/scenario/lint_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 3> kLintKeys{"enable", "disable", "today"};

// The line that ends a document.
constexpr std::string_view kFence = "----";

class LintReader {
 public:
  LintReader(const PageFence& fence, PageProblems& problems) : fence_(fence), problems_(problems) {
    out_.request.place = problems.place(fence.line, 1);
  }

  LintCase read() {
    for (const auto word : split_words(fence_.info, ' ')) read_word(word);
    // `a link that waits, enable=NSP152`: the comma belongs to neither.
    while (out_.name.ends_with(',')) out_.name.pop_back();
    if (out_.name.empty()) out_.name = "lint";
    read_content();
    return std::move(out_);
  }

 private:
  void read_word(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == word.npos) {
      // The first word is `lint` itself.
      if (named_) out_.name += (out_.name.empty() ? "" : " ") + std::string(word);
      named_ = true;
      return;
    }
    const auto key = word.substr(0, equals);
    if (std::ranges::find(kLintKeys, key) == kLintKeys.end()) {
      const auto near = nearest_word(key, kLintKeys);
      problems_.error(
          out_.request.place,
          fmt::format("unknown option `{}` of a `lint` block, expected `enable`, "
                      "`disable` or `today`{}",
                      key,
                      near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near)));
      return;
    }
    out_.request.options.emplace_back(key, word.substr(equals + 1));
  }

  void read_content() {
    LintDocument document;
    std::uint32_t line = 1;
    std::size_t after_divider = 0;
    for (std::size_t start = 0; start < fence_.content.size(); ++line) {
      const auto end = std::min(fence_.content.find('\n', start), fence_.content.size());
      const auto text = std::string_view(fence_.content).substr(start, end - start);
      start = std::min(end + 1, fence_.content.size());
      if (trim(text) == kFence) {
        out_.request.documents.push_back(std::move(document));
        document = {{}, line + 1};
        after_divider = start;
      } else {
        document.text += fmt::format("{}\n", text);
      }
    }
    if (out_.request.documents.empty()) {
      problems_.error(out_.request.place, "the `lint` block has no line `----` after the document");
      return;
    }
    for (const auto finding : split_words(document.text, '\n')) out_.expected.emplace_back(finding);
    if (fence_.begin == fence_.end) return;
    out_.begin = fence_.begin + after_divider;
    out_.end = fence_.end;
  }

  const PageFence& fence_;
  PageProblems& problems_;
  LintCase out_;
  bool named_ = false;
};

}  // namespace

LintCase read_lint_block(const PageFence& fence, PageProblems& problems) {
  return LintReader(fence, problems).read();
}

}  // namespace nsp
