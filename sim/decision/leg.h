// One leg of an attempt, decided: the inside of evaluate(), split by direction (inbound.cc,
// outbound.cc).
//
// Each decide_… function is the table of SEMANTICS.md in its order, one step a clause. Because
// rules only allow, a fact that nobody stated is handled without guessing: a step that some value
// of it could match is remembered (`maybe`) and passed as if it did not match. When the leg ends in
// a denial and something is remembered, it is undecided (G-10).
#ifndef NSP_SIM_DECISION_LEG_H_
#define NSP_SIM_DECISION_LEG_H_

#include <string>
#include <vector>

#include "sim/decision/bind.h"
#include "sim/decision/decision.h"
#include "sim/decision/evaluate.h"
#include "sim/decision/trace.h"
#include "sim/policy/policy.h"

namespace nsp {

// One end of an attempt as the scope sees it: its association, mode and publicNetworkAccess in
// effect.
struct End {
  Index resource = kNone;  // kNone: not a resource of the environment
  const CompiledResource* compiled = nullptr;
  const Resource* document = nullptr;
  const CompiledProfile* profile = nullptr;  // null: not associated
  Index association = kNone;
  Index perimeter = kNone;
  Index profile_index = kNone;
  AccessMode mode = AccessMode::Learning;
  PublicNetworkAccess access = PublicNetworkAccess::Enabled;

  [[nodiscard]] bool associated() const { return association != kNone; }
  // REQUIRES: mode and access are known.
  [[nodiscard]] bool strict() const {
    return associated() &&
           (mode == AccessMode::Enforced || access == PublicNetworkAccess::SecuredByPerimeter);
  }
  [[nodiscard]] bool is_foundry() const {
    return compiled->service == Service::Foundry || compiled->service == Service::OpenAi;
  }
};

[[nodiscard]] End end_of(const Policy& policy, const Scope& scope, Index resource);

// The first fact that was missing on the way, and how far the leg had come: membership (IN-2, IN-3,
// OUT-2, OUT-3), perimeter rules (IN-4, OUT-4), what the resource itself says (the rest).
enum class Stage : std::uint8_t { Membership, PerimeterRules, Resource };
struct Doubt {
  Fact fact = Fact::None;
  Stage stage = Stage::Membership;
};

struct LegInput {
  const Policy& policy;
  const BoundAttempt& attempt;
  const Readings& readings;
  const End& self;
  const End& other;
  Trace* trace = nullptr;  // null: nobody asked
  Doubt* doubt = nullptr;  // where to leave the leg's first doubt; null: nobody asked
};

[[nodiscard]] Leg decide_inbound(const LegInput& input);
[[nodiscard]] Leg decide_outbound(const LegInput& input);

// Shared by both directions: the state of a leg that is being decided, and its ways to end.
class LegMaker {
 public:
  LegMaker(const LegInput& input, Direction direction);

  Leg allow(Clause clause, Reason reason, RuleRef rule = {});
  // Undecided instead, when a missing fact could have admitted the attempt.
  Leg deny(Clause clause, Reason reason);

  void pass(Clause clause, std::string text, std::vector<RuleTrial> trials = {});
  [[nodiscard]] bool traced() const { return input_.trace != nullptr; }

  void log(LogCategory category) { leg_.categories.list[leg_.categories.count++] = category; }
  void use(Matter matter) { leg_.readings.set(static_cast<std::size_t>(matter)); }
  void note(Note note) { leg_.notes.set(static_cast<std::size_t>(note)); }
  void enter(Stage stage) { stage_ = stage; }
  void maybe(Fact fact) {
    if (doubt_.fact == Fact::None) doubt_ = {fact, stage_};
  }
  // The credential is not known: of a stub, because nobody knows whether it has an identity.
  void maybe_credential() {
    maybe(input_.attempt.identity_unknown ? Fact::Identity : Fact::Credential);
  }
  // Trials to show under the step that decides.
  void keep(std::vector<RuleTrial> trials) { trials_ = std::move(trials); }

 private:
  Leg finish(Verdict verdict, Clause clause, Reason reason);

  const LegInput& input_;
  Leg leg_;
  Stage stage_ = Stage::Membership;
  Doubt doubt_;
  std::vector<RuleTrial> trials_;
};

// IN-2 and OUT-2, IN-3 and OUT-3 ask the same question of both ends; `clause` says for which leg.
// What was used, noted or missing is put into `make`.
[[nodiscard]] bool is_member(const LegInput& input, LegMaker& make, Clause clause);
[[nodiscard]] bool is_linked(const LegInput& input, LegMaker& make, Clause clause);

// Why membership does or does not hold.
enum class Membership : std::uint8_t {
  Holds,
  NotAMember,       // one end is in no perimeter, or in another one
  NoIdentityShown,  // the credential is not a managed identity
  CredentialUnknown,
  RulesRequired,  // C12 read as "rules": AI Search and Foundry do not trust each other implicitly
  OtherProfile,   // U14 read as "profile"
};

enum class LinkState : std::uint8_t {
  Holds,
  None,
  Unsupported,  // a service at one end does not support links
  NoIdentityShown,
  CredentialUnknown,
};
struct LinkAnswer {
  LinkState state = LinkState::None;
  bool through_others = false;  // only by way of a third perimeter (U5)
};

// Every rule of a profile tried one by one, for the trace: linear, in order of names.
[[nodiscard]] std::vector<RuleTrial> try_inbound_rules(const LegInput& input);
[[nodiscard]] std::vector<RuleTrial> try_outbound_rules(const LegInput& input);
[[nodiscard]] std::vector<RuleTrial> try_resource_rules(const LegInput& input);
[[nodiscard]] std::vector<RuleTrial> try_egress_names(const LegInput& input);

// In words, for the trace.
[[nodiscard]] std::string why_not_member(const LegInput& input, Membership membership);
[[nodiscard]] std::string why_no_link(const LegInput& input, LinkAnswer answer);

// True when the instance rule's id fits the resource's (a `*` segment stands for any).
[[nodiscard]] bool instance_matches(const ResourceId& rule, const ResourceId& resource);

// True when this service takes part in service tags under the reading of C6.
[[nodiscard]] bool supports_tags(Service service, const Readings& readings);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_LEG_H_
