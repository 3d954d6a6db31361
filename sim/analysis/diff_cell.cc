#include "sim/analysis/diff_cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/decision/describe.h"

namespace nsp {
namespace {

constexpr std::size_t kMostReasons = 3;  // of many attempts in one change

bool denied(const std::optional<Decision>& decision) {
  return !decision || decision->verdict == Verdict::Deny;
}

bool differ(const std::optional<Decision>& a, const std::optional<Decision>& b) {
  if (denied(a) && denied(b)) return false;
  return !a || !b || a->verdict != b->verdict;
}

std::optional<Verdict> way_out(const std::optional<Decision>& decision) {
  const Leg* leg = decision ? decision->find(Direction::Outbound) : nullptr;
  return leg == nullptr ? std::nullopt : std::optional(leg->verdict);
}

// How far a verdict lets through: rules only allow, so facts add up to the most that one of them
// gives, and legs to the least.
int openness(Verdict verdict) {
  return verdict == Verdict::Allow ? 2 : verdict == Verdict::Undecided ? 1 : 0;
}

// The attempt with one more claim: out as it stands, in by its own facts or by the claim.
int passing(const Decision& decision, const Decision& claim) {
  const Leg* out = decision.find(Direction::Outbound);
  const Leg* in = decision.find(Direction::Inbound);
  const int way_in = std::max(in == nullptr ? 0 : openness(in->verdict), openness(claim.verdict));
  return std::min(out == nullptr ? 2 : openness(out->verdict), way_in);
}

Turn turn_of(const Turned& turned) {
  const auto [base, candidate] = std::pair(turned.base.verdict, turned.candidate.verdict);
  if (!turned.differs()) return Turn::Reason;
  if (!base) return Turn::Added;
  if (!candidate) return Turn::Removed;
  if (candidate == Verdict::Undecided) return Turn::Clouded;
  if (base == Verdict::Undecided) return Turn::Decided;
  return candidate == Verdict::Allow ? Turn::Opened : Turn::Closed;
}

void add_once(std::vector<std::string>& all, std::string text) {
  if (all.size() < kMostReasons && std::ranges::find(all, text) == all.end()) {
    all.push_back(std::move(text));
  }
}

}  // namespace

std::string_view verdict_word(const Answer& answer) {
  return answer.verdict ? to_string(*answer.verdict) : "absent";
}

bool Turned::differs() const {
  const bool both_closed = base.verdict.value_or(Verdict::Deny) == Verdict::Deny &&
                           candidate.verdict.value_or(Verdict::Deny) == Verdict::Deny;
  return !both_closed && base.verdict != candidate.verdict;
}

bool Cell::differs() const { return differs(0) || differs(1); }

bool Cell::differs(std::size_t scope) const { return differ(at[scope][0], at[scope][1]); }

bool Cell::is_open() const {
  return std::ranges::any_of(
      at, [](const auto& sides) { return !denied(sides[0]) || !denied(sides[1]); });
}

bool Cell::hides_a_leg() const {
  return std::ranges::any_of(at, [](const auto& sides) {
    return sides[0] && sides[1] && way_out(sides[0]) != way_out(sides[1]) &&
           !differ(sides[0], sides[1]);
  });
}

std::uint16_t Cell::leaving() const {
  std::uint16_t number = 0;
  for (const auto& sides : at) {
    for (const auto& decision : sides) {
      const auto verdict = way_out(decision);
      number =
          static_cast<std::uint16_t>(number * 4 + (verdict ? 1 + static_cast<int>(*verdict) : 0));
    }
  }
  return number;
}

bool Cell::shows_more_with(const Cell& outside) const {
  for (std::size_t scope = 0; scope < at.size(); ++scope) {
    const auto& sides = at[scope];
    if (!sides[0] || !sides[1] || differs(scope) || outside.differs(scope)) continue;
    if (!outside.at[scope][0] || !outside.at[scope][1]) continue;
    if (passing(*sides[0], *outside.at[scope][0]) != passing(*sides[1], *outside.at[scope][1])) {
      return true;
    }
  }
  return false;
}

AttemptPair Judge::in_names(const Attempt& attempt, Index from, Index to,
                            std::optional<std::size_t> host) const {
  AttemptPair both{attempt, attempt};
  for (const std::size_t side : kSides) {
    // The absent one is called what the other side calls it, and found by nobody.
    const auto named = [&](Index index) -> const Resource& {
      const Resource* resource = world_.resource(side, index);
      return resource != nullptr ? *resource : *world_.resource(1 - side, index);
    };
    if (from != kNone) both[side].from = named(from).id.text();
    if (to == kNone) continue;
    both[side].to = named(to).id.text();
    const std::vector<DomainName>& hosts = named(to).host_names;
    if (host && *host < hosts.size()) both[side].name = hosts[*host];
  }
  return both;
}

BoundPair Judge::bind(const AttemptPair& attempts) const {
  BoundPair bound;
  for (const std::size_t side : kSides) {
    auto one = nsp::bind(*world_.policies[side], attempts[side], world_.question.readings);
    if (one) bound[side] = std::move(*one);
  }
  return bound;
}

Cell Judge::judge(const BoundPair& bound) {
  Cell cell;
  for (const std::size_t side : kSides) {
    if (!bound[side]) continue;
    const Policy& policy = *world_.policies[side];
    cell.at[0][side] = evaluate(policy, *bound[side], {}, world_.question.readings);
    cell.at[1][side] = evaluate(policy, *bound[side], if_enforced(), world_.question.readings);
    evaluations_ += 2;
  }
  return cell;
}

CellKey Judge::key(const Cell& cell) const {
  CellKey key;
  for (const auto& sides : cell.at) {
    for (const std::size_t side : kSides) {
      const int verdict = sides[side] ? 1 + static_cast<int>(sides[side]->verdict) : 0;
      key.verdicts = static_cast<std::uint16_t>(key.verdicts * 4 + verdict);
      if (world_.question.reasons && sides[side]) key.reasons += reason(side, *sides[side]) + '\n';
    }
  }
  return key;
}

bool Judge::is_change(const Cell& cell) const {
  if (cell.differs()) return true;
  return world_.question.reasons && std::ranges::any_of(cell.at, [&](const auto& sides) {
           return sides[0] && sides[1] && reason(0, *sides[0]) != reason(1, *sides[1]);
         });
}

std::string Judge::reason(std::size_t side, const Decision& decision) const {
  const Policy& policy = *world_.policies[side];
  std::string text = reason_text(policy, decision);
  if (decision.verdict != Verdict::Undecided) return text;
  for (const Unresolved* value : open_values(policy, decision.leg[decision.deciding_leg])) {
    text += fmt::format(", {}", open_value_text(*value));
  }
  return text;
}

VerdictChange Judge::change(Asked asked, const Cell& cell, const AttemptPair& witness) const {
  VerdictChange change;
  change.asked = asked;
  change.witness = witness;
  const auto answer = [&](std::size_t scope, std::size_t side) {
    const auto& decision = cell.at[scope][side];
    return decision ? Answer{decision->verdict, {reason(side, *decision)}} : Answer{};
  };
  change.now = {answer(0, 0), answer(0, 1)};
  change.enforced = {answer(1, 0), answer(1, 1)};
  change.only_enforced = !change.now.differs() && change.enforced.differs();
  change.turn = turn_of(change.only_enforced ? change.enforced : change.now);
  return change;
}

void Judge::add_reasons(VerdictChange& change, const Cell& cell) const {
  const std::array<std::array<Answer*, 2>, 2> answers{
      {{&change.now.base, &change.now.candidate},
       {&change.enforced.base, &change.enforced.candidate}}};
  for (std::size_t scope = 0; scope < answers.size(); ++scope) {
    for (const std::size_t side : kSides) {
      const auto& decision = cell.at[scope][side];
      if (decision) add_once(answers[scope][side]->reasons, reason(side, *decision));
    }
  }
}

std::string host_word(const Resource& resource, std::size_t host) {
  const auto known = facts(resource.service).hosts;
  if (host < known.size() && !known[host].word.empty()) return std::string(known[host].word);
  return host < resource.host_names.size() ? resource.host_names[host].text() : std::string();
}

}  // namespace nsp
