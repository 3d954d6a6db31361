#include "sim/scenario/page_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

NamedThing* find_child(NamedParent& parent, std::string_view name) {
  const auto found = std::ranges::find_if(
      parent.children, [&](const NamedThing& child) { return iequals(child.name, name); });
  return found == parent.children.end() ? nullptr : &*found;
}

// Labels of host names: the custom subdomain where there is one, else the name.
std::string label_of(const ResourceDocument& document) {
  const auto* properties = document.body.find("properties");
  const auto custom =
      properties == nullptr ? std::string_view{} : properties->string_at("customSubDomainName");
  return lower(custom.empty() ? std::string_view(document.name) : custom);
}

bool is_named(const ResourceDocument& document, std::string_view name_or_id) {
  return iequals(document.name, name_or_id) || iequals(document.id.text(), name_or_id);
}

// Documents that are no resources a call can reach: the perimeter's own objects and networks.
bool is_reachable(const ResourceDocument& document) {
  const std::string type = lower(document.type);
  return !type.starts_with("microsoft.network/");
}

}  // namespace

std::string page_id(std::string_view type, std::string_view name, std::string_view subscription,
                    std::string_view group) {
  return fmt::format("/subscriptions/{}/resourceGroups/{}/providers/{}/{}", subscription, group,
                     type, name);
}

std::vector<PageCell> split_cell(const PageCell& cell, char separator) {
  std::vector<PageCell> pieces;
  const std::string_view text = cell.text;
  for (const auto piece : split_words(text, separator)) {
    PageCell part = cell;
    part.text = piece;
    part.column += static_cast<std::uint32_t>(piece.data() - text.data());
    pieces.push_back(std::move(part));
  }
  return pieces;
}

std::string PageNames::find_given(std::string_view type, std::string_view name) const {
  const auto found = std::ranges::find_if(given_.resources, [&](const ResourceDocument& document) {
    return iequals(document.type, type) && iequals(document.name, name);
  });
  return found == given_.resources.end() ? std::string() : found->id.text();
}

NamedParent& PageNames::parent(std::deque<NamedParent>& all, std::string_view type,
                               std::string_view name, const PageCell& where) {
  const auto found =
      std::ranges::find_if(all, [&](const NamedParent& each) { return iequals(each.name, name); });
  if (found != all.end()) return *found;
  NamedParent made;
  made.name = name;
  made.where = where;
  made.id = find_given(type, name);
  made.made = made.id.empty();
  if (made.made) made.id = page_id(type, name);
  all.push_back(std::move(made));
  return all.back();
}

std::string PageNames::perimeter(std::string_view name, const PageCell& where) {
  return parent(perimeters_, types::kPerimeter, name, where).id;
}

std::string PageNames::profile(std::string_view perimeter_name, std::string_view name,
                               const PageCell& where) {
  auto& owner = parent(perimeters_, types::kPerimeter, perimeter_name, where);
  if (const auto* known = find_child(owner, name)) return known->id;
  const std::string id = fmt::format("{}/profiles/{}", owner.id, name);
  const bool given = std::ranges::any_of(given_.resources, [&](const ResourceDocument& document) {
    return iequals(document.id.text(), id);
  });
  owner.children.push_back({std::string(name), id, where, !given});
  return id;
}

std::string PageNames::network(std::string_view name, const PageCell& where) {
  return parent(networks_, types::kVirtualNetwork, name, where).id;
}

std::string PageNames::subnet(std::string_view network_name, std::string_view name,
                              const PageCell& where) {
  auto& owner = parent(networks_, types::kVirtualNetwork, network_name, where);
  if (const auto* known = find_child(owner, name)) return known->id;
  const std::string id = fmt::format("{}/subnets/{}", owner.id, name);
  owner.children.push_back({std::string(name), id, where, owner.made});
  return id;
}

const NamedResource* PageNames::find_resource(std::string_view name_or_id) {
  const auto found = std::ranges::find_if(resources_, [&](const NamedResource& each) {
    return iequals(each.name, name_or_id) || iequals(each.id, name_or_id);
  });
  if (found != resources_.end()) return &*found;
  for (const auto& document : given_.resources) {
    if (!is_reachable(document) || !is_named(document, name_or_id)) continue;
    NamedResource resource;
    resource.name = document.name;
    resource.id = document.id.text();
    resource.made = false;
    resource.arm_type = document.type;
    resource.service = service_of(document.type, document.body.string_at("kind"));
    resource.label = label_of(document);
    resources_.push_back(std::move(resource));
    return &resources_.back();
  }
  return nullptr;
}

}  // namespace nsp
