#include "sim/report/diff_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/resource_id.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::size_t kNames = 4;     // resources in a heading
constexpr std::size_t kValues = 6;    // prefixes, subscriptions, callers in a line
constexpr std::size_t kElements = 8;  // of a list that was written differently

std::string subnet_name(const std::string& text) {
  const auto id = ResourceId::parse(text);
  return id ? fmt::format("{}/{}", id->parent().name(), id->name()) : text;
}

std::vector<std::string> subnet_names(const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(subnet_name(id));
  return names;
}

// `A, B and any other`; `any other NOUN` where nothing is named.
std::string with_others(const std::vector<std::string>& values, bool others,
                        std::string_view noun) {
  if (values.empty()) return fmt::format("any other {}", noun);
  const std::string named = some_of(values, kValues);
  return others ? fmt::format("{} and any other {}", named, noun) : named;
}

std::string proof_text(const std::vector<std::string>& credentials) {
  if (credentials.empty()) return {};
  constexpr std::size_t kAllButIdentity = Vocabulary<Credential>::words.size() - 1;
  const std::string_view identity = to_string(Credential::ManagedIdentity);
  const bool has_identity = std::ranges::find(credentials, identity) != credentials.end();
  const auto own = std::ranges::count(credentials, "own");
  if (!has_identity && credentials.size() - static_cast<std::size_t>(own) == kAllButIdentity) {
    return " without a managed identity";
  }
  if (credentials == std::vector<std::string>{"own"}) return " with whatever it uses by default";
  return " with " + join(credentials, ", ");
}

std::string resource_text(const VerdictChange& change) {
  std::string text = some_of(change.from, kValues) + proof_text(change.credentials);
  if (change.via == Via::Public) text += " past its shared private link";
  if (change.via == Via::PrivateEndpoint) text += " by private endpoint";
  if (!change.shows.empty()) text += " showing " + some_of(change.shows, kValues);
  return text;
}

std::string subscription_text(const VerdictChange& change) {
  const bool principals = change.credentials == std::vector<std::string>{"service principal"};
  return fmt::format("{} of subscription {}",
                     principals ? "service principals" : "managed identities",
                     with_others(change.values, change.other_values, "one"));
}

std::string asked_text(const VerdictChange& change) {
  switch (change.asked) {
    case Asked::Anyone:
      return "anyone whom no rule names";
    case Asked::Address:
      return "from " + some_of(change.values, kValues);
    case Asked::Subscription:
      return subscription_text(change);
    case Asked::TrustedService:
      return "trusted services";
    case Asked::Subnet:
      return "by service endpoint from " +
             with_others(subnet_names(change.values), change.other_values, "subnet");
    case Asked::PrivateEndpoint:
      return "by private endpoint";
    case Asked::Caller:
      return "caller " + some_of(change.values, kValues);
    case Asked::Resource:
      return resource_text(change);
    case Asked::HostName:
      return "to " + with_others(change.values, change.other_values, "host name");
    case Asked::Path:
      return fmt::format("from {}: {} -> {}", some_of(change.values, kValues),
                         to_string((*change.paths)[0]), to_string((*change.paths)[1]));
  }
  return {};
}

std::string turned_text(const Turned& turned) {
  return fmt::format("{} -> {}", verdict_word(turned.base), verdict_word(turned.candidate));
}

std::string reasons_text(const Answer& answer) {
  return answer.verdict ? join(answer.reasons, " / ") : std::string("absent");
}

std::string reasons_text(const Turned& turned) {
  const std::string base = reasons_text(turned.base);
  const std::string candidate = reasons_text(turned.candidate);
  return base == candidate ? base : fmt::format("{} -> {}", base, candidate);
}

std::string enforced_text(const Turned& turned) {
  if (turned.base.verdict != turned.candidate.verdict) return turned_text(turned);
  return fmt::format("{} before and after", verdict_word(turned.base));
}

bool same_verdicts(const Turned& a, const Turned& b) {
  return a.base.verdict == b.base.verdict && a.candidate.verdict == b.candidate.verdict;
}

const std::vector<std::string>& place_of(const VerdictChange& change) {
  return change.asked == Asked::HostName ? change.from : change.to;
}

// What a reader sees of a change besides its place.
std::string line_key(const VerdictChange& change) {
  return fmt::format("{}\n{}\n{}\n{}", to_string(change.turn), who_text(change),
                     verdicts_text(change), why_text(change));
}

std::string heading(bool outward, const std::vector<std::string>& names) {
  const std::string some = some_of(names, kNames);
  return outward ? fmt::format("from {} to host names outside", some) : "at " + some;
}

struct Gathered {
  bool outward = false;
  std::vector<std::string> names;
  std::vector<const VerdictChange*> changes;
  std::string key;
};

