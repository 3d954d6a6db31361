// Every resource at one destination, with every credential, at every host name that patterns tell
// apart, under every protocol that the perimeter tells apart.
//
// Answers are gathered as combinations of host names, credentials and protocols; those of equal
// keys become one change. What anyone gains or loses in the same way is told once, of anyone.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "sim/analysis/diff_parts.h"

namespace nsp {
namespace {

constexpr std::size_t kCredentials = Vocabulary<Credential>::words.size();
constexpr std::size_t kOwn = kCredentials;  // the caller's default

// One answer: where, with what, how.
struct Asking {
  std::size_t hosts = 0;  // group
  std::size_t credential = 0;
  std::size_t protocol = 0;

  auto operator<=>(const Asking&) const = default;
};

// Credentials that are answered alike.
struct Variant {
  std::vector<std::size_t> credentials;
  AttemptPair attempts;  // with the first of them
  BoundPair bound;
  Cell cell;
  CellKey key;
  std::uint16_t leaving = 0;
};

struct Found {
  VerdictChange change;
  std::vector<std::string> shows;
  std::vector<Asking> askings;
};

std::string credential_word(std::size_t credential) {
  return credential == kOwn ? "own" : std::string(to_string(static_cast<Credential>(credential)));
}

// One class of callers at one class of destinations.
class Between {
 public:
  Between(Judge& judge, const ResourceClass& callers, const ResourceClass& destination,
          std::vector<OutsideAnswers>& answers)
      : judge_(judge), callers_(callers), destination_(destination), answers_(answers) {}

  // False where the two are one and the same resource alone.
  bool choose() { return choose_pair(callers_, destination_, from_, to_); }

  std::vector<VerdictChange> run() {
    protocols_ = tells_protocols_apart(world(), destination_) ? kAskedProtocols.size() : 1;
    ask_by(Via::Auto);
    if (was_private_) ask_by(Via::Public);
    if (has_shared_link()) ask_by(Via::PrivateEndpoint);
    return std::move(changes_);
  }

 private:
  [[nodiscard]] const DiffWorld& world() const { return judge_.world(); }

  void ask_by(Via via) {
    found_.clear();
    for (std::size_t g = 0; g < destination_.host_groups.size(); ++g) {
      for (std::size_t p = 0; p < protocols_; ++p) ask_at(via, g, p);
    }
    for (const auto& [key, found] : found_) tell(via, found);
  }

  void ask_at(Via via, std::size_t group, std::size_t protocol) {
    Attempt attempt;
    attempt.via = via;
    attempt.protocol = kAskedProtocols[protocol];
    const auto& hosts = destination_.host_groups[group];
    const auto host = hosts.empty() ? std::nullopt : std::optional(hosts.front());
    const AttemptPair attempts = judge_.in_names(attempt, from_, to_, host);
    const BoundPair bound = judge_.bind(attempts);
    variants_.clear();
    for (std::size_t credential = 0; credential < kCredentials; ++credential) {
      ask_with(credential, attempts, bound);
    }
    if (asks_own(bound)) ask_with(kOwn, attempts, bound);
    for (const Variant& variant : variants_) weigh(variant, group, protocol);
    if (via == Via::Auto) {
      was_private_ |= std::ranges::any_of(
          bound, [](const auto& one) { return one && one->path == Path::PrivateEndpoint; });
    }
  }

  // A default that is not known, or not the same on both sides.
  static bool asks_own(const BoundPair& bound) {
    const auto unknown = [](const std::optional<BoundAttempt>& one) {
      return one && one->credential == Credential::Unknown;
    };
    return unknown(bound[0]) || unknown(bound[1]) ||
           (bound[0] && bound[1] && bound[0]->credential != bound[1]->credential);
  }

