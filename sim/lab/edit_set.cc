// Changes of one property: where it stands in the documents, and what its values become there.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "sim/document/types.h"
#include "sim/lab/api/edit_documents.h"
#include "sim/model/services.h"

namespace nsp::lab {
namespace {

using Json = EditDocuments::Json;
using Failed = std::unexpected<std::string>;

// What bears a property: its name for messages, and the `properties` of every place that describes
// it.
struct Borne {
  std::string name;
  std::vector<Json*> places;
  Index index = kNone;  // of a resource or zone
};

// ---- Where

Named<Borne> borne_by_resource(EditDocuments& documents, const std::string& name) {
  const auto index = resource_named(documents.environment(), name);
  if (!index) return Failed(index.error());
  const Resource& resource = documents.environment().resources[*index];
  Json* body = documents.find(resource.id);
  if (body == nullptr) {
    return Failed(fmt::format("`{}` is associated but not described, so it has no settings", name));
  }
  return Borne{resource.name, {&(*body)["properties"]}, *index};
}

Named<Borne> borne_by_associations(EditDocuments& documents, const std::string& name) {
  const Environment& env = documents.environment();
  const auto found = associations_named(env, name);
  if (!found) return Failed(found.error());
  Borne borne;
  borne.name = found->size() > 1 ? fmt::format("{} associations", found->size())
                                 : env.associations[found->front()].name;
  for (const Index index : *found) {
    Json* body = documents.find(env.associations[index].id);
    if (body != nullptr) borne.places.push_back(&(*body)["properties"]);
  }
  return borne;
}

bool refers_to(const Json& properties, const char* name, const ResourceId& id) {
  const auto found = properties.find(name);
  return found != properties.end() && found->is_object() && found->contains("id") &&
         iequals((*found)["id"].get<std::string>(), id.text());
}

// The `properties` of the items of a list that a test picks; none where there is no such list.
template <class Test>
void add_items(Json& properties, const char* list, std::vector<Json*>& out, const Test& test) {
  const auto items = properties.find(list);
  if (items == properties.end() || !items->is_array()) return;
  for (Json& item : *items) {
    if (test(item)) out.push_back(&item["properties"]);
  }
}

// Both sides describe the connection, and the worse state counts: both are changed.
Named<Borne> borne_by_endpoint(EditDocuments& documents, const std::string& name) {
  const auto id = endpoint_named(documents.environment(), name);
  if (!id) return Failed(id.error());
  Borne borne{std::string(id->name()), {}};
  for (Json& body : documents.all()) {
    Json& properties = body["properties"];
    add_items(properties, "privateEndpointConnections", borne.places, [&](const Json& item) {
      return refers_to(item.at("properties"), "privateEndpoint", *id);
    });
    if (!iequals(body["id"].get<std::string>(), id->text())) continue;
    add_items(properties, "privateLinkServiceConnections", borne.places,
              [](const Json&) { return true; });
  }
  return borne;
}

Named<Borne> borne_by_shared_link(EditDocuments& documents, const std::string& name) {
  const auto found = shared_link_named(documents.environment(), name);
  if (!found) return Failed(found.error());
  const Resource& resource = documents.environment().resources[found->resource];
  Json& links = (*documents.find(resource.id))["properties"]["sharedPrivateLinkResources"];
  return Borne{resource.shared_private_links[found->at].name, {&links[found->at]["properties"]}};
}

// A link and the reference to it at the other side: the worse state counts, as of endpoints.
Named<Borne> borne_by_link(EditDocuments& documents, const std::string& name) {
  const Environment& env = documents.environment();
  const auto index = link_named(env, name);
  if (!index) return Failed(index.error());
  const PerimeterLink& link = env.links[*index];
  const ResourceId& owner = env.perimeters[link.local].id;
  Borne borne{link.name, {}};
  for (const ResourceId& id :
       {owner.child(link.only_reference ? "linkReferences" : "links", link.name),
        link.reference ? link.reference->id : ResourceId()}) {
    Json* body = id.empty() ? nullptr : documents.find(id);
    if (body != nullptr) borne.places.push_back(&(*body)["properties"]);
  }
  return borne;
}

Named<Borne> borne_by_subnet(EditDocuments& documents, const std::string& name) {
  const Environment& env = documents.environment();
  const auto index = subnet_named(env, name);
  if (!index) return Failed(index.error());
  const Subnet& subnet = env.subnets[*index];
  const VirtualNetwork& network = env.networks[subnet.network];
  Borne borne{network.name + '/' + subnet.name, {}};
  add_items((*documents.find(network.id))["properties"], "subnets", borne.places,
            [&](const Json& item) { return iequals(item.value("id", ""), subnet.id.text()); });
  return borne;
}

Named<Borne> borne_by_zone(EditDocuments& documents, const std::string& name) {
  const auto index = zone_named(documents.environment(), name);
  if (!index) return Failed(index.error());
  return Borne{documents.environment().zones[*index].name.text(), {}, *index};
}

Named<Borne> borne_by(EditDocuments& documents, Bearer of, const std::string& name) {
  using Find = Named<Borne> (*)(EditDocuments&, const std::string&);
  constexpr std::array<Find, kBearers> kFind{
      borne_by_resource, borne_by_associations, borne_by_endpoint, borne_by_shared_link,
      borne_by_link,     borne_by_subnet,       borne_by_zone};
  return kFind[static_cast<std::size_t>(of)](documents, name);
}

// Of those of one name, the one that a thing of this kind has.
Named<const Setting*> fitting(const std::vector<const Setting*>& named, const SetProperty& edit,
                              const EditDocuments& documents, const Borne& borne) {
  if (edit.of != Bearer::Resource) return named.front();
  const Service service = documents.environment().resources[borne.index].service;
  const auto fits = [&](const Setting* one) { return one->fits == nullptr || one->fits(service); };
  const auto found = std::ranges::find_if(named, fits);
  if (found != named.end()) return *found;
  std::vector<std::string> has;
  for (const Setting& one : all_settings()) {
    if (one.of == edit.of && fits(&one)) has.emplace_back(one.name);
  }
  return Failed(fmt::format("{} is {}, which has no `{}`, expected one of {}", borne.name,
                            facts(service).title, named.front()->name, join(has, ", ")));
}

// ---- What: single values

std::string no_such_value(const Setting& setting, std::string_view value) {
  const std::string_view nearest = nearest_word(value, setting.words);
  return fmt::format("`{}` is no value of {}, expected {}{}", value, setting.name,
                     values_of(setting),
                     nearest.empty() ? "" : fmt::format(", did you mean `{}`?", nearest));
}

// The words of the value in their own spelling; nothing: one is none of the setting's.
std::optional<std::string> in_words(const Setting& setting, const std::string& value) {
  std::vector<std::string> out;
  for (const std::string_view word : split(value, ',')) {
    const auto index = find_word(setting.words, word);
    if (!index) return std::nullopt;
    out.emplace_back(setting.words[*index]);
  }
  if (setting.form == ValueForm::Word && out.size() != 1) return std::nullopt;
  return join(out, ", ");
}

Named<Json> single_value(const Setting& setting, const std::string& value) {
  if (setting.form == ValueForm::Truth) {
    for (const bool truth : {true, false}) {
      if (iequals(value, truth ? "true" : "false")) return truth;
    }
  } else if (auto words = in_words(setting, value)) {
    return *std::move(words);
  }
  return Failed(no_such_value(setting, value));
}

// The member at the path `a.b` below; what stands in the way (a value that only a deployment tells)
// is replaced.
Json& member_at(Json& properties, std::string_view path) {
  Json* at = &properties;
  for (const std::string_view name : split(path, '.')) {
    if (!at->is_object()) *at = Json::object();
    at = &(*at)[std::string(name)];
  }
  return *at;
}

// `identity` stands beside `properties` and is more than a word.
std::string set_identity(EditDocuments& documents, const Borne& borne, bool has) {
  Json& body = *documents.find(documents.environment().resources[borne.index].id);
  if (!body["identity"].is_object()) body["identity"] = Json::object();
  body["identity"]["type"] = has ? "SystemAssigned" : "None";
  return fmt::format("{} has {} managed identity now", borne.name, has ? "a" : "no");
}

Named<std::string> set_single(EditDocuments& documents, const SetProperty& edit, const Borne& borne,
                              const Setting& setting) {
  if (edit.what.how != SetHow::Set) {
    return Failed(fmt::format("{} is no list, expected `{}=` instead of `{}`", setting.name,
                              setting.name, sign_of(edit.what.how)));
  }
  auto value = single_value(setting, edit.what.value);
  if (!value) return Failed(std::move(value.error()));
  if (setting.name == "identity") return set_identity(documents, borne, *value == "yes");
  for (Json* place : borne.places) member_at(*place, setting.name) = *value;
  const std::string shown = value->is_string() ? value->get<std::string>() : value->dump();
  if (setting.name == "accessMode") return fmt::format("{} set to {}", borne.name, shown);
  return fmt::format("{} of {} set to {}", setting.name, borne.name, shown);
}

// ---- What: lists

// A name stands for an id; ids may be of things that nobody describes.
template <class Find, class List>
Named<std::string> named_id(const std::string& text, const Find& find, const List& list,
                            const Environment& env) {
  if (text.starts_with('/')) return text;
  const auto index = find(env, text);
  if (!index) return Failed(index.error());
  return list[*index].id.text();
}

Named<std::string> endpoint_service(const std::string& text) {
  std::vector<std::string_view> known;
  for (const ServiceFacts& service : all_services()) {
    if (service.service_endpoint.empty()) continue;
    if (iequals(service.service_endpoint, text)) return std::string(service.service_endpoint);
    known.push_back(service.service_endpoint);
  }
  const std::string_view nearest = nearest_word(text, known);
  return Failed(fmt::format("`{}` is no service with endpoints, expected one such as `{}`{}", text,
                            known.front(),
                            nearest.empty() ? "" : fmt::format(", did you mean `{}`?", nearest)));
}

// An element as documents have it.
Named<std::string> element_of(const Environment& env, ValueForm form, const std::string& text) {
  switch (form) {
    case ValueForm::Subnets:
      return named_id(text, subnet_named, env.subnets, env);
    case ValueForm::Resources:
      return named_id(text, resource_named, env.resources, env);
    case ValueForm::Networks:
      return named_id(text, network_named, env.networks, env);
    case ValueForm::ServiceNames:
      return endpoint_service(text);
    default:
      return text;
  }
}

// Two spellings of one element compare equal in this form.
std::string element_key(ValueForm form, std::string_view text) {
  if (form == ValueForm::Prefixes) {
    if (const auto prefix = IpPrefix::parse(text)) return to_string(*prefix);
  }
  if (form == ValueForm::Records) text = text.substr(0, text.find(':'));
  return lower(text);
}

bool holds(const std::vector<std::string>& elements, ValueForm form, const std::string& element) {
  return std::ranges::any_of(elements, [&](const std::string& one) {
    return element_key(form, one) == element_key(form, element);
  });
}

// A list, wherever it stands.
struct ListAccess {
  std::vector<std::string> held;
  std::function<void(const std::string&)> add;
  std::function<void(const std::string&)> remove;  // one of those held
  std::function<void()> clear;
};

// A document may hold an element twice, in two spellings.
void remove_all(const ListAccess& list, const Setting& setting, const std::string& element) {
  for (const std::string& one : list.held) {
    if (element_key(setting.form, one) == element_key(setting.form, element)) list.remove(one);
  }
}

// Why an element cannot be added or taken out; nothing: it can.
std::optional<std::string> obstacle(const ListAccess& list, const Setting& setting, SetHow how,
                                    const std::string& element, const std::string& of) {
  const bool held = holds(list.held, setting.form, element);
  if (how == SetHow::Add && held) {
    return fmt::format("{} of {} has `{}` already", setting.name, of, element);
  }
  if (how != SetHow::Remove || held) return std::nullopt;
  return fmt::format("{} of {} has no `{}`, expected {}", setting.name, of, element,
                     list.held.empty() ? "none: it is empty" : "one of " + join(list.held, ", "));
}

Named<std::vector<std::string>> elements_of(const Environment& env, const Setting& setting,
                                            const Assignment& what) {
  std::vector<std::string> out;
  for (const std::string_view text : split_words(what.value, ',')) {
    auto element = element_of(env, setting.form, std::string(text));
    if (!element) return Failed(std::move(element.error()));
    const bool whole =
        setting.form != ValueForm::Records || what.how == SetHow::Remove || element->contains(':');
    if (!whole) return Failed(no_such_value(setting, *element));
    if (setting.form == ValueForm::Records && what.how == SetHow::Remove &&
        element->contains(':')) {
      return Failed(fmt::format("`{}` names an address, expected the record's label `{}`", *element,
                                element->substr(0, element->find(':'))));
    }
    if (!holds(out, setting.form, *element)) out.push_back(*std::move(element));
  }
  if (out.empty() && what.how != SetHow::Set) {
    return Failed(fmt::format("nothing stands after `{}{}`, expected {}", setting.name,
                              sign_of(what.how), values_of(setting)));
  }
  return out;
}

Named<std::string> change_list(const ListAccess& list, const Setting& setting,
                               const Assignment& what, const std::string& of,
                               const Environment& env) {
  const auto elements = elements_of(env, setting, what);
  if (!elements) return Failed(elements.error());
  for (const std::string& element : *elements) {
    if (auto why = obstacle(list, setting, what.how, element, of)) return Failed(*std::move(why));
  }
  if (what.how == SetHow::Set) list.clear();
  for (const std::string& element : *elements) {
    what.how == SetHow::Remove ? remove_all(list, setting, element) : list.add(element);
  }
  if (what.how == SetHow::Add) {
    return fmt::format("{} added to {} of {}", what.value, setting.name, of);
  }
  if (what.how == SetHow::Remove) {
    return fmt::format("{} removed from {} of {}", what.value, setting.name, of);
  }
  return fmt::format("{} of {} set to {}", setting.name, of,
                     elements->empty() ? "nothing" : what.value);
}

// The text of an item of a list: itself, or its member.
std::string item_text(const Json& item, const std::string& member) {
  const Json& text = member.empty() || !item.is_object() ? item : item.value(member, Json());
  return text.is_string() ? text.get<std::string>() : std::string();
}

// A list in a document.
ListAccess items_of(Json& list, std::string_view member_name) {
  const std::string member(member_name);
  if (!list.is_array()) list = Json::array();
  ListAccess access;
  for (const Json& item : list) {
    // AI Search: an empty rule closes and admits nothing.
    if (std::string text = item_text(item, member); !text.empty()) {
      access.held.push_back(std::move(text));
    }
  }
  access.add = [&list, member](const std::string& text) {
    list.push_back(member.empty() ? Json(text) : Json{{member, text}});
  };
  access.remove = [&list, member](const std::string& text) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (item_text(list[i], member) == text) return list.erase(i);
    }
  };
  access.clear = [&list] { list = Json::array(); };
  return access;
}

