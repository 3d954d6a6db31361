// What a connection remembers of its last request is what the gate would decide again: after any
// sequence of requests, of which one repeats and the next differs in one thing or in many.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/decision/describe.h"
#include "sim/lab/ruling.h"
#include "sim/lab/sending.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

using lab::EditionPtr;
using lab::Shown;

constexpr Size kFew{6, 6};

// One request, as a node sees it.
struct Asked {
  EditionPtr edition;
  Index resource = kNone;
  IpAddress local;
  IpAddress peer;
  std::string host;
  std::string operation;
  Shown shown;

  [[nodiscard]] lab::ArrivalQuestion question() const {
    return {edition, resource, local, peer, host, operation, shown};
  }
};

Shown shown_by(const lab::Proven& proven, Dice& dice, const Environment& environment) {
  Shown shown;
  shown.credential = proven.credential;
  if (proven.identity.empty()) return shown;
  lab::Claims& claims = shown.claims.emplace();
  claims.mirid = proven.identity.text();
  for (const Perimeter& perimeter : environment.perimeters) {
    if (dice.one_in(3)) claims.perimeters.push_back(perimeter.guid);
  }
  return shown;
}

// Attempts at one resource or another, all of their callers with a seat.
std::vector<Asked> requests(Dice& dice, const Environment& environment) {
  const Policy policy = compile(environment);
  std::vector<lab::Sending> sendings;
  std::vector<lab::Post> posts;
  for (int i = 0; i < 30; ++i) {
    const Attempt attempt = random_attempt(dice, environment);
    const auto bound = bind(policy, attempt);
    if (!bound || bound->destination == kNone) continue;
    auto sending = lab::plan_sending(policy, attempt, *bound);
    if (!sending) continue;
    sending->post.caller.name = fmt::format("post {}", sendings.size());
    if (!sending->own_address) posts.push_back(sending->post);
    sendings.push_back(*std::move(sending));
  }
  const EditionPtr edition = lab::make_edition(environment, std::move(posts)).value();
  std::vector<Asked> all;
  for (const lab::Sending& sending : sendings) {
    all.push_back({edition, sending.destination, lab::address_called(*edition, sending),
                   lab::address_calling(*edition, sending), sending.host, sending.operation,
                   shown_by(sending.proven, dice, environment)});
  }
  return all;
}

// The next of them, or `last` with one thing of the next.
Asked following(Dice& dice, const Asked& last, const Asked& next) {
  Asked changed = last;
  switch (dice.roll(12)) {
    case 0:
      changed.host = next.host;
      return changed;
    case 1:
      changed.operation = next.operation;
      return changed;
    case 2:
      changed.peer = next.peer;
      return changed;
    case 3:
      changed.shown = next.shown;
      return changed;
    case 4:
      if (changed.shown.claims && next.shown.claims) {
        changed.shown.claims->perimeters = next.shown.claims->perimeters;
      }
      return changed;
    case 5:
      changed.edition = next.edition;
      return changed;
    case 6:
      changed.shown.credential = next.shown.credential;
      return changed;
    case 7:
      return next;
    default:
      return changed;
  }
}

std::string all_of(const std::expected<lab::RulingPtr, std::string>& ruled) {
  if (!ruled) return ruled.error();
  const lab::GateDecision& decided = (*ruled)->decided;
  const Policy& policy = decided.edition->policy;
  std::string text = fmt::format("{} at {}, {}", decided.attempt.from, decided.attempt.to,
                                 outcome_text(policy, decided.decision));
  if (const Leg* leg = decided.leg(Direction::Inbound)) {
    text += fmt::format(" ({}; readings {})", facts(leg->clause).id, leg->readings.to_string());
  }
  for (const lab::RecordText& record : (*ruled)->records) text += '\n' + *record;
  return text;
}

struct Tally {
  std::uint64_t asked = 0;
  std::uint64_t remembered = 0;
};

void ask_in_turn(Dice& dice, const std::vector<Asked>& first, const std::vector<Asked>& second,
                 Tally& tally) {
  lab::Gate gate({});
  lab::RulingMemo memo;
  Asked asked = first.front();
  for (int i = 0; i < 60 && !::testing::Test::HasFailure(); ++i) {
    asked = following(dice, asked, dice.pick(dice.one_in(4) ? second : first));
    const bool known = memo.find(asked.question(), gate.readings()) != nullptr;
    lab::Gate fresh_gate({});
    lab::RulingMemo fresh;
    EXPECT_EQ(all_of(rule(gate, memo, asked.question())),
              all_of(rule(fresh_gate, fresh, asked.question())));
    ++tally.asked;
    tally.remembered += known ? 1 : 0;
  }
}

TEST(LabRuling, IsRememberedAsItWouldBeMadeAgain) {
  const std::uint64_t worlds = sampling(4) == 1 ? 400 : 100;
  Tally tally;
  for (std::uint64_t seed = 1; seed <= worlds && !::testing::Test::HasFailure(); ++seed) {
    Dice dice(seed);
    Environment environment = random_environment(dice, kFew);
    const std::vector<Asked> first = requests(dice, environment);
    for (Association& association : environment.associations) {
      association.mode = dice.one_in(2) ? AccessMode::Enforced : AccessMode::Learning;
    }
    const std::vector<Asked> second = requests(dice, environment);
    if (!first.empty() && !second.empty()) ask_in_turn(dice, first, second, tally);
  }
  EXPECT_GT(tally.asked, worlds * 50);
  EXPECT_GT(tally.remembered, worlds * 5);
  EXPECT_LT(tally.remembered, tally.asked);
}

}  // namespace
}  // namespace nsp::differential
