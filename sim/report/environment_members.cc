#include "sim/report/environment_members.h"

#include <utility>

#include "sim/model/secrets.h"

namespace nsp {

void write_unknown(JsonWriter& json, const Unknown& unknown) {
  for (const auto& [name, text] : unknown.members) json.key(name).raw(without_secrets(name, text));
}

void open_resource(JsonWriter& json, const ResourceId& id, std::string_view type,
                   std::string_view location) {
  json.object().member("id", id.text()).member("name", id.name()).member("type", type);
  if (!location.empty()) json.member("location", location);
  json.key("properties").object();
}

void close_resource(JsonWriter& json, const Unknown& unknown) {
  write_unknown(json, unknown.at("properties"));
  json.end();
  write_unknown(json, unknown);
  json.end();
}

void write_reference(JsonWriter& json, std::string_view name, const ResourceId& id,
                     const Unknown& unknown) {
  if (id.empty()) return;
  json.key(name).object().member("id", id.text());
  write_unknown(json, unknown.at(name));
  json.end();
}

std::vector<std::string> with_open(std::vector<std::string> texts, std::string_view setting,
                                   const std::vector<Unresolved>& unresolved) {
  for (const Unresolved& one : unresolved) {
    if (one.setting == setting) texts.push_back(one.expression);
  }
  return texts;
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  if (!texts.empty()) json.member(name, texts);
}

void write_patterns(JsonWriter& json, std::string_view name,
                    const std::vector<DomainPattern>& patterns,
                    const std::vector<Unresolved>& unresolved) {
  std::vector<std::string> texts;
  for (const DomainPattern& pattern : patterns) texts.push_back(to_string(pattern));
  write_texts(json, name, with_open(std::move(texts), name, unresolved));
}

void write_objects(JsonWriter& json, std::string_view name, std::string_view member,
                   const std::vector<std::string>& texts, const Unknown& unknown) {
  if (texts.empty()) return;
  json.key(name).array();
  for (const std::string& text : texts) {
    json.object().member(member, text);
    write_unknown(json, unknown.at(text));
    json.end();
  }
  json.end();
}

std::vector<std::string> texts_of(const std::vector<WrittenPrefix>& prefixes) {
  std::vector<std::string> texts;
  for (const WrittenPrefix& prefix : prefixes) texts.push_back(prefix.text);
  return texts;
}

std::vector<std::string> texts_of(const std::vector<ResourceId>& ids) {
  std::vector<std::string> texts;
  for (const ResourceId& id : ids) texts.push_back(id.text());
  return texts;
}

std::vector<std::string> texts_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) texts.push_back(to_string(address));
  return texts;
}

void write_said(JsonWriter& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.member(name, text);
}

}  // namespace nsp
