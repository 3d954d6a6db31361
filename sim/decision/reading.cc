#include "sim/decision/reading.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/base/vocabulary.h"

namespace nsp {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 2> kC3{"log", "none"};
constexpr std::array<std::string_view, 2> kC4{"disabled", "allowed"};
constexpr std::array<std::string_view, 2> kC5{"perimeterRules", "publicNetworkAccess"};
constexpr std::array<std::string_view, 3> kC6{"preview", "unavailable", "any"};
constexpr std::array<std::string_view, 2> kC8{"exempt", "judged"};
constexpr std::array<std::string_view, 2> kC11{"strict", "associated"};
constexpr std::array<std::string_view, 2> kC12{"implicit", "rules"};
constexpr std::array<std::string_view, 2> kU2{"match", "none"};
constexpr std::array<std::string_view, 2> kU3{"visible", "hidden"};
constexpr std::array<std::string_view, 2> kU4{"any-depth", "one-label"};
constexpr std::array<std::string_view, 2> kU5{"none", "transitive"};
constexpr std::array<std::string_view, 2> kU6{"no-match", "match"};
constexpr std::array<std::string_view, 2> kU9{"perimeter", "resource"};
constexpr std::array<std::string_view, 2> kU14{"perimeter", "profile"};
constexpr std::array<std::string_view, 2> kU15{"allowed", "denied"};

const std::array<MatterFacts, kMatterCount> kMatters{{
    {Matter::C1, "C1", "Learning, Transition, Audit",
     "Transition is Learning; Audit is judged as Learning, with a note", Words{}},
    {Matter::C2, "C2", "200 rule elements in total or per direction",
     "an error above 200 per direction, a warning above 200 in total", Words{}},
    {Matter::C3, "C3", "whether private-endpoint hits are logged",
     "they are; for AI Search and Foundry they may not be", kC3},
    {Matter::C4, "C4", "trusted services under Learning and SecuredByPerimeter", "disabled", kC4},
    {Matter::C5, "C5", "Learning and publicNetworkAccess Disabled: do perimeter rules admit",
     "perimeter rules admit; the verdict carries a note", kC5},
    {Matter::C6, "C6", "service tags",
     "a preview for Key Vault and Azure Monitor, nothing elsewhere", kC6},
    {Matter::C7, "C7", "RFC 1918 prefixes in published examples",
     "accepted; such a rule can never match", Words{}},
    {Matter::C8, "C8", "whether the control plane is exempt", "exempt", kC8},
    {Matter::C10, "C10", "log latency of 10, 15 or 30 minutes",
     "absence of a record means nothing before 45 minutes", Words{}},
    {Matter::C11, "C11", "non-HTTPS storage protocols blocked when associated or when enforced",
     "when strict", kC11},
    {Matter::C12, "C12", "AI Search to Foundry inside a perimeter: implicit, or rules required",
     "implicit with a managed identity", kC12},
    {Matter::C14, "C14", "what a denied Foundry caller sees", "a generic 401, with a note",
     Words{}},
    {Matter::C16, "C16", "ResourceRules categories under Enforced",
     "written as LOG says; either is accepted when reading", Words{}},
    {Matter::C17, "C17", "whether `allLogs` collects anything", "name the thirteen categories",
     Words{}},
    {Matter::C19, "C19", "not associated, outbound: allowed, or by resource rules",
     "the same once egress limits are modelled", Words{}},
    {Matter::C21, "C21", "a rule that names another perimeter", "derived from links, read-only",
     Words{}},
    {Matter::C22, "C22", "trust by managed identity or role assignment",
     "a member's managed identity; role assignments come after the network", Words{}},
    {Matter::U1, "U1", "second association of a resource", "the document is refused", Words{}},
    {Matter::U2, "U2", "IPv6 on each service", "matches, flagged", kU2},
    {Matter::U3, "U3", "visibility of addresses inside a region", "a stated address is visible",
     kU3},
    {Matter::U4, "U4", "grammar of host-name wildcards", "`*.` stands for one or more labels", kU4},
    {Matter::U5, "U5", "whether links are transitive", "they are not", kU5},
    {Matter::U6, "U6", "a service principal against a subscription rule", "no match", kU6},
    {Matter::U7, "U7", "established connections when rules change", "they keep going", Words{}},
    {Matter::U9, "U9", "log category of a denial under Learning and SecuredByPerimeter",
     "NspPublicInboundPerimeterRulesDenied", kU9},
    {Matter::U10, "U10", "which of several matching rules is logged", "the first by name", Words{}},
    {Matter::U11, "U11", "MatchedRule of a denial", "empty", Words{}},
    {Matter::U12, "U12", "user-delegation SAS", "as any SAS", Words{}},
    {Matter::U14, "U14", "two profiles of one perimeter",
     "membership is of the perimeter: traffic between them is allowed", kU14},
    {Matter::U15, "U15", "a member of one perimeter and a subscription rule of another",
     "the rule matches; the caller's own outbound leg still decides", kU15},
    {Matter::U16, "U16", "traffic inside a perimeter with one end in Learning",
     "each end by its own mode; membership holds at both", Words{}},
}};

const MatterFacts* find_matter(std::string_view id) {
  const auto* found = std::ranges::find_if(
      kMatters, [&](const MatterFacts& facts) { return iequals(facts.id, id); });
  return found == kMatters.end() ? nullptr : found;
}

std::expected<void, std::string> add_one(Readings& readings, std::string_view item) {
  const auto equals = item.find('=');
  if (equals == std::string_view::npos) {
    return std::unexpected(fmt::format(
        "assumption `{}` has no `=`, expected a form like `C5=publicNetworkAccess`", item));
  }
  const std::string_view id = trim(item.substr(0, equals));
  const std::string_view word = trim(item.substr(equals + 1));
  const MatterFacts* matter = find_matter(id);
  if (matter == nullptr) {
    return std::unexpected(
        fmt::format("unknown assumption `{}`, expected an id such as `C5` or `U4`", id));
  }
  if (matter->choices.empty()) {
    return std::unexpected(
        fmt::format("assumption `{}` has one reading only: {}", matter->id, matter->reading));
  }
  const auto choice = find_word(matter->choices, word);
  if (!choice) {
    return std::unexpected(fmt::format("unknown reading `{}` of `{}`, expected `{}`", word,
                                       matter->id, fmt::join(matter->choices, "` or `")));
  }
  readings.set(matter->matter, static_cast<std::uint8_t>(*choice));
  return {};
}

}  // namespace

std::span<const MatterFacts> all_matters() { return kMatters; }

const MatterFacts& facts(Matter matter) { return kMatters[static_cast<std::size_t>(matter)]; }

std::expected<void, std::string> add_assumptions(Readings& readings, std::string_view text) {
  for (const std::string_view item : split_words(text, ',')) {
    if (auto added = add_one(readings, item); !added) return added;
  }
  return {};
}

std::vector<Alternative> alternatives(const Readings& base) {
  std::vector<Alternative> others;
  for (const MatterFacts& matter : kMatters) {
    for (std::size_t choice = 0; choice < matter.choices.size(); ++choice) {
      if (choice == base[matter.matter]) continue;
      Alternative other{matter.matter, fmt::format("{}={}", matter.id, matter.choices[choice]),
                        base};
      other.readings.set(matter.matter, static_cast<std::uint8_t>(choice));
      others.push_back(std::move(other));
    }
  }
  return others;
}

}  // namespace nsp
