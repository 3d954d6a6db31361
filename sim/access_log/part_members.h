// What the members of a part are called: shared by its writer and its reader.
#ifndef NSP_SIM_ACCESS_LOG_PART_MEMBERS_H_
#define NSP_SIM_ACCESS_LOG_PART_MEMBERS_H_

#include <array>
#include <string>
#include <string_view>

#include "sim/access_log/log_table.h"

namespace nsp {

inline constexpr std::string_view kPartSchema = "nspsim.part/1";

// The texts of a tuple and what they are called, in the order in which they are written.
struct PartText {
  std::string_view name;
  std::string LogTuple::*text;
};
inline constexpr std::array<PartText, 13> kPartTexts{{
    {"perimeter", &LogTuple::perimeter},
    {"service", &LogTuple::service},
    {"serviceName", &LogTuple::service_name},
    {"profile", &LogTuple::profile},
    {"rule", &LogTuple::rule},
    {"version", &LogTuple::version},
    {"sourceAddress", &LogTuple::source_address},
    {"sourceResource", &LogTuple::source_resource},
    {"sourceApp", &LogTuple::source_app},
    {"sourceProtocol", &LogTuple::source_protocol},
    {"destinationName", &LogTuple::destination_name},
    {"destinationResource", &LogTuple::destination_resource},
    {"operation", &LogTuple::operation},
}};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_PART_MEMBERS_H_
