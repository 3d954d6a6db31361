#include "sim/analysis/rule_cover.h"

#include <algorithm>
#include <numeric>

#include "sim/base/text.h"
#include "sim/decision/leg.h"

namespace nsp {
namespace {

using Members = ProfileElements::Members;

constexpr std::size_t kMostTags = 10;  // 2^10 choices are tried

void sort_unique(Members& members) {
  std::ranges::sort(members);
  members.erase(std::ranges::unique(members).begin(), members.end());
}

// Under `*` nothing is wider; `*.` the wider the fewer labels stand after it.
double width_of(const DomainPattern& pattern) {
  if (pattern.kind == DomainPattern::Kind::Any) return 2;
  if (pattern.kind == DomainPattern::Kind::Exact) return 0;
  const auto dots = std::ranges::count(pattern.name.text(), '.');
  return 1.0 / static_cast<double>(dots + 1);
}

std::vector<Index> rules_by_name(const Profile& profile) {
  std::vector<Index> order(profile.rules.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, iless,
                           [&](Index i) -> const std::string& { return profile.rules[i].name; });
  return order;
}

}  // namespace

ProfileElements::ProfileElements(const Environment& environment, const Readings& readings,
                                 const RuleAt& at)
    : environment_(environment),
      one_label_(!readings.is_default(Matter::U4)),
      v6_counts_(readings.is_default(Matter::U2)) {
  std::size_t members = 0;
  std::size_t with_tags = 0;
  for (const Association& association : environment.associations) {
    if (association.perimeter != at.perimeter || association.profile != at.profile) continue;
    ++members;
    with_tags += supports_tags(environment.resources[association.resource].service, readings);
  }
  tags_count_ = members != 0 && with_tags == members;
  tags_never_ = members != 0 && with_tags == 0;
  for (const Index rule : rules_by_name(profile_of(environment, at))) {
    for (const ElementAt& element : elements_of(environment, {at.perimeter, at.profile, rule})) {
      all_.push_back(make_element(element));
    }
  }
}

bool ProfileElements::is_whole(const RuleAt& at) const {
  return rule_of(environment_, at).unresolved.empty();
}

std::vector<ElementAt> ProfileElements::places(const Members& members) const {
  std::vector<ElementAt> places;
  for (const std::size_t i : members) places.push_back(all_[i].at);
  return places;
}

ProfileElement ProfileElements::make_element(const ElementAt& at) const {
  ProfileElement element;
  element.at = at;
  if (at.kind == ElementAt::Kind::Prefix) set_prefix(element);
  if (at.kind == ElementAt::Kind::Tag) set_tag(element);
  if (at.kind == ElementAt::Kind::HostName) set_host_name(element);
  if (find_unresolved(rule_of(environment_, at.at).unresolved, "direction") != nullptr) {
    element.may_cover = element.may_die = false;
    element.must_stay = true;
  }
  return element;
}

void ProfileElements::set_prefix(ProfileElement& element) const {
  const IpPrefix& prefix = rule_of(environment_, element.at.at).prefixes[element.at.index].prefix;
  element.by_address = true;
  if (prefix.network.v4 || v6_counts_) element.addresses = public_part({&prefix, 1});
  element.width = address_count(element.addresses);
  element.may_cover = element.may_die = !element.addresses.empty();
}

void ProfileElements::set_tag(ProfileElement& element) const {
  const std::string& tag = rule_of(environment_, element.at.at).service_tags[element.at.index];
  const auto known = environment_.service_tags.find(lower(tag));
  if (tags_never_) {
    element.may_cover = element.may_die = false;
    return;
  }
  if (known == environment_.service_tags.end()) return;
  element.by_address = true;
  element.addresses = public_part(known->second);
  element.width = address_count(element.addresses);
  element.may_cover = element.may_die = !element.addresses.empty();
  element.must_stay = element.addresses.empty();
}

void ProfileElements::set_host_name(ProfileElement& element) const {
  const DomainPattern& pattern = rule_of(environment_, element.at.at).host_names[element.at.index];
  element.width = width_of(pattern);
  element.may_cover = element.may_die = !pattern.matches_nothing();
}

const DomainPattern& ProfileElements::pattern(std::size_t i) const {
  return rule_of(environment_, all_[i].at.at).host_names[all_[i].at.index];
}

AddressRanges ProfileElements::addresses_of(const Members& members) const {
  std::vector<AddressRange> ranges;
  for (const std::size_t i : members) {
    ranges.insert(ranges.end(), all_[i].addresses.begin(), all_[i].addresses.end());
  }
  return united(std::move(ranges));
}

// Only what lies between the ends of what is wanted is put together: few of many.
AddressRanges ProfileElements::left_of(const AddressTask& task) const {
  if (task.wanted.empty()) return {};
  const AddressRange span{task.wanted.front().first, task.wanted.back().last};
  std::vector<AddressRange> ranges;
  for (const std::size_t i : task.by) {
    for (const AddressRange& range : all_[i].addresses) {
      if (range.first <= span.last && span.first <= range.last) ranges.push_back(range);
    }
  }
  return without(task.wanted, united(std::move(ranges)));
}

std::vector<ProfileElements::AddressTask> ProfileElements::address_tasks(const Members& wanted,
                                                                         const Members& by) const {
  Members prefixes;
  Members tags;
  for (const std::size_t i : wanted) {
    if (!all_[i].by_address || !all_[i].may_die) continue;
    (all_[i].at.kind == ElementAt::Kind::Tag ? tags : prefixes).push_back(i);
  }
  Members by_address;
  Members by_prefix;
  for (const std::size_t i : by) {
    if (!all_[i].by_address) continue;
    by_address.push_back(i);
    if (all_[i].at.kind == ElementAt::Kind::Prefix) by_prefix.push_back(i);
  }
  if (tags_count_) {
    prefixes.insert(prefixes.end(), tags.begin(), tags.end());
    tags.clear();
    by_prefix = by_address;
  }
  return {{addresses_of(prefixes), std::move(by_prefix)},
          {addresses_of(tags), std::move(by_address)}};
}

bool ProfileElements::is_covered(const Members& wanted, const Members& by) const {
  for (const AddressTask& task : address_tasks(wanted, by)) {
    if (!left_of(task).empty()) return false;
  }
  return std::ranges::all_of(wanted, [&](std::size_t i) {
    return all_[i].by_address || !all_[i].may_die ||
           std::ranges::any_of(by, [&](std::size_t j) { return covers_alone(j, i, one_label_); });
  });
}

// For every choice of the tags that overlap, the fewest prefixes for the rest.
Members ProfileElements::fewest_by_address(const AddressTask& task) const {
  Members tags;
  Members prefixes;
  std::vector<AddressRange> ranges;
  for (const std::size_t i : task.by) {
    if (all_[i].at.kind == ElementAt::Kind::Prefix) {
      prefixes.push_back(i);
      const IpPrefix& prefix =
          rule_of(environment_, all_[i].at.at).prefixes[all_[i].at.index].prefix;
      ranges.push_back(range_of(prefix));
    } else if (without(task.wanted, all_[i].addresses) != task.wanted) {
      tags.push_back(i);
    }
  }
  const bool few = tags.size() <= kMostTags;
  const std::size_t choices = few ? std::size_t{1} << tags.size() : 2;
  Members best;
  for (std::size_t choice = 0; choice < choices; ++choice) {
    Members chosen;
    for (std::size_t t = 0; t < tags.size(); ++t) {
      if (few ? (choice >> t & 1) != 0 : choice != 0) chosen.push_back(tags[t]);
    }
    if (!best.empty() && chosen.size() >= best.size()) continue;
    const auto rest = fewest_covering(without(task.wanted, addresses_of(chosen)), ranges);
    if (!rest) continue;
    for (const std::size_t r : *rest) chosen.push_back(prefixes[r]);
    if (best.empty() || chosen.size() < best.size()) best = std::move(chosen);
  }
  return best;
}

bool ProfileElements::covers_alone(std::size_t a, std::size_t b, bool one_label) const {
  const ElementAt& by = all_[a].at;
  const ElementAt& wanted = all_[b].at;
  if (by.kind != wanted.kind) return false;
  const AccessRule& by_rule = rule_of(environment_, by.at);
  const AccessRule& wanted_rule = rule_of(environment_, wanted.at);
  switch (by.kind) {
    case ElementAt::Kind::Subscription:
      return by_rule.subscriptions[by.index] == wanted_rule.subscriptions[wanted.index];
    case ElementAt::Kind::Tag:
      return iequals(by_rule.service_tags[by.index], wanted_rule.service_tags[wanted.index]);
    case ElementAt::Kind::HostName:
      return pattern(a).covers(pattern(b), one_label);
    case ElementAt::Kind::Prefix:
      break;  // by_address
  }
  return false;
}

std::size_t ProfileElements::first_alone(std::size_t wanted, const Members& by) const {
  return *std::ranges::find_if(by,
                               [&](std::size_t i) { return covers_alone(i, wanted, one_label_); });
}

Cover ProfileElements::cover(const Members& wanted, const Members& by) const {
  Cover cover;
  for (const AddressTask& task : address_tasks(wanted, by)) {
    const Members chosen = fewest_by_address(task);
    cover.members.insert(cover.members.end(), chosen.begin(), chosen.end());
  }
  for (const std::size_t i : wanted) {
    if (all_[i].by_address || !all_[i].may_die) continue;
    const std::size_t chosen = first_alone(i, by);
    cover.rests_on_u4 |= !covers_alone(chosen, i, !one_label_);
    cover.members.push_back(chosen);
  }
  sort_unique(cover.members);
  return cover;
}

}  // namespace nsp