  // Credentials of equal answers, the way out included, are alike in all that follows.
  void ask_with(std::size_t credential, AttemptPair attempts, BoundPair bound) {
    if (credential != kOwn) {
      const auto shown = static_cast<Credential>(credential);
      for (Attempt& attempt : attempts) attempt.credential = shown;
      for (const std::size_t side : kSides) {
        const Resource* caller = world().resource(side, from_);
        if (caller != nullptr) set_credential(*caller, shown, bound[side]);
      }
    }
    Cell cell = judge_.judge(bound);
    CellKey key = judge_.key(cell);
    const std::uint16_t leaving = cell.leaving();
    const auto same = std::ranges::find_if(variants_, [&](const Variant& variant) {
      return variant.leaving == leaving && variant.key == key;
    });
    if (same != variants_.end()) return same->credentials.push_back(credential);
    variants_.push_back(
        {{credential}, std::move(attempts), std::move(bound), cell, std::move(key), leaving});
  }

  void weigh(const Variant& variant, std::size_t hosts, std::size_t protocol) {
    if (judge_.is_change(variant.cell) && !is_anyones(protocol, variant.key)) {
      add(variant, hosts, protocol, variant.cell, variant.attempts, {});
    }
    if (variant.cell.hides_a_leg()) ask_with_claims(variant, hosts, protocol);
  }

  const OutsideAnswers& outside(std::size_t protocol) {
    while (answers_.size() <= protocol) {
      answers_.push_back(ask_outside(judge_, destination_, kAskedProtocols[answers_.size()]));
    }
    return answers_[protocol];
  }

  bool is_anyones(std::size_t protocol, const CellKey& key) {
    if (!destination_.changed) return false;
    const OutsideAnswers& answers = outside(protocol);
    return judge_.is_change(answers.anyone) && answers.anyone_key == key;
  }

  // The way out changes, and nobody sees it as long as the way in is shut: what opens that? The
  // verdicts of legs alone tell which claims to try: the smaller of way out and way in.
  void ask_with_claims(const Variant& variant, std::size_t hosts, std::size_t protocol) {
    for (const ClaimGroup& group : outside(protocol).groups) {
      if (group.claim.asked == Asked::Subscription) continue;
      if (!variant.cell.shows_more_with(group.cell)) continue;
      AttemptPair claiming = variant.attempts;
      for (Attempt& attempt : claiming) group.claim.apply(attempt);
      // Bound anew: what a caller states is not always what is seen of it (U3).
      const BoundPair claimed = judge_.bind(claiming);
      const Cell cell = judge_.judge(claimed);
      if (judge_.is_change(cell)) add(variant, hosts, protocol, cell, claiming, group.shown);
    }
  }

  void add(const Variant& variant, std::size_t hosts, std::size_t protocol, const Cell& cell,
           const AttemptPair& attempts, const std::vector<std::string>& shows) {
    const auto [at, fresh] = found_.try_emplace({judge_.key(cell), shows});
    Found& found = at->second;
    if (fresh) {
      found.change = judge_.change(Asked::Resource, cell, attempts);
      found.shows = shows;
    } else {
      judge_.add_reasons(found.change, cell);
    }
    for (const std::size_t credential : variant.credentials) {
      found.askings.push_back({hosts, credential, protocol});
    }
  }

  // The askings of one key as few changes: those whose other two parts are equal go together,
  // credentials first, then host names, then protocols.
  void tell(Via via, const Found& found) {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> credentials;
    for (const Asking& a : found.askings) {
      credentials[{a.hosts, a.protocol}].push_back(a.credential);
    }
    std::map<std::pair<std::vector<std::size_t>, std::size_t>, std::vector<std::size_t>> hosts;
    for (auto& [at, all] : credentials) {
      std::ranges::sort(all);
      hosts[{all, at.second}].push_back(at.first);
    }
    std::map<std::pair<std::vector<std::size_t>, std::vector<std::size_t>>,
             std::vector<std::size_t>>
        protocols;
    for (const auto& [at, all] : hosts) protocols[{at.first, all}].push_back(at.second);
    for (const auto& [at, all] : protocols) {
      VerdictChange change = found.change;
      change.shows = found.shows;
      if (via != Via::Auto) change.via = via;
      name_credentials(change, at.first);
      name_hosts(change, at.second);
      if (protocols_ > all.size()) change.protocols = protocol_words(all.front());
      change.from = world().names(callers_.members);
      changes_.push_back(std::move(change));
    }
  }

