// What the writers of an environment's objects share. For environment_json.cc and its siblings.
//
// Thread safety: one writer, one thread.
#ifndef NSP_SIM_REPORT_ENVIRONMENT_PARTS_H_
#define NSP_SIM_REPORT_ENVIRONMENT_PARTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/environment.h"
#include "sim/report/json_writer.h"

namespace nsp {

// What the document said beyond the model, at the end of the object where it stood. Secrets stay
// out.
void write_unknown(JsonWriter& json, const Unknown& unknown);

// `id`, `name` and `type`, and an open `properties` object; close_resource() ends both.
void open_resource(JsonWriter& json, const ResourceId& id, std::string_view type,
                   std::string_view location = {});
void close_resource(JsonWriter& json, const Unknown& unknown = {});

// The elements of a list that only a deployment tells are written as they were, after the others.
[[nodiscard]] std::vector<std::string> with_open(std::vector<std::string> texts,
                                                 std::string_view setting,
                                                 const std::vector<Unresolved>& unresolved);
void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts);
// The word, or the expression that stands in its place.
void write_word(JsonWriter& json, std::string_view name, std::string_view word,
                const std::vector<Unresolved>& unresolved);
// `[{"member": text}, …]`; `unknown`: of the list, whose items are found by their text.
void write_objects(JsonWriter& json, std::string_view name, std::string_view member,
                   const std::vector<std::string>& texts, const Unknown& unknown = {});

// Members of a resource, and documents of their own that belong to it.
void write_identity(JsonWriter& json, const Resource& resource);
void write_protocols(JsonWriter& json, const Resource& resource);
void write_children(JsonWriter& json, const Resource& resource);

void write_diagnostic_setting(JsonWriter& json, const DiagnosticSetting& setting);
void write_role_assignment(JsonWriter& json, const RoleAssignment& assignment);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENVIRONMENT_PARTS_H_