// Changes that follow each other and tell of the same place.
std::vector<Gathered> gather(const VerdictDiff& diff, bool only_enforced) {
  std::vector<Gathered> all;
  for (const VerdictChange& change : diff.changes) {
    if (change.only_enforced != only_enforced) continue;
    const bool outward = change.asked == Asked::HostName;
    const auto same = std::ranges::find_if(all, [&](const Gathered& other) {
      return other.outward == outward && other.names == place_of(change);
    });
    Gathered& at =
        same == all.end() ? all.emplace_back(Gathered{outward, place_of(change), {}, {}}) : *same;
    at.changes.push_back(&change);
    at.key += line_key(change) + '\n';
  }
  return all;
}

}  // namespace

std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most + 1) return join(names, ", ");
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(most));
  return fmt::format("{} and {} more", join(first, ", "), grouped(names.size() - most));
}

std::string where_text(const VerdictChange& change) {
  return heading(change.asked == Asked::HostName, place_of(change));
}

std::string who_text(const VerdictChange& change) {
  std::string text = asked_text(change);
  if (!change.host_names.empty()) text += ", at " + join(change.host_names, ", ");
  if (!change.protocols.empty()) text += ", over " + join(change.protocols, ", ");
  return text;
}

std::string verdicts_text(const VerdictChange& change) {
  return turned_text(change.only_enforced ? change.enforced : change.now);
}

std::string why_text(const VerdictChange& change) {
  if (change.only_enforced) return reasons_text(change.enforced);
  std::string text = reasons_text(change.now);
  if (!same_verdicts(change.now, change.enforced)) {
    text += fmt::format("; if enforced {}", enforced_text(change.enforced));
  }
  return text;
}

std::vector<DiffBlock> diff_blocks(const VerdictDiff& diff, bool only_enforced) {
  std::vector<Gathered> merged;
  for (Gathered& one : gather(diff, only_enforced)) {
    const auto same = std::ranges::find_if(merged, [&](const Gathered& other) {
      return other.outward == one.outward && other.key == one.key;
    });
    if (same == merged.end()) {
      merged.push_back(std::move(one));
    } else {
      same->names.insert(same->names.end(), one.names.begin(), one.names.end());
    }
  }
  std::vector<DiffBlock> blocks;
  for (Gathered& one : merged) {
    blocks.push_back({heading(one.outward, one.names), std::move(one.changes)});
  }
  return blocks;
}

std::string setting_text(const SettingChange& change, ObjectChangeKind kind) {
  if (kind != ObjectChangeKind::Changed) {
    const auto& all = kind == ObjectChangeKind::Added ? change.added : change.removed;
    const std::string& value = kind == ObjectChangeKind::Added ? change.to : change.from;
    return fmt::format("{}: {}", change.name, change.is_list ? some_of(all, kElements) : value);
  }
  if (change.is_list) {
    std::string text = change.name + ":";
    if (!change.added.empty()) text += " +" + some_of(change.added, kElements);
    if (!change.removed.empty()) text += " -" + some_of(change.removed, kElements);
    return text;
  }
  return fmt::format("{}: {} -> {}", change.name, change.from.empty() ? "absent" : change.from,
                     change.to.empty() ? "absent" : change.to);
}

std::string places_text(const ObjectChange& change) {
  const auto text = [](const std::optional<Place>& place) {
    if (!place) return std::string();
    Place shown = *place;
    shown.pointer.clear();
    return to_string(shown);
  };
  const std::string base = text(change.base);
  const std::string candidate = text(change.candidate);
  if (base.empty() || candidate.empty() || base == candidate) {
    return candidate.empty() ? base : candidate;
  }
  return fmt::format("{} -> {}", base, candidate);
}

std::string absent_text(const VerdictDiff& diff) {
  std::vector<std::string> texts;
  if (!diff.only_base.empty()) {
    texts.push_back("only in the base: " + some_of(diff.only_base, kValues));
  }
  if (!diff.only_candidate.empty()) {
    texts.push_back("only in the candidate: " + some_of(diff.only_candidate, kValues));
  }
  return join(texts, "; ");
}

namespace {

std::string_view counted_as(Turn turn) {
  if (turn == Turn::Path) return "by another path";
  return turn == Turn::Reason ? "for another reason" : to_string(turn);
}

}  // namespace

std::string diff_summary(const DiffReport& report) {
  const DiffTotals sum = totals(report.diff.verdicts);
  std::vector<std::string> texts;
  std::size_t enforced = 0;
  for (std::size_t turn = 0; turn < kTurnCount; ++turn) {
    enforced += sum.only_enforced[turn];
    if (sum.now[turn] == 0) continue;
    texts.push_back(
        fmt::format("{} {}", grouped(sum.now[turn]), counted_as(static_cast<Turn>(turn))));
  }
  std::string text = texts.empty() ? "no verdict changes" : join(texts, ", ");
  if (enforced != 0) text += fmt::format("; {} only if enforced", grouped(enforced));
  const std::size_t written = report.diff.configuration.size();
  return fmt::format("{}; {} of configuration", text,
                     written == 0 ? "no change" : grouped_count(written, "change"));
}

}  // namespace nsp
