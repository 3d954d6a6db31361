#include "sim/report/explain.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace nsp {
namespace {

Scope scope_of_request(const ExplainRequest& request) {
  Scope scope = if_enforced();
  if (!request.enforced_associations.empty()) scope.only = &request.enforced_associations;
  return scope;
}

// The attempt decided under one other reading; nothing where that changes no verdict.
std::optional<OtherReading> decide_otherwise(const Policy& policy, const Explanation& base,
                                             const Alternative& alternative) {
  const auto bound = bind(policy, base.request.attempt, alternative.readings);
  if (!bound) return std::nullopt;
  OtherReading other{
      alternative.matter, alternative.text, evaluate(policy, *bound, {}, alternative.readings),
      evaluate(policy, *bound, scope_of_request(base.request), alternative.readings)};
  const bool same = other.now.verdict == base.now.decision.verdict &&
                    other.enforced.verdict == base.enforced.decision.verdict;
  return same ? std::nullopt : std::optional(std::move(other));
}

bool has_name(const Environment& environment, const Association& association,
              std::string_view name) {
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  const Resource& resource = environment.resources[association.resource];
  return iequals(name, association.name) || iequals(name, association.id.text()) ||
         iequals(name, fmt::format("{}/{}", perimeter.name, association.name)) ||
         iequals(name, resource.name) || iequals(name, resource.id.text());
}

// `; did you mean `a-search`?`, or nothing.
std::string did_you_mean(const Environment& environment, std::string_view name) {
  std::vector<std::string_view> known;
  for (const Association& association : environment.associations) {
    known.emplace_back(association.name);
    known.emplace_back(environment.resources[association.resource].name);
  }
  const std::string_view near = nearest_word(name.substr(name.rfind('/') + 1), known);
  return near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near);
}

}  // namespace

std::expected<Explanation, std::string> explain(const Policy& policy, ExplainRequest request) {
  const auto bound = bind(policy, request.attempt, request.readings);
  if (!bound) return std::unexpected(bound.error());
  Explanation result;
  result.request = std::move(request);
  result.bound = *bound;
  const Readings& readings = result.request.readings;
  result.now.decision = evaluate(policy, *bound, {}, readings, result.now.trace);
  result.enforced.decision =
      evaluate(policy, *bound, scope_of_request(result.request), readings, result.enforced.trace);
  for (const Alternative& alternative : alternatives(readings)) {
    auto other = decide_otherwise(policy, result, alternative);
    if (other) result.other_readings.push_back(std::move(*other));
  }
  return result;
}

std::expected<Index, std::string> find_association(const Environment& environment,
                                                   std::string_view name) {
  Index found = kNone;
  for (Index i = 0; i < environment.associations.size(); ++i) {
    if (!has_name(environment, environment.associations[i], name)) continue;
    if (found != kNone) {
      return std::unexpected(
          fmt::format("`{}` fits several associations, expected `PERIMETER/ASSOCIATION`", name));
    }
    found = i;
  }
  if (found == kNone) {
    return std::unexpected(
        fmt::format("`{}` is no association, expected the name of one or of its resource{}", name,
                    did_you_mean(environment, name)));
  }
  return found;
}

}  // namespace nsp
