#include "sim/document/resource_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/document/json.h"
#include "sim/document/readers.h"
#include "sim/document/source_files.h"

namespace nsp {
namespace {

// They say nothing without a template, and which one they belong to only the user knows.
void skip_parameters(DocumentSet& set, const Node& root, const std::string& pointer) {
  ++set.ignored["deployment parameters"];
  add_warning(set, root, pointer,
              fmt::format("deployment parameters are not applied by themselves: `--parameters {}` "
                          "applies them to templates",
                          root.file != nullptr ? *root.file : "FILE"));
}

void skip_error_response(DocumentSet& set, const Node& root, const std::string& pointer) {
  ++set.ignored["error response"];
  add_warning(set, root, pointer,
              fmt::format("an error response, `{}`: it describes no resource",
                          root.find("error")->string_at("code")));
}

void refuse(DocumentSet& set, const Node& root, const std::string& pointer) {
  add_error(
      set, root, pointer,
      fmt::format("not an Azure document, found {}: expected a resource, a list of resources, "
                  "`{{\"resources\":[…]}}` or an ARM template",
                  kind_name(root.kind)));
}

bool is_parameter_file(const std::filesystem::path& file, const ReadOptions& options) {
  return std::ranges::any_of(options.parameter_files, [&](const std::filesystem::path& named) {
    std::error_code ignored;
    return std::filesystem::equivalent(file, named, ignored);
  });
}

DocumentSet read_bytes(std::string bytes, const std::string& file, const ReadOptions& options) {
  auto root = parse_owned_json(std::move(bytes), file);
  if (root) return read_documents(std::move(*root), options);
  DocumentSet set;
  set.diagnostics = std::move(root.error());
  return set;
}

// At the first of its places, so that the order of files is irrelevant.
void keep_one_note(DocumentSet& all, DocumentSet& more) {
  const auto is_note = [&](const Diagnostic& one) {
    return one.severity == Severity::Note && one.message == more.stand_ins;
  };
  const auto kept = std::ranges::find_if(all.diagnostics, is_note);
  const auto other = std::ranges::find_if(more.diagnostics, is_note);
  if (kept == all.diagnostics.end() || other == more.diagnostics.end()) return;
  kept->place = std::min(kept->place, other->place);
  more.diagnostics.erase(other);
}

template <class T>
void move_to_end(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void add_error(DocumentSet& set, const Node& at, std::string pointer, std::string message) {
  set.diagnostics.push_back({Severity::Error, at.place(std::move(pointer)), std::move(message)});
}

void add_warning(DocumentSet& set, const Node& at, std::string pointer, std::string message) {
  set.diagnostics.push_back({Severity::Warning, at.place(std::move(pointer)), std::move(message)});
}

void read_any(DocumentSet& set, Node root, const std::string& pointer, const ReadOptions& options) {
  switch (detect_format(root)) {
    case Format::Environment:
      return read_environment(set, std::move(root), pointer);
    case Format::Resource:
    case Format::RequestBody:
      return read_resource(set, std::move(root), pointer);
    case Format::List:
      return read_list(set, std::move(root), pointer);
    case Format::Graph:
      return read_graph_answer(set, std::move(root), pointer);
    case Format::Array:
      return read_array(set, std::move(root), pointer, options);
    case Format::Example:
      return read_example(set, std::move(root), pointer, options);
    case Format::Template:
      return read_template(set, root, pointer, options);
    case Format::ServiceTags:
      return read_service_tags(set, root, pointer);
    case Format::Parameters:
      return skip_parameters(set, root, pointer);
    case Format::Terraform:
      return read_terraform(set, std::move(root), pointer, options);
    case Format::Policy:
      return read_policy(set, root, pointer, options);
    case Format::ErrorResponse:
      return skip_error_response(set, root, pointer);
    case Format::Unknown:
      return refuse(set, root, pointer);
  }
}

DocumentSet read_documents(Node&& root, const ReadOptions& options) {
  DocumentSet set;
  read_any(set, std::move(root), {}, options);
  return set;
}

DocumentSet read_documents(const Node& root, const ReadOptions& options) {
  return read_documents(Node(root), options);
}

DocumentSet read_documents(std::string_view bytes, const std::string& file,
                           const ReadOptions& options) {
  return read_bytes(std::string(bytes), file, options);
}

namespace {

void load_file(DocumentSet& all, const std::filesystem::path& file, const ReadOptions& options) {
  auto bytes = read_file(file);
  if (bytes) return append(all, read_bytes(std::move(*bytes), file.string(), options));
  move_to_end(all.diagnostics, bytes.error());
}

void load_path(DocumentSet& all, const std::filesystem::path& path, const ReadOptions& options) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  if (!is_folder && is_source_file(path) && std::filesystem::exists(path, ignored)) {
    all.diagnostics.push_back({Severity::Error,
                               {path.string(), 0, 0, {}},
                               "must be built before it can be read: " + how_to_build(path)});
    return;
  }
  Diagnostics unbuilt = is_folder ? unbuilt_sources(path) : Diagnostics();
  auto files = list_files(path, {".json"});
  if (!files) {
    // Where there is nothing else, the sources are why.
    for (Diagnostic& note : unbuilt) note.severity = Severity::Error;
    move_to_end(all.diagnostics, unbuilt.empty() ? files.error() : unbuilt);
    return;
  }
  move_to_end(all.diagnostics, unbuilt);
  for (const std::filesystem::path& file : *files) {
    const bool is_left_out =
        is_parameter_file(file, options) || (is_folder && is_source_file(file));
    if (!is_left_out) load_file(all, file, options);
  }
}

}  // namespace

DocumentSet load_documents(std::span<const std::filesystem::path> paths,
                           const ReadOptions& options) {
  DocumentSet all;
  for (const std::filesystem::path& path : paths) load_path(all, path, options);
  return all;
}

Diagnostics unused_parameters(const DocumentSet& all, const ReadOptions& options) {
  Diagnostics unused;
  for (const GivenParameter& given : options.parameters) {
    if (all.parameters.contains(lower(given.name))) continue;
    unused.push_back({Severity::Warning, given.value.place(),
                      fmt::format("no template has a parameter `{}`", given.name)});
  }
  return unused;
}

void append(DocumentSet& all, DocumentSet more) {
  if (!all.stand_ins.empty() && all.stand_ins == more.stand_ins) keep_one_note(all, more);
  if (all.stand_ins.empty()) all.stand_ins = std::move(more.stand_ins);
  move_to_end(all.resources, more.resources);
  move_to_end(all.service_tags, more.service_tags);
  move_to_end(all.diagnostics, more.diagnostics);
  for (const auto& [what, count] : more.ignored) all.ignored[what] += count;
  all.parameters.merge(more.parameters);
  all.secrets.merge(std::move(more.secrets));
}

}  // namespace nsp
