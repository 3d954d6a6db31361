// Writes the access-log records that the service would write about an attempt, from our decision on
// it. Reading them back gives the attempt again, as far as a record can tell it.
//
// Which records: those of written_categories(). A call between two members leaves a record of the
// source and one of the destination, each under its own perimeter; a call over a link leaves two of
// the source. What a leg could not decide leaves none, nor does a leg without an association.
//
// Two shapes, one record a line (newline-delimited JSON):
//   - Raw: as diagnostic settings deliver it to a storage account or an event hub; the platform's
//     published shape (LOG, 2025-08-01), camelCase. A field that does not apply is left out.
//   - Table: as a row of the Log Analytics table NSPAccessLogs, all forty columns in the order of
//     its reference; what does not apply is an empty string, as in the table. No mapping from raw
//     to table is published; ResultAction, ResultDirection, RuleType and TrafficType are derived
//     from the category by our reading.
//
// What we fill in, and what we leave out:
//   - `matchedRule` names the rule that admitted: an access rule by its short name, a resource's
//     own rule by the words of matched_rule() (`ip 203.0.113.14`, `trusted service`), where the
//     service writes words of its own such as `IP firewall`. Nothing where no rule admitted, and
//     nothing on a denial (U11).
//   - `perimeterGuids` only where the guid admitted: NspIntra… and NspCross… inbound.
//   - `source.resourceId` of every caller that is a resource. The service knows it for certain only
//     of a managed identity; without it a record would not read back to its attempt.
//   - `source.ipAddress` only where the destination sees one. Through a service endpoint there is
//     none, and `source.parameters` holds the marker `ServiceEndpoint` with the id of the subnet
//     where it is known.
//   - `accessRulesVersion` is "0", as documents do not carry it; `operationName` is the attempt's
//     operation. Application ids, ports, credentials and result descriptions are not known to us.
//
// Time is passed in, the same input gives the same bytes. Thread safety: one writer, one thread.
// Cost: one pass, no memory kept. Text of documents is UTF-8 (their readers see to it).
#ifndef NSP_SIM_ACCESS_LOG_RECORD_WRITER_H_
#define NSP_SIM_ACCESS_LOG_RECORD_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/time.h"
#include "sim/decision/decided.h"

namespace nsp {

enum class RecordShape : std::uint8_t { Raw, Table };

// What one record stands for: `count` events from `first` to `last`.
struct RecordedTimes {
  Instant first;
  Instant last;
  std::uint64_t count = 1;
};

// The records of one decision, but for when it was made: a text each, without the line's end. A
// decision that is made again and again is taken apart once.
using PreparedRecords = std::vector<std::string>;

// Where the clock of made-up records starts: 2026-01-01T00:00:00Z.
inline constexpr Instant kRecordStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

class RecordWriter {
 public:
  explicit RecordWriter(RecordShape shape, Instant start = kRecordStart)
      : shape_(shape), next_(start) {}

  // Appends the records of one event. The first attempt happens at `start`, each further one a
  // second later, whether or not it leaves records; records of one attempt bear the same time.
  void write(const Decided& decided, std::string& out);

  // Appends the records of events that were seen. `only`: those of one leg, for attempts that were
  // read from a record and are judged by its leg.
  void write(const Decided& decided, const RecordedTimes& times, std::optional<Direction> only,
             std::string& out) const;

  // The same in two steps: write(decided, times, only, out) appends what write(one, times, out)
  // does for each of prepare(decided, only).
  [[nodiscard]] PreparedRecords prepare(const Decided& decided,
                                        std::optional<Direction> only) const;
  void write(std::string_view prepared, const RecordedTimes& times, std::string& out) const;

 private:
  RecordShape shape_;
  Instant next_;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_RECORD_WRITER_H_
