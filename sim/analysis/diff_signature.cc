// What decides about a resource, written down: see diff_world.h.
//
// A signature may hold more than decides (names of rules are in it, since reasons are told), which
// only makes more classes. It must never hold less: tests/differential/environment_diff_test.cc
// would find a change that no class shows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>

#include "sim/analysis/diff_world.h"
#include "sim/base/text.h"
#include "sim/decision/leg.h"

namespace nsp {
namespace {

// Texts as numbers, the same for both sides.
class Interner {
 public:
  std::size_t operator()(std::string text) {
    return known_.try_emplace(std::move(text), known_.size()).first->second;
  }

 private:
  std::unordered_map<std::string, std::size_t> known_;
};

std::string joined(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return fmt::format("{}", fmt::join(texts, ","));
}

template <class List, class ToText>
std::string joined(const List& list, ToText to_text) {
  std::vector<std::string> texts;
  for (const auto& item : list) texts.push_back(to_text(item));
  return joined(std::move(texts));
}

std::string text_of(const WrittenPrefix& prefix) {
  return fmt::format("{}={}", prefix.text, to_string(prefix.prefix));
}

std::string text_of(const std::vector<Unresolved>& unresolved) {
  return joined(unresolved,
                [](const Unresolved& u) { return fmt::format("{}={}", u.setting, u.expression); });
}

// Which patterns of either side fit a host name. Found by the name's own suffixes, so that many
// patterns cost nothing.
class PatternIndex {
 public:
  void add(const Environment& env) {
    for (const Perimeter& perimeter : env.perimeters) {
      for (const Profile& profile : perimeter.profiles) {
        for (const AccessRule& rule : profile.rules) add(rule.host_names);
      }
    }
    for (const Resource& resource : env.resources) add(resource.allowed_fqdns);
  }

  [[nodiscard]] std::string fitting(const std::string& host) const {
    std::string text = exact_.contains(host) ? host : std::string();
    std::string_view rest = host;
    for (std::size_t labels = 1;; ++labels) {
      const auto dot = rest.find('.');
      if (dot == std::string_view::npos) return text;
      rest.remove_prefix(dot + 1);
      if (under_.contains(std::string(rest))) {
        text += fmt::format(" {}*.{}", labels > 1 ? "+" : "", rest);
      }
    }
  }

 private:
  void add(const std::vector<DomainPattern>& patterns) {
    for (const DomainPattern& pattern : patterns) {
      if (pattern.kind == DomainPattern::Kind::Exact) exact_.insert(pattern.name.text());
      if (pattern.kind == DomainPattern::Kind::Under) under_.insert(pattern.name.text());
    }
  }

  std::set<std::string> exact_;
  std::set<std::string> under_;
};

// What both sides name, so that one that nobody names is told apart by nothing.
struct Named {
  PatternIndex patterns;
  std::set<Guid> subscriptions;
  std::set<std::string> shared_targets;  // keys of ids that shared private links lead to
  std::set<std::string> instances;       // keys of ids that instance rules name whole
  std::vector<ResourceId> wild_instances;

  void add(const Environment& env) {
    patterns.add(env);
    for (const Perimeter& perimeter : env.perimeters) {
      for (const Profile& profile : perimeter.profiles) {
        for (const AccessRule& rule : profile.rules) {
          subscriptions.insert(rule.subscriptions.begin(), rule.subscriptions.end());
        }
      }
    }
    for (const Resource& resource : env.resources) add(resource);
  }

 private:
  void add(const Resource& resource) {
    for (const SharedPrivateLink& link : resource.shared_private_links) {
      shared_targets.insert(link.target.key());
    }
    for (const ResourceId& id : resource.firewall.instance_rules) {
      if (id.key().find('*') == std::string::npos) {
        instances.insert(id.key());
      } else if (std::ranges::find(wild_instances, id) == wild_instances.end()) {
        wild_instances.push_back(id);
      }
    }
  }
};

class SideSigner {
 public:
  SideSigner(const Policy& policy, const Readings& readings, const Named& named, Interner& interner)
      : policy_(policy),
        env_(policy.environment()),
        readings_(readings),
        named_(named),
        interner_(interner) {
    for (const Perimeter& perimeter : env_.perimeters) {
      auto& profiles = profiles_.emplace_back();
      for (const Profile& profile : perimeter.profiles) {
        profiles.push_back(interner_(profile_text(profile)));
      }
    }
    for (Index p = 0; p < env_.perimeters.size(); ++p) links_.push_back(interner_(links_text(p)));
  }

