#include "sim/scenario/run_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/base/text.h"
#include "sim/model/build.h"
#include "sim/scenario/flow_runner.h"
#include "sim/scenario/section_environment.h"
#include "sim/scenario/section_runner.h"
#include "sim/scenario/section_traffic.h"
#include "sim/scenario/tables.h"

namespace nsp {
namespace {

using Clock = std::chrono::steady_clock;

bool contains(std::string_view text, std::string_view part) {
  return lower(text).find(lower(part)) != std::string::npos;
}

class PageRunner {
 public:
  PageRunner(const Page& page, const RunOptions& options, const Candidate* candidate)
      : page_(page), options_(options), candidate_(candidate) {}

  PageRun run() {
    const auto start = Clock::now();
    out_.result.path = page_.file;
    out_.result.title = page_.title;
    if (!page_.sections.empty()) {
      out_.result.status = to_string(page_.sections.front().status);
    }
    out_.result.diagnostics = page_.diagnostics;
    out_.result.without_case = page_.without_case;
    if (!has_errors(page_.diagnostics)) {
      for (std::size_t i = 0; i < page_.sections.size(); ++i) run_section(i);
      for (const auto& document : page_.documents) run_document(document);
      for (const auto& lint : page_.lints) run_lint(lint);
    }
    if (options_.strict) warnings_are_errors();
    out_.result.elapsed = Clock::now() - start;
    return std::move(out_);
  }

 private:
  void run_section(std::size_t index) {
    const Section& section = page_.sections[index];
    if (section.cases.empty() && section.grid.empty() && !section.flow_table) return;
    if (options_.list) return list_section(index);
    const std::optional<Policy> own = own_policy(index);
    const Policy* own_policy = own ? &*own : nullptr;
    if (candidate_ != nullptr) {
      const std::optional<Policy> extended = with_callers_subnets(index);
      const Policy* judge = extended ? &*extended : &*candidate_->policy;
      SectionRunner(page_, index, options_, judge, own_policy, out_).run();
      run_flows(section, {judge, own_policy});
    } else if (own_policy != nullptr) {
      SectionRunner(page_, index, options_, own_policy, nullptr, out_).run();
      run_flows(section, {own_policy, own_policy});
    }
  }

  void list_section(std::size_t index) {
    SectionRunner(page_, index, options_, nullptr, nullptr, out_).run();
    FlowRunner(page_, page_.sections[index], options_, {}, {}, out_).run();
  }

  // Traffic was seen in the page's own environment: without that nothing can be said of it.
  void run_flows(const Section& section, const FlowPolicies& policies) {
    if (!section.flow_table || policies.own == nullptr) return;
    const auto seen = section_observations(page_, section, options_, *policies.own);
    if (seen) {
      FlowRunner(page_, section, options_, policies, *seen, out_).run();
    } else {
      add_missing(out_.result.diagnostics, seen.error());
    }
  }

  // The subnets of callers exist by being named, in a candidate environment too. Nothing where it
  // describes them all.
  std::optional<Policy> with_callers_subnets(std::size_t index) const {
    const auto callers = known_callers(page_, index);
    const bool all_known = std::ranges::all_of(callers, [&](const Caller& caller) {
      return caller.subnet.empty() || candidate_->policy->find_subnet(caller.subnet).index != kNone;
    });
    if (all_known) return std::nullopt;
    DocumentSet documents = candidate_->documents;
    append(documents, read_documents(expand_tables({}, callers, documents, page_.file).root));
    BuildResult built = build_environment(documents);
    if (!built.ok()) return std::nullopt;
    return compile(std::move(built.environment));
  }

  // Nothing, and every reason why, when the section's environment cannot be built.
  std::optional<Policy> own_policy(std::size_t index) {
    const Section& section = page_.sections[building_section(page_, index)];
    if (!section.builds_environment()) {
      out_.result.diagnostics.push_back({Severity::Error, page_.sections[index].place,
                                         "the `scenario` block has no environment: name files with "
                                         "`environment`, or build one with a `resource` table"});
      return std::nullopt;
    }
    BuildResult built = build_section(page_, index);
    add_missing(out_.result.diagnostics, built.diagnostics);
    if (!built.ok()) return std::nullopt;
    return compile(std::move(built.environment));
  }

  void run_document(const DocumentCase& document) {
    const bool chosen =
        contains(page_.file, options_.filter) || contains(document.name, options_.filter);
    if (!chosen) return;
    const auto start = Clock::now();
    CellResult result;
    result.case_name = document.name;
    result.column = "document";
    result.place = document.place;
    result.expected = join(document.expected, "\n");
    if (!options_.list) {
      std::vector<std::string> lines;
      for (const auto& each : document_diagnostics(document.content))
        lines.push_back(to_string(each));
      result.actual = join(lines, "\n");
      result.status = result.actual == result.expected ? CellStatus::Passed : CellStatus::Failed;
      result.elapsed = Clock::now() - start;
    }
    out_.result.cells.push_back(std::move(result));
  }

  void run_lint(const LintCase& lint) {
    if (!contains(page_.file, options_.filter) && !contains(lint.name, options_.filter)) return;
    const auto start = Clock::now();
    CellResult result;
    result.case_name = lint.name;
    result.column = "lint";
    result.place = lint.request.place;
    result.expected = join(lint.expected, "\n");
    if (!options_.list) {
      const auto findings = find(lint.request);
      if (!findings) return add_missing(out_.result.diagnostics, findings.error());
      result.actual = join(*findings, "\n");
      result.status = result.actual == result.expected ? CellStatus::Passed : CellStatus::Failed;
      if (result.status == CellStatus::Failed) rewrite(lint, result.actual);
      result.elapsed = Clock::now() - start;
    }
    out_.result.cells.push_back(std::move(result));
  }

  [[nodiscard]] Result<std::vector<std::string>> find(const LintRequest& request) const {
    if (options_.lint) return options_.lint(request);
    return std::unexpected(
        one_error(request.place, "the page has a `lint` block, and this program runs none"));
  }

  void rewrite(const LintCase& lint, const std::string& findings) {
    PageCell cell;
    cell.begin = lint.begin;
    cell.end = lint.end;
    if (cell.begin == 0) return;
    out_.rewrites.push_back({cell, findings.empty() ? findings : findings + "\n", true});
  }

  void warnings_are_errors() {
    for (auto& diagnostic : out_.result.diagnostics) {
      if (diagnostic.severity == Severity::Warning) diagnostic.severity = Severity::Error;
    }
  }

  const Page& page_;
  const RunOptions& options_;
  const Candidate* candidate_;
  PageRun out_;
};

}  // namespace

PageRun run_page(const Page& page, const RunOptions& options, const Candidate* candidate) {
  return PageRunner(page, options, candidate).run();
}

}  // namespace nsp
