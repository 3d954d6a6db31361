// Never matches, by itself: addresses that never arrive, names that fit nothing, kinds of rules
// that the associated services do not know. What is certain is proved by evaluation: without the
// element no telling attempt changes (rule_proof.h).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_rules.h"
#include "sim/analysis/rule_proof.h"
#include "sim/base/text.h"
#include "sim/decision/leg.h"

namespace nsp {
namespace {

const AccessRule& rule_at(const LintInput& input, const ElementAt& element) {
  return rule_of(input.environment(), element.at);
}

const IpPrefix& prefix_at(const LintInput& input, const ElementAt& element) {
  return rule_at(input, element).prefixes[element.index].prefix;
}

template <class Fits>
std::vector<ElementAt> collect(const LintInput& input, ElementAt::Kind kind, Fits fits) {
  std::vector<ElementAt> found;
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind == kind && fits(element)) found.push_back(element);
  });
  return found;
}

template <class Fits>
std::vector<ElementAt> collect_proved(const LintInput& input, ElementAt::Kind kind, Fits fits) {
  return proved_superfluous(input.policy, collect(input, kind, fits), input.readings);
}

void find_private(const LintInput& input, FindingSink& sink) {
  const auto all = collect_proved(input, ElementAt::Kind::Prefix, [&](const ElementAt& element) {
    return prefix_at(input, element).is_private();
  });
  for (const ElementAt& element : all) {
    tell(input, element, "holds private addresses only, which never arrive on the public path",
         sink);
  }
}

struct Reserved {
  std::string_view prefix;
  std::string_view what;
};

// Sources: RFC 6890 and the IANA special-purpose address registries. What is private stands apart.
constexpr std::array kReserved{
    Reserved{"0.0.0.0/8", "stands for this network (RFC 791)"},
    Reserved{"100.64.0.0/10", "is shared behind the NAT of providers (RFC 6598)"},
    Reserved{"192.0.0.0/24", "is kept for protocols (RFC 6890)"},
    Reserved{"198.18.0.0/15", "is kept for benchmarks (RFC 2544)"},
    Reserved{"224.0.0.0/4", "is multicast (RFC 5771)"},
    Reserved{"240.0.0.0/4", "is reserved (RFC 1112)"},
    Reserved{"fec0::/10", "is deprecated site-local (RFC 3879)"},
    Reserved{"ff00::/8", "is multicast (RFC 4291)"},
};

constexpr std::array kDocumentation{
    Reserved{"192.0.2.0/24", "is kept for examples (RFC 5737)"},
    Reserved{"198.51.100.0/24", "is kept for examples (RFC 5737)"},
    Reserved{"203.0.113.0/24", "is kept for examples (RFC 5737)"},
    Reserved{"2001:db8::/32", "is kept for examples (RFC 3849)"},
    Reserved{"3fff::/20", "is kept for examples (RFC 9637)"},
};

void find_in_table(const LintInput& input, std::span<const Reserved> table, FindingSink& sink) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Prefix) return;
    for (const Reserved& entry : table) {
      const auto prefix = IpPrefix::parse(entry.prefix);
      if (!prefix || !prefix->contains(prefix_at(input, element))) continue;
      tell(input, element, fmt::format("lies in {}, which {}", entry.prefix, entry.what), sink);
    }
  });
}

void find_reserved(const LintInput& input, FindingSink& sink) {
  find_in_table(input, kReserved, sink);
}
void find_documentation(const LintInput& input, FindingSink& sink) {
  find_in_table(input, kDocumentation, sink);
}

void find_empty_rules(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const RuleAt& at : all_rules(environment)) {
    const AccessRule& rule = rule_of(environment, at);
    if (!elements_of(environment, at).empty() || !rule.unresolved.empty()) continue;
    if (rule.derived_from_link) continue;
    sink.add(rule.place, subject_of(environment, at),
             fmt::format("{} rule `{}` has no element, so it admits nothing",
                         to_string(rule.direction), rule.name));
  }
}

// Why no name that is called fits the pattern, or nothing.
std::string_view why_nothing_fits(const DomainPattern& pattern) {
  if (pattern.kind == DomainPattern::Kind::Any) return {};
  if (pattern.matches_nothing()) {
    return "fits no name: with a label before it, the name would have more than 253 characters";
  }
  if (pattern.kind == DomainPattern::Kind::Under) return {};
  if (IpAddress::parse(pattern.name.text())) {
    return "is an address, and outbound rules fit the names of hosts";
  }
  if (pattern.name.text().find('.') != std::string::npos) return {};
  return "has no dot, and callers use the whole name of a host";
}

void find_names_of_nothing(const LintInput& input, FindingSink& sink) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::HostName) return;
    const auto why = why_nothing_fits(rule_at(input, element).host_names[element.index]);
    if (!why.empty()) tell(input, element, why, sink);
  });
}

// The services of the profile, those with tags and those without.
struct TagSupport {
  std::vector<Service> with;
  std::vector<Service> without;
};

TagSupport tag_support(const LintInput& input, const RuleAt& at) {
  TagSupport support;
  for (const Service service : services_of(input.environment(), at)) {
    (supports_tags(service, input.readings) ? support.with : support.without).push_back(service);
  }
  return support;
}

