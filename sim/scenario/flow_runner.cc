#include "sim/scenario/flow_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "sim/base/text.h"
#include "sim/decision/describe.h"
#include "sim/scenario/flow_match.h"
#include "sim/scenario/trace_text.h"

namespace nsp {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kNoSuchFlow = "no such flow";
constexpr std::string_view kNoOtherFlow = "no other flow";

std::optional<Direction> leg_of(CaseColumn column) {
  if (column == CaseColumn::Outbound) return Direction::Outbound;
  if (column == CaseColumn::Inbound) return Direction::Inbound;
  return std::nullopt;
}

// The leg that is judged: the column's, else the record's; nothing: the whole attempt.
std::optional<Direction> judged_leg(const Observation& seen, CaseColumn column) {
  const auto of_column = leg_of(column);
  if (of_column || !seen.recorded) return of_column;
  return direction_of(seen.recorded->category);
}

// A record tells of one leg alone.
bool tells_of(const Observation& seen, CaseColumn column) {
  const auto leg = leg_of(column);
  return !leg || !seen.recorded || direction_of(seen.recorded->category) == *leg;
}

std::string outcome_text(const Judgement& judgement) {
  return fmt::format("{}: {}", to_string(judgement.verdict), judgement.reason);
}

void add_distinct(std::vector<std::string>& all, std::string text) {
  if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
}

// `logged` goes with `expect`, or with the only other outcome of the row.
CaseColumn logged_column(const FlowRow& row) {
  const bool has_expect = std::ranges::any_of(
      row.outcomes, [](const OutcomeCell& cell) { return cell.column == CaseColumn::Expect; });
  return !has_expect && row.outcomes.size() == 1 ? row.outcomes.front().column : CaseColumn::Expect;
}

std::string possibilities_text(const Judgement& judgement) {
  std::string text;
  for (const auto& each : judgement.possibilities) {
    text += fmt::format("  {}: {}: {}\n", to_string(each.hypothesis), to_string(each.verdict),
                        each.reason);
  }
  return text;
}

}  // namespace

FlowRunner::FlowRunner(const Page& page, const Section& section, const RunOptions& options,
                       FlowPolicies policies, std::span<const Observation> seen, PageRun& out)
    : section_(section),
      policies_(policies),
      seen_(seen),
      record_(page, options, out),
      readings_(options.readings) {
  // The page reader has reported what cannot be read.
  for (const auto& text : section_.assume)
    [[maybe_unused]] const bool read = add_assumptions(readings_, text.text).has_value();
}

void FlowRunner::run() {
  if (policies_.judge != nullptr) match();
  for (std::size_t i = 0; i < section_.flows.size(); ++i) {
    if (record_.selected(section_.flows[i].name)) run_row(i);
  }
  if (section_.flow_table && record_.selected(std::string(kClosedWorld))) run_closed_world();
}

void FlowRunner::match() {
  named_.resize(section_.flows.size());
  names_.resize(seen_.size());
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    evidence_.push_back(weigh(*policies_.own, *policies_.judge, seen_[i], readings_));
    for (std::size_t row = 0; row < section_.flows.size(); ++row) {
      if (!fits(section_.flows[row], seen_[i], *policies_.own)) continue;
      named_[row].push_back(i);
      names_[i].push_back(row);
    }
  }
}

CellResult FlowRunner::start(const FlowRow& row, const PageCell& cell, std::string column,
                             std::string expected) const {
  CellResult result = record_.start(cell, row.name, std::move(column));
  result.from = row.from;
  result.to = row.to.value_or("");
  result.expected = std::move(expected);
  result.row_text = row.source;
  return result;
}

void FlowRunner::run_row(std::size_t index) {
  const FlowRow& row = section_.flows[index];
  run_presence(row, index);
  for (const auto& cell : row.outcomes) run_outcome(row, cell, index);
  if (row.logged) run_logged(row, *row.logged, index);
}

// `seen`, or how many packets; or what is wrong.
std::string FlowRunner::presence(std::size_t index) const {
  if (named_[index].empty()) return std::string(kNoSuchFlow);
  std::uint64_t amount = 0;
  for (const std::size_t i : named_[index]) {
    amount += amount_of(seen_[i]);
    for (const std::size_t row : names_[i]) {
      if (row == index) continue;
      return fmt::format("{}\nis named by `{}`, too", flow_text(seen_[i]),
                         section_.flows[row].name);
    }
  }
  return section_.flows[index].packets ? amount_text(amount, of_records()) : "seen";
}

