#include "sim/analysis/diff_outside.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/analysis/diff_parts.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

// The rules of both sides that a caller from outside may meet at one destination.
struct Boundaries {
  std::vector<IpPrefix> prefixes;
  std::set<Guid> subscriptions;
  std::map<std::string, std::string> subnets;  // key of the id → id
};

void add_rule(const Environment& env, const AccessRule& rule, Boundaries& to) {
  for (const WrittenPrefix& written : rule.prefixes) to.prefixes.push_back(written.prefix);
  to.subscriptions.insert(rule.subscriptions.begin(), rule.subscriptions.end());
  for (const std::string& tag : rule.service_tags) {
    const auto known = env.service_tags.find(lower(tag));
    if (known == env.service_tags.end()) continue;
    to.prefixes.insert(to.prefixes.end(), known->second.begin(), known->second.end());
  }
}

void add_resource(const Environment& env, const Resource& resource, Boundaries& to) {
  for (const WrittenPrefix& rule : resource.firewall.ip_rules) to.prefixes.push_back(rule.prefix);
  for (const ResourceId& id : resource.firewall.subnet_rules) to.subnets[id.key()] = id.text();
  if (resource.association == kNone) return;
  const Association& a = env.associations[resource.association];
  for (const AccessRule& rule : env.perimeters[a.perimeter].profiles[a.profile].rules) {
    add_rule(env, rule, to);
  }
}

Boundaries boundaries_of(const DiffWorld& world, Index destination) {
  Boundaries all;
  const auto shut_out = private_prefixes();
  all.prefixes.assign(shut_out.begin(), shut_out.end());
  for (const std::size_t side : kSides) {
    const Resource* resource = world.resource(side, destination);
    if (resource != nullptr) add_resource(world.policies[side]->environment(), *resource, all);
  }
  return all;
}

// A subscription that nobody names.
Guid other_than(const std::set<Guid>& named) {
  Guid guid;
  while (named.contains(guid)) ++guid.low;
  return guid;
}

std::string short_subnet(const std::string& id) {
  const auto parsed = ResourceId::parse(id);
  return parsed ? fmt::format("{}/{}", parsed->parent().name(), parsed->name()) : id;
}

std::vector<std::string> prefix_texts(const std::vector<AddressRange>& ranges) {
  std::vector<std::string> texts;
  for (const IpPrefix& prefix : prefixes_of(ranges)) texts.push_back(to_string(prefix));
  return texts;
}

// What a caller that makes one of these claims shows.
std::vector<std::string> shown_by(const ClaimGroup& group) {
  if (group.claim.asked == Asked::Address) return prefix_texts(group.ranges);
  if (group.claim.asked == Asked::TrustedService) return {"trusted service"};
  std::vector<std::string> texts;
  for (const std::string& value : group.change.values) {
    texts.push_back("subnet " + short_subnet(value));
  }
  if (group.change.other_values) texts.emplace_back("any other subnet");
  return texts;
}

class Asker {
 public:
  Asker(Judge& judge, const ResourceClass& destination, Protocol protocol)
      : judge_(judge), boundaries_(boundaries_of(judge.world(), destination.first())) {
    Attempt attempt;
    attempt.outside = true;
    attempt.from = "someone";
    attempt.credential = Credential::Anonymous;
    attempt.via = Via::Public;
    attempt.address_hidden = true;
    attempt.protocol = protocol;
    attempts_ = judge_.in_names(attempt, kNone, destination.first());
    bound_ = judge_.bind(attempts_);
  }

  OutsideAnswers run() {
    answers_.anyone = judge_.judge(bound_);
    answers_.anyone_key = judge_.key(answers_.anyone);
    answers_.anyone_change = judge_.change(Asked::Anyone, answers_.anyone, attempts_);
    ask_addresses(true);
    ask_addresses(false);
    ask_subscriptions();
    ask({.asked = Asked::TrustedService});
    ask_subnets();
    for (ClaimGroup& group : answers_.groups) group.shown = shown_by(group);
    return std::move(answers_);
  }

 private:
  Cell judge(const Claim& claim) {
    BoundPair bound = bound_;
    for (const std::size_t side : kSides) {
      if (bound[side]) claim.apply(*judge_.world().policies[side], *bound[side]);
    }
    return judge_.judge(bound);
  }

