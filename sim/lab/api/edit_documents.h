// The documents of an environment while they are changed. Used by sim/lab/edit*.cc alone.
#ifndef NSP_SIM_LAB_API_EDIT_DOCUMENTS_H_
#define NSP_SIM_LAB_API_EDIT_DOCUMENTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/edit.h"
#include "sim/lab/edit_names.h"
#include "sim/model/environment.h"

namespace nsp::lab {

class EditDocuments {
 public:
  using Json = nlohmann::ordered_json;

  // REQUIRES: `text` is what environment_as_json() makes of `environment`, which outlives this.
  EditDocuments(const Environment& environment, const std::string& text)
      : environment_(environment), root_(Json::parse(text)) {}

  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] std::string text() const { return root_.dump(); }
  [[nodiscard]] Json& all() { return root_["resources"]; }

  // Null: no document describes it.
  [[nodiscard]] Json* find(const ResourceId& id) {
    for (Json& body : all()) {
      if (iequals(body["id"].get_ref<const std::string&>(), id.text())) return &body;
    }
    return nullptr;
  }

  Json& add(const ResourceId& id, std::string_view type) {
    Json body;
    body["id"] = id.text();
    body["name"] = id.name();
    body["type"] = type;
    body["properties"] = Json::object();
    return all().emplace_back(std::move(body));
  }

  // False: there is none.
  bool remove(const ResourceId& id) {
    Json& documents = all();
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (!iequals(documents[i]["id"].get_ref<const std::string&>(), id.text())) continue;
      documents.erase(i);
      return true;
    }
    return false;
  }

 private:
  const Environment& environment_;
  Json root_;
};

// Says what it did. See SetProperty.
[[nodiscard]] Named<std::string> set_property(EditDocuments& documents, const SetProperty& edit);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_API_EDIT_DOCUMENTS_H_
