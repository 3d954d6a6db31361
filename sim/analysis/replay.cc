#include "sim/analysis/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/analysis/sighting.h"
#include "sim/base/text.h"
#include "sim/decision/nearest.h"

namespace nsp {
namespace {

using RuleNames = std::vector<std::string>;

// What the filters look at.
struct Traits {
  RuleNames profiles;  // `nsp-ai/default`, and without the perimeter
  RuleNames rules;
  RuleNames resources;
  std::vector<LogCategory> categories;
};

std::string_view after_slash(std::string_view name) { return name.substr(name.rfind('/') + 1); }

Traits recorded_traits(const Judged& judged, const Comparison& by) {
  const Recorded& recorded = *judged.observation->recorded;
  Traits traits;
  traits.profiles = {profile_of(by, judged), recorded.profile};
  traits.rules = {recorded.rule};
  traits.categories = {recorded.category};
  return traits;
}

Traits seen_traits(const Judged& judged, const Comparison& by) {
  Traits traits;
  if (!judged.error.empty()) return traits;
  for (const Leg& leg : judged.now.decision.legs()) {
    traits.profiles.push_back(profile_of(*by.now, &leg));
    traits.rules.push_back(by.now->rule_name(leg.rule));
  }
  const WrittenCategories written = written_categories(judged.now.decision);
  traits.categories.assign(written.view().begin(), written.view().end());
  return traits;
}

Traits traits_of(const Judged& judged, const Comparison& by) {
  Traits traits =
      judged.observation->recorded ? recorded_traits(judged, by) : seen_traits(judged, by);
  const RuleNames whole = traits.profiles;
  for (const std::string& profile : whole) traits.profiles.emplace_back(after_slash(profile));
  traits.resources = {caller_name(by, judged), destination_name(by, judged)};
  for (RuleNames* names : {&traits.profiles, &traits.rules, &traits.resources}) {
    std::erase(*names, std::string());
  }
  return traits;
}

bool admits(const RuleNames& wanted, const RuleNames& had) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& name) {
           return std::ranges::any_of(had, [&](const std::string& h) { return iequals(h, name); });
         });
}

bool admits(const ReplayFilter& filter, const Judged& judged, const Comparison& by) {
  if (filter.empty()) return true;
  const Traits traits = traits_of(judged, by);
  const bool of_category =
      filter.categories.empty() || std::ranges::any_of(filter.categories, [&](LogCategory c) {
        return std::ranges::find(traits.categories, c) != traits.categories.end();
      });
  return of_category && admits(filter.profiles, traits.profiles) &&
         admits(filter.rules, traits.rules) && admits(filter.resources, traits.resources);
}

ReplayOutcome outcome_of(const Judgement& judgement) {
  ReplayOutcome outcome{judgement.verdict, judgement.reason, judgement.clause, {}};
  for (const Possibility& possibility : judgement.possibilities) {
    outcome.choices.push_back(
        {to_string(possibility.hypothesis), possibility.verdict, possibility.reason});
  }
  return outcome;
}

ReplayKey key_of(const Judged& judged, const Comparison& by) {
  ReplayKey key;
  key.change = judged.change;
  key.direction = direction_of(judged);
  key.caller = caller_name(by, judged);
  key.address = source_address(*judged.observation);
  key.resource = calling_resource(by, judged);
  key.to = destination_name(by, judged);
  key.profile = profile_of(by, judged);
  key.credential = credential_of(judged);
  key.path = judged.now.bound.path;
  key.now = outcome_of(judged.now);
  key.then = outcome_of(judged.then);
  return key;
}

std::string miss_of(const Judged& judged, const Comparison& by) {
  const Leg* leg = leg_then(judged);
  if (judged.then.verdict == Verdict::Allow || leg == nullptr) return {};
  Trace trace;
  static_cast<void>(evaluate(*by.then, judged.then.bound, by.scope_then, by.readings, trace));
  return nearest_miss(judged.then.bound, trace, leg->direction);
}