void FlowRunner::run_presence(const FlowRow& row, std::size_t index) {
  const auto start_time = Clock::now();
  CellResult result =
      start(row, row.cell, "flow", row.packets ? amount_text(*row.packets, of_records()) : "seen");
  if (policies_.judge == nullptr) return record_.list(std::move(result));
  const std::string actual = presence(index);
  result.elapsed = Clock::now() - start_time;
  const bool held = actual == result.expected;
  record_.finish(std::move(result), {held, actual, {}, {}, {}}, row.cell,
                 [] { return std::string(); });
}

std::expected<Scope, std::string> FlowRunner::scope_of(const Policy& policy,
                                                       const Observation& seen,
                                                       CaseColumn column) const {
  Scope scope;
  if (column == CaseColumn::Learning) scope.mode = AccessMode::Learning;
  if (column == CaseColumn::Enforced) scope.mode = AccessMode::Enforced;
  if (column == CaseColumn::Audit) scope.mode = AccessMode::Audit;
  if (column != CaseColumn::NotAssociated || seen.attempt.to.empty()) return scope;
  const auto bound = bind(policy, seen.attempt, readings_);
  if (!bound) return std::unexpected(bound.error());
  const bool of_caller = bound->destination == kNone ||
                         judged_leg(seen, CaseColumn::NotAssociated) == Direction::Outbound;
  scope.not_associated = of_caller ? bound->caller : bound->destination;
  return scope;
}

std::expected<Judgement, std::string> FlowRunner::judge_one(const Policy& policy, std::size_t seen,
                                                            CaseColumn column) const {
  const Weighed& evidence = evidence_[seen];
  if (!evidence) return std::unexpected(evidence.error());
  const auto scope = scope_of(policy, seen_[seen], column);
  if (!scope) return std::unexpected(scope.error());
  const auto leg = leg_of(column);
  return leg ? judge_leg(policy, seen_[seen], *leg, *evidence, *scope, readings_)
             : judge(policy, seen_[seen], *evidence, *scope, readings_);
}

FlowRunner::Opinions FlowRunner::opinions(const Policy& policy, std::size_t index,
                                          const OutcomeCell& cell) const {
  Opinions all;
  for (const std::size_t i : named_[index]) {
    if (!tells_of(seen_[i], cell.column)) continue;
    Opinion& opinion = all.emplace_back();
    opinion.seen = &seen_[i];
    auto judgement = judge_one(policy, i, cell.column);
    opinion.judged = judgement.has_value();
    if (opinion.judged) {
      opinion.judgement = *std::move(judgement);
      opinion.text = outcome_text(opinion.judgement);
      opinion.held = matches(cell.expected, opinion.judgement.verdict, opinion.judgement.reason);
    } else {
      opinion.text = std::move(judgement.error());
    }
  }
  return all;
}

CellAnswer FlowRunner::answer(const FlowRow& row, const OutcomeCell& cell,
                              const Opinions& all) const {
  CellAnswer given;
  if (all.empty()) {
    given.actual = kNoSuchFlow;
    return given;
  }
  std::vector<std::string> texts;
  for (const Opinion& each : all) {
    add_distinct(texts, each.text);
    const auto leg = judged_leg(*each.seen, cell.column);
    for (const Leg& one : each.judgement.decision.legs()) {
      if (!leg || one.direction == *leg) given.legs.push_back(&one);
    }
    if (each.judged && each.judgement.verdict == Verdict::Undecided) {
      given.undecided = each.judgement.reason;
    }
  }
  given.held = std::ranges::all_of(all, &Opinion::held);
  given.actual = join(texts, "\n");
  const Opinion& first = all.front();
  if (texts.size() != 1 || !first.judged) return given;
  const bool because_fits =
      !row.because || matches({first.judgement.verdict, row.because}, first.judgement.verdict,
                              first.judgement.reason);
  given.rewrite = may_stay_bare(cell, row, because_fits)
                      ? std::string(to_string(first.judgement.verdict))
                      : first.text;
  return given;
}

// Of the first flow for which the cell does not hold.
std::string FlowRunner::trace_of(const Opinions& all, CaseColumn column) const {
  const auto wrong = std::ranges::find(all, false, &Opinion::held);
  if (wrong == all.end()) return {};
  std::string text = flow_text(*wrong->seen) + "\n";
  if (!wrong->judged || wrong->judgement.decision.leg_count == 0) return text;
  text += possibilities_text(wrong->judgement);
  const auto scope = scope_of(*policies_.judge, *wrong->seen, column);
  Trace trace;
  static_cast<void>(evaluate(*policies_.judge, wrong->judgement.bound, scope.value_or(Scope{}),
                             readings_, trace));
  return text + trace_text(*policies_.judge, wrong->judgement.bound, trace);
}

