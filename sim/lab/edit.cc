#include "sim/lab/edit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "sim/base/text.h"
#include "sim/lab/edit_names.h"
#include "sim/model/build.h"
#include "sim/report/environment_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRuleType =
    "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";
constexpr const char* kAssociationType =
    "Microsoft.Network/networkSecurityPerimeters/resourceAssociations";

// Makes one change in the documents of one environment. Each overload says what it did.
class Editor {
 public:
  explicit Editor(const Environment& environment)
      : env_(environment), root_(Json::parse(environment_as_json(environment))) {}

  [[nodiscard]] std::string text() const { return root_.dump(); }

  Named<std::string> make(const SetMode& edit) {
    auto found = associations_named(env_, edit.association);
    if (!found) return std::unexpected(std::move(found.error()));
    for (Index index : *found) {
      document(env_.associations[index].id)["properties"]["accessMode"] = edit.mode;
    }
    const bool all = found->size() > 1;
    const std::string what = all ? fmt::format("{} associations", found->size())
                                 : env_.associations[found->front()].name;
    return fmt::format("{} set to {}", what, edit.mode);
  }

  Named<std::string> make(const SetPublicNetworkAccess& edit) {
    return change(edit.resource, [&](Json& body, const Resource& resource) {
      body["properties"]["publicNetworkAccess"] = edit.access;
      return fmt::format("publicNetworkAccess of {} set to {}", resource.name, edit.access);
    });
  }

  Named<std::string> make(const SetIdentity& edit) {
    return change(edit.resource, [&](Json& body, const Resource& resource) {
      body["identity"]["type"] = edit.has ? "SystemAssigned" : "None";
      return fmt::format("{} has {} managed identity now", resource.name, edit.has ? "a" : "no");
    });
  }

  Named<std::string> make(const AddRule& edit) {
    auto ref = profile_named(env_, edit.profile);
    if (!ref) return std::unexpected(std::move(ref.error()));
    const ResourceId id = ref->profile->id.child("accessRules", edit.name);
    for (const AccessRule& rule : ref->profile->rules) {
      if (!iequals(rule.name, edit.name)) continue;
      return std::unexpected(
          fmt::format("{} has a rule `{}` already, expected a new name", ref->text(), rule.name));
    }
    if (edit.host_names.empty() && edit.prefixes.empty() && edit.subscriptions.empty() &&
        edit.service_tags.empty()) {
      return std::unexpected(
          fmt::format("rule `{}` admits nothing, expected prefixes, subscriptions, service tags or "
                      "host names",
                      edit.name));
    }
    root_["resources"].push_back(rule_document(edit, id));
    return fmt::format("{} added to {}", edit.name, ref->text());
  }

  Named<std::string> make(const RemoveRule& edit) {
    auto ref = profile_named(env_, edit.profile);
    if (!ref) return std::unexpected(std::move(ref.error()));
    if (!remove(ref->profile->id.child("accessRules", edit.name))) {
      return std::unexpected(fmt::format("{} has no rule `{}`", ref->text(), edit.name));
    }
    return fmt::format("{} removed from {}", edit.name, ref->text());
  }

  Named<std::string> make(const Associate& edit) {
    auto index = resource_named(env_, edit.resource);
    if (!index) return std::unexpected(std::move(index.error()));
    auto ref = profile_named(env_, edit.profile);
    if (!ref) return std::unexpected(std::move(ref.error()));
    const Resource& resource = env_.resources[*index];
    if (resource.association != kNone) remove(env_.associations[resource.association].id);
    const std::string name = resource.name + "-association";
    Json body;
    body["id"] = ref->perimeter->id.child("resourceAssociations", name).text();
    body["name"] = name;
    body["type"] = kAssociationType;
    body["properties"]["privateLinkResource"]["id"] = resource.id.text();
    body["properties"]["profile"]["id"] = ref->profile->id.text();
    body["properties"]["accessMode"] = edit.mode.empty() ? "Learning" : edit.mode;
    root_["resources"].push_back(std::move(body));
    return fmt::format("{} associated with {}", resource.name, ref->text());
  }

