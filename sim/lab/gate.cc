#include "sim/lab/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

// Reads one request, in the order of the questions: at whom, who, from where, by which path.
class ArrivalReader {
 public:
  ArrivalReader(const Edition& edition, Index resource, const Arrival& arrival,
                const Proven& proven)
      : edition_(edition),
        target_(edition.environment().resources[resource]),
        arrival_(arrival),
        proven_(proven) {}

  std::expected<Attempt, std::string> read() {
    attempt_.to = target_.id.text();
    attempt_.credential = proven_.credential;
    attempt_.operation = arrival_.operation;
    read_name();
    read_caller();
    if (!read_path()) {
      return std::unexpected(
          fmt::format("{} is no address of `{}`", to_string(arrival_.local), target_.name));
    }
    return std::move(attempt_);
  }

 private:
  [[nodiscard]] const Policy& policy() const { return edition_.policy; }

  // A name that is not the resource's own (an address, say) says nothing.
  void read_name() {
    const auto name = DomainName::parse(arrival_.host);
    if (name && std::ranges::find(target_.host_names, *name) != target_.host_names.end())
      attempt_.name = *name;
  }

  void read_caller() {
    const Seat* seat = edition_.plan.at(arrival_.peer);
    if (seat != nullptr && seat->kind == SeatKind::Caller) post_ = edition_.find_post(seat->key);
    attempt_.from = caller_id(seat);
    if (attempt_.from.empty()) read_outside_caller();
    if (post_ != nullptr) read_post(post_->caller);
  }

  // The id of the resource that calls; empty: an outside caller.
  [[nodiscard]] std::string caller_id(const Seat* seat) const {
    if (!proven_.identity.empty()) return modelled(proven_.identity.key());
    if (post_ != nullptr) return modelled(post_->acts_for.key());
    return seat != nullptr && seat->kind == SeatKind::Resource ? modelled(seat->key) : "";
  }

  [[nodiscard]] std::string modelled(const std::string& key) const {
    const Index found = key.empty() ? kNone : policy().find_resource(key).index;
    return found == kNone ? "" : edition_.environment().resources[found].id.text();
  }

  void read_outside_caller() {
    attempt_.outside = true;
    attempt_.from = post_ != nullptr ? post_->caller.name : to_string(arrival_.peer);
    attempt_.subscription = proven_.identity.subscription();
    if (!attempt_.subscription && post_ != nullptr) {
      attempt_.subscription = post_->caller.subscription;
    }
  }

  void read_post(const Caller& caller) {
    attempt_.address = caller.address;
    attempt_.address_hidden = caller.address_hidden;
    attempt_.subnet = caller.subnet;
    attempt_.trusted_service = caller.trusted_service;
  }

  // False: the address that was called is not one of this resource.
  bool read_path() {
    const Seat* seat = edition_.plan.at(arrival_.local);
    if (seat == nullptr) return false;
    const std::string& id = target_.id.key();
    const bool is_private =
        seat->kind == SeatKind::PrivateEndpoint && seat->key.ends_with('>' + id);
    const bool is_public = seat->kind == SeatKind::Resource && seat->key == id;
    if (!is_private && !is_public) return false;
    attempt_.via = is_private ? Via::PrivateEndpoint : public_path();
    if (post_ != nullptr && post_->via) attempt_.via = *post_->via;
    return true;
  }

  // Whoever sits in a subnet and calls the public address did not resolve the name privately,
  // whatever the zones say.
  [[nodiscard]] Via public_path() const {
    const Index subnet =
        attempt_.subnet.empty() ? kNone : policy().find_subnet(attempt_.subnet).index;
    const std::vector<Subnet>& subnets = edition_.environment().subnets;
    if (subnet >= subnets.size()) return Via::Auto;
    return has_service_endpoint(subnets[subnet], target_.service) ? Via::ServiceEndpoint
                                                                  : Via::Public;
  }

  const Edition& edition_;
  const Resource& target_;
  const Arrival& arrival_;
  const Proven& proven_;
  const Post* post_ = nullptr;
  Attempt attempt_;
};

// Where and in which circumstances something is decided.
struct JudgedSetting {
  EditionPtr edition;
  Scope scope;
  Direction direction;
};

