#include "sim/scenario/section_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/base/text.h"
#include "sim/decision/bind.h"
#include "sim/decision/describe.h"
#include "sim/scenario/section_environment.h"
#include "sim/scenario/trace_text.h"

namespace nsp {
namespace {

using Clock = std::chrono::steady_clock;

bool is_leg_column(CaseColumn column) {
  return column == CaseColumn::Outbound || column == CaseColumn::Inbound;
}

Direction direction_of(CaseColumn column) {
  return column == CaseColumn::Outbound ? Direction::Outbound : Direction::Inbound;
}

std::string why_no_leg(const Decision& decision, Direction direction, const Attempt& attempt) {
  if (decision.leg_count == 0) return "no leg: the control plane is not judged";
  const bool out = direction == Direction::Outbound;
  return fmt::format("no {} leg: `{}` is no resource of the environment", to_string(direction),
                     out ? attempt.from : attempt.to);
}

// REQUIRES: the decision outlives what is given.
std::vector<const Leg*> legs_of(const Decision& decision) {
  std::vector<const Leg*> legs;
  for (const auto& leg : decision.legs()) legs.push_back(&leg);
  return legs;
}

// Of a leg or of a whole decision.
template <class Judged>
std::string why_undecided(const Policy& policy, const Judged& judged) {
  return judged.verdict == Verdict::Undecided ? reason_text(policy, judged) : std::string();
}

std::string logged_text(const Decision& decision) {
  return categories_text(written_categories(decision).view());
}

bool is_as_it_is(const OutcomeCell& cell) {
  return cell.column == CaseColumn::Expect || is_leg_column(cell.column);
}

// `expect`, `outbound` and `inbound` look at one attempt, which the first of them stands for.
bool stands_for_attempt(const OutcomeCell& cell, const CaseRow& row) {
  return !is_as_it_is(cell) || &*std::ranges::find_if(row.outcomes, is_as_it_is) == &cell;
}

}  // namespace

SectionRunner::SectionRunner(const Page& page, std::size_t index, const RunOptions& options,
                             const Policy* judge, const Policy* own, PageRun& out)
    : section_(page.sections[index]),
      options_(options),
      judge_(judge),
      own_(own),
      record_(page, options, out),
      readings_(options.readings) {
  for (auto& caller : known_callers(page, index)) callers_.emplace(lower(caller.name), caller);
  // The page reader has reported what cannot be read.
  for (const auto& text : section_.assume)
    [[maybe_unused]] const bool read = add_assumptions(readings_, text.text).has_value();
}

void SectionRunner::run() {
  check_callers();
  for (const auto& row : section_.cases) {
    if (record_.selected(row.name)) run_case(row);
  }
  for (const auto& cell : section_.grid) {
    if (record_.selected(fmt::format("{} calls {}", cell.from, cell.to))) run_grid_cell(cell);
  }
}

// A name that is both would make `from` ambiguous.
void SectionRunner::check_callers() {
  if (judge_ == nullptr) return;
  for (const auto& caller : section_.callers) {
    if (judge_->find_resource(caller.name).index == kNone) continue;
    record_.error(caller.place,
                  fmt::format("`{}` is a caller and a resource, rename the caller", caller.name));
  }
}

// A caller's facts, where the row does not override them.
Attempt SectionRunner::filled_in(const Attempt& written) const {
  Attempt attempt = written;
  const auto found = callers_.find(lower(written.from));
  if (found == callers_.end()) return attempt;
  const Caller& caller = found->second;
  attempt.outside = true;
  if (!attempt.credential) attempt.credential = caller.credential;
  if (!attempt.address && !attempt.address_hidden) {
    attempt.address = caller.address;
    attempt.address_hidden = caller.address_hidden;
  }
  attempt.subscription = caller.subscription;
  attempt.subnet = caller.subnet;
  attempt.trusted_service = caller.trusted_service;
  return attempt;
}

SectionRunner::Row SectionRunner::bind_row(Attempt attempt, const PageCell& where) {
  Row row;
  row.attempt = std::move(attempt);
  if (judge_ == nullptr) return row;
  auto bound = bind(*judge_, row.attempt, readings_);
  if (bound) {
    row.bound = *std::move(bound);
  } else {
    record_.error(record_.place_of(where), bound.error());
  }
  if (own_ != nullptr) {
    if (auto before = bind(*own_, row.attempt, readings_)) row.bound_to_own = *std::move(before);
  }
  return row;
}

void SectionRunner::run_case(const CaseRow& written) {
  Row row = bind_row(filled_in(written.attempt), written.cell);
  row.written = &written;
  if (judge_ != nullptr && !row.bound) return;
  for (const auto& cell : written.outcomes) run_outcome(row, cell);
  if (written.logged) run_logged(row, *written.logged);
}

Scope SectionRunner::scope_of(const CaseRow& row, CaseColumn column, const BoundAttempt& bound) {
  Scope scope;
  const Index subject = bound.destination == kNone ? bound.caller : bound.destination;
  if (row.public_network_access) {
    scope.resource_with_access = subject;
    scope.public_network_access = *row.public_network_access;
  }
  if (column == CaseColumn::Learning) scope.mode = AccessMode::Learning;
  if (column == CaseColumn::Enforced) scope.mode = AccessMode::Enforced;
  if (column == CaseColumn::Audit) scope.mode = AccessMode::Audit;
  if (column == CaseColumn::NotAssociated) scope.not_associated = subject;
  return scope;
}

CellAnswer SectionRunner::leg_answer(const Policy& policy, const Decision& decision,
                                     const OutcomeCell& cell, const CaseRow& row) {
  const auto direction = direction_of(cell.column);
  const Leg* leg = decision.find(direction);
  if (leg == nullptr)
    return {false, why_no_leg(decision, direction, row.attempt), {}, legs_of(decision), {}};
  const std::string whole =
      fmt::format("{}: {}", to_string(leg->verdict), reason_text(policy, *leg));
  const bool fits = matches({leg->verdict, row.because}, policy, *leg);
  return {matches(cell.expected, policy, *leg),
          whole,
          may_stay_bare(cell, row, fits) ? std::string(to_string(leg->verdict)) : whole,
          {leg},
          why_undecided(policy, *leg)};
}

CellAnswer SectionRunner::answer(const Policy& policy, const Decision& decision,
                                 const OutcomeCell& cell, const CaseRow& row) {
  if (is_leg_column(cell.column)) return leg_answer(policy, decision, cell, row);
  const std::string whole = outcome_text(policy, decision);
  const bool fits = matches({decision.verdict, row.because}, policy, decision);
  return {matches(cell.expected, policy, decision), whole,
          may_stay_bare(cell, row, fits) ? std::string(to_string(decision.verdict)) : whole,
          legs_of(decision), why_undecided(policy, decision)};
}

void SectionRunner::run_outcome(const Row& row, const OutcomeCell& cell) {
  const auto start = Clock::now();
  const CaseRow& written = *row.written;
  CellResult result = record_.start(cell.cell, written.name, std::string(to_string(cell.column)));
  result.from = written.attempt.from;
  result.to = written.attempt.to;
  result.expected = to_string(cell.expected);
  result.row_text = written.source;
  if (judge_ == nullptr) {
    record_.list(std::move(result));
    return;
  }
  const Scope scope = scope_of(written, cell.column, *row.bound);
  const Decision decision = evaluate(*judge_, *row.bound, scope, readings_);
  if (stands_for_attempt(cell, written)) {
    tell(row, scope, decision, written.name, result.place);
  }
  const CellAnswer given = answer(*judge_, decision, cell, written);
  if (row.bound_to_own) {
    const Scope own_scope = scope_of(written, cell.column, *row.bound_to_own);
    const Decision before = evaluate(*own_, *row.bound_to_own, own_scope, readings_);
    const std::string text = answer(*own_, before, cell, written).actual;
    if (text != given.actual) result.before = text;
  }
  result.elapsed = Clock::now() - start;
  record_.check_strict(result, given, cell.expected.verdict == Verdict::Undecided);
  record_.finish(std::move(result), given, cell.cell, [&] { return trace_of(*row.bound, scope); });
}

// `logged` goes with `expect`, or with the only other outcome of the row.
CaseColumn SectionRunner::logged_column(const CaseRow& row) {
  const bool has_expect = std::ranges::any_of(
      row.outcomes, [](const OutcomeCell& cell) { return cell.column == CaseColumn::Expect; });
  return !has_expect && row.outcomes.size() == 1 ? row.outcomes.front().column : CaseColumn::Expect;
}

void SectionRunner::run_logged(const Row& row, const LoggedCell& cell) {
  const auto start = Clock::now();
  const CaseRow& written = *row.written;
  CellResult result = record_.start(cell.cell, written.name, "logged");
  result.from = written.attempt.from;
  result.to = written.attempt.to;
  result.expected = categories_text(cell.categories);
  result.row_text = written.source;
  if (judge_ == nullptr) {
    record_.list(std::move(result));
    return;
  }
  const auto column = logged_column(written);
  const Scope scope = scope_of(written, column, *row.bound);
  const Decision decision = evaluate(*judge_, *row.bound, scope, readings_);
  if (written.outcomes.empty()) tell(row, scope, decision, written.name, result.place);
  const std::string text = logged_text(decision);
  if (row.bound_to_own) {
    const Scope own_scope = scope_of(written, column, *row.bound_to_own);
    const auto before = logged_text(evaluate(*own_, *row.bound_to_own, own_scope, readings_));
    if (before != text) result.before = before;
  }
  const CellAnswer given{text == result.expected, text, text, legs_of(decision), {}};
  result.elapsed = Clock::now() - start;
  record_.finish(std::move(result), given, cell.cell, [&] { return trace_of(*row.bound, scope); });
}

void SectionRunner::run_grid_cell(const GridCell& written) {
  const auto start = Clock::now();
  CellResult result =
      record_.start(written.cell, fmt::format("{} calls {}", written.from, written.to), "calls");
  result.from = written.from;
  result.to = written.to;
  result.expected = to_string(written.expected);
  result.row_text = written.source;
  Attempt attempt;
  attempt.from = written.from;
  attempt.to = written.to;
  attempt.credential = section_.as;
  const Row row = bind_row(filled_in(attempt), written.cell);
  if (!row.bound) {
    if (judge_ == nullptr) record_.list(std::move(result));
    return;
  }
  const Decision decision = evaluate(*judge_, *row.bound, {}, readings_);
  tell(row, {}, decision, result.case_name, result.place);
  if (row.bound_to_own) {
    const auto before = outcome_text(*own_, evaluate(*own_, *row.bound_to_own, {}, readings_));
    if (before != outcome_text(*judge_, decision)) result.before = before;
  }
  const CellAnswer given{decision.verdict == written.expected, outcome_text(*judge_, decision),
                         std::string(grid_mark(decision.verdict)), legs_of(decision),
                         why_undecided(*judge_, decision)};
  result.elapsed = Clock::now() - start;
  record_.check_strict(result, given, written.expected == Verdict::Undecided);
  record_.finish(std::move(result), given, written.cell, [&] { return trace_of(*row.bound, {}); });
}

void SectionRunner::tell(const Row& row, const Scope& scope, const Decision& decision,
                         std::string_view name, const Place& place) const {
  if (!options_.on_decision) return;
  const DecidedCell cell{name, place, section_.place};
  options_.on_decision({*judge_, row.attempt, *row.bound, scope, readings_, decision, &cell});
}

std::string SectionRunner::trace_of(const BoundAttempt& bound, const Scope& scope) const {
  Trace trace;
  static_cast<void>(evaluate(*judge_, bound, scope, readings_, trace));
  return trace_text(*judge_, bound, trace);
}

}  // namespace nsp