int severity(Change change) {
  switch (change) {
    case Change::Revoked:
      return 0;
    case Change::Gained:
      return 1;
    case Change::Undecided:
      return 2;
    case Change::Unchanged:
      break;
  }
  return 3;
}

bool matters_more(const ReplayTuple& a, const ReplayTuple& b) {
  if (a.change != b.change) return severity(a.change) < severity(b.change);
  if (a.seen.weight != b.seen.weight) return a.seen.weight > b.seen.weight;
  return static_cast<const ReplayKey&>(a) < static_cast<const ReplayKey&>(b);
}

struct Group {
  Activity seen;
  std::set<LogCategory> recorded;
  const Judged* first = nullptr;
};

void add(Group& group, const Judged& judged) {
  group.seen.merge(judged.observation->seen);
  if (judged.observation->recorded) group.recorded.insert(judged.observation->recorded->category);
  if (group.first == nullptr) group.first = &judged;
}

std::vector<ReplayTuple> tuples_of(const std::map<ReplayKey, Group>& groups, const Comparison& by) {
  std::vector<ReplayTuple> tuples;
  tuples.reserve(groups.size());
  for (const auto& [key, group] : groups) {
    tuples.push_back({key, group.seen, group.recorded, miss_of(*group.first, by)});
  }
  std::ranges::sort(tuples, matters_more);
  return tuples;
}

std::vector<Unjudged> unjudged_of(const std::map<std::string, Activity>& reasons) {
  std::vector<Unjudged> unjudged;
  for (const auto& [why, seen] : reasons) unjudged.push_back({why, seen});
  std::ranges::stable_sort(
      unjudged, [](const Unjudged& a, const Unjudged& b) { return a.seen.weight > b.seen.weight; });
  return unjudged;
}

// One sentence for each wanted name that nobody has.
void name_unknown(const RuleNames& wanted, const std::set<std::string>& had, std::string_view what,
                  RuleNames& sentences) {
  const std::vector<std::string_view> known(had.begin(), had.end());
  for (const std::string& name : wanted) {
    if (std::ranges::any_of(had, [&](const std::string& h) { return iequals(h, name); })) continue;
    const std::string_view near = nearest_word(name, known);
    sentences.push_back(
        fmt::format("no record is of the {} `{}`{}", what, name,
                    near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near)));
  }
}

}  // namespace

Replay make_replay(std::span<const Judged> judged, const Comparison& comparison,
                   const ReplayFilter& filter) {
  Replay replay;
  std::map<ReplayKey, Group> groups;
  std::map<std::string, Activity> reasons;
  for (const Judged& one : judged) {
    if (!admits(filter, one, comparison)) continue;
    if (one.error.empty()) {
      add(groups[key_of(one, comparison)], one);
      replay.weights[static_cast<std::size_t>(one.change)] += one.observation->seen.weight;
    } else {
      reasons[one.error].merge(one.observation->seen);
      replay.unjudged_weight += one.observation->seen.weight;
    }
  }
  replay.tuples = tuples_of(groups, comparison);
  replay.unjudged = unjudged_of(reasons);
  return replay;
}

std::vector<std::string> unknown_names(std::span<const Judged> judged, const Comparison& comparison,
                                       const ReplayFilter& filter) {
  std::set<std::string> profiles;
  std::set<std::string> rules;
  std::set<std::string> resources;
  if (filter.empty()) return {};
  for (const Judged& one : judged) {
    const Traits traits = traits_of(one, comparison);
    profiles.insert(traits.profiles.begin(), traits.profiles.end());
    rules.insert(traits.rules.begin(), traits.rules.end());
    resources.insert(traits.resources.begin(), traits.resources.end());
  }
  RuleNames sentences;
  name_unknown(filter.profiles, profiles, "profile", sentences);
  name_unknown(filter.rules, rules, "rule", sentences);
  name_unknown(filter.resources, resources, "resource", sentences);
  return sentences;
}

}  // namespace nsp