  Named<std::string> make(const Dissociate& edit) {
    auto index = resource_named(env_, edit.resource);
    if (!index) return std::unexpected(std::move(index.error()));
    const Resource& resource = env_.resources[*index];
    if (resource.association == kNone) {
      return std::unexpected(fmt::format("{} is not associated", resource.name));
    }
    const Association& association = env_.associations[resource.association];
    remove(association.id);
    return fmt::format("{} left {}", resource.name, env_.perimeters[association.perimeter].name);
  }

 private:
  [[nodiscard]] Json* find(const ResourceId& id) {
    for (Json& body : root_["resources"]) {
      if (iequals(body["id"].get<std::string>(), id.text())) return &body;
    }
    return nullptr;
  }

  // REQUIRES: the environment describes it.
  Json& document(const ResourceId& id) { return *find(id); }

  template <class Change>
  Named<std::string> change(const std::string& name, const Change& make_change) {
    auto index = resource_named(env_, name);
    if (!index) return std::unexpected(std::move(index.error()));
    Json* body = find(env_.resources[*index].id);
    if (body == nullptr) {
      return std::unexpected(
          fmt::format("`{}` is associated but not described, so it has no settings", name));
    }
    return make_change(*body, env_.resources[*index]);
  }

  // With everything below it. False: there is none.
  bool remove(const ResourceId& id) {
    Json& all = root_["resources"];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!iequals(all[i]["id"].get<std::string>(), id.text())) continue;
      all.erase(i);
      return true;
    }
    return false;
  }

  static Json rule_document(const AddRule& edit, const ResourceId& id) {
    Json body;
    body["id"] = id.text();
    body["name"] = edit.name;
    body["type"] = kRuleType;
    Json& properties = body["properties"];
    properties["direction"] = edit.host_names.empty() ? "Inbound" : "Outbound";
    if (!edit.prefixes.empty()) properties["addressPrefixes"] = edit.prefixes;
    if (!edit.service_tags.empty()) properties["serviceTags"] = edit.service_tags;
    if (!edit.host_names.empty()) properties["fullyQualifiedDomainNames"] = edit.host_names;
    for (const std::string& subscription : edit.subscriptions) {
      const bool is_id = subscription.starts_with('/');
      properties["subscriptions"].push_back(
          {{"id", is_id ? subscription : "/subscriptions/" + subscription}});
    }
    return body;
  }

  const Environment& env_;
  Json root_;
};

std::vector<std::string> messages(const Diagnostics& all, Severity severity) {
  std::vector<std::string> texts;
  for (const Diagnostic& one : all) {
    if (one.severity == severity) texts.push_back(one.message);
  }
  return texts;
}

BuildResult read_again(const std::string& text) {
  return build_environment(read_documents(text, "lab.json"));
}

// What was there before says nothing about the change.
std::vector<std::string> new_warnings(const BuildResult& built, const std::string& before) {
  const std::vector<std::string> old = messages(read_again(before).diagnostics, Severity::Warning);
  const std::multiset<std::string> known(old.begin(), old.end());
  std::vector<std::string> fresh;
  for (std::string& text : messages(built.diagnostics, Severity::Warning)) {
    if (!known.contains(text)) fresh.push_back(std::move(text));
  }
  return fresh;
}

}  // namespace

std::expected<Edited, Refusal> apply_edit(const Environment& environment, const Edit& edit) {
  Editor editor(environment);
  const std::string before = editor.text();
  Named<std::string> done = std::visit([&](const auto& one) { return editor.make(one); }, edit);
  if (!done) return std::unexpected(Refusal{std::move(done.error())});
  BuildResult built = read_again(editor.text());
  if (!built.ok()) return std::unexpected(messages(built.diagnostics, Severity::Error));
  std::vector<std::string> warnings = new_warnings(built, before);
  return Edited{std::move(built.environment), *std::move(done), std::move(warnings)};
}

}  // namespace nsp::lab
