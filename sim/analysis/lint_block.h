// What a page's `lint` block is held against: the documents of the block, looked at as `nspsim
// lint` does.
//
// A document with a member `suppressions` is a file of suppressions, one with a member `callers` a
// table of callers (`--callers`); all others together are the environment. Where they are no
// environment, the errors stand in place of findings: `error 4:3 /pointer: message`.
//
// Thread safety: a pure function. Without `today` no suppression has expired.
#ifndef NSP_SIM_ANALYSIS_LINT_BLOCK_H_
#define NSP_SIM_ANALYSIS_LINT_BLOCK_H_

#include <string>
#include <vector>

#include "sim/analysis/lint.h"
#include "sim/scenario/lint_block.h"

namespace nsp {

// `severity ID line:column /pointer: message`: the place without its file.
[[nodiscard]] std::string to_line(const Finding& finding);

// A LintRunner (RunOptions::lint).
[[nodiscard]] Result<std::vector<std::string>> lint_block(const LintRequest& request);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_BLOCK_H_
