#include "sim/model/unknown.h"

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

const Unknown kNothing;

template <class Fits>
const Unknown& first_part(const std::vector<UnknownPart>& parts, Fits fits) {
  const auto found = std::ranges::find_if(parts, fits);
  return found == parts.end() ? kNothing : found->inside;
}

}  // namespace

const Unknown& Unknown::at(std::string_view name) const {
  return first_part(parts, [&](const UnknownPart& part) { return iequals(part.name, name); });
}

const Unknown& Unknown::item(std::size_t index) const {
  return first_part(parts, [&](const UnknownPart& part) { return part.index == index; });
}

bool Unknown::operator==(const Unknown&) const = default;

void add_unknown(Unknown& to, const Unknown& more) {
  for (const auto& [name, text] : more.members) to.members.emplace(name, text);
  for (const UnknownPart& part : more.parts) {
    const auto same = [&](const UnknownPart& other) { return iequals(other.name, part.name); };
    const auto found = std::ranges::find_if(to.parts, same);
    if (found == to.parts.end()) {
      to.parts.push_back(part);
    } else {
      add_unknown(found->inside, part.inside);
    }
  }
}

}  // namespace nsp
