#include "sim/analysis/configuration_diff.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "sim/base/text.h"

namespace nsp {
namespace {

using Objects = std::vector<ConfiguredObject>;

// Each object of both sides, beside the other side's one.
struct ObjectPair {
  const ConfiguredObject* base = nullptr;
  const ConfiguredObject* candidate = nullptr;
};

template <class KeyOf>
std::map<std::pair<ObjectKind, std::string>, std::vector<ObjectPair*>> index_by(
    std::vector<ObjectPair>& pairs, KeyOf key_of) {
  std::map<std::pair<ObjectKind, std::string>, std::vector<ObjectPair*>> index;
  for (ObjectPair& pair : pairs) {
    const ConfiguredObject& one = pair.base != nullptr ? *pair.base : *pair.candidate;
    index[{one.kind, key_of(one)}].push_back(&pair);
  }
  return index;
}

// Joins a lone base and a lone candidate that have the same key; what is taken becomes empty.
template <class KeyOf>
void join_lone(std::vector<ObjectPair>& pairs, KeyOf key_of) {
  std::vector<ObjectPair> lone;
  std::vector<ObjectPair> done;
  for (const ObjectPair& pair : pairs) {
    (pair.base != nullptr && pair.candidate != nullptr ? done : lone).push_back(pair);
  }
  for (auto& [key, same] : index_by(lone, key_of)) {
    const bool is_pair = same.size() == 2 && same[0]->base != nullptr && same[1]->base == nullptr;
    if (!is_pair) continue;
    done.push_back({same[0]->base, same[1]->candidate});
    *same[0] = *same[1] = {};
  }
  for (const ObjectPair& pair : lone) {
    if (pair.base != nullptr || pair.candidate != nullptr) done.push_back(pair);
  }
  pairs = std::move(done);
}

std::vector<ObjectPair> pair_up(const Objects& base, const Objects& candidate) {
  std::vector<ObjectPair> pairs;
  for (const ConfiguredObject& object : base) pairs.push_back({&object, nullptr});
  for (const ConfiguredObject& object : candidate) pairs.push_back({nullptr, &object});
  join_lone(pairs, [](const ConfiguredObject& object) { return object.key; });
  join_lone(pairs, [](const ConfiguredObject& object) { return lower(object.name); });
  return pairs;
}

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& those) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, those, std::back_inserter(rest));
  return rest;
}

const Setting* find(const std::vector<Setting>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Setting::name);
  return found == all.end() ? nullptr : &*found;
}

SettingChange change_of(const Setting* base, const Setting* candidate) {
  const Setting& any = base != nullptr ? *base : *candidate;
  SettingChange change;
  change.name = any.name;
  change.is_list = any.is_list;
  const std::vector<std::string> nothing;
  const auto& before = base == nullptr ? nothing : base->values;
  const auto& after = candidate == nullptr ? nothing : candidate->values;
  if (change.is_list) {
    change.added = without(after, before);
    change.removed = without(before, after);
  } else {
    if (!before.empty()) change.from = before.front();
    if (!after.empty()) change.to = after.front();
  }
  return change;
}

// Settings in the order of the base, then those that only the candidate has.
std::vector<SettingChange> compare(const std::vector<Setting>& base,
                                   const std::vector<Setting>& candidate) {
  std::vector<SettingChange> changes;
  for (const Setting& setting : base) {
    const Setting* other = find(candidate, setting.name);
    if (other == nullptr || other->values != setting.values) {
      changes.push_back(change_of(&setting, other));
    }
  }
  for (const Setting& setting : candidate) {
    if (find(base, setting.name) == nullptr) changes.push_back(change_of(nullptr, &setting));
  }
  return changes;
}

ObjectChange compare(const ObjectPair& pair) {
  const std::vector<Setting> nothing;
  const ConfiguredObject& any = pair.candidate != nullptr ? *pair.candidate : *pair.base;
  ObjectChange change;
  change.kind = any.kind;
  change.name = any.name;
  if (pair.base != nullptr) change.base = pair.base->place;
  if (pair.candidate != nullptr) change.candidate = pair.candidate->place;
  if (pair.base == nullptr) change.change = ObjectChangeKind::Added;
  if (pair.candidate == nullptr) change.change = ObjectChangeKind::Removed;
  change.settings = compare(pair.base != nullptr ? pair.base->settings : nothing,
                            pair.candidate != nullptr ? pair.candidate->settings : nothing);
  return change;
}

}  // namespace

std::vector<ObjectChange> diff_configurations(const Environment& base,
                                              const Environment& candidate) {
  const Objects before = configured_objects(base);
  const Objects after = configured_objects(candidate);
  std::vector<ObjectChange> changes;
  for (const ObjectPair& pair : pair_up(before, after)) {
    ObjectChange change = compare(pair);
    const bool both = change.change == ObjectChangeKind::Changed;
    if (!both || !change.settings.empty()) changes.push_back(std::move(change));
  }
  std::ranges::stable_sort(changes, [](const ObjectChange& a, const ObjectChange& b) {
    return std::tie(a.kind, a.name, a.change) < std::tie(b.kind, b.name, b.change);
  });
  return changes;
}

}  // namespace nsp