  [[nodiscard]] Signature sign(Index index) {
    const Resource& resource = env_.resources[index];
    const std::string shared = fmt::format(
        "{}|{}|{}|{}", association_text(resource), to_string(resource.public_network_access),
        text_of(resource.unresolved), static_cast<int>(resource.service));
    const std::string region = readings_.is_default(Matter::U3) ? "" : lower(resource.location);
    const std::string seen =
        fmt::format("{}|{}|{}", member_text(resource), static_cast<int>(resource.service), region);
    Signature signature;
    signature.seen_calling = fmt::format("{}|{}|{}|{}", seen, identity_text(resource),
                                         links_text(resource), instances_text(resource));
    signature.calling =
        fmt::format("{}|{}|{}", shared, egress_text(resource), signature.seen_calling);
    signature.seen_called = fmt::format("{}|{}", seen, target_text(resource));
    signature.called =
        fmt::format("{}|{}|{}|{}", shared, region, interner_(firewall_text(resource.firewall)),
                    target_text(resource));
    for (std::size_t i = 0; i < resource.host_names.size(); ++i) {
      signature.hosts.push_back(host_text(index, i));
      signature.called += '|' + signature.hosts.back();
      signature.seen_called += '|' + name_text(resource, i);
    }
    if (resource.host_names.empty()) signature.called += '|' + endpoint_text(index, 0);
    return signature;
  }

 private:
  [[nodiscard]] std::string tag_text(const std::string& tag) const {
    const auto known = env_.service_tags.find(lower(tag));
    if (known == env_.service_tags.end()) return lower(tag) + "=?";
    return fmt::format("{}={}", lower(tag), joined(known->second, [](const IpPrefix& prefix) {
                         return to_string(prefix);
                       }));
  }

  [[nodiscard]] std::string profile_text(const Profile& profile) const {
    return joined(profile.rules, [&](const AccessRule& rule) {
      return fmt::format(
          "{}({};{};{};{};{};{};{})\n", lower(rule.name), to_string(rule.direction),
          rule.derived_from_link,
          joined(rule.prefixes, [](const WrittenPrefix& p) { return to_string(p.prefix); }),
          joined(rule.subscriptions, [](const Guid& guid) { return to_string(guid); }),
          joined(rule.service_tags, [&](const std::string& tag) { return tag_text(tag); }),
          joined(rule.host_names, [](const DomainPattern& p) { return to_string(p); }),
          text_of(rule.unresolved));
    });
  }

  [[nodiscard]] std::string end_text(Index perimeter, bool all,
                                     const std::vector<Index>& profiles) const {
    const Perimeter& end = env_.perimeters[perimeter];
    if (all) return end.id.key() + "[*]";
    return fmt::format("{}[{}]", end.id.key(), joined(profiles, [&](Index profile) {
                         return lower(end.profiles[profile].name);
                       }));
  }

  // The links that carry traffic of a perimeter; all of them where they reach further (U5).
  [[nodiscard]] std::string links_text(Index perimeter) const {
    std::vector<std::string> texts;
    for (const PerimeterLink& link : env_.links) {
      const bool touches = link.local == perimeter || link.remote == perimeter;
      if (link.status != ConnectionStatus::Approved) continue;
      if (!touches && readings_.is_default(Matter::U5)) continue;
      std::vector<std::string> ends{
          end_text(link.local, link.all_local_profiles, link.local_profiles),
          end_text(link.remote, link.all_remote_profiles, link.remote_profiles)};
      texts.push_back(joined(std::move(ends)));
    }
    return joined(std::move(texts));
  }

  // Of which perimeter and profile it is a member, and where links lead from there.
  [[nodiscard]] std::string member_text(const Resource& resource) const {
    if (resource.association == kNone) return "-";
    const Association& a = env_.associations[resource.association];
    const Perimeter& perimeter = env_.perimeters[a.perimeter];
    return fmt::format("{}/{}:{}", perimeter.id.key(), lower(perimeter.profiles[a.profile].name),
                       links_[a.perimeter]);
  }