// As one end knows it: its own leg alone.
Decision only(const Decision& whole, Direction direction) {
  const Leg* leg = whole.find(direction);
  if (leg == nullptr) return whole;
  Decision one;
  one.verdict = leg->verdict;
  one.reason = leg->reason;
  one.missing = leg->missing;
  one.leg_count = 1;
  one.leg[0] = *leg;
  return one;
}

std::expected<GateDecision, std::string> decide(JudgedSetting setting, Attempt attempt,
                                                const Readings& readings) {
  const Policy& policy = setting.edition->policy;
  auto bound = bind(policy, attempt, readings);
  if (!bound) return std::unexpected(std::move(bound.error()));
  const Decision decision =
      only(evaluate(policy, *bound, setting.scope, readings), setting.direction);
  return GateDecision{std::move(setting.edition), std::move(attempt), *bound, setting.scope,
                      decision};
}

bool is_member(const Environment& environment, Index resource, const Guid& perimeter) {
  const Index association = environment.resources[resource].association;
  return association != kNone &&
         environment.perimeters[environment.associations[association].perimeter].guid == perimeter;
}

// The resource as a member of that perimeter, in its first profile: tokens name no profile.
Environment moved(Environment environment, Index resource, Index perimeter) {
  Index& association = environment.resources[resource].association;
  if (association == kNone) {
    association = static_cast<Index>(environment.associations.size());
    environment.associations.emplace_back();
  }
  Association& changed = environment.associations[association];
  changed.resource = resource;
  changed.perimeter = perimeter;
  changed.profile = 0;
  return environment;
}

}  // namespace

std::expected<Attempt, std::string> attempt_of(const Edition& edition, Index resource,
                                               const Arrival& arrival, const Proven& proven) {
  return ArrivalReader(edition, resource, arrival, proven).read();
}

std::expected<GateDecision, std::string> Gate::arriving(const EditionPtr& edition, Index resource,
                                                        const Arrival& arrival,
                                                        const Proven& proven) {
  auto attempt = attempt_of(*edition, resource, arrival, proven);
  if (!attempt) return std::unexpected(std::move(attempt.error()));
  Circumstances found = circumstances(edition, proven);
  Scope scope;
  scope.not_associated = found.not_associated;
  return decide({std::move(found.edition), scope, Direction::Inbound}, *std::move(attempt),
                readings_);
}

// Today's membership where the token says that or nothing, else the token's.
Gate::Circumstances Gate::circumstances(const EditionPtr& edition, const Proven& proven) {
  const Index caller =
      proven.identity.empty() ? kNone : edition->policy.find_resource(proven.identity.key()).index;
  if (caller == kNone || !proven.perimeters) return {edition, kNone};
  for (const Guid& perimeter : *proven.perimeters) {
    if (is_member(edition->environment(), caller, perimeter)) return {edition, kNone};
  }
  for (const Guid& perimeter : *proven.perimeters) {
    EditionPtr variant = with_membership(edition, caller, perimeter);
    if (variant) return {std::move(variant), kNone};
  }
  return {edition, caller};
}

std::expected<GateDecision, std::string> Gate::leaving(const EditionPtr& edition,
                                                       Attempt attempt) const {
  return decide({edition, {}, Direction::Outbound}, std::move(attempt), readings_);
}

// Null: the edition knows no such perimeter.
EditionPtr Gate::with_membership(const EditionPtr& edition, Index resource, const Guid& perimeter) {
  const std::vector<Perimeter>& all = edition->environment().perimeters;
  const auto found = std::ranges::find(all, perimeter, &Perimeter::guid);
  if (found == all.end() || found->profiles.empty()) return nullptr;
  if (variants_of_ != edition) variants_.clear();
  variants_of_ = edition;
  const auto known = variants_.find({resource, perimeter});
  if (known != variants_.end()) return known->second;
  if (variants_.size() == kMostVariants) variants_.clear();
  auto changed = std::make_shared<Edition>(*edition);
  changed->policy =
      compile(moved(edition->environment(), resource, static_cast<Index>(found - all.begin())));
  return variants_[{resource, perimeter}] = std::move(changed);
}

}  // namespace nsp::lab
