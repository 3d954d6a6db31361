#include "sim/access_log/line_protocol_callers.h"

#include <fmt/format.h>

#include <array>

#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 9> kMembers{
    "caller", "name",           "address",         "credential", "subscription",
    "subnet", "trustedService", "trusted service", "note"};

std::string unknown_member(std::string_view name) {
  const std::string_view near = nearest_word(name, kMembers);
  if (!near.empty()) return fmt::format("unknown member `{}`, did you mean `{}`", name, near);
  return fmt::format(
      "unknown member `{}`, expected caller, address, credential, subscription, subnet, "
      "trustedService or note",
      name);
}

template <class T>
std::expected<void, std::string> keep(std::expected<T, std::string> value, std::optional<T>& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = std::move(*value);
  return {};
}

// Reads one entry; what is wrong goes to `wrong`.
class EntryReader {
 public:
  EntryReader(std::string pointer, Diagnostics& wrong)
      : pointer_(std::move(pointer)), wrong_(wrong) {}

  std::optional<Caller> read(const Node& node) {
    const std::size_t before = wrong_.size();
    if (!node.is_object()) {
      complain(node, pointer_,
               fmt::format("expected a caller, an object, got {}", kind_name(node.kind)));
      return std::nullopt;
    }
    caller_.place = node.place(pointer_);
    for (const Member& member : node.members) read_member(member);
    if (caller_.name.empty() && wrong_.size() == before) {
      complain(node, pointer_, "a caller needs a name in the member `caller`");
    }
    if (wrong_.size() != before) return std::nullopt;
    return std::move(caller_);
  }

 private:
  void complain(const Node& node, std::string pointer, std::string message) {
    wrong_.push_back({Severity::Error, node.place(std::move(pointer)), std::move(message)});
  }

  void read_member(const Member& member) {
    if (!find_word(kMembers, member.name)) {
      Place place = member.value.place(pointer_join(pointer_, member.name));
      place.line = member.line;
      place.column = member.column;
      wrong_.push_back({Severity::Error, std::move(place), unknown_member(member.name)});
    } else if (iequals(member.name, "trustedService") || iequals(member.name, "trusted service")) {
      read_trusted(member);
    } else if (!member.value.is_null()) {
      read_text(member);
    }
  }

  void read_trusted(const Member& member) {
    const Node& value = member.value;
    if (value.is(Node::Kind::Bool)) {
      caller_.trusted_service = value.boolean;
    } else if (value.is_string() && (iequals(value.text, "yes") || iequals(value.text, "no"))) {
      caller_.trusted_service = iequals(value.text, "yes");
    } else {
      complain(value, pointer_join(pointer_, member.name),
               fmt::format("expected true or false in `{}`", member.name));
    }
  }

  void read_text(const Member& member) {
    if (!member.value.is_string()) {
      complain(member.value, pointer_join(pointer_, member.name),
               fmt::format("expected a string in `{}`, got {}", member.name,
                           kind_name(member.value.kind)));
      return;
    }
    const auto stored = store(lower(member.name), member.value.text);
    if (!stored) complain(member.value, pointer_join(pointer_, member.name), stored.error());
  }

  std::expected<void, std::string> store(const std::string& name, const std::string& text) {
    if (name == "caller" || name == "name") caller_.name = text;
    if (name == "subnet") caller_.subnet = text;
    if (name == "note") caller_.note = text;
    if (name == "address") return store_address(text);
    if (name == "credential") return keep(parse_credential(text), caller_.credential);
    if (name == "subscription") return keep(parse_subscription(text), caller_.subscription);
    return {};
  }

  std::expected<void, std::string> store_address(std::string_view text) {
    const auto address = parse_visible_address(text);
    if (!address) return std::unexpected(address.error());
    caller_.address = *address;
    caller_.address_hidden = !address->has_value();
    return {};
  }

  std::string pointer_;
  Diagnostics& wrong_;
  Caller caller_;
};

void refuse_twins(const std::vector<Caller>& callers, Diagnostics& wrong) {
  std::unordered_map<std::string, const Caller*> seen;
  for (const Caller& caller : callers) {
    const auto [at, fresh] = seen.emplace(lower(caller.name), &caller);
    if (fresh) continue;
    wrong.push_back({Severity::Error, caller.place,
                     fmt::format("caller `{}` stands twice, first in line {}", caller.name,
                                 at->second->place.line)});
  }
}

}  // namespace

Result<std::vector<Caller>> read_callers(std::string_view bytes, std::string file) {
  const auto root = parse_json(bytes, std::move(file));
  if (!root) return std::unexpected(root.error());
  const Node* list = root->is_object() ? root->find("callers") : &*root;
  if (list == nullptr || !list->is_array()) {
    return std::unexpected(
        one_error(root->place(), "expected `{\"callers\":[…]}` or an array of callers"));
  }
  const std::string pointer = root->is_object() ? "/callers" : "";
  Diagnostics wrong;
  std::vector<Caller> callers;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    auto caller = EntryReader(pointer_join(pointer, i), wrong).read(list->items[i]);
    if (caller) callers.push_back(std::move(*caller));
  }
  refuse_twins(callers, wrong);
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return callers;
}

Diagnostics check_callers(const Environment& environment, const std::vector<Caller>& callers) {
  Diagnostics wrong;
  for (const Caller& caller : callers) {
    const Lookup found = find_resource(environment, caller.name);
    if (found.index == kNone && !found.ambiguous) continue;
    wrong.push_back({Severity::Error, caller.place,
                     fmt::format("caller `{}` has the name of a resource, call it something else",
                                 caller.name)});
  }
  return wrong;
}

Attempt attempt_of(const Caller& caller) {
  Attempt attempt;
  attempt.from = caller.name;
  attempt.outside = true;
  attempt.credential = caller.credential;
  attempt.address = caller.address;
  attempt.address_hidden = caller.address_hidden;
  attempt.subscription = caller.subscription;
  attempt.subnet = caller.subnet;
  attempt.trusted_service = caller.trusted_service;
  return attempt;
}

std::expected<std::optional<IpAddress>, std::string> parse_visible_address(std::string_view text) {
  if (iequals(text, "hidden")) return std::optional<IpAddress>{};
  const auto address = IpAddress::parse(text);
  if (!address) {
    return std::unexpected(fmt::format("`{}` is no IP address, expected one or `hidden`", text));
  }
  return address;
}

std::expected<Credential, std::string> parse_credential(std::string_view text) {
  const auto credential = parse_word<Credential>(text);
  if (credential) return *credential;
  return std::unexpected(
      fmt::format("`{}` is no credential, expected managed identity, user, service principal, key, "
                  "sas or anonymous",
                  text));
}

std::expected<Guid, std::string> parse_subscription(std::string_view text) {
  constexpr std::string_view kPrefix = "/subscriptions/";
  std::string_view bare = text;
  if (bare.size() > kPrefix.size() && iequals(bare.substr(0, kPrefix.size()), kPrefix)) {
    bare.remove_prefix(kPrefix.size());
  }
  const auto guid = Guid::parse(bare);
  if (guid) return *guid;
  return std::unexpected(fmt::format("`{}` is no subscription, expected a GUID", text));
}

CallerBook::CallerBook(std::vector<Caller> callers) : callers_(std::move(callers)) {
  for (std::size_t i = 0; i < callers_.size(); ++i) by_name_.emplace(lower(callers_[i].name), i);
}

const Caller* CallerBook::find(std::string_view name) const {
  if (callers_.empty()) return nullptr;
  const auto found = by_name_.find(lower(name));
  return found == by_name_.end() ? nullptr : &callers_[found->second];
}

}  // namespace nsp
