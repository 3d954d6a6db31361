// The `lint` block: documents, and every finding that they must give.
//
//   ```lint a link that waits, enable=NSP152
//   {"resources":[…]}
//   ----
//   warning NSP152 4:3 /resources/2: link `to-partner` to perimeter `nsp-b` is Pending, …
//   ```
//
// Each document ends with a line `----`; what stands below the last one is findings, none where all
// is well. Lines count from the first of the block. Of the words behind `lint`, those of the form
// `key=value` are options: `enable`, `disable` and `today` of `nspsim lint`; the others name it.
//
// What finds is given from outside (LintRunner), since analysis stands on a floor above this one.
// Thread safety: plain values.
#ifndef NSP_SIM_SCENARIO_LINT_BLOCK_H_
#define NSP_SIM_SCENARIO_LINT_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/scenario/markdown.h"
#include "sim/scenario/page_problems.h"

namespace nsp {

struct LintDocument {
  std::string text;
  std::uint32_t first_line = 1;  // within the block
};

// What is to be looked at, and how.
struct LintRequest {
  std::vector<LintDocument> documents;
  std::vector<std::pair<std::string, std::string>> options;  // key → value, in order
  Place place;                                               // of the block
};

struct LintCase {
  std::string name;
  LintRequest request;
  std::vector<std::string> expected;  // a finding a line
  // Bytes of the page that hold the findings; both 0 where they cannot be rewritten.
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Every finding as a line, `severity ID line:column /pointer: message`, in order; or what is wrong
// with the options, at the place of the block.
using LintRunner = std::function<Result<std::vector<std::string>>(const LintRequest&)>;

// What is wrong with the block is added to `problems`.
[[nodiscard]] LintCase read_lint_block(const PageFence& fence, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_LINT_BLOCK_H_
