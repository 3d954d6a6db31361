// REST objects, lists, arrays, the examples of the REST specifications and our own plain
// environment: all of them hold resource objects with an id.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/readers.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// The name of a member as it is written, for pointers.
std::string_view written_name(const Node& object, std::string_view name) {
  for (const Member& member : object.members) {
    if (iequals(member.name, name)) return member.name;
  }
  return name;
}

void skip_request_body(DocumentSet& set, const Node& body, const std::string& pointer) {
  ++set.ignored["request body without an id"];
  const std::string_view what = guess_by_members(body);
  add_warning(set, body, pointer,
              fmt::format("a request body without an `id` is ignored{}{}",
                          what.empty() ? "" : ": it looks like ", what));
}

// The id's own path tells where a resource stands, so it wins over a `type` that says something
// else.
std::string type_of(DocumentSet& set, const ResourceId& id, const Node& body,
                    const std::string& pointer) {
  const std::string_view by_id = types::canonical(id.type());
  const Node* written = body.find("type");
  const bool has_type = written != nullptr && written->is_string() && !written->text.empty();
  const std::string_view by_member =
      has_type ? types::canonical(written->text) : std::string_view();
  if (has_type && !iequals(written->text, id.type()) && (!by_id.empty() || !by_member.empty())) {
    add_warning(set, *written, pointer_join(pointer, "type"),
                fmt::format("`type` is `{}` but the id is that of `{}`, which is taken",
                            written->text, id.type()));
  }
  if (!by_id.empty()) return std::string(by_id);
  return id.type();
}

// The examples of one service leave the configuration's name out of its id.
std::optional<ResourceId> id_of(const Node& body, const std::string& text) {
  if (auto id = ResourceId::parse(text)) return id;
  if (auto id = ResourceId::parse("/" + text)) return id;
  const std::string_view name = body.string_at("name");
  if (name.empty() || !types::ends_with_segment(text, types::kConfigurationSegment)) {
    return std::nullopt;
  }
  return ResourceId::parse(fmt::format("{}/{}", text, name));
}

// A resource; or a subscription or a group of one, which are no resources but often listed.
bool names_something(const ResourceId& id) {
  return !id.type().empty() || id.key().starts_with("/subscriptions/");
}

void read_body(DocumentSet& set, Node body, const std::string& pointer, const Node& id_node) {
  auto id = id_of(body, id_node.text);
  if (!id || !names_something(*id)) {
    add_error(set, id_node, pointer_join(pointer, "id"),
              fmt::format("`{}` is not a resource id, expected `/subscriptions/…/providers/…`",
                          id_node.text));
    return;
  }
  if (id->type().empty()) {
    ++set.ignored[id->resource_group().empty() ? "subscription" : "resource group"];
    return;
  }
  std::string type = type_of(set, *id, body, pointer);
  if (is_powershell(body)) restore_powershell(body, type);
  restore_rest_shape(body, type);
  std::string name(id->name());
  set.resources.push_back(
      {std::move(*id), std::move(type), std::move(name), std::move(body), pointer});
}

}  // namespace

void read_resource(DocumentSet& set, Node body, const std::string& pointer) {
  if (!body.is_object()) {
    return add_error(set, body, pointer,
                     fmt::format("expected a resource object, found {}", kind_name(body.kind)));
  }
  const Node* found = is_powershell(body) ? powershell_id(body) : body.find("id");
  if (found == nullptr || !found->is_string() || found->text.empty()) {
    return skip_request_body(set, body, pointer);
  }
  const Node id_node = *found;
  read_body(set, std::move(body), pointer, id_node);
}

// Items without an id are counted once a list: these are name lists such as service tags.
void read_items(DocumentSet& set, Node list, const std::string& pointer) {
  std::size_t without_id = 0;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    Node& item = list.items[i];
    if (item.is_object() && item.string_at("id").empty() && !is_powershell(item)) {
      ++without_id;
    } else {
      read_resource(set, std::move(item), pointer_join(pointer, i));
    }
  }
  if (without_id == 0) return;
  set.ignored["list item without an id"] += without_id;
  add_warning(
      set, list, pointer,
      fmt::format("{} of {} items have no `id` and are ignored", without_id, list.items.size()));
}

void read_list(DocumentSet& set, Node root, const std::string& pointer) {
  const std::string list_pointer = pointer_join(pointer, written_name(root, "value"));
  const Node* next = root.find("nextLink");
  if (next != nullptr && next->is_string() && !next->text.empty()) {
    add_warning(set, *next, pointer_join(pointer, written_name(root, "nextLink")),
                "the list goes on at `nextLink`: what follows there is not in this file");
  }
  read_items(set, std::move(*root.find("value")), list_pointer);
}

void read_array(DocumentSet& set, Node root, const std::string& pointer,
                const ReadOptions& options) {
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    read_any(set, std::move(root.items[i]), pointer_join(pointer, i), options);
  }
}

// The responses repeat one another (200, 201): the first with a body speaks for all.
void read_example(DocumentSet& set, Node root, const std::string& pointer,
                  const ReadOptions& options) {
  const std::string responses_pointer = pointer_join(pointer, written_name(root, "responses"));
  for (Member& response : root.find("responses")->members) {
    Node* body = response.value.find("body");
    if (body == nullptr || (body->items.empty() && body->members.empty())) continue;
    const std::string at = pointer_join(responses_pointer, response.name);
    return read_any(set, std::move(*body), pointer_join(at, written_name(response.value, "body")),
                    options);
  }
  ++set.ignored["REST example without a response body"];
}

void read_environment(DocumentSet& set, Node root, const std::string& pointer) {
  Node* list = root.find("resources");
  const std::string list_pointer = pointer_join(pointer, written_name(root, "resources"));
  if (!list->is_array()) {
    return add_error(
        set, *list, list_pointer,
        fmt::format("expected an array of resources, found {}", kind_name(list->kind)));
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    Node& item = list->items[i];
    const std::string at = pointer_join(list_pointer, i);
    if (item.is_object() && item.string_at("id").empty()) {
      add_error(set, item, at, "a resource has no `id`, expected `/subscriptions/…/providers/…`");
    } else {
      read_resource(set, std::move(item), at);
    }
  }
  // Service tags may stand beside the resources, as in their public download.
  const Node* tags = root.find("values");
  if (tags != nullptr && tags->is_array()) read_service_tags(set, root, pointer);
}

}  // namespace nsp
