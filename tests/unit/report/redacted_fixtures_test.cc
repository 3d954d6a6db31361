// A redacted environment holds nothing of what named the original, whatever it was read from:
// templates, plans, zone groups, unresolved values.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/model/build.h"
#include "sim/model/redact.h"
#include "sim/report/environment_json.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;

// The texts that name somebody's things.
class Names {
 public:
  explicit Names(const Environment& environment) {
    for (const Perimeter& perimeter : environment.perimeters) of(perimeter);
    for (const Association& association : environment.associations) {
      add(association.name);
      add(association.unresolved);
    }
    for (const PerimeterLink& link : environment.links) add(link.name);
    for (const Resource& resource : environment.resources) of(resource);
    for (const VirtualNetwork& network : environment.networks) add(network.id);
    for (const Subnet& subnet : environment.subnets) add(subnet.id);
    for (const PrivateEndpoint& endpoint : environment.private_endpoints) of(endpoint);
    for (const PrivateDnsZone& zone : environment.zones) of(zone);
  }

  [[nodiscard]] const std::set<std::string>& all() const { return all_; }

 private:
  void add(const std::string& text) {
    // `template` is the stand-in for a group that nobody named.
    if (!text.empty() && text != "default" && text != "template") all_.insert(lower(text));
  }
  void add(const ResourceId& id) {
    add(std::string(id.name()));
    const std::string text = lower(id.text());
    for (const std::string_view scope : {"/subscriptions/", "/resourcegroups/"}) {
      const auto begin = text.find(scope);
      if (begin == std::string::npos) continue;
      const auto from = begin + scope.size();
      add(text.substr(from, text.find('/', from) - from));
    }
  }
  void add(const std::vector<Unresolved>& unresolved) {
    for (const Unresolved& one : unresolved) add(one.expression);
  }
  void add(const std::vector<WrittenPrefix>& prefixes) {
    for (const WrittenPrefix& prefix : prefixes) {
      if (prefix.prefix.length >= 24) add(to_string(prefix.prefix.network));
    }
  }
  void add(const std::vector<IpAddress>& addresses) {
    for (const IpAddress& address : addresses) add(to_string(address));
  }

  void of(const Perimeter& perimeter) {
    add(perimeter.id);
    for (const Profile& profile : perimeter.profiles) {
      add(profile.name);
      for (const AccessRule& rule : profile.rules) {
        add(rule.name);
        add(rule.prefixes);
        add(rule.unresolved);
        for (const Guid& guid : rule.subscriptions) add(to_string(guid));
        for (const DomainPattern& pattern : rule.host_names) add(to_string(pattern));
      }
    }
  }
  void of(const Resource& resource) {
    add(resource.id);
    add(resource.unresolved);
    add(resource.firewall.unresolved);
    add(resource.firewall.ip_rules);
    for (const DomainName& host : resource.host_names) add(host.text());
  }
  void of(const PrivateEndpoint& endpoint) {
    add(endpoint.id);
    add(endpoint.addresses);
  }
  void of(const PrivateDnsZone& zone) {
    for (const DnsRecord& record : zone.records) {
      add(record.label);
      add(record.addresses);
    }
  }

  std::set<std::string> all_;
};

bool is_word_char(char c) {
  return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// As a whole word: `ai` stands in `openai` too.
bool holds(const std::string& text, const std::string& name) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !is_word_char(text[at - 1]) || !is_word_char(name.front());
    const std::size_t end = at + name.size();
    const bool ends = end == text.size() || !is_word_char(text[end]) || !is_word_char(name.back());
    if (begins && ends) return true;
  }
  return false;
}

TEST(Redacted, HoldsNoNameOfAnyFixture) {
  const auto files =
      list_files(fs::path(NSPSIM_SOURCE_DIR) / "fixtures/environments", {".json"}).value();
  // Words of Azure's and of our messages: a profile that is called `data`, a rule `open`.
  const std::set<std::string> words{"a",    "ai",     "blob",    "data",    "endpoints",
                                    "open", "search", "storage", "subnets", "vault"};
  std::size_t checked = 0;
  for (const fs::path& file : files) {
    const BuildResult built = load_environment(std::vector{file});
    if (!built.ok()) continue;
    const BuildResult redacted = redact(built, Redaction("key"));
    std::string shown = lower(environment_as_json(redacted.environment));
    for (const Diagnostic& diagnostic : redacted.diagnostics) {
      shown += lower(to_string(diagnostic)) + "\n";
    }
    const Names names(built.environment);
    for (const std::string& name : names.all()) {
      if (words.contains(name)) continue;
      EXPECT_FALSE(holds(shown, name)) << file << ": " << name;
      ++checked;
    }
  }
  EXPECT_GT(checked, 120U);
}

}  // namespace
}  // namespace nsp::test
