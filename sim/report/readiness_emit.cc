#include "sim/report/readiness_emit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/report/format.h"
#include "sim/report/json_writer.h"

namespace nsp {
namespace {

constexpr std::string_view kApiVersion = "2024-07-01";

// What the three forms look up for a suggestion.
struct Facts {
  const Suggestion& of;
  const Perimeter& perimeter;
  const Profile& profile;
  const Environment& env;

  [[nodiscard]] bool is_rule() const { return of.kind >= SuggestionKind::InboundRule; }
  [[nodiscard]] std::string_view name() const { return is_rule() ? of.rule.name : of.name; }
  [[nodiscard]] const Resource& resource() const { return env.resources[of.resource]; }
  [[nodiscard]] const Perimeter& remote() const { return env.perimeters[of.remote.perimeter]; }
  [[nodiscard]] const Profile& remote_profile() const {
    return remote().profiles[of.remote.profile];
  }
  // What it is for, as a comment says it.
  [[nodiscard]] std::string comment() const {
    return printable(fmt::format("{}; admits {}", of.text, of.admits));
  }
};

std::vector<Facts> chosen(const Environment& env, const Suggestions& suggestions) {
  std::vector<Facts> all;
  for (const Suggestion& one : suggestions.all) {
    if (!one.chosen) continue;
    const Perimeter& perimeter = env.perimeters[one.at.perimeter];
    all.push_back({one, perimeter, perimeter.profiles[one.at.profile], env});
  }
  return all;
}

std::string_view title(Direction direction) {
  return direction == Direction::Inbound ? "Inbound" : "Outbound";
}

// The elements of the rule's one list.
std::vector<std::string> elements(const AccessRule& rule) {
  std::vector<std::string> all;
  for (const WrittenPrefix& prefix : rule.prefixes) all.push_back(prefix.text);
  for (const Guid& guid : rule.subscriptions) all.push_back("/subscriptions/" + to_string(guid));
  for (const DomainPattern& pattern : rule.host_names) all.push_back(to_string(pattern));
  return all;
}

// az: one command each.
class Az {
 public:
  std::string write(const std::vector<Facts>& all) {
    std::string text =
        "#!/bin/sh\n# made by nspsim readiness; needs the Azure CLI with the "
        "extension nsp. Nothing is switched to Enforced here.\nset -eu\n";
    for (const Facts& one : all) text += "\n# " + one.comment() + "\n" + command(one);
    return text;
  }

 private:
  static std::string command(const Facts& one) {
    switch (one.of.kind) {
      case SuggestionKind::ManagedIdentity:
        return "# (no command: a change at the caller)\n";
      case SuggestionKind::Associate:
        return line(one, "association", "",
                    fmt::format("--access-mode Learning \\\n  --private-link-resource {} \\\n  "
                                "--profile {}",
                                reference(one.resource().id), reference(one.profile.id)));
      case SuggestionKind::Link:
        return line(one, "link", "",
                    fmt::format("--auto-remote-nsp-id {} \\\n  --local-inbound-profile {} "
                                "\\\n  --remote-inbound-profile {}",
                                quoted(one.remote().id.text()), list({one.profile.name}),
                                list({one.remote_profile().name})));
      default:
        return line(one, "profile access-rule",
                    fmt::format(" --profile-name {}", quoted(one.profile.name)), rule(one.of.rule));
    }
  }

  static std::string line(const Facts& one, std::string_view group, std::string_view parent,
                          std::string_view rest) {
    const ResourceId& id = one.perimeter.id;
    return fmt::format(
        "az network perimeter {} create --subscription {} --resource-group {} \\\n"
        "  --perimeter-name {}{} --name {} \\\n  {}\n",
        group, quoted(id.subscription_text()), quoted(id.resource_group()),
        quoted(one.perimeter.name), parent, quoted(one.name()), rest);
  }

  static std::string rule(const AccessRule& rule) {
    const std::string direction = fmt::format("--direction {} ", title(rule.direction));
    if (!rule.prefixes.empty()) return direction + "--address-prefixes " + list(elements(rule));
    if (!rule.host_names.empty()) return direction + "--fqdn " + list(elements(rule));
    std::string ids;
    for (const std::string& id : elements(rule)) {
      ids += fmt::format("{}{{id:'{}'}}", ids.empty() ? "" : ",", id);
    }
    return direction + fmt::format("--subscriptions \"[{}]\"", ids);
  }