  ClaimGroup& group_of(const Claim& claim, const Cell& cell) {
    CellKey key = judge_.key(cell);
    const auto found = std::ranges::find_if(answers_.groups, [&](const ClaimGroup& group) {
      return group.claim.asked == claim.asked && group.claim.credential == claim.credential &&
             group.key == key;
    });
    if (found != answers_.groups.end()) {
      judge_.add_reasons(found->change, cell);
      return *found;
    }
    AttemptPair witness = attempts_;
    for (Attempt& attempt : witness) claim.apply(attempt);
    for (const std::size_t side : kSides) name_subnet(claim, side, witness[side]);
    VerdictChange change = judge_.change(claim.asked, cell, witness);
    if (claim.asked == Asked::Subscription) {
      change.credentials.emplace_back(to_string(claim.credential));
    }
    return answers_.groups.emplace_back(
        ClaimGroup{claim, cell, std::move(key), std::move(change), {}, {}});
  }

  // A subnet that this side does not know is one that nobody names.
  void name_subnet(const Claim& claim, std::size_t side, Attempt& attempt) const {
    if (claim.asked != Asked::Subnet || claim.subnet.empty()) return;
    if (judge_.world().policies[side]->find_subnet(claim.subnet).index != kNone) return;
    attempt.subnet.clear();
    attempt.unlisted_subnet = true;
  }

  void ask(const Claim& claim) {
    const Cell cell = judge(claim);
    ClaimGroup& group = group_of(claim, cell);
    if (claim.is_other) {
      group.change.other_values = true;
    } else if (claim.asked == Asked::Subscription) {
      group.change.values.push_back(to_string(claim.subscription));
    } else if (claim.asked == Asked::Subnet) {
      group.change.values.push_back(claim.subnet);
    }
  }

  // A piece of the line with its answer; none where no attempt comes from.
  struct Piece {
    AddressRange range;
    ClaimGroup* group = nullptr;
  };

  void ask_addresses(bool v4) {
    // Pointers into it stay: no more groups come than there are pieces.
    answers_.groups.reserve(answers_.groups.size() + boundaries_.prefixes.size() * 2 + 8);
    std::vector<Piece> pieces;
    for (const AddressRange& range : cut_at(boundaries_.prefixes, v4)) {
      if (range.first.is_private()) {
        pieces.push_back({range, nullptr});
        continue;
      }
      const Claim claim{.asked = Asked::Address, .range = range};
      const Cell cell = judge(claim);
      pieces.push_back({range, &group_of(claim, cell)});
    }
    join(pieces);
  }

  // Private pieces go with their neighbours where those are one group.
  static void join(std::vector<Piece>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].group != nullptr) continue;
      std::size_t next = i;
      while (next < pieces.size() && pieces[next].group == nullptr) ++next;
      ClaimGroup* before = i == 0 ? nullptr : pieces[i - 1].group;
      ClaimGroup* after = next == pieces.size() ? nullptr : pieces[next].group;
      if (before == nullptr) before = after;
      if (after == nullptr) after = before;
      ClaimGroup* const common = before == after ? before : nullptr;
      for (; i < next; ++i) pieces[i].group = common;
      --i;
    }
    for (const Piece& piece : pieces) {
      if (piece.group != nullptr) piece.group->ranges.push_back(piece.range);
    }
  }

  void ask_subscriptions() {
    std::vector<Credential> proofs{Credential::ManagedIdentity};
    const bool principals = !judge_.world().question.readings.is_default(Matter::U6);
    if (principals) proofs.push_back(Credential::ServicePrincipal);
    for (const Credential credential : proofs) {
      Claim claim{.asked = Asked::Subscription, .credential = credential};
      for (const Guid& guid : boundaries_.subscriptions) {
        claim.subscription = guid;
        ask(claim);
      }
      claim.subscription = other_than(boundaries_.subscriptions);
      claim.is_other = true;
      ask(claim);
    }
  }

  void ask_subnets() {
    Claim claim{.asked = Asked::Subnet};
    for (const auto& [key, id] : boundaries_.subnets) {
      claim.subnet = id;
      ask(claim);
    }
    claim.subnet.clear();
    claim.is_other = true;
    ask(claim);
  }

  Judge& judge_;
  Boundaries boundaries_;
  AttemptPair attempts_;
  BoundPair bound_;
  OutsideAnswers answers_;
};

