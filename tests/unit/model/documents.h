// Short documents for the tests of the model: ids and objects of one resource group, and
// diagnostics as text.
#ifndef NSP_TESTS_UNIT_MODEL_DOCUMENTS_H_
#define NSP_TESTS_UNIT_MODEL_DOCUMENTS_H_

#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/model/build.h"

namespace nsp {

inline const std::string kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/";
inline const std::string kPerimeter = kGroup + "Microsoft.Network/networkSecurityPerimeters/";
inline const std::string kStorage = kGroup + "Microsoft.Storage/storageAccounts/";
inline const std::string kSearch = kGroup + "Microsoft.Search/searchServices/";
inline const std::string kAccount = kGroup + "Microsoft.CognitiveServices/accounts/";

// A resource on one line. `more` is JSON that follows the id, such as `,"properties":{}`.
inline std::string object(const std::string& id, const std::string& more = "") {
  return fmt::format(R"({{"id":"{}"{}}})", id, more);
}

inline std::string with(const std::string& properties) {
  return fmt::format(R"(,"properties":{{{}}})", properties);
}

inline std::string rule(const std::string& name, const std::string& properties) {
  return object(kPerimeter + "nsp/profiles/p/accessRules/" + name, with(properties));
}

inline std::string association(const std::string& name, const std::string& resource,
                               const std::string& mode = "Enforced",
                               const std::string& perimeter = "nsp",
                               const std::string& profile = "p") {
  return object(
      kPerimeter + perimeter + "/resourceAssociations/" + name,
      with(fmt::format(
          R"("privateLinkResource":{{"id":"{}"}},"profile":{{"id":"{}{}/profiles/{}"}},"accessMode":"{}")",
          resource, kPerimeter, perimeter, profile, mode)));
}

// A perimeter `nsp` with a profile `p`, which most tests start from.
inline std::vector<std::string> base() {
  return {object(kPerimeter + "nsp"), object(kPerimeter + "nsp/profiles/p")};
}

// One resource a line, the first on line 2, each at column 1: a diagnostic's line names the
// resource.
inline BuildResult build(const std::vector<std::string>& resources) {
  std::string text = "{\"resources\":[\n";
  for (const std::string& resource : resources) text += resource + ",\n";
  return build_environment(read_documents(text + "]}", "f"));
}

// `severity line pointer: message` of each, without the file and the column.
inline std::string told(const BuildResult& built) {
  std::string out;
  for (const Diagnostic& d : built.diagnostics) {
    out += fmt::format("{} {} {}: {}\n", to_string(d.severity), d.place.line, d.place.pointer,
                       d.message);
  }
  return out;
}

}  // namespace nsp

#endif  // NSP_TESTS_UNIT_MODEL_DOCUMENTS_H_
