#include "sim/analysis/sighting.h"

#include <fmt/format.h>

#include <algorithm>

namespace nsp {
namespace {

const Leg* deciding_leg(const Decision& decision) {
  return decision.leg_count == 0 ? nullptr : &decision.leg[decision.deciding_leg];
}

const Leg* leg_of(const Judged& judged, const Decision& decision) {
  const Leg* own = decision.find(direction_of(judged));
  return own != nullptr ? own : deciding_leg(decision);
}

std::string display(const Policy& policy, Index resource) {
  return resource == kNone ? std::string() : policy.display_name(resource);
}

// The facts below are of binding, which an observation that cannot be judged never reached.
bool is_bound(const Judged& judged) { return judged.error.empty(); }

}  // namespace

Direction direction_of(const Judged& judged) {
  if (judged.observation->recorded) return direction_of(judged.observation->recorded->category);
  const Judgement& told = judged.change == Change::Unchanged ? judged.now : judged.then;
  const Leg* leg = deciding_leg(told.decision);
  return leg == nullptr ? Direction::Inbound : leg->direction;
}

const Leg* leg_now(const Judged& judged) { return leg_of(judged, judged.now.decision); }
const Leg* leg_then(const Judged& judged) { return leg_of(judged, judged.then.decision); }

std::string profile_of(const Policy& policy, const Leg* leg) {
  if (leg == nullptr || leg->association == kNone) return {};
  const Environment& environment = policy.environment();
  const Association& association = environment.associations[leg->association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  return fmt::format("{}/{}", perimeter.name, perimeter.profiles[association.profile].name);
}

std::string profile_of(const Comparison& comparison, const Judged& judged) {
  std::string profile = profile_of(*comparison.now, leg_now(judged));
  if (profile.empty()) profile = profile_of(*comparison.then, leg_then(judged));
  if (profile.empty() && judged.observation->recorded) {
    profile = judged.observation->recorded->profile;
  }
  return profile;
}

std::string calling_resource(const Comparison& comparison, const Judged& judged) {
  return is_bound(judged) ? display(*comparison.now, judged.now.bound.caller) : std::string();
}

std::string called_resource(const Comparison& comparison, const Judged& judged) {
  return is_bound(judged) ? display(*comparison.now, judged.now.bound.destination) : std::string();
}

std::string caller_name(const Comparison& comparison, const Judged& judged) {
  std::string name = calling_resource(comparison, judged);
  if (name.empty()) name = judged.observation->attempt.from;
  return name.empty() ? source_address(*judged.observation) : name;
}

std::string destination_name(const Comparison& comparison, const Judged& judged) {
  std::string name = called_resource(comparison, judged);
  return name.empty() ? judged.observation->attempt.to : name;
}

std::string source_address(const Observation& observation) {
  const Attempt& attempt = observation.attempt;
  return attempt.address ? to_string(*attempt.address) : std::string();
}

std::optional<Credential> credential_of(const Judged& judged) {
  const Attempt& attempt = judged.observation->attempt;
  if (attempt.credential) return attempt.credential;
  const auto& fits = judged.evidence.fits;
  if (fits.empty() || !fits.front().credential) return std::nullopt;
  const bool only = std::ranges::all_of(
      fits, [&](const Hypothesis& h) { return h.credential == fits.front().credential; });
  return only ? fits.front().credential : std::nullopt;
}

}  // namespace nsp
