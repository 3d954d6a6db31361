// The environment of a section: its files and its tables together.
#ifndef NSP_SIM_SCENARIO_SECTION_ENVIRONMENT_H_
#define NSP_SIM_SCENARIO_SECTION_ENVIRONMENT_H_

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "sim/document/resource_document.h"
#include "sim/model/build.h"
#include "sim/scenario/page.h"

namespace nsp {

// The section whose files and tables section `index` uses: itself, or, when it builds nothing, the
// one before that does.
[[nodiscard]] std::size_t building_section(const Page& page, std::size_t index);

// The callers that a section knows: its own, then those of the sections before it under other
// names.
[[nodiscard]] std::vector<Caller> known_callers(const Page& page, std::size_t index);

// A path that the page names, which is relative to the page.
[[nodiscard]] std::filesystem::path beside_page(const Page& page, const std::string& path);

// What the files and the expanded tables of a section say, diagnostics included.
[[nodiscard]] DocumentSet section_documents(const Page& page, std::size_t index);

// The same as one validated environment; the diagnostics of reading and building, errors first in
// order of place.
[[nodiscard]] BuildResult build_section(const Page& page, std::size_t index);

// Every diagnostic of reading and building one document, in order: what a `document` block states.
[[nodiscard]] Diagnostics document_diagnostics(std::string_view content);

// A page stands for an environment wherever documents are named (`--env page.md`).
[[nodiscard]] bool is_page(const std::filesystem::path& path);

// What a page gives as an environment: the documents of its first section that builds one, and the
// callers known there. A page that builds none is an error; one that asks nothing is as good as
// any.
struct PageEnvironment {
  DocumentSet documents;
  std::vector<Caller> callers;
};
[[nodiscard]] PageEnvironment read_page_environment(const std::filesystem::path& path);

// build_environment() of documents that may come from pages: a place in a page keeps line and
// column only, since the pointer is that of its expanded tables.
[[nodiscard]] BuildResult build_with_pages(const DocumentSet& documents);

// Adds what is not there yet.
void add_missing(Diagnostics& all, const Diagnostics& more);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_SECTION_ENVIRONMENT_H_