VerdictChange told(const ClaimGroup& group) {
  VerdictChange change = group.change;
  if (change.asked == Asked::Address) change.values = group.shown;
  return change;
}

// What differs, except what differs as it does for anyone.
std::vector<VerdictChange> changes_of(const Judge& judge, const OutsideAnswers& answers) {
  std::vector<VerdictChange> changes;
  const bool anyone = judge.is_change(answers.anyone);
  if (anyone) changes.push_back(answers.anyone_change);
  for (const ClaimGroup& group : answers.groups) {
    if (!judge.is_change(group.cell)) continue;
    if (anyone && group.key == answers.anyone_key) continue;
    changes.push_back(told(group));
  }
  return changes;
}

// The same but for the attempt and the reasons, which come of the protocol.
bool same_but_protocol(const VerdictChange& a, const VerdictChange& b) {
  const auto verdicts = [](const VerdictChange& c) {
    return std::array{c.now.base.verdict, c.now.candidate.verdict, c.enforced.base.verdict,
                      c.enforced.candidate.verdict};
  };
  return a.asked == b.asked && a.values == b.values && a.other_values == b.other_values &&
         a.credentials == b.credentials && verdicts(a) == verdicts(b);
}

std::vector<VerdictChange> join_protocols(std::vector<VerdictChange> https,
                                          std::vector<VerdictChange> others) {
  for (VerdictChange& change : https) {
    const auto twin = std::ranges::find_if(
        others, [&](const VerdictChange& other) { return same_but_protocol(change, other); });
    if (twin == others.end()) {
      change.protocols = protocol_words(0);
    } else {
      others.erase(twin);
    }
  }
  for (VerdictChange& change : others) {
    change.protocols = protocol_words(1);
    https.push_back(std::move(change));
  }
  return https;
}

}  // namespace

void Claim::apply(Attempt& attempt) const {
  attempt.address_hidden = asked != Asked::Address;
  if (asked == Asked::Address) attempt.address = range.first;
  if (asked == Asked::TrustedService) attempt.trusted_service = true;
  if (asked == Asked::Subscription) {
    attempt.credential = credential;
    attempt.subscription = subscription;
  }
  if (asked != Asked::Subnet) return;
  attempt.via = Via::ServiceEndpoint;
  attempt.subnet = subnet;
  attempt.unlisted_subnet = subnet.empty();
}

void Claim::apply(const Policy& policy, BoundAttempt& bound) const {
  if (asked == Asked::Address) {
    bound.address = range.first;
    bound.address_view = AddressView::Visible;
  }
  if (asked == Asked::TrustedService) bound.trusted_service = true;
  if (asked == Asked::Subscription) {
    bound.credential = credential;
    bound.subscription = policy.subscription(subscription);
    bound.subscription_known = true;
  }
  if (asked != Asked::Subnet) return;
  bound.path = Path::ServiceEndpoint;
  const Index known = subnet.empty() ? kNone : policy.find_subnet(subnet).index;
  bound.subnet = known == kNone ? kUnlistedSubnet : known;
}

std::vector<std::string> protocol_words(std::size_t protocol) {
  std::vector<std::string> words;
  for (const std::string_view word : Vocabulary<Protocol>::words) {
    if ((word == to_string(Protocol::Https)) == (protocol == 0)) words.emplace_back(word);
  }
  return words;
}

bool tells_protocols_apart(const DiffWorld& world, const ResourceClass& destination) {
  return std::ranges::any_of(kSides, [&](std::size_t side) {
    const Resource* resource = world.resource(side, destination.first());
    return resource != nullptr && resource->service == Service::Storage &&
           resource->association != kNone;
  });
}

OutsideAnswers ask_outside(Judge& judge, const ResourceClass& destination, Protocol protocol) {
  return Asker(judge, destination, protocol).run();
}

std::vector<VerdictChange> outside_changes(Judge& judge, const ResourceClass& destination,
                                           const std::vector<OutsideAnswers>& answers) {
  std::vector<VerdictChange> changes = changes_of(judge, answers.front());
  if (answers.size() > 1) {
    changes = join_protocols(std::move(changes), changes_of(judge, answers.back()));
  }
  for (VerdictChange& change : private_changes(judge, destination)) {
    changes.push_back(std::move(change));
  }
  for (VerdictChange& change : caller_changes(judge, destination)) {
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace nsp
