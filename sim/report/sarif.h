// What every SARIF report writes alike.
//
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0. Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_SARIF_H_
#define NSP_SIM_REPORT_SARIF_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/diagnostic.h"
#include "sim/report/json_writer.h"

namespace nsp {

// A file as a URI: relative ones stay relative, with forward slashes; anything that a URI does not
// hold is encoded.
[[nodiscard]] std::string sarif_uri(std::string_view path);

// The member `physicalLocation`. `character` is the column as SARIF counts it, in code points; 0:
// unknown, the line as a whole.
void write_physical_location(JsonWriter& json, const Place& place, std::uint32_t character);

// The member `locations` with one physical location.
void write_locations(JsonWriter& json, const Place& place, std::uint32_t character);

// Members `$schema` and `version`; leaves the array `runs` open, and in it the object of one run.
void begin_sarif_run(JsonWriter& json);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_SARIF_H_
