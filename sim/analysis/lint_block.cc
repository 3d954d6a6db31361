#include "sim/analysis/lint_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "sim/access_log/line_protocol_callers.h"
#include "sim/analysis/lint_suppressions.h"
#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/resource_document.h"
#include "sim/model/build.h"

namespace nsp {
namespace {

constexpr std::string_view kFile = "document";

std::string place_text(Place place) {
  place.file.clear();
  const std::string text = to_string(place);
  return text.starts_with(':') ? text.substr(1) : text;
}

// `severity WHAT place: message`, without what is not there.
std::string line(std::string_view head, const Place& place, std::string_view message) {
  const std::string where = place_text(place);
  return fmt::format("{}{}{}: {}", head, where.empty() ? "" : " ", where, message);
}

// The options of a block, read.
struct BlockOptions {
  LintSelection selection;
  Day today = std::numeric_limits<Day>::min();
};

Result<BlockOptions> read_options(const LintRequest& request) {
  BlockOptions options;
  std::vector<std::string> enable;
  std::vector<std::string> disable;
  for (const auto& [key, value] : request.options) {
    if (key == "enable") enable.push_back(value);
    if (key == "disable") disable.push_back(value);
    if (key != "today") continue;
    const auto day = parse_day(value);
    if (!day) {
      return std::unexpected(one_error(
          request.place, fmt::format("`{}` is no date, expected one like `2026-06-30`", value)));
    }
    options.today = *day;
  }
  auto selection = select_checks(enable, disable);
  if (!selection) return std::unexpected(one_error(request.place, std::move(selection.error())));
  options.selection = *std::move(selection);
  return options;
}

class BlockRunner {
 public:
  explicit BlockRunner(BlockOptions options) : options_(std::move(options)) {}

  std::vector<std::string> run(const LintRequest& request) {
    for (const LintDocument& document : request.documents) read(document);
    BuildResult built = build_environment(documents_);
    refuse(built.diagnostics);
    if (!problems_.empty()) return std::move(problems_);
    const Policy policy = compile(std::move(built.environment));
    const LintInput input{policy, callers_ ? &*callers_ : nullptr, {}};
    std::vector<std::string> lines;
    for (const Finding& finding :
         lint(input, options_.selection, suppressions_, options_.today).findings) {
      lines.push_back(to_line(finding));
    }
    return lines;
  }

 private:
  // Lines before the document keep those of the block.
  static std::string at_its_line(const LintDocument& document) {
    return std::string(document.first_line - 1, '\n') + document.text;
  }

  void refuse(const Diagnostics& diagnostics) {
    for (const Diagnostic& each : diagnostics) {
      if (each.severity != Severity::Error) continue;
      std::string text = line("error", each.place, each.message);
      if (std::ranges::find(problems_, text) == problems_.end())
        problems_.push_back(std::move(text));
    }
  }

  void read(const LintDocument& document) {
    const std::string text = at_its_line(document);
    auto root = parse_json(text, std::string(kFile));
    if (!root) return refuse(root.error());
    if (root->find("suppressions") != nullptr) {
      take(read_suppressions(*root), suppressions_);
    } else if (root->find("callers") != nullptr) {
      take(read_callers(text, std::string(kFile)), callers_.emplace());
    } else {
      append(documents_, read_documents(*std::move(root)));
    }
  }

  template <class T>
  void take(Result<std::vector<T>> read, std::vector<T>& into) {
    if (!read) return refuse(read.error());
    into.insert(into.end(), read->begin(), read->end());
  }

  BlockOptions options_;
  DocumentSet documents_;
  std::vector<Suppression> suppressions_;
  std::optional<std::vector<Caller>> callers_;
  std::vector<std::string> problems_;
};

}  // namespace

std::string to_line(const Finding& finding) {
  return line(fmt::format("{} {}", to_string(finding.severity), finding.check->id), finding.place,
              finding.message);
}

Result<std::vector<std::string>> lint_block(const LintRequest& request) {
  auto options = read_options(request);
  if (!options) return std::unexpected(std::move(options.error()));
  return BlockRunner(*std::move(options)).run(request);
}

}  // namespace nsp
