#include "sim/scenario/section_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/scenario/tables.h"

namespace nsp {
namespace {

DocumentSet load_files(const Page& page, const Section& section) {
  DocumentSet all;
  for (const auto& entry : section.environment) {
    const auto path = beside_page(page, entry.text);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      all.diagnostics.push_back(
          {Severity::Error, entry.place,
           fmt::format("no environment `{}`, expected a file or folder beside the page",
                       entry.text)});
      continue;
    }
    append(all, load_documents(std::span(&path, 1)));
  }
  return all;
}

// A place in the page has line and column; the pointer into the expanded tables would mean nothing
// to its author.
void drop_pointers(Diagnostics& diagnostics, const std::string& file) {
  for (auto& diagnostic : diagnostics) {
    if (diagnostic.place.file == file) diagnostic.place.pointer.clear();
  }
}

}  // namespace

std::filesystem::path beside_page(const Page& page, const std::string& path) {
  return (std::filesystem::path(page.file).parent_path() / path).lexically_normal();
}

std::size_t building_section(const Page& page, std::size_t index) {
  for (std::size_t i = index + 1; i-- > 0;) {
    if (page.sections[i].builds_environment()) return i;
  }
  return index;
}

void add_missing(Diagnostics& all, const Diagnostics& more) {
  for (const auto& each : more) {
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  }
}

std::vector<Caller> known_callers(const Page& page, std::size_t index) {
  std::vector<Caller> callers;
  std::unordered_set<std::string> names;
  for (std::size_t i = index + 1; i-- > 0;) {
    for (const auto& caller : page.sections[i].callers) {
      if (names.insert(lower(caller.name)).second) callers.push_back(caller);
    }
  }
  return callers;
}

DocumentSet section_documents(const Page& page, std::size_t index) {
  const Section& section = page.sections[building_section(page, index)];
  DocumentSet all = load_files(page, section);
  auto expansion = expand_tables(section.tables, known_callers(page, index), all, page.file);
  add_missing(all.diagnostics, expansion.diagnostics);
  if (has_errors(expansion.diagnostics)) return all;  // what is half expanded would only add noise
  DocumentSet of_tables = read_documents(expansion.root);
  drop_pointers(of_tables.diagnostics, page.file);
  append(all, std::move(of_tables));
  return all;
}

BuildResult build_section(const Page& page, std::size_t index) {
  const DocumentSet documents = section_documents(page, index);
  BuildResult result;
  if (has_errors(documents.diagnostics)) {
    result.diagnostics = documents.diagnostics;
    return result;
  }
  result = build_environment(documents);
  drop_pointers(result.diagnostics, page.file);
  add_missing(result.diagnostics, documents.diagnostics);
  std::ranges::stable_sort(result.diagnostics, {}, &Diagnostic::place);
  return result;
}

Diagnostics document_diagnostics(std::string_view content) {
  const DocumentSet documents = read_documents(content, "document");
  Diagnostics all = documents.diagnostics;
  add_missing(all, build_environment(documents).diagnostics);
  std::ranges::stable_sort(all, {}, &Diagnostic::place);
  return all;
}

bool is_page(const std::filesystem::path& path) {
  return iequals(path.extension().string(), ".md");
}

PageEnvironment read_page_environment(const std::filesystem::path& path) {
  PageEnvironment read;
  const auto bytes = read_file(path);
  if (!bytes) {
    read.documents.diagnostics = bytes.error();
    return read;
  }
  const Page page = read_page(*bytes, path.string());
  Diagnostics& diagnostics = read.documents.diagnostics;
  diagnostics = page.diagnostics;
  // That a page asks nothing is the one error it then has.
  if (page.without_case) {
    std::erase_if(diagnostics, [](const Diagnostic& d) { return d.severity == Severity::Error; });
  }
  const auto builds = std::ranges::find_if(page.sections, &Section::builds_environment);
  if (builds != page.sections.end()) {
    const auto index = static_cast<std::size_t>(builds - page.sections.begin());
    DocumentSet documents = section_documents(page, index);
    add_missing(diagnostics, std::exchange(documents.diagnostics, {}));
    append(read.documents, std::move(documents));
    read.callers = known_callers(page, index);
  } else if (!has_errors(diagnostics)) {
    diagnostics = one_error({page.file, 0, 0, {}}, "the page builds no environment");
  }
  return read;
}

BuildResult build_with_pages(const DocumentSet& documents) {
  BuildResult built = build_environment(documents);
  for (auto& diagnostic : built.diagnostics) {
    if (is_page(diagnostic.place.file)) diagnostic.place.pointer.clear();
  }
  return built;
}

}  // namespace nsp
