#include "sim/document/resource_document.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "sim/document/file.h"
#include "sim/document/json.h"
#include "sim/document/readers.h"

namespace nsp {
namespace {

void skip_format(DocumentSet& set, const Node& root, const std::string& pointer,
                 std::string_view format) {
  ++set.ignored[std::string(format)];
  add_warning(set, root, pointer, fmt::format("{}: not read by this version", format));
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

void read_any(DocumentSet& set, Node root, const std::string& pointer) {
  switch (detect_format(root)) {
    case Format::Environment:
      return read_environment(set, std::move(root), pointer);
    case Format::Resource:
    case Format::RequestBody:
      return read_resource(set, std::move(root), pointer);
    case Format::List:
      return read_list(set, std::move(root), pointer);
    case Format::Array:
      return read_array(set, std::move(root), pointer);
    case Format::Example:
      return read_example(set, std::move(root), pointer);
    case Format::Template:
      return read_template(set, root, pointer);
    case Format::ServiceTags:
      return read_service_tags(set, root, pointer);
    case Format::Parameters:
      return skip_format(set, root, pointer, "deployment parameters");
    case Format::Terraform:
      return skip_format(set, root, pointer, "Terraform plan or state");
    case Format::Policy:
      return skip_format(set, root, pointer, "Azure Policy definition");
    case Format::ErrorResponse:
      return skip_error_response(set, root, pointer);
    case Format::Unknown:
      return refuse(set, root, pointer);
  }
}

DocumentSet read_documents(Node&& root) {
  DocumentSet set;
  read_any(set, std::move(root), {});
  return set;
}

DocumentSet read_documents(const Node& root) { return read_documents(Node(root)); }

DocumentSet read_documents(std::string_view bytes, std::string file) {
  auto root = parse_json(bytes, std::move(file));
  if (root) return read_documents(std::move(*root));
  DocumentSet set;
  set.diagnostics = std::move(root.error());
  return set;
}

DocumentSet load_documents(std::span<const std::filesystem::path> paths) {
  DocumentSet all;
  for (const std::filesystem::path& path : paths) {
    const auto files = list_files(path, {".json"});
    if (!files) {
      Diagnostics faults = files.error();
      move_to_end(all.diagnostics, faults);
      continue;
    }
    for (const std::filesystem::path& file : *files) {
      auto bytes = read_file(file);
      if (bytes) {
        append(all, read_documents(*bytes, file.string()));
      } else {
        move_to_end(all.diagnostics, bytes.error());
      }
    }
  }
  return all;
}

void append(DocumentSet& all, DocumentSet more) {
  move_to_end(all.resources, more.resources);
  move_to_end(all.service_tags, more.service_tags);
  move_to_end(all.diagnostics, more.diagnostics);
  for (const auto& [what, count] : more.ignored) all.ignored[what] += count;
}

}  // namespace nsp
