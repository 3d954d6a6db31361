// Will surprise, by the mode of an association and the resource's own switch: what is locked
// already, what acts as enforced before it is, what Learning opens.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_prove.h"

namespace nsp {
namespace {

void find_locked_down(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (Index i = 0; i < environment.resources.size(); ++i) {
    const Resource& resource = environment.resources[i];
    if (resource.public_network_access != PublicNetworkAccess::SecuredByPerimeter ||
        resource.association != kNone) {
      continue;
    }
    const std::string name = input.policy.display_name(i);
    sink.add(
        resource.place, name,
        fmt::format("`{}` is SecuredByPerimeter and no association of it is described: without "
                    "one it refuses all public traffic in and out",
                    name));
  }
}

void find_secured_in_learning(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    if (!member.is_learning() ||
        member.document->public_network_access != PublicNetworkAccess::SecuredByPerimeter) {
      continue;
    }
    sink.add(member.association->place, member.name,
             fmt::format("`{}` is SecuredByPerimeter, so its association in {} acts as Enforced "
                         "already: what no rule admits is refused",
                         member.name, to_string(member.association->mode)),
             {{member.document->place, "the resource"}});
  }
}

// An attempt for each element of an inbound rule, as one that the element would admit.
std::vector<Attempt> attempts_of(const LintInput& input, const PerimeterMember& member,
                                 const AccessRule& rule) {
  std::vector<Attempt> attempts;
  for (const WrittenPrefix& prefix : rule.prefixes) {
    for (const IpAddress& address : {prefix.prefix.first(), prefix.prefix.last()}) {
      Attempt attempt = outside_attempt(input, member.resource, Credential::User);
      attempt.address = address;
      attempts.push_back(std::move(attempt));
    }
  }
  for (const Guid& subscription : rule.subscriptions) {
    Attempt attempt = outside_attempt(input, member.resource, Credential::ManagedIdentity);
    attempt.subscription = subscription;
    attempt.address_hidden = true;
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

bool is_widening(const LintInput& input, const Attempt& attempt) {
  const auto judged = judge(input, attempt);
  if (!judged) return false;
  const Leg* leg = judged->now.find(Direction::Inbound);
  return leg != nullptr && judged->now.verdict == Verdict::Allow &&
         leg->reason == Reason::InboundRule &&
         leg->notes.test(static_cast<std::size_t>(Note::Widening));
}

void find_widening(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    if (!member.is_learning()) continue;
    std::vector<std::string> rules;
    std::vector<RelatedPlace> related;
    for (const AccessRule& rule : member.profile->rules) {
      if (rule.direction != Direction::Inbound) continue;
      const auto attempts = attempts_of(input, member, rule);
      const auto widens = [&](const Attempt& attempt) { return is_widening(input, attempt); };
      if (std::ranges::none_of(attempts, widens)) continue;
      rules.push_back(rule.name);
      related.push_back({rule.place, fmt::format("rule `{}`", rule.name)});
    }
    if (rules.empty()) continue;
    sink.add(
        member.association->place, member.name,
        fmt::format("`{}` refuses public access by itself, and its association in {} opens it "
                    "to what inbound rule{} {} admit{}",
                    member.name, to_string(member.association->mode), rules.size() == 1 ? "" : "s",
                    some_names(rules), rules.size() == 1 ? "s" : ""),
        std::move(related));
  }
}

constexpr std::array kModesChecks{
    Check{
        .id = "NSP301",
        .name = "secured-without-association",
        .severity = Severity::Warning,
        .title = "a resource is SecuredByPerimeter and in no perimeter",
        .basis = {Basis{"IN-6"}, Basis{"OUT-6"}},
        .remedy = "associate the resource with a perimeter, or read the association's document too",
        .find = find_locked_down},
    Check{.id = "NSP302",
          .name = "secured-while-learning",
          .severity = Severity::Warning,
          .title = "a SecuredByPerimeter resource is in Learning, which changes nothing for it",
          .basis = {Basis{"IN-5"}, Basis{"OUT-5"}, Basis{"C4"}},
          .remedy = "set `publicNetworkAccess` to `Enabled` while learning, or enforce the "
                    "association",
          .find = find_secured_in_learning},
    Check{.id = "NSP303",
          .name = "learning-opens-closed-resource",
          .severity = Severity::Warning,
          .title = "an association in Learning admits what the resource itself refuses",
          .basis = {Basis{"IN-4"}, Basis{"C5"}},
          .remedy =
              "remove what the rules need not admit before the resource is associated, or mean "
              "it",
          .find = find_widening},
};

}  // namespace

std::span<const Check> mode_checks() { return kModesChecks; }

}  // namespace nsp
