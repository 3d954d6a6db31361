// The access log, condensed: each distinct record once, with how often and when.
//
// Gigabytes of records hold few distinct tuples, so everything behind reading works on this table.
// Tables of parts of a log merge into the table of the whole, whatever the parts and their order;
// that is what shards, jobs and `nspsim merge` rest on.
//
// Texts are as recorded, but ids and host names in lower case (Azure compares them without case).
// Thread safety: plain values.
#ifndef NSP_SIM_ACCESS_LOG_LOG_TABLE_H_
#define NSP_SIM_ACCESS_LOG_LOG_TABLE_H_

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "sim/base/diagnostic.h"
#include "sim/traffic/observation.h"

namespace nsp {

// What makes two records the same. An absent field is empty.
struct LogTuple {
  LogCategory category = LogCategory::NspPublicInboundResourceRulesAllowed;
  std::string perimeter;             // the id of the perimeter
  std::string service;               // serviceResourceId: the resource that wrote the record
  std::string service_name;          // serviceFqdn
  std::string profile;               // its name
  std::string rule;                  // matchedRule.accessRule
  std::string version;               // accessRulesVersion
  std::string source_address;        // source.ipAddress, as written
  std::string source_resource;       // source.resourceId
  std::string source_app;            // source.appId
  std::string source_protocol;       // `HTTPS:TCP`
  bool service_endpoint = false;     // source.parameters marks a service endpoint
  std::string destination_name;      // destination.fullyQualifiedDomainName
  std::string destination_resource;  // destination.resourceId
  std::string operation;             // operationName

  auto operator<=>(const LogTuple&) const = default;
};

inline constexpr std::size_t kMostExamples = 10;

struct LogTable {
  std::map<LogTuple, Activity> tuples;

  std::uint64_t files = 0;
  std::uint64_t records = 0;  // read, whatever their category; unreadable ones are not among them
  // What cost a line or a record: why → how often. Never silent.
  std::map<std::string, std::uint64_t> unreadable;
  std::map<std::string, std::uint64_t> unknown_categories;  // as written → records
  std::map<std::string, std::uint64_t> unknown_columns;     // as written → records
  // The first places of unreadable records, at most kMostExamples, in order of place.
  Diagnostics examples;

  void merge(const LogTable& other);
  bool operator==(const LogTable&) const = default;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LOG_TABLE_H_
