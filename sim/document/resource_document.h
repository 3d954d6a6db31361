// Every Azure format, reduced to one: a flat list of resource documents in the shape of REST.
//
// Readers, one a format, each a pure function from a tree: REST object, REST list
// `{value,nextLink}`, REST example wrapper, the plain environment `{"resources":[…]}`, `az … -o
// json` (flat or nested, one object or an array), per-resource
// networkSecurityPerimeterConfigurations, ARM templates (sim/document/template/), Terraform
// plans and states (terraform.h). What they agree
// on is ResourceDocument: id, type, name and a `properties` object as REST has it (flattened az
// output is put back under `properties`; the CLI's renamed members get their REST names). Anything
// that is not an Azure resource is counted in `ignored`, not refused.
#ifndef NSP_SIM_DOCUMENT_RESOURCE_DOCUMENT_H_
#define NSP_SIM_DOCUMENT_RESOURCE_DOCUMENT_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/base/resource_id.h"
#include "sim/base/secrets.h"
#include "sim/document/deployment.h"
#include "sim/document/node.h"

namespace nsp {

struct ResourceDocument {
  ResourceId id;
  std::string type;  // canonical case where we know the type, else as written
  std::string name;  // the last segment
  // The whole object, REST shape: id, name, type, kind, location, identity, properties, …
  Node body;
  std::string pointer;  // of the body in its file
};

// A service tag of the public download,
// `{"values":[{"name":"Storage.WestUS","properties":{"addressPrefixes":[…]}}]}`.
struct ServiceTagDocument {
  std::string name;     // as written
  Node prefixes;        // the array of strings
  std::string pointer;  // of the array in its file
};

// One file's or one page's worth.
struct DocumentSet {
  std::vector<ResourceDocument> resources;
  std::vector<ServiceTagDocument> service_tags;
  // What was seen and not modelled: type or format → how often.
  std::map<std::string, std::size_t> ignored;
  Diagnostics diagnostics;  // errors and warnings met on the way
  // The parameters that its templates declare, in lower case.
  std::set<std::string> parameters;
  // The note among the diagnostics that names the stand-ins which ids were made with, if any were.
  std::string stand_ins;
  // What the documents call secret, to be hidden wherever it has got.
  SecretTexts secrets;
};

// Recognises the format and reads it. Never throws; a document that is no Azure document at all
// yields an error. The second form takes the tree apart instead of copying it.
[[nodiscard]] DocumentSet read_documents(const Node& root, const ReadOptions& options = {});
[[nodiscard]] DocumentSet read_documents(Node&& root, const ReadOptions& options = {});

// Bytes, file name → documents (parse errors included in the diagnostics).
[[nodiscard]] DocumentSet read_documents(std::string_view bytes, const std::string& file,
                                         const ReadOptions& options = {});

// Files and folders (every .json under them) → one set, in order. Bicep and Terraform's source are
// not read: an error that names the command which builds them, of those in a folder one note.
[[nodiscard]] DocumentSet load_documents(std::span<const std::filesystem::path> paths,
                                         const ReadOptions& options = {});

// Warnings about given parameters that no template of the whole declares.
[[nodiscard]] Diagnostics unused_parameters(const DocumentSet& all, const ReadOptions& options);

// A member that ARM itself, or a tool, puts beside `properties`: `id`, `location`, `tags`. Without
// case.
[[nodiscard]] bool is_envelope(std::string_view member);

// Adds `more` to `all`; the note about stand-ins is kept once.
void append(DocumentSet& all, DocumentSet more);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_RESOURCE_DOCUMENT_H_