  [[nodiscard]] std::string association_text(const Resource& resource) const {
    if (resource.association == kNone) return "-";
    const Association& a = env_.associations[resource.association];
    const Perimeter& perimeter = env_.perimeters[a.perimeter];
    return fmt::format("{}/{}:{}:{}:{}:{}", perimeter.id.key(),
                       lower(perimeter.profiles[a.profile].name), profiles_[a.perimeter][a.profile],
                       links_[a.perimeter], to_string(a.mode), text_of(a.unresolved));
  }

  [[nodiscard]] std::string identity_text(const Resource& resource) const {
    std::string text = !resource.identity ? "?" : *resource.identity ? "yes" : "no";
    if (!resource.subscription) return text + ":?";
    const bool told_apart = named_.subscriptions.contains(*resource.subscription);
    return text + ":" + (told_apart ? to_string(*resource.subscription) : "other");
  }

  [[nodiscard]] static std::string egress_text(const Resource& resource) {
    return fmt::format(
        "{}:{}", resource.restrict_outbound,
        joined(resource.allowed_fqdns, [](const DomainPattern& p) { return to_string(p); }));
  }

  [[nodiscard]] static std::string links_text(const Resource& resource) {
    return joined(resource.shared_private_links, [](const SharedPrivateLink& link) {
      return fmt::format("{}:{}:{}", link.target.key(), lower(link.group), to_string(link.status));
    });
  }

  [[nodiscard]] std::string instances_text(const Resource& resource) const {
    std::vector<std::string> fitting;
    if (named_.instances.contains(resource.id.key())) fitting.push_back(resource.id.key());
    for (const ResourceId& rule : named_.wild_instances) {
      if (instance_matches(rule, resource.id)) fitting.push_back(rule.key());
    }
    return joined(std::move(fitting));
  }

  [[nodiscard]] static std::string firewall_text(const Firewall& firewall) {
    const auto key = [](const ResourceId& id) { return id.key(); };
    return fmt::format("{}:{}:{}:{}:{}:{}:{}", firewall.known, firewall.default_allow,
                       firewall.trusted_services, text_of(firewall.unresolved),
                       joined(firewall.ip_rules, [](const WrittenPrefix& p) { return text_of(p); }),
                       joined(firewall.subnet_rules, key), joined(firewall.instance_rules, key));
  }

  // A resource that somebody's shared private link leads to is told apart by its id.
  [[nodiscard]] std::string target_text(const Resource& resource) const {
    const std::string& key = resource.id.key();
    return named_.shared_targets.contains(key) ? key : std::string();
  }

  [[nodiscard]] std::string endpoint_text(Index index, std::size_t host) const {
    return std::to_string(static_cast<int>(policy_.resource(index).endpoints[host]));
  }

  [[nodiscard]] std::string host_text(Index index, std::size_t host) const {
    return fmt::format("{};{}", endpoint_text(index, host), name_text(env_.resources[index], host));
  }

  // What callers make of a name. A shared private link serves the names of its group.
  [[nodiscard]] std::string name_text(const Resource& resource, std::size_t host) const {
    const std::string& name = resource.host_names[host].text();
    const std::string word = target_text(resource).empty() ? std::string() : name;
    return fmt::format("{};{}", named_.patterns.fitting(name), word);
  }

  const Policy& policy_;
  const Environment& env_;
  const Readings& readings_;
  const Named& named_;
  Interner& interner_;
  std::vector<std::vector<std::size_t>> profiles_;  // perimeter, profile
  std::vector<std::size_t> links_;                  // perimeter
};

}  // namespace

std::array<std::vector<Signature>, 2> make_signatures(const VerdictQuestion& question,
                                                      const std::vector<Counterpart>& resources) {
  Named named;
  named.add(question.base->environment());
  named.add(question.candidate->environment());
  Interner interner;
  std::array<std::vector<Signature>, 2> all;
  for (const std::size_t side : kSides) {
    const Policy& policy = side == 0 ? *question.base : *question.candidate;
    SideSigner signer(policy, question.readings, named, interner);
    all[side].resize(policy.environment().resources.size());
    for (const Counterpart& resource : resources) {
      const Index at = resource.at[side];
      if (at != kNone) all[side][at] = signer.sign(at);
    }
  }
  return all;
}

}  // namespace nsp
