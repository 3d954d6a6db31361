#include "sim/report/activity_json.h"

namespace nsp {
namespace {

void write_times(JsonWriter& json, const Activity& seen) {
  if (seen.weight == 0) {
    json.key("first").null().key("last").null();
    return;
  }
  json.member("first", to_string(seen.first)).member("last", to_string(seen.last));
}

void write_tally(JsonWriter& json, std::string_view name, const Tally& tally) {
  json.key(name).object();
  for (const auto& [what, count] : tally) json.member(what, count);
  json.end();
}

}  // namespace

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.value(text);
  }
}

void write_activity(JsonWriter& json, const Activity& seen) {
  json.member("weight", seen.weight);
  write_times(json, seen);
  json.member("days", seen.weight == 0 ? std::size_t{0} : seen.days.size());
}

void write_counts(JsonWriter& json, const TrafficCounts& counts, const Activity& window) {
  json.key("window").object();
  write_times(json, window);
  json.end();
  json.key("records").object();
  json.member("files", counts.log_files);
  json.member("read", counts.records);
  json.member("unreadable", total(counts.unreadable));
  json.member("unknownCategory", total(counts.unknown_categories));
  json.end();
  json.key("flows").object();
  json.member("files", counts.capture_files);
  json.member("packets", counts.packets);
  json.member("read", counts.flows);
  json.end();
  json.key("problems").object();
  write_tally(json, "unreadable", counts.unreadable);
  write_tally(json, "unknownCategories", counts.unknown_categories);
  write_tally(json, "unknownColumns", counts.unknown_columns);
  write_tally(json, "unusable", counts.unusable);
  write_tally(json, "packets", counts.packet_problems);
  json.key("examples").array();
  for (const Diagnostic& example : counts.examples) write_diagnostic(json, example);
  for (const Diagnostic& warning : counts.capture_warnings) write_diagnostic(json, warning);
  json.end().end();
}

}  // namespace nsp
