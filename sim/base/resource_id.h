// An ARM resource id, parsed once and compared without case.
//
// `/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME…]` is the usual form.
// Ids at subscription or tenant level, extension resources (a second `/providers/`) and the old
// `resourceGroup` segment are read too. The text is kept as written; `key()` is its lower-case
// form, with that segment in the plural, and the only thing ever compared.
//
// Thread safety: immutable value. Views returned point into the object.
#ifndef NSP_SIM_BASE_RESOURCE_ID_H_
#define NSP_SIM_BASE_RESOURCE_ID_H_

#include <optional>
#include <string>
#include <string_view>

#include "sim/base/guid.h"

namespace nsp {

class ResourceId {
 public:
  ResourceId() = default;

  // Nothing when `text` does not start with `/` or has an empty or unpaired segment.
  [[nodiscard]] static std::optional<ResourceId> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  // `Microsoft.Network/networkSecurityPerimeters/profiles`, as written; empty for a subscription or
  // group.
  [[nodiscard]] const std::string& type() const { return type_; }
  // The last name segment, as written.
  [[nodiscard]] std::string_view name() const;
  // The GUID of the subscription segment, if there is one and it is a GUID.
  [[nodiscard]] std::optional<Guid> subscription() const;
  // The text of the subscription segment, which templates and examples often fill with a word.
  [[nodiscard]] std::string_view subscription_text() const;
  [[nodiscard]] std::string_view resource_group() const;

  // The id without its last `/TYPE/NAME` pair (an extension's last pair includes its
  // `/providers/NAMESPACE`); empty when there is no parent resource.
  [[nodiscard]] ResourceId parent() const;
  // The ancestor-or-self whose type is `type` (compared without case); empty when there is none.
  [[nodiscard]] ResourceId ancestor(std::string_view type) const;
  // This id with `/segment/name` added.
  [[nodiscard]] ResourceId child(std::string_view segment, std::string_view name) const;

  bool operator==(const ResourceId& other) const { return key_ == other.key_; }
  auto operator<=>(const ResourceId& other) const { return key_ <=> other.key_; }

 private:
  std::string text_;
  std::string key_;
  std::string type_;
};

}  // namespace nsp

#endif  // NSP_SIM_BASE_RESOURCE_ID_H_
