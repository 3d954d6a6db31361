// Will surprise: what the resource's own firewall admits today and Enforced ends. Each is proved:
// the attempt is admitted now by that very rule, and denied if enforced.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_prove.h"

namespace nsp {
namespace {

// The reason of the inbound leg now.
bool is_admitted_by(const NowAndThen& judged, Reason reason) {
  const Leg* leg = judged.now.find(Direction::Inbound);
  return leg != nullptr && leg->reason == reason;
}

// The addresses at which the answer of inbound rules can change inside `prefix`, its own ends
// among them.
std::vector<IpAddress> witnesses(const IpPrefix& prefix, const Profile& profile) {
  std::vector<IpAddress> all{prefix.first(), prefix.last()};
  const auto add = [&](const IpAddress& address) {
    if (prefix.contains(address)) all.push_back(address);
  };
  for (const AccessRule& rule : profile.rules) {
    for (const WrittenPrefix& written : rule.prefixes) {
      const IpAddress first = written.prefix.first();
      const IpAddress last = written.prefix.last();
      if (first.bits != 0) add({first.bits - 1, first.v4});
      add({last.bits + 1, last.v4});
    }
  }
  return all;
}

// An address that the IP rule admits and that no inbound rule does.
std::optional<IpAddress> ending_address(const LintInput& input, const PerimeterMember& member,
                                        const WrittenPrefix& rule) {
  for (const IpAddress& address : witnesses(rule.prefix, *member.profile)) {
    Attempt attempt = outside_attempt(input, member.resource, Credential::User);
    attempt.address = address;
    const auto judged = judge(input, attempt);
    if (judged && judged->ends() && is_admitted_by(*judged, Reason::ResourceRule)) return address;
  }
  return std::nullopt;
}

void find_ip_rules(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    const Firewall& firewall = member.document->firewall;
    if (!member.is_learning() || firewall.default_allow) continue;
    for (const WrittenPrefix& rule : firewall.ip_rules) {
      const auto address = ending_address(input, member, rule);
      if (!address) continue;
      sink.add(
          member.document->place, member.name,
          fmt::format("IP rule `{}` of `{}` ends when enforced: `{}` is admitted by no inbound "
                      "rule of profile `{}`",
                      rule.text, member.name, to_string(*address), member.profile->name),
          {{member.profile->place, "the profile"}});
    }
  }
}

// Of a subnet that is described without the endpoint no rule matches today either.
bool may_use_endpoint(const LintInput& input, const ResourceId& id, Service service) {
  const auto& subnets = input.environment().subnets;
  const auto found = std::ranges::find(subnets, id, &Subnet::id);
  return found == subnets.end() || has_service_endpoint(*found, service);
}

void find_subnet_rules(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    const Resource& resource = *member.document;
    if (!member.is_learning() || resource.firewall.default_allow) continue;
    for (const ResourceId& subnet : resource.firewall.subnet_rules) {
      if (!may_use_endpoint(input, subnet, resource.service)) continue;
      Attempt attempt = outside_attempt(input, member.resource, Credential::User);
      attempt.via = Via::ServiceEndpoint;
      attempt.subnet = subnet.text();
      attempt.address_hidden = true;
      const auto judged = judge(input, attempt);
      if (!judged || !judged->ends() || !is_admitted_by(*judged, Reason::ResourceRule)) continue;
      sink.add(resource.place, member.name,
               fmt::format("the rule for subnet `{}/{}` of `{}` ends when enforced, and no address "
                           "rule can stand for it: a service endpoint shows no address",
                           subnet.parent().name(), subnet.name(), member.name));
    }
  }
}

void find_trusted_services(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    const Resource& resource = *member.document;
    const bool closed = !resource.firewall.default_allow ||
                        resource.public_network_access == PublicNetworkAccess::Disabled;
    if (!member.is_learning() || !closed) continue;
    Attempt attempt = outside_attempt(input, member.resource, Credential::ServicePrincipal);
    attempt.trusted_service = true;
    attempt.address_hidden = true;
    const auto judged = judge(input, attempt);
    if (!judged || !judged->ends() || !is_admitted_by(*judged, Reason::TrustedService)) continue;
    sink.add(resource.place, member.name,
             fmt::format("`{}` is closed but for trusted Azure services, which Enforced refuses",
                         member.name));
  }
}

bool is_any_instance(const ResourceId& instance) { return instance.key().contains('*'); }

// What an instance rule admits now; of a resource that is described itself.
Attempt instance_attempt(const LintInput& input, const PerimeterMember& member,
                         const ResourceId& instance) {
  if (const Lookup found = input.policy.find_resource(instance.text()); found.index != kNone) {
    Attempt attempt;
    attempt.from = input.policy.display_name(found.index);
    attempt.to = member.name;
    attempt.via = Via::Public;
    attempt.credential = Credential::ManagedIdentity;
    return attempt;
  }
  Attempt attempt = outside_attempt(input, member.resource, Credential::ManagedIdentity);
  attempt.subscription = instance.subscription();
  attempt.address_hidden = true;
  return attempt;
}

