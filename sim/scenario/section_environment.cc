#include "sim/scenario/section_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/scenario/tables.h"

namespace nsp {
namespace {

// A path of the block, relative to the page.
std::filesystem::path beside(const Page& page, const std::string& path) {
  return (std::filesystem::path(page.file).parent_path() / path).lexically_normal();
}

DocumentSet load_files(const Page& page, const Section& section) {
  DocumentSet all;
  for (const auto& entry : section.environment) {
    const auto path = beside(page, entry.text);
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

void add_missing(Diagnostics& all, const Diagnostics& more) {
  for (const auto& each : more) {
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  }
}

}  // namespace

std::size_t building_section(const Page& page, std::size_t index) {
  for (std::size_t i = index + 1; i-- > 0;) {
    if (page.sections[i].builds_environment()) return i;
  }
  return index;
}

std::vector<Caller> known_callers(const Page& page, std::size_t index) {
  std::vector<Caller> callers;
  for (std::size_t i = index + 1; i-- > 0;) {
    for (const auto& caller : page.sections[i].callers) {
      const bool known = std::ranges::any_of(
          callers, [&](const Caller& other) { return iequals(other.name, caller.name); });
      if (!known) callers.push_back(caller);
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

DocumentSet page_documents(const std::filesystem::path& path) {
  DocumentSet documents;
  const auto bytes = read_file(path);
  if (!bytes) {
    documents.diagnostics = bytes.error();
    return documents;
  }
  Page page = read_page(*bytes, path.string());
  const auto builds = std::ranges::find_if(page.sections, &Section::builds_environment);
  if (builds != page.sections.end()) {
    documents = section_documents(page, static_cast<std::size_t>(builds - page.sections.begin()));
  }
  add_missing(documents.diagnostics, page.diagnostics);
  return documents;
}

}  // namespace nsp
