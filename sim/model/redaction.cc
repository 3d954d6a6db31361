// What a single name, address, id or message becomes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "sim/base/text.h"
#include "sim/model/redact.h"

namespace nsp {
namespace {

// SipHash-2-4.
class SipHash {
 public:
  SipHash(std::uint64_t key0, std::uint64_t key1)
      : v_{key0 ^ 0x736f6d6570736575, key1 ^ 0x646f72616e646f6d, key0 ^ 0x6c7967656e657261,
           key1 ^ 0x7465646279746573} {}

  void add(std::string_view text) {
    for (const char c : text) {
      word_ |= std::uint64_t{static_cast<unsigned char>(c)} << (8 * (count_ % 8));
      if (++count_ % 8 == 0) absorb();
    }
  }

  std::uint64_t finish() {
    word_ |= std::uint64_t{count_ & 0xff} << 56;
    absorb();
    v_[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  }

 private:
  void absorb() {
    v_[3] ^= word_;
    round();
    round();
    v_[0] ^= word_;
    word_ = 0;
  }

  void mix(std::size_t a, std::size_t b, int turn) {
    v_[a] += v_[b];
    v_[b] = std::rotl(v_[b], turn) ^ v_[a];
  }

  void round() {
    mix(0, 1, 13);
    v_[0] = std::rotl(v_[0], 32);
    mix(2, 3, 16);
    mix(0, 3, 21);
    mix(2, 1, 17);
    v_[2] = std::rotl(v_[2], 32);
  }

  std::array<std::uint64_t, 4> v_;
  std::uint64_t word_ = 0;
  std::uint64_t count_ = 0;
};

std::uint64_t hash(std::uint64_t key0, std::uint64_t key1, std::string_view text) {
  SipHash sip(key0, key1);
  sip.add(text);
  return sip.finish();
}

// Ranges that mean something by themselves; what lies in one stays in it, what lies outside, out.
const std::vector<IpPrefix>& fixed_ranges() {
  static const std::vector<IpPrefix> ranges = [] {
    std::vector<IpPrefix> all;
    for (const std::string_view text :
         {"0.0.0.0/8",        "10.0.0.0/8",      "100.64.0.0/10",      "127.0.0.0/8",
          "168.63.129.16/32", "169.254.0.0/16",  "172.16.0.0/12",      "192.168.0.0/16",
          "224.0.0.0/4",      "240.0.0.0/4",     "255.255.255.255/32", "::/128",
          "::1/128",          "::ffff:0:0:0/96", "64:ff9b::/96",       "2000::/3",
          "2002::/16",        "fc00::/7",        "fe80::/10",          "ff00::/8"}) {
      if (const auto prefix = IpPrefix::parse(text)) all.push_back(*prefix);
    }
    // IPv4-mapped: never the image of an address that is not.
    all.push_back({IpAddress{Uint128{0xffff} << 32, false}, 96});
    return all;
  }();
  return ranges;
}

// Host names under these are of public services; the names of customers stand before them.
const std::vector<std::string>& public_suffixes() {
  static const std::vector<std::string> suffixes = [] {
    std::vector<std::string> all{"com",
                                 "net",
                                 "org",
                                 "io",
                                 "dev",
                                 "gov",
                                 "edu",
                                 "azurewebsites.net",
                                 "scm.azurewebsites.net",
                                 "azure-api.net",
                                 "azurefd.net",
                                 "azureedge.net",
                                 "trafficmanager.net",
                                 "cloudapp.azure.com",
                                 "azurecr.io",
                                 "privatelink.azurecr.io",
                                 "privatelink.azurewebsites.net",
                                 "privatelink.monitor.azure.com",
                                 "mongo.cosmos.azure.com",
                                 "vaultcore.azure.net",
                                 "managedhsm.azure.net",
                                 "api.azureml.ms",
                                 "login.microsoftonline.com",
                                 "login.microsoft.com",
                                 "login.windows.net",
                                 "management.azure.com",
                                 "graph.microsoft.com",
                                 "mcr.microsoft.com",
                                 "core.usgovcloudapi.net",
                                 "core.chinacloudapi.cn"};
    for (const ServiceFacts& service : all_services()) {
      for (const ServiceHost& host : service.hosts) {
        all.emplace_back(host.suffix);
        all.emplace_back(host.zone);
      }
    }
    return all;
  }();
  return suffixes;
}

// `text` is one of them or what several have in common: `windows.net`.
bool is_public_suffix(std::string_view text) {
  return std::ranges::any_of(public_suffixes(), [&](const std::string& suffix) {
    return suffix.ends_with(text) &&
           (suffix.size() == text.size() || suffix[suffix.size() - text.size() - 1] == '.');
  });
}

// Words of Azure and of this program that messages quote and pointers hold.
constexpr std::array kWords{"accessMode",
                            "accessRules",
                            "addressPrefixes",
                            "accessRulesVersion",
                            "allowedFqdnList",
                            "allowSharedKeyAccess",
                            "aRecords",
                            "autoApprovedRemotePerimeterResourceId",
                            "bypass",
                            "customDnsConfigs",
                            "customSubDomainName",
                            "defaultAction",
                            "description",
                            "direction",
                            "disableLocalAuth",
                            "enabledLogCategories",
                            "fullyQualifiedDomainNames",
                            "groupId",
                            "groupIds",
                            "hasProvisioningIssues",
                            "id",
                            "identity",
                            "ipAddresses",
                            "ipConfigurations",
                            "ipRules",
                            "ipv4Address",
                            "ipv6Rules",
                            "kind",
                            "localInboundProfiles",
                            "location",
                            "manualPrivateLinkServiceConnections",
                            "name",
                            "networkAcls",
                            "networkRuleSet",
                            "networkRuleSets",
                            "networkSecurityPerimeter",
                            "networkSecurityPerimeterConfigurations",
                            "perimeterGuid",
                            "privateEndpoint",
                            "privateEndpointConnections",
                            "privateLinkResource",
                            "privateLinkResourceId",
                            "privateLinkServiceConnections",
                            "privateLinkServiceConnectionState",
                            "privateLinkServiceId",
                            "profile",
                            "profiles",
                            "properties",
                            "provisioningIssues",
                            "provisioningState",
                            "publicNetworkAccess",
                            "remoteInboundProfiles",
                            "remotePerimeterResourceId",
                            "resourceAccessRules",
                            "resourceAssociation",
                            "resourceAssociations",
                            "resourceId",
                            "resources",
                            "restrictOutboundNetworkAccess",
                            "serviceEndpoints",
                            "serviceTags",
                            "sharedPrivateLinkResources",
                            "status",
                            "subnet",
                            "subnets",
                            "subscriptions",
                            "type",
                            "value",
                            "virtualNetwork",
                            "virtualNetworkRules",
                            "firewallRules",
                            "ipRangeFilter",
                            "vnetRules",
                            "ipSecurityRestrictions",
                            "isVirtualNetworkFilterEnabled",
                            "Learning",
                            "Enforced",
                            "Audit",
                            "Transition",
                            "Enabled",
                            "Disabled",
                            "SecuredByPerimeter",
                            "Succeeded",
                            "Creating",
                            "Updating",
                            "Deleting",
                            "Accepted",
                            "Failed",
                            "Canceled",
                            "Approved",
                            "Pending",
                            "Rejected",
                            "Disconnected",
                            "Inbound",
                            "Outbound",
                            "Allow",
                            "Deny",
                            "None",
                            "Logging",
                            "Metrics",
                            "AzureServices",
                            "AzurePortal",
                            "true",
                            "false",
                            "null",
                            "*",
                            "*.",
                            "/"};

bool is_plain_word(std::string_view text) {
  return std::ranges::any_of(kWords, [&](std::string_view word) { return iequals(word, text); });
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_microsoft(std::string_view type) { return lower(type).starts_with("microsoft."); }

bool is_scope(std::string_view segment) {
  return std::ranges::any_of(
      std::array{"subscriptions", "resourceGroups", "resourceGroup", "managementGroups"},
      [&](std::string_view word) { return iequals(word, segment); });
}

std::vector<std::string_view> pieces_of(std::string_view text) {
  return split(text.substr(text.starts_with('/') ? 1 : 0), '/');
}

}  // namespace

Redaction::Redaction(std::string_view key)
    : key0_(hash(0x6e737073696d2d31, 0x7265646163742d31, key)),
      key1_(hash(0x6e737073696d2d32, 0x7265646163742d32, key)) {}

std::uint64_t Redaction::random(std::string_view domain, std::string_view text) const {
  SipHash sip(key0_, key1_);
  sip.add(domain);
  sip.add(text);
  return sip.finish();
}

std::string Redaction::token(std::string_view text) const {
  constexpr std::string_view kDigits = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kDigits.size() == 32);
  std::uint64_t bits = random("name:", lower(text));
  std::string token = "n";
  for (int i = 0; i < 10; ++i, bits >>= 5) token += kDigits[bits & 31];
  return token;
}

std::string Redaction::name(std::string_view text) const {
  if (text.empty() || text == "*" || text == "@") return std::string(text);
  if (text.starts_with('[')) return fmt::format("[{}]", token(text));
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    return name(text.substr(0, slash)) + '/' + name(text.substr(slash + 1));
  }
  if (const auto parsed = Guid::parse(text)) return to_string(guid(*parsed));
  return token(text);
}

Guid Redaction::guid(const Guid& guid) const {
  const std::string text = to_string(guid);
  // Version 4, variant 1 (RFC 9562): random.
  return {(random("guid high:", text) & ~std::uint64_t{0xf000}) | 0x4000,
          (random("guid low:", text) >> 2) | (std::uint64_t{1} << 63)};
}

IpAddress Redaction::address(const IpAddress& address) const {
  const unsigned width = address.v4 ? 32 : 128;
  IpAddress moved = address;
  for (unsigned i = 0; i < width; ++i) {
    const Uint128 bit = Uint128{1} << (width - 1 - i);
    // The first i bits, which all that share them are turned by alike.
    const IpPrefix node{{address.bits & ~((bit << 1) - 1), address.v4},
                        static_cast<std::uint8_t>(i)};
    const auto splits = [&](const IpPrefix& range) {
      return range.length > i && node.contains(range);
    };
    if (std::ranges::any_of(fixed_ranges(), splits)) continue;
    if ((random("address:", to_string(node)) & 1) != 0) moved.bits ^= bit;
  }
  return moved;
}

IpPrefix Redaction::prefix(const IpPrefix& prefix) const {
  const IpAddress moved = address(prefix.network);
  return IpPrefix::parse(fmt::format("{}/{}", to_string(moved), prefix.length)).value_or(prefix);
}

std::string Redaction::host_text(std::string_view host) const {
  std::string text;
  bool is_public = true;
  for (std::size_t end = host.size();;) {
    const auto dot = host.substr(0, end).rfind('.');
    const std::size_t begin = dot == std::string_view::npos ? 0 : dot + 1;
    is_public = is_public && is_public_suffix(host.substr(begin));
    const std::string_view label = host.substr(begin, end - begin);
    text.insert(0, is_public ? std::string(label) : name(label));
    if (begin == 0) return text;
    text.insert(0, 1, '.');
    end = begin - 1;
  }
}

DomainName Redaction::host(const DomainName& host) const {
  if (host.empty()) return host;
  if (auto moved = DomainName::parse(host_text(host.text()))) return std::move(*moved);
  return DomainName::parse(token(host.text())).value_or(DomainName{});
}

DomainPattern Redaction::pattern(const DomainPattern& pattern) const {
  return {pattern.kind, host(pattern.name)};
}

std::string Redaction::type(std::string_view arm_type) const {
  if (arm_type.empty() || is_microsoft(arm_type)) return std::string(arm_type);
  const std::string_view own = arm_type.substr(0, arm_type.find('/'));
  return name(own) + std::string(arm_type.substr(own.size()));
}

ResourceId Redaction::id(const ResourceId& id) const {
  if (id.empty()) return id;
  const auto segments = pieces_of(id.text());
  std::string text;
  bool in_provider = false;
  for (std::size_t i = 0; i + 1 < segments.size(); i += 2) {
    const std::string_view kind = segments[i];
    const std::string_view value = segments[i + 1];
    const bool provider = iequals(kind, "providers");
    in_provider = in_provider || provider;
    const bool known = in_provider || is_scope(kind);
    std::string moved = provider                           ? type(value)
                        : iequals(kind, "privateDnsZones") ? host_text(lower(value))
                                                           : name(value);
    text += fmt::format("/{}/{}", known ? std::string(kind) : name(kind), moved);
  }
  return ResourceId::parse(text).value_or(ResourceId{});
}

Place Redaction::place(const Place& place) const {
  Place moved = place;
  if (!place.file.empty()) {
    const auto dot = place.file.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : place.file.substr(dot);
    const bool plain = ending == ".json" || ending == ".md" || ending == ".bicep";
    moved.file = token(place.file) + (plain ? ending : "");
  }
  if (place.pointer.empty()) return moved;
  moved.pointer.clear();
  for (const std::string_view segment : pieces_of(place.pointer)) {
    const bool stays = is_digits(segment) || is_plain_word(segment);
    (moved.pointer += '/') += stays ? std::string(segment) : token(segment);
  }
  return moved;
}

std::string Redaction::quoted(std::string_view text) const {
  if (text.empty() || is_plain_word(text) || is_digits(text)) return std::string(text);
  if (const auto parsed = ResourceId::parse(text)) return id(*parsed).text();
  if (is_microsoft(text) && text.find_first_of(" .", 10) == std::string_view::npos) {
    return std::string(text);
  }
  if (const auto parsed = IpAddress::parse(text)) return to_string(address(*parsed));
  if (const auto parsed = IpPrefix::parse(text)) return to_string(prefix(*parsed));
  if (text.find('.') == std::string_view::npos) return name(text);
  const auto parsed = DomainPattern::parse(text);
  return parsed ? to_string(pattern(*parsed)) : name(text);
}

Diagnostic Redaction::diagnostic(const Diagnostic& diagnostic) const {
  Diagnostic moved{diagnostic.severity, place(diagnostic.place), {}};
  std::string_view rest = diagnostic.message;
  for (bool inside = false;; inside = !inside) {
    const auto tick = rest.find('`');
    const std::string_view piece = rest.substr(0, tick);
    moved.message += inside ? quoted(piece) : std::string(piece);
    if (tick == std::string_view::npos) return moved;
    moved.message += '`';
    rest.remove_prefix(tick + 1);
  }
}

}  // namespace nsp
