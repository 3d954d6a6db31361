#include "sim/lab/edit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/lab/api/edit_documents.h"
#include "sim/lab/edit_names.h"
#include "sim/model/build.h"
#include "sim/report/environment_json.h"

namespace nsp::lab {
namespace {

using Json = EditDocuments::Json;

// Makes one change in the documents of one environment. Each overload says what it did.
class Editor {
 public:
  explicit Editor(EditDocuments& documents)
      : documents_(documents), env_(documents.environment()) {}

  Named<std::string> make(const SetProperty& edit) { return set_property(documents_, edit); }

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
    add_rule(edit, id);
    return fmt::format("{} added to {}", edit.name, ref->text());
  }

  Named<std::string> make(const RemoveRule& edit) {
    auto ref = profile_named(env_, edit.profile);
    if (!ref) return std::unexpected(std::move(ref.error()));
    if (!documents_.remove(ref->profile->id.child("accessRules", edit.name))) {
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
    if (resource.association != kNone)
      documents_.remove(env_.associations[resource.association].id);
    const std::string name = resource.name + "-association";
    Json& body =
        documents_.add(ref->perimeter->id.child("resourceAssociations", name), types::kAssociation);
    body["properties"]["privateLinkResource"]["id"] = resource.id.text();
    body["properties"]["profile"]["id"] = ref->profile->id.text();
    body["properties"]["accessMode"] = edit.mode.empty() ? "Learning" : edit.mode;
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
    documents_.remove(association.id);
    return fmt::format("{} left {}", resource.name, env_.perimeters[association.perimeter].name);
  }

 private:
  void add_rule(const AddRule& edit, const ResourceId& id) {
    Json& properties = documents_.add(id, types::kAccessRule)["properties"];
    properties["direction"] = edit.host_names.empty() ? "Inbound" : "Outbound";
    if (!edit.prefixes.empty()) properties["addressPrefixes"] = edit.prefixes;
    if (!edit.service_tags.empty()) properties["serviceTags"] = edit.service_tags;
    if (!edit.host_names.empty()) properties["fullyQualifiedDomainNames"] = edit.host_names;
    for (const std::string& subscription : edit.subscriptions) {
      const bool is_id = subscription.starts_with('/');
      properties["subscriptions"].push_back(
          {{"id", is_id ? subscription : "/subscriptions/" + subscription}});
    }
  }

  EditDocuments& documents_;
  const Environment& env_;
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
  const std::string before = environment_as_json(environment);
  EditDocuments documents(environment, before);
  Editor editor(documents);
  Named<std::string> done = std::visit([&](const auto& one) { return editor.make(one); }, edit);
  if (!done) return std::unexpected(Refusal{std::move(done.error())});
  BuildResult built = read_again(documents.text());
  if (!built.ok()) return std::unexpected(messages(built.diagnostics, Severity::Error));
  std::vector<std::string> warnings = new_warnings(built, before);
  return Edited{std::move(built.environment), *std::move(done), std::move(warnings)};
}

}  // namespace nsp::lab
