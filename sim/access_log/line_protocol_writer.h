// Decisions to lines of JSON, fast: everything that does not depend on the attempt is written once,
// beforehand.
//
// A leg's line is glued from fragments: the resource with its perimeter and profile, the mode, the
// clause with its grade, the category. Only rule names are looked up, and each of them once.
//
// Lifetime: refers to the Policy, which must outlive it. Thread safety: a writer is one thread's
// (it remembers rule names).
#ifndef NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_WRITER_H_
#define NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_WRITER_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/decision/decision.h"
#include "sim/policy/policy.h"

namespace nsp {

class DecisionLineWriter {
 public:
  explicit DecisionLineWriter(const Policy& policy);

  // `{"id":…,"verdict":…,"reason":…,"legs":[…],"ifEnforced":{…},"change":…}` and a line end. `id`
  // is a JSON token.
  void write(std::string_view id, const Decision& now, const Decision& if_enforced,
             std::string& out);

  // `{"id":…,"error":{"message":…,"line":…,"column":…}}` and a line end.
  static void write_error(std::string_view id, std::string_view message, std::size_t line,
                          std::uint32_t column, std::string& out);

 private:
  struct ResourceText {
    // `"resource":"st","perimeter":"nsp","profile":"default","accessMode":`
    std::string associated;
    // `… "perimeter":null,"profile":null,"accessMode":null`
    std::string not_associated;
    std::string written_mode;    // the association's word as JSON, for modes we do not know
    std::string written_access;  // publicNetworkAccess as JSON, likewise
  };
  struct RuleHash {
    std::size_t operator()(const RuleRef& rule) const;
  };

  [[nodiscard]] ResourceText describe(Index resource) const;
  const std::string& rule_name(const RuleRef& rule);  // escaped, without quotes
  void write_verdict(const Decision& decision, std::string& out);
  void write_leg(const Leg& leg, std::string& out);
  void write_place(const Leg& leg, std::string& out) const;
  void write_lists(const Leg& leg, std::string& out) const;
  void write_reason(Reason reason, Fact missing, const RuleRef& rule, std::string& out);
  void write_readings(const MatterSet& readings, std::string& out) const;
  void write_notes(const NoteSet& notes, std::string& out) const;
  void write_open_values(const Leg& leg, std::string& out) const;

  const Policy& policy_;
  std::vector<ResourceText> resources_;
  std::vector<std::string> clauses_;  // `"clause":"IN-5","grade":"documented"`
  std::vector<std::string> notes_;    // quoted
  std::unordered_map<RuleRef, std::string, RuleHash> rule_names_;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_WRITER_H_
