// Too wide, inbound: addresses of everybody, whole subscriptions, tags that other tenants' code
// sits behind, and firewalls that admit everybody while Learning.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_rules.h"
#include "sim/base/text.h"
#include "sim/decision/leg.h"
#include "sim/net/address_ranges.h"

namespace nsp {
namespace {

// Calls `visit` with every prefix that is not private.
template <class Visit>
void for_each_public_prefix(const LintInput& input, Visit visit) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Prefix) return;
    const auto& written = rule_of(input.environment(), element.at).prefixes[element.index];
    if (!written.prefix.is_private()) visit(element, written.prefix);
  });
}

void find_any_address(const LintInput& input, FindingSink& sink) {
  for_each_public_prefix(input, [&](const ElementAt& element, const IpPrefix& prefix) {
    if (prefix.length != 0) return;
    tell(input, element,
         fmt::format("admits every {} address of the Internet, with any credential",
                     prefix.network.v4 ? "IPv4" : "IPv6"),
         sink);
  });
}

// `a/8` of IPv4 and `a/16` of IPv6 are the widest that pass as wide, and so on.
struct Width {
  std::uint8_t v4;
  std::uint8_t v6;
};
constexpr Width kVeryWide{8, 16};
constexpr Width kWide{16, 32};

std::uint8_t limit_of(const Width& width, const IpPrefix& prefix) {
  return prefix.network.v4 ? width.v4 : width.v6;
}

void tell_width(const LintInput& input, const ElementAt& element, const IpPrefix& prefix,
                const Width& limit, FindingSink& sink) {
  const double count = address_count({range_of(prefix)});
  const std::string many = prefix.network.v4 ? fmt::format("{:.0f} addresses", count)
                                             : fmt::format("{:.2g} addresses", count);
  tell(input, element, fmt::format("holds {}, wider than /{}", many, limit_of(limit, prefix)),
       sink);
}

void find_very_wide(const LintInput& input, FindingSink& sink) {
  for_each_public_prefix(input, [&](const ElementAt& element, const IpPrefix& prefix) {
    if (prefix.length == 0 || prefix.length >= limit_of(kVeryWide, prefix)) return;
    tell_width(input, element, prefix, kVeryWide, sink);
  });
}

void find_wide(const LintInput& input, FindingSink& sink) {
  for_each_public_prefix(input, [&](const ElementAt& element, const IpPrefix& prefix) {
    if (prefix.length < limit_of(kVeryWide, prefix)) return;
    if (prefix.length < limit_of(kWide, prefix)) tell_width(input, element, prefix, kWide, sink);
  });
}

// All that can call over the Internet, by family. IPv6: global unicast (RFC 4291).
AddressRanges everybody(bool v4) {
  return public_part(std::array{*IpPrefix::parse(v4 ? "0.0.0.0/0" : "2000::/3")});
}

// The fewest prefixes of the profile that admit everybody together; none where one does alone.
std::vector<ElementAt> everybody_together(const Environment& environment, const RuleAt& profile,
                                          bool v4) {
  std::vector<ElementAt> elements;
  std::vector<AddressRange> ranges;
  const std::size_t rules = profile_of(environment, profile).rules.size();
  for (Index r = 0; r < rules; ++r) {
    for (const ElementAt& element :
         elements_of(environment, {profile.perimeter, profile.profile, r})) {
      if (element.kind != ElementAt::Kind::Prefix) continue;
      elements.push_back(element);
      ranges.push_back(range_of(rule_of(environment, element.at).prefixes[element.index].prefix));
    }
  }
  const auto chosen = fewest_covering(everybody(v4), ranges);
  if (!chosen || chosen->size() < 2) return {};
  std::vector<ElementAt> together;
  for (const std::size_t i : *chosen) together.push_back(elements[i]);
  return together;
}

std::string few_of(const Environment& environment, const std::vector<ElementAt>& elements) {
  constexpr std::size_t kFew = 4;
  std::vector<std::string> words;
  for (const ElementAt& element : elements) {
    if (words.size() == kFew) break;
    words.push_back(describe(environment, element));
  }
  if (elements.size() > kFew) words.push_back(fmt::format("{} others", elements.size() - kFew));
  return list_in_words(words);
}

void find_together(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for_each_profile(environment, [&](const RuleAt& at) {
    const Profile& profile = profile_of(environment, at);
    for (const bool v4 : {true, false}) {
      const auto together = everybody_together(environment, at, v4);
      if (together.empty()) continue;
      std::vector<RelatedPlace> related;
      for (const ElementAt& element : together) {
        related.push_back({rule_of(environment, element.at).place,
                           fmt::format("{} is a part", describe(environment, element))});
      }
      sink.add(profile.place,
               fmt::format("{}/{}", environment.perimeters[at.perimeter].name, profile.name),
               fmt::format("{} together admit every public {} address",
                           few_of(environment, together), v4 ? "IPv4" : "IPv6"),
               std::move(related));
    }
  });
}

void find_subscriptions(const LintInput& input, FindingSink& sink) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Subscription) return;
    sink.add(
        rule_of(input.environment(), element.at).place, subject_of(input.environment(), element.at),
        fmt::format("subscription {} admits every managed identity in it, also those made later",
                    describe(input.environment(), element)));
  });
}