  // `"['a','b']"`, the shorthand of the CLI.
  static std::string list(const std::vector<std::string>& texts) {
    std::string inside;
    for (const std::string& text : texts) {
      inside += fmt::format("{}'{}'", inside.empty() ? "" : ",", in_double_quotes(text));
    }
    return fmt::format("\"[{}]\"", inside);
  }
  static std::string reference(const ResourceId& id) {
    return fmt::format("\"{{id:'{}'}}\"", in_double_quotes(id.text()));
  }
  // For the shell.
  static std::string in_double_quotes(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
      if (c == '"' || c == '$' || c == '`' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  }
  static std::string quoted(std::string_view text) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/";
    if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return std::string(text);
    return fmt::format("\"{}\"", in_double_quotes(text));
  }
};

// ARM: one template, its resources grouped by the resource group of their perimeter.
class Arm {
 public:
  std::string write(const std::vector<Facts>& all) {
    std::map<std::string, std::vector<const Facts*>> groups;
    for (const Facts& one : all) {
      if (one.of.kind == SuggestionKind::ManagedIdentity) {
        callers_.push_back(one.comment());
      } else {
        groups[group_of(one)].push_back(&one);
      }
    }
    open_template();
    if (groups.size() <= 1) {
      for (const auto& [group, members] : groups) write_resources(members);
    } else {
      for (const auto& [group, members] : groups) write_deployment(members);
    }
    close_template();
    return json_.take();
  }

 private:
  static std::string group_of(const Facts& one) {
    return lower(fmt::format("{}/{}", one.perimeter.id.subscription_text(),
                             one.perimeter.id.resource_group()));
  }

