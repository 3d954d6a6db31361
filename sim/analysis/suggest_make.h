// Makes suggestions, unproved: which ones could help which legs. suggest.cc proves and chooses.
//
// Thread safety: one maker, one thread.
#ifndef NSP_SIM_ANALYSIS_SUGGEST_MAKE_H_
#define NSP_SIM_ANALYSIS_SUGGEST_MAKE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/analysis/suggest.h"
#include "sim/analysis/suggest_names.h"

namespace nsp {

// Why something that could help a leg was not suggested: leg → a sentence.
using Refusals = std::map<std::size_t, std::string>;

class SuggestionMaker {
 public:
  // REQUIRES: policy and report outlive it.
  SuggestionMaker(const Policy& policy, const ReadinessReport& report,
                  const SuggestOptions& options);

  // Managed identities, associations, links.
  [[nodiscard]] std::vector<Suggestion> identities(const std::vector<std::size_t>& legs);
  // Prefixes and exact host names, one rule a profile and direction.
  [[nodiscard]] std::vector<Suggestion> rules(const std::vector<std::size_t>& legs);
  [[nodiscard]] std::vector<Suggestion> subscriptions(const std::vector<std::size_t>& legs);
  // Of suffixes under which several names are called.
  [[nodiscard]] std::vector<Suggestion> wildcards(const std::vector<std::size_t>& legs);

  // It asks nothing of the callers that they do not do already, or nothing else can help them.
  [[nodiscard]] bool is_called_for(const Suggestion& suggestion) const;

  [[nodiscard]] const Refusals& refusals() const { return refusals_; }

 private:
  using LegList = std::vector<std::size_t>;

  [[nodiscard]] const Environment& env() const { return policy_.environment(); }
  [[nodiscard]] const Judged& judged(std::size_t leg) const;
  [[nodiscard]] ProfileAt profile_of(std::size_t leg) const;
  [[nodiscard]] ProfileAt profile_of_resource(Index resource) const;
  [[nodiscard]] const Profile& profile(ProfileAt at) const;
  [[nodiscard]] std::string profile_text(ProfileAt at) const;
  [[nodiscard]] std::uint64_t weight(std::size_t leg) const;
  // Its subscription, where it may have shown a managed identity.
  [[nodiscard]] std::optional<Guid> subscription(std::size_t leg) const;
  [[nodiscard]] bool states_identity(std::size_t leg) const;
  // `; they must call with their managed identity`, where that is not known.
  [[nodiscard]] std::string condition(const LegList& legs) const;
  [[nodiscard]] bool can_be_helped(std::size_t leg) const;

  [[nodiscard]] Suggestion identity(Index caller, LegList targets);
  [[nodiscard]] Suggestion association(Index caller, ProfileAt at, LegList targets);
  [[nodiscard]] Suggestion link(ProfileAt a, ProfileAt b, LegList targets);
  [[nodiscard]] std::optional<Suggestion> inbound_rule(ProfileAt at, const LegList& legs);
  [[nodiscard]] std::optional<Suggestion> outbound_rule(ProfileAt at, const LegList& legs);
  [[nodiscard]] std::vector<IpAddress> refused_addresses(ProfileAt at) const;
  void keep_heaviest(std::vector<IpPrefix>& prefixes, std::size_t room, const LegList& legs);
  [[nodiscard]] std::string no_room(ProfileAt at, Direction direction) const;

  // How many elements the profile still takes, and taking them.
  [[nodiscard]] std::size_t room(ProfileAt at, Direction direction) const;
  void use(ProfileAt at, Direction direction, std::size_t elements);
  [[nodiscard]] std::string rule_name(ProfileAt at, std::string_view wanted);
  // `stdocs` when all legs are of one resource, else the profile's name.
  [[nodiscard]] std::string whose(ProfileAt at, const LegList& legs) const;
  // `at stdocs and search-1`: every resource of the profile.
  [[nodiscard]] std::string where(ProfileAt at) const;

  const Policy& policy_;
  const ReadinessReport& report_;
  SuggestOptions options_;
  Refusals refusals_;
  std::map<std::pair<ProfileAt, Direction>, std::size_t> used_;
  std::map<ProfileAt, NameGiver> rule_names_;
  std::map<Index, NameGiver> child_names_;  // associations and links, by perimeter
  std::map<Index, std::size_t> links_;      // by perimeter
};

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SUGGEST_MAKE_H_