struct BroadTag {
  std::string_view name;  // of the tag, or of a tag with `.Region` behind it
  std::string_view holds;
};

// Tags whose addresses other customers' code or configuration sends from. Source: the published
// list of virtual network service tags, which says that a tag alone does not secure traffic.
constexpr std::array kBroadTags{
    BroadTag{"Internet", "every public address"},
    BroadTag{"AzureCloud",
             "public addresses of Azure, virtual machines of all customers among them"},
    BroadTag{"AppService", "the shared outbound addresses of App Service and Functions"},
    BroadTag{"AzureFrontDoor", "Front Door profiles of all customers"},
    BroadTag{"AzureDevOps", "pipelines of all organisations"},
    BroadTag{"DataFactory", "the integration runtimes of all customers"},
    BroadTag{"LogicApps", "the workflows of all customers"},
    BroadTag{"PowerPlatformPlex", "the plug-ins and flows of all customers"},
    BroadTag{"AzureConnectors", "the managed connectors of all customers"},
};

const BroadTag* broad_tag(std::string_view tag) {
  const std::string_view head = tag.substr(0, tag.find('.'));
  const auto found = std::ranges::find_if(
      kBroadTags, [&](const BroadTag& entry) { return iequals(entry.name, head); });
  return found == kBroadTags.end() ? nullptr : &*found;
}

// A tag that no associated service supports admits nobody (NSP109).
bool counts(const LintInput& input, const RuleAt& at) {
  const auto services = services_of(input.environment(), at);
  return services.empty() || std::ranges::any_of(services, [&](Service service) {
           return supports_tags(service, input.readings);
         });
}

void find_broad_tags(const LintInput& input, FindingSink& sink) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Tag || !counts(input, element.at)) return;
    const BroadTag* broad = broad_tag(element_text(input.environment(), element));
    if (broad != nullptr) tell(input, element, fmt::format("holds {}", broad->holds), sink);
  });
}

void find_open_while_learning(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  const std::vector<std::string> names = display_names(environment);
  for (const Association& association : environment.associations) {
    const Resource& resource = environment.resources[association.resource];
    const bool learns =
        association.mode == AccessMode::Learning || association.mode == AccessMode::Audit;
    if (!learns || resource.public_network_access != PublicNetworkAccess::Enabled) continue;
    if (!resource.firewall.known || !resource.firewall.default_allow) continue;
    sink.add(resource.place, names[association.resource],
             fmt::format("`{}` is associated in {} and its own firewall admits everybody, so no "
                         "rule of the perimeter holds anybody off",
                         resource.name, to_string(association.mode)));
  }
}

constexpr std::string_view kNameAddresses =
    "name the addresses that the callers go out by, or use subscription rules, links or private "
    "endpoints";

constexpr std::array kTooWideChecks{
    Check{.id = "NSP201",
          .name = "any-address",
          .severity = Severity::Warning,
          .title = "a rule admits every address of the Internet",
          .basis = {Basis{"R-1"}, Basis{"IN-4"}},
          .remedy = kNameAddresses,
          .find = find_any_address},
    Check{.id = "NSP202",
          .name = "very-wide-prefix",
          .severity = Severity::Warning,
          .title = "a rule has a public prefix wider than /8 (IPv6: /16)",
          .basis = {Basis{"R-1"}},
          .remedy = kNameAddresses,
          .find = find_very_wide},
    Check{.id = "NSP203",
          .name = "wide-prefix",
          .severity = Severity::Note,
          .title = "a rule has a public prefix wider than /16 (IPv6: /32)",
          .basis = {Basis{"R-1"}},
          .remedy = kNameAddresses,
          .find = find_wide},
    Check{.id = "NSP204",
          .name = "any-address-together",
          .severity = Severity::Warning,
          .title = "the prefixes of a profile admit every address of the Internet together",
          .basis = {Basis{"R-1"}, Basis{"G-3"}},
          .remedy = kNameAddresses,
          .find = find_together},
    Check{.id = "NSP207",
          .name = "whole-subscription",
          .severity = Severity::Note,
          .title = "a rule admits every managed identity of a subscription",
          .basis = {Basis{"R-2"}},
          .remedy = "associate the callers with the perimeter, or link their perimeter, where only "
                    "some of them should be admitted",
          .find = find_subscriptions},
    Check{.id = "NSP208",
          .name = "broad-tag",
          .severity = Severity::Warning,
          .title = "a service tag holds addresses that other customers send from",
          .basis = {Basis{"R-3"}},
          .remedy = "use the tag of one service that no customer's code runs in, or a subscription "
                    "rule",
          .find = find_broad_tags},
    Check{.id = "NSP209",
          .name = "open-while-learning",
          .severity = Severity::Note,
          .title = "a resource in Learning has a firewall that admits everybody",
          .basis = {Basis{"IN-9"}, Basis{"G-6"}},
          .remedy = "let the access log tell who calls, give rules to those, then set the "
                    "association to Enforced",
          .find = find_open_while_learning},
};

}  // namespace

std::span<const Check> too_wide_checks() { return kTooWideChecks; }

}  // namespace nsp