void find_unsupported_tags(const LintInput& input, FindingSink& sink) {
  const auto all = collect_proved(input, ElementAt::Kind::Tag, [&](const ElementAt& element) {
    const TagSupport support = tag_support(input, element.at);
    return support.with.empty() && !support.without.empty();
  });
  for (const ElementAt& element : all) {
    tell(input, element,
         fmt::format("never matches: service tags mean nothing to {}",
                     titles_of(tag_support(input, element.at).without)),
         sink);
  }
  for (const ElementAt& element :
       collect(input, ElementAt::Kind::Tag, [](const ElementAt&) { return true; })) {
    const TagSupport support = tag_support(input, element.at);
    if (support.with.empty() || support.without.empty()) continue;
    sink.note(rule_at(input, element).place, subject_of(input.environment(), element.at),
              fmt::format("{} counts for {} alone: service tags mean nothing to {}",
                          describe(input.environment(), element), titles_of(support.with),
                          titles_of(support.without)));
  }
}

void find_unknown_tags(const LintInput& input, FindingSink& sink) {
  const auto all = collect(input, ElementAt::Kind::Tag, [&](const ElementAt& element) {
    const std::string& tag = rule_at(input, element).service_tags[element.index];
    return !input.environment().service_tags.contains(lower(tag)) &&
           !tag_support(input, element.at).with.empty();
  });
  for (const ElementAt& element : all) {
    tell(input, element, "is a tag whose addresses nobody gave, so what it admits is not decided",
         sink);
  }
}

// Some link of the perimeter, in whatever state, names the profile.
bool has_link(const Environment& environment, const RuleAt& at) {
  const auto names = [&](Index perimeter, bool all, const std::vector<Index>& profiles) {
    return perimeter == at.perimeter &&
           (all || std::ranges::find(profiles, at.profile) != profiles.end());
  };
  return std::ranges::any_of(environment.links, [&](const PerimeterLink& link) {
    return names(link.local, link.all_local_profiles, link.local_profiles) ||
           names(link.remote, link.all_remote_profiles, link.remote_profiles);
  });
}

void find_hand_written(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const RuleAt& at : all_rules(environment)) {
    const AccessRule& rule = rule_of(environment, at);
    if (!rule.derived_from_link || has_link(environment, at)) continue;
    sink.add(
        rule.place, subject_of(environment, at),
        fmt::format("rule `{}` lists perimeters, which only links can admit, and no link names "
                    "profile `{}`",
                    rule.name, profile_of(environment, at).name));
  }
}

void find_vault_outbound(const LintInput& input, FindingSink& sink) {
  const auto all = collect_proved(input, ElementAt::Kind::HostName, [&](const ElementAt& element) {
    return services_of(input.environment(), element.at) == std::vector{Service::KeyVault};
  });
  for (const ElementAt& element : all) {
    tell(input, element, "is never asked: only Key Vault is associated with the profile", sink);
  }
}

constexpr std::array kNeverMatchesChecks{
    Check{.id = "NSP101",
          .name = "private-prefix",
          .severity = Severity::Warning,
          .title = "a rule names private addresses, which never arrive on the public path",
          .basis = {Basis{"P-6"}, Basis{"C7"}},
          .remedy = "name the public addresses that the callers go out by, or let them use a "
                    "private endpoint",
          .find = find_private},
    Check{.id = "NSP106",
          .name = "empty-rule",
          .severity = Severity::Warning,
          .title = "a rule has no element that fits its direction",
          .basis = {Basis{"R-6"}, Basis{"G-3"}},
          .remedy = "give it what it should admit, under the direction that its lists fit, or "
                    "remove it",
          .find = find_empty_rules},
    Check{.id = "NSP107",
          .name = "name-fits-nothing",
          .severity = Severity::Warning,
          .title = "an outbound rule has a name that no call can have",
          .basis = {Basis{"R-5"}},
          .remedy = "write the whole host name as callers use it",
          .find = find_names_of_nothing},
    Check{.id = "NSP109",
          .name = "tag-unsupported",
          .severity = Severity::Warning,
          .title = "a service tag stands in a profile of services that do not support tags",
          .basis = {Basis{"R-3"}, Basis{"C6"}},
          .remedy = "name the addresses, or use a subscription rule or a private endpoint",
          .find = find_unsupported_tags},
    Check{.id = "NSP110",
          .name = "tag-unknown",
          .severity = Severity::Note,
          .title = "the addresses of a service tag are not known",
          .basis = {Basis{"R-3"}, Basis{"G-10"}},
          .remedy = "give the tag's prefixes with the environment, as `az network "
                    "list-service-tags` prints them, and look whether its name is spelt right",
          .find = find_unknown_tags},
    Check{.id = "NSP111",
          .name = "derived-rule-by-hand",
          .severity = Severity::Warning,
          .title = "a rule that lists perimeters was written by hand",
          .basis = {Basis{"R-4"}, Basis{"C21"}},
          .remedy = "make a link between the perimeters, or remove the rule",
          .find = find_hand_written},
    Check{.id = "NSP112",
          .name = "outbound-rule-of-key-vault",
          .severity = Severity::Warning,
          .title = "an outbound rule stands in a profile of Key Vault alone",
          .basis = {Basis{"OUT-4"}, Basis{"The outbound leg", "Key Vault uses no outbound rules"}},
          .remedy = "remove it: a vault calls nobody by outbound rules",
          .find = find_vault_outbound},
    Check{.id = "NSP113",
          .name = "reserved-prefix",
          .severity = Severity::Warning,
          .title = "a rule names addresses that no host on the Internet has",
          .basis = {Basis{"R-1"}, Basis{"P-6"}},
          .remedy = "name the public addresses that the callers go out by",
          .find = find_reserved},
    Check{.id = "NSP114",
          .name = "documentation-prefix",
          .severity = Severity::Note,
          .title = "a rule names addresses that are kept for examples",
          .basis = {Basis{"R-1"}},
          .remedy = "put the callers' addresses in their place",
          .find = find_documentation},
};

}  // namespace

std::span<const Check> never_match_checks() { return kNeverMatchesChecks; }

}  // namespace nsp
