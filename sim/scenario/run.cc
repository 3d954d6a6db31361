#include "sim/scenario/run.h"

#include <utility>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/scenario/run_page.h"
#include "sim/scenario/run_read.h"
#include "sim/scenario/section_environment.h"

namespace nsp {
namespace {

PageResult invalid_page(std::string path, Diagnostics diagnostics) {
  PageResult page;
  page.path = std::move(path);
  page.diagnostics = std::move(diagnostics);
  return page;
}

// The pages of a folder; none is no error, while a folder that cannot be read is one. As in
// list_files(), hidden folders count for nothing.
Result<std::vector<std::filesystem::path>> list_folder(const std::filesystem::path& folder) {
  auto files = list_files(folder, {".md"});
  if (files) return files;
  std::error_code failed;
  std::filesystem::recursive_directory_iterator walk(folder, failed);
  for (; !failed && walk != std::filesystem::recursive_directory_iterator();
       walk.increment(failed)) {
    std::error_code ignored;
    const bool hidden = walk->path().filename().string().starts_with('.');
    if (hidden && walk->is_directory(ignored)) walk.disable_recursion_pending();
  }
  if (failed) return files;
  return std::vector<std::filesystem::path>{};
}

bool chosen(const PageResult& page, const RunOptions& options) {
  return options.filter.empty() || !page.cells.empty() ||
         lower(page.path).find(lower(options.filter)) != std::string::npos;
}

}  // namespace

Result<std::vector<std::filesystem::path>> list_pages(
    const std::vector<std::filesystem::path>& paths) {
  std::vector<std::filesystem::path> pages;
  Diagnostics diagnostics;
  for (const auto& path : paths) {
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(path, ignored);
    auto found = folder ? list_folder(path) : list_files(path, {".md"});
    if (found) {
      pages.insert(pages.end(), found->begin(), found->end());
    } else {
      diagnostics.insert(diagnostics.end(), found.error().begin(), found.error().end());
    }
  }
  if (!diagnostics.empty()) return std::unexpected(std::move(diagnostics));
  return pages;
}

ReadPages read_pages(const std::vector<std::filesystem::path>& paths) {
  ReadPages all;
  for (const auto& path : paths) {
    const auto files = list_pages({path});
    if (!files) {
      all.unreadable.push_back(invalid_page(path.string(), files.error()));
      continue;
    }
    for (const auto& file : *files) {
      auto bytes = read_file(file);
      if (!bytes) {
        all.unreadable.push_back(invalid_page(file.string(), bytes.error()));
        continue;
      }
      Page page = read_page(*bytes, file.string());
      const bool named = file == path;
      if (named || page.executable) all.pages.push_back({std::move(page), *std::move(bytes)});
    }
  }
  return all;
}

Candidate load_candidate(const RunOptions& options) {
  Candidate candidate;
  if (options.replace_environment.empty()) return candidate;
  for (const auto& path : options.replace_environment) {
    append(candidate.documents, is_page(path) ? read_page_environment(path).documents
                                              : load_documents(std::span(&path, 1), options.read));
  }
  for (Diagnostic& unused : unused_parameters(candidate.documents, options.read)) {
    candidate.documents.diagnostics.push_back(std::move(unused));
  }
  BuildResult built = build_with_pages(candidate.documents);
  candidate.diagnostics = built.diagnostics;
  if (built.ok()) {
    candidate.policy = compile(on_side(std::move(built.environment), options.effective));
  }
  return candidate;
}

RunResult run_pages(const RunOptions& options) {
  RunResult result;
  const Candidate candidate = load_candidate(options);
  if (!candidate.diagnostics.empty()) {
    result.pages.push_back(
        invalid_page(options.replace_environment.front().string(), candidate.diagnostics));
    if (has_errors(candidate.diagnostics)) return result;
  }
  auto pages = read_pages(options.paths);
  for (auto& page : pages.unreadable) result.pages.push_back(std::move(page));
  for (const auto& [page, bytes] : pages.pages) {
    PageResult one = run_page(page, options, candidate.policy ? &candidate : nullptr).result;
    if (chosen(one, options)) result.pages.push_back(std::move(one));
  }
  return result;
}

}  // namespace nsp