  void open_template() {
    json_.object();
    json_.member("$schema",
                 "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
    json_.member("contentVersion", "1.0.0.0");
    json_.key("metadata").object().member("description", "made by nspsim readiness");
    if (!callers_.empty()) json_.member("atTheCallers", callers_);
    json_.end();
    json_.key("resources").array();
  }
  void close_template() { json_.end().end(); }

  // Perimeters of several groups need a deployment each.
  void write_deployment(const std::vector<const Facts*>& members) {
    const ResourceId& id = members.front()->perimeter.id;
    json_.object().member("type", "Microsoft.Resources/deployments");
    json_.member("apiVersion", "2021-04-01");
    json_.member("name", fmt::format("nspsim-{}", members.front()->perimeter.name));
    json_.member("subscriptionId", id.subscription_text());
    json_.member("resourceGroup", id.resource_group());
    json_.key("properties").object().member("mode", "Incremental");
    json_.key("template").object();
    json_.member("$schema",
                 "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
    json_.member("contentVersion", "1.0.0.0").key("resources").array();
    write_resources(members);
    json_.end().end().end().end();
  }

  void write_resources(const std::vector<const Facts*>& members) {
    for (const Facts* one : members) write_one(*one);
  }

  void open(std::string_view type, const std::string& name) {
    json_.object();
    json_.member("type", fmt::format("Microsoft.Network/networkSecurityPerimeters/{}", type));
    json_.member("apiVersion", kApiVersion).member("name", name);
  }

  void write_one(const Facts& one) {
    if (one.is_rule()) return write_rule(one);
    const bool is_link = one.of.kind == SuggestionKind::Link;
    open(is_link ? "links" : "resourceAssociations",
         fmt::format("{}/{}", one.perimeter.name, one.of.name));
    json_.key("properties").object();
    if (is_link) {
      json_.member("autoApprovedRemotePerimeterResourceId", one.remote().id.text());
      json_.member("localInboundProfiles", std::vector<std::string>{one.profile.name});
      json_.member("remoteInboundProfiles", std::vector<std::string>{one.remote_profile().name});
    } else {
      json_.key("privateLinkResource").object().member("id", one.resource().id.text()).end();
      json_.key("profile").object().member("id", one.profile.id.text()).end();
      json_.member("accessMode", "Learning");
    }
    json_.end().end();
  }

  void write_rule(const Facts& one) {
    const AccessRule& rule = one.of.rule;
    open("profiles/accessRules",
         fmt::format("{}/{}/{}", one.perimeter.name, one.profile.name, rule.name));
    json_.key("properties").object().member("direction", title(rule.direction));
    if (!rule.prefixes.empty()) json_.member("addressPrefixes", elements(rule));
    if (!rule.host_names.empty()) json_.member("fullyQualifiedDomainNames", elements(rule));
    if (!rule.subscriptions.empty()) {
      json_.key("subscriptions").array();
      for (const std::string& id : elements(rule)) json_.object().member("id", id).end();
      json_.end();
    }
    json_.end().end();
  }

  JsonWriter json_;
  std::vector<std::string> callers_;
};

// Terraform: a resource block each.
class Terraform {
  static constexpr std::string_view kProfileId = "network_security_perimeter_profile_id";
  static constexpr std::size_t kLinkWidth = 9;  // of `parent_id`

 public:
  std::string write(const std::vector<Facts>& all) {
    std::string text =
        "# made by nspsim readiness; azurerm from 4.58, links by azapi. Nothing is "
        "switched to Enforced here.\n";
    for (const Facts& one : all) text += "\n# " + one.comment() + "\n" + block(one);
    return text;
  }

 private:
  static std::string block(const Facts& one) {
    switch (one.of.kind) {
      case SuggestionKind::ManagedIdentity:
        return "# (no resource: a change at the caller)\n";
      case SuggestionKind::Associate:
        return open(one, "azurerm_network_security_perimeter_association") +
               member(kProfileId, quoted(one.profile.id.text())) +
               member("resource_id", quoted(one.resource().id.text())) +
               member("access_mode", quoted("Learning")) + "}\n";
      case SuggestionKind::Link:
        return open(one, "azapi_resource") + link(one) + "}\n";
      default:
        return open(one, "azurerm_network_security_perimeter_access_rule") +
               member(kProfileId, quoted(one.profile.id.text())) +
               member("direction", quoted(title(one.of.rule.direction))) +
               member(list_name(one.of.rule), list(elements(one.of.rule))) + "}\n";
    }
  }

  static std::string link(const Facts& one) {
    const std::string type =
        fmt::format("Microsoft.Network/networkSecurityPerimeters/links@{}", kApiVersion);
    return member("type", quoted(type), kLinkWidth) +
           member("parent_id", quoted(one.perimeter.id.text()), kLinkWidth) +
           fmt::format(
               "\n  body = {{\n    properties = {{\n"
               "      autoApprovedRemotePerimeterResourceId = {}\n"
               "      localInboundProfiles                  = {}\n"
               "      remoteInboundProfiles                 = {}\n    }}\n  }}\n",
               quoted(one.remote().id.text()), list({one.profile.name}),
               list({one.remote_profile().name}));
  }

  static std::string_view list_name(const AccessRule& rule) {
    if (!rule.prefixes.empty()) return "address_prefixes";
    return rule.subscriptions.empty() ? "fqdns" : "subscription_ids";
  }

  // The label is the name with what HCL does not take replaced, and the profile for uniqueness.
  static std::string open(const Facts& one, std::string_view type) {
    std::string label = fmt::format("{}_{}_{}", one.perimeter.name, one.profile.name, one.name());
    for (char& c : label) {
      const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!plain) c = '_';
    }
    if (label.front() >= '0' && label.front() <= '9') label.insert(0, 1, '_');
    return fmt::format("resource \"{}\" \"{}\" {{\n", type, label) +
           member("name", quoted(one.name()),
                  one.of.kind == SuggestionKind::Link ? kLinkWidth : kProfileId.size());
  }
  // `width` is that of the longest member of the block, so that the equal signs stand in line.
  static std::string member(std::string_view name, std::string_view value,
                            std::size_t width = kProfileId.size()) {
    return fmt::format("  {:<{}} = {}\n", name, width, value);
  }
  static std::string quoted(std::string_view text) {
    const std::string shown = printable(text);
    std::string out = "\"";
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const char c = shown[i];
      if (c == '"' || c == '\\') out += '\\';
      // `${` and `%{` would begin a template.
      if ((c == '$' || c == '%') && i + 1 < shown.size() && shown[i + 1] == '{') out += c;
      out += c;
    }
    return out + "\"";
  }
  static std::string list(const std::vector<std::string>& texts) {
    std::string inside;
    for (const std::string& text : texts) {
      inside += (inside.empty() ? "" : ", ") + quoted(text);
    }
    return fmt::format("[{}]", inside);
  }
};

}  // namespace

std::string emit(const Environment& environment, const Suggestions& suggestions, EmitForm form) {
  const std::vector<Facts> all = chosen(environment, suggestions);
  switch (form) {
    case EmitForm::Az:
      return Az().write(all);
    case EmitForm::Arm:
      return Arm().write(all);
    case EmitForm::Terraform:
      break;
  }
  return Terraform().write(all);
}

}  // namespace nsp
