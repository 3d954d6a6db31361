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

// The word, or the expression that stands in its place.
void write_word(JsonWriter& json, std::string_view name, std::string_view word,
                const std::vector<Unresolved>& unresolved);
// Members of a resource, and documents of their own that belong to it.
void write_identity(JsonWriter& json, const Resource& resource);
void write_protocols(JsonWriter& json, const Resource& resource);
void write_children(JsonWriter& json, const Resource& resource);

void write_diagnostic_setting(JsonWriter& json, const DiagnosticSetting& setting);
void write_role_assignment(JsonWriter& json, const RoleAssignment& assignment);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENVIRONMENT_PARTS_H_
