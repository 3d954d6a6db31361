#include "sim/scenario/table_firewall.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/net/address.h"

namespace nsp {
namespace {

constexpr std::string_view kSubnetWord = "subnet ";
constexpr std::string_view kResourceWord = "resource ";

// What the cell says, before it is put in a service's words.
struct Admitted {
  bool open = true;
  bool trusted_services = false;
  std::vector<PageCell> prefixes;
  std::vector<std::pair<std::string, PageCell>> subnets;    // id, where
  std::vector<std::pair<std::string, PageCell>> instances;  // id, where
};

bool begins(std::string_view text, std::string_view word) {
  return iequals(text.substr(0, word.size()), word);
}

class FirewallReader {
 public:
  FirewallReader(const NamedResource& resource, PageNames& names, PageProblems& problems)
      : resource_(resource), names_(names), problems_(problems) {}

  Admitted read(const PageCell* cell) {
    if (cell == nullptr || iequals(cell->text, "open")) return {};
    admitted_.open = false;
    if (iequals(cell->text, "closed")) {
      if (resource_.service == Service::Search) {
        problems_.error(*cell,
                        "a search service without IP rules is open, so `closed` cannot be said: "
                        "use publicNetworkAccess `Disabled`");
      }
      return std::move(admitted_);
    }
    for (const auto& item : split_cell(*cell)) read_item(item);
    return std::move(admitted_);
  }

 private:
  void read_item(const PageCell& item) {
    const std::string_view text = item.text;
    if (iequals(text, "trusted services")) {
      admitted_.trusted_services = true;
    } else if (begins(text, kSubnetWord)) {
      read_subnet(rest(item, kSubnetWord));
    } else if (begins(text, kResourceWord)) {
      read_instance(rest(item, kResourceWord));
    } else if (IpPrefix::parse(text)) {
      admitted_.prefixes.push_back(item);
    } else {
      problems_.error(
          item, fmt::format("`{}` is nothing a firewall admits, expected `open`, `closed`, a "
                            "prefix, `trusted services`, `subnet vnet/name` or `resource NAME`",
                            text));
    }
  }

  static PageCell rest(PageCell item, std::string_view word) {
    item.text = trim(std::string_view(item.text).substr(word.size()));
    item.column += static_cast<std::uint32_t>(word.size());
    return item;
  }

  void read_subnet(const PageCell& name) {
    if (resource_.service == Service::Search) {
      problems_.error(name, "a search service has no virtual-network rules");
    } else if (auto id = subnet_id(name, names_, problems_); !id.empty()) {
      admitted_.subnets.emplace_back(std::move(id), name);
    }
  }

  void read_instance(const PageCell& name) {
    const auto* instance = names_.find_resource(name.text);
    if (resource_.service != Service::Storage) {
      problems_.error(name, "only a storage account has resource-instance rules");
    } else if (instance != nullptr) {
      admitted_.instances.emplace_back(instance->id, name);
    } else if (name.text.starts_with('/')) {
      admitted_.instances.emplace_back(name.text, name);
    } else {
      problems_.error(name, fmt::format("unknown resource `{}`", name.text));
    }
  }

  const NamedResource& resource_;
  PageNames& names_;
  PageProblems& problems_;
  Admitted admitted_;
};

// Puts what is admitted in the words of REST.
class FirewallWriter {
 public:
  FirewallWriter(const Admitted& admitted, const PageCell& where, const TableNodes& nodes)
      : admitted_(admitted), where_(where), nodes_(nodes) {}

  [[nodiscard]] Node network_acls(bool instance_rules) const {
    Node acls = nodes_.object(where_);
    acls.add("defaultAction", nodes_.text(admitted_.open ? "Allow" : "Deny", where_));
    acls.add("bypass", bypass());
    acls.add("ipRules", ip_rules());
    acls.add("virtualNetworkRules", list("id", admitted_.subnets));
    if (instance_rules) acls.add("resourceAccessRules", list("resourceId", admitted_.instances));
    return acls;
  }

  [[nodiscard]] Node network_rule_set() const {
    Node rules = nodes_.object(where_);
    rules.add("bypass", bypass());
    rules.add("ipRules", ip_rules());
    return rules;
  }

 private:
  [[nodiscard]] Node bypass() const {
    return nodes_.text(admitted_.trusted_services ? "AzureServices" : "None", where_);
  }

  [[nodiscard]] Node ip_rules() const {
    Node rules = nodes_.array(where_);
    for (const auto& prefix : admitted_.prefixes) {
      rules.push(nodes_.object_of("value", prefix.text, prefix));
    }
    return rules;
  }

  [[nodiscard]] Node list(const std::string& member,
                          const std::vector<std::pair<std::string, PageCell>>& ids) const {
    Node rules = nodes_.array(where_);
    for (const auto& [id, cell] : ids) rules.push(nodes_.object_of(member, id, cell));
    return rules;
  }

  const Admitted& admitted_;
  const PageCell& where_;
  const TableNodes& nodes_;
};

}  // namespace

void add_firewall(Node& properties, const NamedResource& resource, const PageCell* cell,
                  const PageCell& where, PageNames& names, const TableNodes& nodes,
                  PageProblems& problems) {
  const FirewallForm form = facts(resource.service).firewall;
  const bool modelled = form == FirewallForm::NetworkAcls || form == FirewallForm::RuleSet;
  if (!modelled && cell != nullptr && !iequals(cell->text, "open")) {
    return problems.error(*cell, fmt::format("the firewall of a `{}` is not modelled, expected "
                                             "`open`",
                                             resource.arm_type));
  }
  const Admitted admitted = FirewallReader(resource, names, problems).read(cell);
  const FirewallWriter writer(admitted, cell == nullptr ? where : *cell, nodes);
  if (form == FirewallForm::RuleSet) {
    properties.add("networkRuleSet", writer.network_rule_set());
  } else {
    properties.add("networkAcls", writer.network_acls(resource.service == Service::Storage));
  }
}

std::string subnet_id(const PageCell& cell, PageNames& names, PageProblems& problems) {
  const std::string_view text = cell.text;
  if (text.starts_with('/')) return cell.text;
  const auto slash = text.find('/');
  const bool fits = slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
                    text.find('/', slash + 1) == std::string_view::npos;
  if (fits) return names.subnet(text.substr(0, slash), text.substr(slash + 1), cell);
  problems.error(cell, fmt::format("`{}` names no subnet, expected `vnet/name`", text));
  return {};
}

}  // namespace nsp
