// The members that documents of all kinds share, for environment_as_json(). Inside this folder
// only.
//
// Thread safety: each function writes to its own JsonWriter.
#ifndef NSP_SIM_REPORT_ENVIRONMENT_MEMBERS_H_
#define NSP_SIM_REPORT_ENVIRONMENT_MEMBERS_H_

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

// `{"id": …}`, nothing of an empty id. `unknown`: of the object that holds the reference.
void write_reference(JsonWriter& json, std::string_view name, const ResourceId& id,
                     const Unknown& unknown = {});

// The elements of a list that only a deployment tells are written as they were, after the others.
[[nodiscard]] std::vector<std::string> with_open(std::vector<std::string> texts,
                                                 std::string_view setting,
                                                 const std::vector<Unresolved>& unresolved);

// Nothing where the list or the text is empty.
void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts);
void write_said(JsonWriter& json, std::string_view name, std::string_view text);
void write_patterns(JsonWriter& json, std::string_view name,
                    const std::vector<DomainPattern>& patterns,
                    const std::vector<Unresolved>& unresolved);
// `[{"member": text}, …]`; `unknown`: of the list, whose items are found by their text.
void write_objects(JsonWriter& json, std::string_view name, std::string_view member,
                   const std::vector<std::string>& texts, const Unknown& unknown = {});

[[nodiscard]] std::vector<std::string> texts_of(const std::vector<WrittenPrefix>& prefixes);
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<ResourceId>& ids);
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<IpAddress>& addresses);

// Perimeters with profiles and rules; associations and what resources report; links.
void write_perimeters(JsonWriter& json, const Environment& environment);
void write_associations(JsonWriter& json, const Environment& environment);
void write_links(JsonWriter& json, const Environment& environment);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENVIRONMENT_MEMBERS_H_