void FlowRunner::run_outcome(const FlowRow& row, const OutcomeCell& cell, std::size_t index) {
  const auto start_time = Clock::now();
  CellResult result =
      start(row, cell.cell, std::string(to_string(cell.column)), to_string(cell.expected));
  if (policies_.judge == nullptr) return record_.list(std::move(result));
  const Opinions all = opinions(*policies_.judge, index, cell);
  const CellAnswer given = answer(row, cell, all);
  if (policies_.own != policies_.judge) {
    const std::string before = answer(row, cell, opinions(*policies_.own, index, cell)).actual;
    if (before != given.actual) result.before = before;
  }
  result.elapsed = Clock::now() - start_time;
  record_.check_strict(result, given, cell.expected.verdict == Verdict::Undecided);
  record_.finish(std::move(result), given, cell.cell, [&] { return trace_of(all, cell.column); });
}

// Each value of the missing facts may write other records.
std::vector<std::string> FlowRunner::logged_on_the_wire(const Policy& policy, std::size_t seen,
                                                        CaseColumn column) const {
  std::vector<std::string> texts;
  const Weighed& evidence = evidence_[seen];
  const auto scope = scope_of(policy, seen_[seen], column);
  if (!evidence || !scope) return {evidence ? scope.error() : evidence.error()};
  for (const Hypothesis& one : evidence->fits) {
    Evidence alone = *evidence;
    alone.fits = {one};
    const auto judged = judge(policy, seen_[seen], alone, *scope, readings_);
    add_distinct(texts, judged ? categories_text(written_categories(judged->decision).view())
                               : judged.error());
  }
  return texts;
}

// Of records: what is predicted for each, outbound first. Of flows on the wire: what each would
// write, ` or ` between where that is not certain.
std::string FlowRunner::logged(const Policy& policy, std::size_t index, CaseColumn column) const {
  std::vector<std::string> texts;
  std::vector<LogCategory> predicted;
  for (const Direction direction : {Direction::Outbound, Direction::Inbound}) {
    for (const std::size_t i : named_[index]) {
      if (!seen_[i].recorded || direction_of(seen_[i].recorded->category) != direction) continue;
      const auto judged = judge_one(policy, i, column);
      if (!judged) return judged.error();
      const Leg* leg = judged->decision.find(direction);
      for (const LogCategory each : leg->categories.view()) {
        if (std::ranges::find(predicted, each) == predicted.end()) predicted.push_back(each);
      }
    }
  }
  bool any_record = false;
  for (const std::size_t i : named_[index]) {
    any_record = any_record || seen_[i].recorded;
    if (seen_[i].recorded) continue;
    for (auto& text : logged_on_the_wire(policy, i, column)) add_distinct(texts, std::move(text));
  }
  if (any_record) add_distinct(texts, categories_text(predicted));
  return texts.empty() ? std::string(kNoSuchFlow) : join(texts, " or ");
}

void FlowRunner::run_logged(const FlowRow& row, const LoggedCell& cell, std::size_t index) {
  const auto start_time = Clock::now();
  CellResult result = start(row, cell.cell, "logged", categories_text(cell.categories));
  if (policies_.judge == nullptr) return record_.list(std::move(result));
  const CaseColumn column = logged_column(row);
  const std::string text = logged(*policies_.judge, index, column);
  if (policies_.own != policies_.judge) {
    const std::string before = logged(*policies_.own, index, column);
    if (before != text) result.before = before;
  }
  result.elapsed = Clock::now() - start_time;
  // What was recorded is evidence: `--update` leaves it alone.
  const bool readable = parse_categories(text).has_value() && !of_records();
  const bool held = text == result.expected;
  record_.finish(std::move(result), {held, text, readable ? text : std::string(), {}, {}},
                 cell.cell, [] { return std::string(); });
}

void FlowRunner::run_closed_world() {
  const auto start_time = Clock::now();
  const PageCell& cell = *section_.flow_table;
  CellResult result = record_.start(cell, std::string(kClosedWorld), "flow");
  result.expected = kNoOtherFlow;
  if (policies_.judge == nullptr) return record_.list(std::move(result));
  std::vector<std::string> unnamed;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    if (names_[i].empty()) unnamed.push_back(flow_text(seen_[i]));
  }
  const std::string actual = unnamed.empty() ? std::string(kNoOtherFlow) : join(unnamed, "\n");
  result.elapsed = Clock::now() - start_time;
  record_.finish(std::move(result), {unnamed.empty(), actual, {}, {}, {}}, cell,
                 [] { return std::string(); });
}

}  // namespace nsp
