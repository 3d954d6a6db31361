// Every resource to host names outside the environment: each pattern that its outbound rules or its
// egress limit name on either side, by a name that no narrower pattern fits, and a name that none
// fits.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/analysis/diff_parts.h"

namespace nsp {
namespace {

// A label that nobody uses. With more than one above a suffix, `*` may stand for one only (U4).
constexpr std::string_view kLabel = "nspsim-witness";
constexpr std::string_view kElsewhere = "nspsim-witness.invalid";

void add_patterns(const Environment& env, const Resource& resource, std::set<DomainPattern>& to) {
  to.insert(resource.allowed_fqdns.begin(), resource.allowed_fqdns.end());
  if (resource.association == kNone) return;
  const Association& a = env.associations[resource.association];
  for (const AccessRule& rule : env.perimeters[a.perimeter].profiles[a.profile].rules) {
    to.insert(rule.host_names.begin(), rule.host_names.end());
  }
}

class Names {
 public:
  Names(Judge& judge, const ResourceClass& callers) : judge_(judge), callers_(callers) {}

  std::vector<VerdictChange> run() {
    const DiffWorld& world = judge_.world();
    for (const std::size_t side : kSides) {
      const Resource* caller = world.resource(side, callers_.first());
      if (caller != nullptr) {
        add_patterns(world.policies[side]->environment(), *caller, patterns_);
      }
    }
    ask_elsewhere();
    for (const DomainPattern* pattern : wide_first()) ask(*pattern);
    return std::move(changes_);
  }

 private:
  // A suffix stands before what lies under it, names last.
  [[nodiscard]] std::vector<const DomainPattern*> wide_first() const {
    std::vector<const DomainPattern*> order;
    for (const DomainPattern& pattern : patterns_) {
      if (pattern.kind != DomainPattern::Kind::Any) order.push_back(&pattern);
    }
    std::ranges::stable_sort(order, {}, [](const DomainPattern* p) {
      const bool exact = p->kind == DomainPattern::Kind::Exact;
      return std::pair(exact, std::ranges::count(p->name.text(), '.'));
    });
    return order;
  }

  void ask_elsewhere() {
    const Cell cell = judge(std::string(kElsewhere));
    keys_[""] = judge_.key(cell);
    if (!judge_.is_change(cell)) return;
    note(cell).other_values = true;
  }

  void ask(const DomainPattern& pattern) {
    const std::string& name = pattern.name.text();
    if (pattern.kind == DomainPattern::Kind::Exact) {
      if (!is_modelled(name)) ask_name(name, enclosing(name), to_string(pattern));
      return;
    }
    const std::string witness = fmt::format("{}.{}", kLabel, name);
    const Cell cell = ask_name(witness, enclosing(name), to_string(pattern));
    keys_[name] = judge_.key(cell);
    if (judge_.world().question.readings.is_default(Matter::U4)) return;
    const Cell deeper = judge(fmt::format("{}.{}", kLabel, witness));
    if (judge_.is_change(deeper) && judge_.key(deeper) != keys_[name]) {
      add_value(note(deeper), "*." + to_string(pattern));
    }
  }

  // Tells of it unless the wider pattern around it changes in the same way.
  Cell ask_name(const std::string& host, const CellKey& around, std::string value) {
    const Cell cell = judge(host);
    if (judge_.is_change(cell) && judge_.key(cell) != around) {
      add_value(note(cell), std::move(value));
    }
    return cell;
  }

  // The key of the longest suffix that was asked about and that `name` lies under.
  [[nodiscard]] const CellKey& enclosing(std::string_view name) const {
    for (;;) {
      const auto dot = name.find('.');
      if (dot == std::string_view::npos) return keys_.at("");
      name.remove_prefix(dot + 1);
      const auto known = keys_.find(std::string(name));
      if (known != keys_.end()) return known->second;
    }
  }

  // A host that either side models is a destination, not a name outside.
  [[nodiscard]] bool is_modelled(const std::string& host) const {
    return std::ranges::any_of(judge_.world().policies, [&](const Policy* policy) {
      return policy->find_host(host) != kNone;
    });
  }

  Cell judge(std::string host) {
    Attempt attempt;
    attempt.to = std::move(host);
    attempt.credential = Credential::Key;  // none proves anything to a stranger
    attempts_ = judge_.in_names(attempt, callers_.first(), kNone);
    return judge_.judge(judge_.bind(attempts_));
  }

  // The change of this key.
  VerdictChange& note(const Cell& cell) {
    const auto [at, fresh] = by_key_.try_emplace(judge_.key(cell), changes_.size());
    if (fresh) {
      changes_.push_back(judge_.change(Asked::HostName, cell, attempts_));
      changes_.back().from = judge_.world().names(callers_.members);
    } else {
      judge_.add_reasons(changes_[at->second], cell);
    }
    return changes_[at->second];
  }

  static void add_value(VerdictChange& change, std::string value) {
    change.values.push_back(std::move(value));
  }

  Judge& judge_;
  const ResourceClass& callers_;
  std::set<DomainPattern> patterns_;
  AttemptPair attempts_;
  std::map<std::string, CellKey> keys_;  // suffix → key; empty: any other name
  std::map<CellKey, std::size_t> by_key_;
  std::vector<VerdictChange> changes_;
};

bool same_but_name_caller(const VerdictChange& a, const VerdictChange& b) {
  return a.now == b.now && a.enforced == b.enforced && a.values == b.values &&
         a.other_values == b.other_values;
}

}  // namespace

std::vector<VerdictChange> host_name_changes(Judge& judge) {
  std::vector<VerdictChange> all;
  for (const ResourceClass& callers : judge.world().callers) {
    if (!callers.changed) continue;
    for (VerdictChange& change : Names(judge, callers).run()) {
      const auto twin = std::ranges::find_if(
          all, [&](const VerdictChange& other) { return same_but_name_caller(other, change); });
      if (twin == all.end()) {
        all.push_back(std::move(change));
      } else {
        twin->from.insert(twin->from.end(), change.from.begin(), change.from.end());
      }
    }
  }
  return all;
}

}  // namespace nsp