// The networks that a zone is linked to: a document each.
ListAccess networks_of(EditDocuments& documents, const PrivateDnsZone& zone) {
  const auto is_link = [&zone](const Json& body) {
    return iequals(body["type"].get<std::string>(), types::kDnsLink) &&
           lower(body["id"].get<std::string>()).starts_with(zone.id.key() + '/');
  };
  ListAccess access;
  for (const Json& body : documents.all()) {
    if (is_link(body)) access.held.push_back(body["properties"]["virtualNetwork"]["id"]);
  }
  access.add = [&documents, &zone](const std::string& network) {
    std::string name = network.substr(network.rfind('/') + 1);
    while (documents.find(zone.id.child("virtualNetworkLinks", name)) != nullptr) name += "-lab";
    Json& body = documents.add(zone.id.child("virtualNetworkLinks", name), types::kDnsLink);
    body["properties"]["virtualNetwork"]["id"] = network;
  };
  access.remove = [&documents, is_link](const std::string& network) {
    Json& all = documents.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_link(all[i]) && all[i]["properties"]["virtualNetwork"]["id"] == network) {
        return all.erase(i);
      }
    }
  };
  access.clear = [held = access.held, remove = access.remove] {
    std::ranges::for_each(held, remove);
  };
  return access;
}

// The records of a zone: a document for each label.
ListAccess records_of(EditDocuments& documents, const PrivateDnsZone& zone) {
  ListAccess access;
  for (const DnsRecord& record : zone.records) access.held.push_back(record.label);
  access.add = [&documents, &zone](const std::string& text) {
    const std::size_t colon = text.find(':');
    Json& body = documents.add(zone.id.child("A", text.substr(0, colon)), types::kDnsRecord);
    body["properties"]["aRecords"] = {{{"ipv4Address", text.substr(colon + 1)}}};
  };
  access.remove = [&documents, &zone](const std::string& label) {
    documents.remove(zone.id.child("A", label));
  };
  access.clear = [held = access.held, remove = access.remove] {
    std::ranges::for_each(held, remove);
  };
  return access;
}

ListAccess list_of(EditDocuments& documents, const Borne& borne, const Setting& setting) {
  if (setting.of != Bearer::Zone) {
    return items_of(member_at(*borne.places.front(), setting.name), setting.member);
  }
  const PrivateDnsZone& zone = documents.environment().zones[borne.index];
  return setting.form == ValueForm::Networks ? networks_of(documents, zone)
                                             : records_of(documents, zone);
}

}  // namespace

Named<std::string> set_property(EditDocuments& documents, const SetProperty& edit) {
  const auto named = settings_named(edit.of, edit.what.property);
  if (!named) return Failed(named.error());
  const auto borne = borne_by(documents, edit.of, edit.name);
  if (!borne) return Failed(borne.error());
  if (borne->places.empty() && edit.of != Bearer::Zone) {
    return Failed(
        fmt::format("{} has no document of its own, so nothing of it can be set", borne->name));
  }
  const auto setting = fitting(*named, edit, documents, *borne);
  if (!setting) return Failed(setting.error());
  if (!(*setting)->is_list()) return set_single(documents, edit, *borne, **setting);
  return change_list(list_of(documents, *borne, **setting), **setting, edit.what, borne->name,
                     documents.environment());
}

}  // namespace nsp::lab