// Of one that is not described the engine knows no instance: what ends is what is denied then,
// while the firewall is asked now.
bool instance_ends(const LintInput& input, const PerimeterMember& member,
                   const ResourceId& instance) {
  const auto judged = judge(input, instance_attempt(input, member, instance));
  if (!judged) return false;
  if (input.policy.find_resource(instance.text()).index != kNone) {
    return judged->ends() && is_admitted_by(*judged, Reason::ResourceRule);
  }
  return judged->then.verdict == Verdict::Deny &&
         member.document->public_network_access == PublicNetworkAccess::Enabled;
}

void find_instance_rules(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    const Resource& resource = *member.document;
    if (!member.is_learning() || resource.firewall.default_allow) continue;
    for (const ResourceId& instance : resource.firewall.instance_rules) {
      if (!instance_ends(input, member, instance)) continue;
      sink.add(resource.place, member.name,
               fmt::format("the resource-instance rule for {} of `{}` ends when enforced",
                           is_any_instance(instance) ? fmt::format("`{}`", instance.text())
                                                     : fmt::format("`{}`", instance.name()),
                           member.name));
    }
  }
}

struct Spoken {
  Protocol protocol;
  std::string sign;
};

bool names_protocol(std::string_view written, Protocol protocol) {
  return parse_word<Protocol>(written) == protocol;
}

// The protocols besides HTTPS that the documents show in use.
std::vector<Spoken> spoken(const StorageProtocols& protocols) {
  std::vector<Spoken> all;
  if (protocols.sftp.value_or(false)) all.push_back({Protocol::Sftp, "isSftpEnabled is set"});
  if (protocols.nfs.value_or(false)) all.push_back({Protocol::Nfs, "isNfsV3Enabled is set"});
  for (const Protocol protocol : {Protocol::Nfs, Protocol::Smb}) {
    const auto share = std::ranges::find_if(protocols.shares, [&](const FileShare& one) {
      return names_protocol(one.protocols, protocol);
    });
    if (share == protocols.shares.end()) continue;
    all.push_back({protocol, fmt::format("file share `{}` is mounted by it", share->name)});
  }
  return all;
}

void find_protocols(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    for (const Spoken& one : spoken(member.document->protocols)) {
      Attempt attempt = outside_attempt(input, member.resource, Credential::User);
      attempt.protocol = one.protocol;
      attempt.address_hidden = true;
      const auto judged = judge(input, attempt);
      if (!judged || judged->then.reason != Reason::ProtocolNotSupported) continue;
      const bool refused = judged->now.reason == Reason::ProtocolNotSupported;
      sink.add(member.document->place, member.name,
               fmt::format("`{}` speaks {} ({}), which {}", member.name, to_string(one.protocol),
                           one.sign,
                           refused ? "its perimeter refuses but through a private endpoint"
                                   : "ends when enforced but through a private endpoint"));
    }
  }
}

constexpr std::array kEndingsChecks{
    Check{.id = "NSP320",
          .name = "subnet-rule-ends",
          .severity = Severity::Warning,
          .title = "a virtual-network rule admits a subnet that Enforced will refuse",
          .basis = {Basis{"IN-5"}, Basis{"P-5"}},
          .remedy = "give the subnet a private endpoint, or its callers a managed identity and a "
                    "subscription rule",
          .find = find_subnet_rules},
    Check{.id = "NSP321",
          .name = "ip-rule-ends",
          .severity = Severity::Warning,
          .title = "an IP rule admits addresses that no inbound rule of the profile admits",
          .basis = {Basis{"IN-5"}, Basis{"IN-9"}},
          .remedy = "add an inbound rule with these addresses before the association is enforced",
          .find = find_ip_rules},
    Check{.id = "NSP322",
          .name = "trusted-services-end",
          .severity = Severity::Warning,
          .title = "a closed resource lets trusted Azure services through, which Enforced ends",
          .basis = {Basis{"IN-5"}, Basis{"IN-7"}, Basis{"C4"}},
          .remedy = "find out which services come in so, and give each an inbound rule, a place in "
                    "the perimeter or a private endpoint",
          .find = find_trusted_services},
    Check{.id = "NSP323",
          .name = "instance-rule-ends",
          .severity = Severity::Warning,
          .title = "a resource-instance rule admits a caller that Enforced will refuse",
          .basis = {Basis{"IN-5"}, Basis{"IN-9"}},
          .remedy =
              "associate the instance with the same perimeter, or admit its subscription by an "
              "inbound rule",
          .find = find_instance_rules},
    Check{
        .id = "NSP340",
        .name = "protocol-not-governed",
        .severity = Severity::Warning,
        .title = "a Storage member speaks a protocol that no perimeter rule can admit",
        .basis = {Basis{"C11"}},
        .remedy = "move its callers to HTTPS or to a private endpoint, or switch the protocol off",
        .find = find_protocols},
};

}  // namespace

std::span<const Check> ending_checks() { return kEndingsChecks; }

}  // namespace nsp
