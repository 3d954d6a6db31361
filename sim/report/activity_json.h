// Activities and counts of recorded traffic as members of JSON documents. Thread safety: pure.
#ifndef NSP_SIM_REPORT_ACTIVITY_JSON_H_
#define NSP_SIM_REPORT_ACTIVITY_JSON_H_

#include "sim/analysis/traffic_counts.h"
#include "sim/report/json_writer.h"

namespace nsp {

// The members `weight`, `first`, `last` and `days`; the times are null where nothing was seen.
void write_activity(JsonWriter& json, const Activity& seen);

// The members `window`, `records`, `flows` (null without captures), `problems` and `examples`.
void write_counts(JsonWriter& json, const TrafficCounts& counts, const Activity& window);

// The member `name`: `text`, or null where it is empty.
void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ACTIVITY_JSON_H_
