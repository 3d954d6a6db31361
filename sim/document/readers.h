// The readers behind read_documents(), one a format. Inside this folder only.
//
// Each takes a tree, the pointer of it in its file and the set to add to. A reader never refuses a
// whole file for one bad resource: it says what is wrong and goes on.
#ifndef NSP_SIM_DOCUMENT_READERS_H_
#define NSP_SIM_DOCUMENT_READERS_H_

#include <string>
#include <string_view>

#include "sim/document/resource_document.h"

namespace nsp {

enum class Format : std::uint8_t {
  Environment,  // {"resources":[…]}, ours
  Resource,     // one REST object, or what az prints of it
  List,         // {"value":[…]}
  Graph,        // {"data":[…]}, what Azure Resource Graph answers
  Array,        // a bare array, as az prints lists
  Example,      // {"parameters":{…},"responses":{"200":{"body":…}}} of the REST specifications
  Template,     // ARM template
  ServiceTags,  // the public download
  Parameters,   // deployment parameters: applied where the command line names them
  Terraform,    // plan or state
  Policy,       // Azure Policy definition, initiative or rule
  ErrorResponse,  // {"error":{"code":…}}
  RequestBody,    // {"properties":…} without an id
  Unknown,
};

[[nodiscard]] Format detect_format(const Node& root);

// Any format; used again for the items of arrays.
void read_any(DocumentSet& set, Node root, const std::string& pointer, const ReadOptions& options);

void read_environment(DocumentSet& set, Node root, const std::string& pointer);
void read_resource(DocumentSet& set, Node body, const std::string& pointer);
void read_list(DocumentSet& set, Node root, const std::string& pointer);
// Resources one by one; those without an id are counted.
void read_items(DocumentSet& set, Node list, const std::string& pointer);
void read_graph_answer(DocumentSet& set, Node root, const std::string& pointer);
void read_array(DocumentSet& set, Node root, const std::string& pointer,
                const ReadOptions& options);
void read_example(DocumentSet& set, Node root, const std::string& pointer,
                  const ReadOptions& options);
// Expands the template: sim/document/template/expand.cc.
void read_template(DocumentSet& set, const Node& root, const std::string& pointer,
                   const ReadOptions& options = {});
// Either side of a plan; the one there is of a state.
void read_terraform(DocumentSet& set, Node root, const std::string& pointer,
                    const ReadOptions& options);
// The templates inside it.
void read_policy(DocumentSet& set, const Node& root, const std::string& pointer,
                 const ReadOptions& options);
void read_service_tags(DocumentSet& set, const Node& root, const std::string& pointer);

[[nodiscard]] bool is_policy(const Node& root);
[[nodiscard]] bool is_graph_answer(const Node& root);

// What a body without id and type is by its members ("an access rule"), or empty.
[[nodiscard]] std::string_view guess_by_members(const Node& body);

// An object of an Az cmdlet, as ConvertTo-Json prints it: names in PascalCase (powershell.cc).
[[nodiscard]] bool is_powershell(const Node& body);
// Its id, or null. REQUIRES: is_powershell(). Lives as long as the body is not changed.
[[nodiscard]] const Node* powershell_id(const Node& body);
// Gives its members their REST names; those of `properties` may still stand beside it. What was cut
// off, and enumerations that are numbers, become unresolved values.
void restore_powershell(Node& body, std::string_view type);

// Puts members that az prints beside `properties` back inside, under their REST names.
void restore_rest_shape(Node& body, std::string_view type);

void add_error(DocumentSet& set, const Node& at, std::string pointer, std::string message);
void add_warning(DocumentSet& set, const Node& at, std::string pointer, std::string message);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_READERS_H_
