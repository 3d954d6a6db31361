// What a document says and the model does not know, in the shape of the document.
//
// Azure adds members all the time. What is not known is kept beside the object that was read, so
// that the object can be written again whole, each member at its place. `{"networkAcls":
// {"newThing": 1, "ipRules": [{"value": "203.0.113.9", "comment": "vpn"}]}}` leaves
//
//   part networkAcls
//     member newThing: 1
//     part ipRules
//       part 203.0.113.9 (item 0)
//         member comment: "vpn"
//
// Items of a list are found by what names them, as the list may be written in another order or
// together with another; by their index while the document is being read.
//
// Thread safety: plain values.
#ifndef NSP_SIM_MODEL_UNKNOWN_H_
#define NSP_SIM_MODEL_UNKNOWN_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

struct UnknownPart;

struct Unknown {
  std::map<std::string, std::string> members;  // name as written → JSON text
  std::vector<UnknownPart> parts;              // only those that hold something

  [[nodiscard]] bool empty() const { return members.empty() && parts.empty(); }
  // Inside the known member `name`, or the item of that name; both without case. Empty where
  // nothing is unknown. Lives as long as this does.
  [[nodiscard]] const Unknown& at(std::string_view name) const;
  // Inside the item at that index of the document's list.
  [[nodiscard]] const Unknown& item(std::size_t index) const;

  bool operator==(const Unknown&) const;
};

struct UnknownPart {
  std::string name;
  std::size_t index = 0;  // of an item
  Unknown inside;
  bool operator==(const UnknownPart&) const = default;
};

// Adds what `more` has and `to` has not: the same object described twice.
void add_unknown(Unknown& to, const Unknown& more);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_UNKNOWN_H_