  static void name_credentials(VerdictChange& change, const std::vector<std::size_t>& all) {
    const bool every = std::ranges::count_if(all, [](std::size_t c) { return c != kOwn; }) ==
                       static_cast<std::ptrdiff_t>(kCredentials);
    if (every) return;
    for (const std::size_t credential : all) {
      change.credentials.push_back(credential_word(credential));
    }
  }

  void name_hosts(VerdictChange& change, const std::vector<std::size_t>& groups) const {
    if (groups.size() == destination_.host_groups.size()) return;
    for (const std::size_t group : groups) {
      for (const std::size_t host : destination_.host_groups[group]) {
        change.host_names.push_back(host_word(world().any(to_), host));
      }
    }
  }

  [[nodiscard]] bool has_shared_link() const {
    return std::ranges::any_of(kSides, [&](std::size_t side) {
      const Resource* caller = world().resource(side, from_);
      const Resource* target = world().resource(side, to_);
      return caller != nullptr && target != nullptr &&
             std::ranges::any_of(caller->shared_private_links, [&](const SharedPrivateLink& link) {
               return link.target == target->id;
             });
    });
  }

  Judge& judge_;
  const ResourceClass& callers_;
  const ResourceClass& destination_;
  std::vector<OutsideAnswers>& answers_;
  Index from_ = kNone;
  Index to_ = kNone;
  std::size_t protocols_ = 1;
  bool was_private_ = false;
  std::vector<Variant> variants_;
  std::map<std::pair<CellKey, std::vector<std::string>>, Found> found_;
  std::vector<VerdictChange> changes_;
};

// Everything but who calls, the attempt and the reasons.
bool differ_in_caller_only(const VerdictChange& a, const VerdictChange& b) {
  const auto verdicts = [](const VerdictChange& c) {
    return std::array{c.now.base.verdict, c.now.candidate.verdict, c.enforced.base.verdict,
                      c.enforced.candidate.verdict};
  };
  return verdicts(a) == verdicts(b) && a.credentials == b.credentials &&
         a.host_names == b.host_names && a.protocols == b.protocols && a.shows == b.shows &&
         a.via == b.via;
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& text : more) {
    if (to.size() < 3 && std::ranges::find(to, text) == to.end()) to.push_back(text);
  }
}

void add_callers(VerdictChange& to, const VerdictChange& more) {
  to.from.insert(to.from.end(), more.from.begin(), more.from.end());
  add_new(to.now.base.reasons, more.now.base.reasons);
  add_new(to.now.candidate.reasons, more.now.candidate.reasons);
  add_new(to.enforced.base.reasons, more.enforced.base.reasons);
  add_new(to.enforced.candidate.reasons, more.enforced.candidate.reasons);
}

void join_callers(std::vector<VerdictChange>& all, std::vector<VerdictChange> more, bool reasons) {
  for (VerdictChange& change : more) {
    const auto twin = std::ranges::find_if(all, [&](const VerdictChange& other) {
      return differ_in_caller_only(other, change) &&
             (!reasons || (other.now == change.now && other.enforced == change.enforced));
    });
    if (twin == all.end()) {
      all.push_back(std::move(change));
    } else {
      add_callers(*twin, change);
    }
  }
}

}  // namespace

std::vector<VerdictChange> resource_changes(Judge& judge, CallerGroups& groups,
                                            const ResourceClass& destination,
                                            std::vector<OutsideAnswers>& answers) {
  std::vector<VerdictChange> all;
  for (const ResourceClass& callers : groups.at(destination)) {
    Between between(judge, callers, destination, answers);
    if (!between.choose()) continue;
    join_callers(all, between.run(), judge.world().question.reasons);
  }
  return all;
}

}  // namespace nsp
