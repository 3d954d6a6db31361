#include <fmt/format.h>

#include <utility>

#include "sim/base/text.h"
#include "sim/document/readers.h"

namespace nsp {
namespace {

void read_tag(DocumentSet& set, const Node& value, const std::string& pointer) {
  const std::string_view name = value.string_at("name");
  const Node* prefixes = value.at({"properties", "addressPrefixes"});
  if (name.empty() || prefixes == nullptr || !prefixes->is_array()) {
    return add_error(set, value, pointer,
                     "expected a service tag: `name` and an array `properties.addressPrefixes`");
  }
  set.service_tags.push_back(
      {std::string(name), *prefixes, pointer + "/properties/addressPrefixes"});
}

}  // namespace

void read_service_tags(DocumentSet& set, const Node& root, const std::string& pointer) {
  const Node* values = root.find("values");
  for (std::size_t i = 0; i < values->items.size(); ++i) {
    read_tag(set, values->items[i], pointer_join(pointer_join(pointer, "values"), i));
  }
}

}  // namespace nsp
