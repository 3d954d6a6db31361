#include "sim/model/caller_reader.h"

#include <fmt/format.h>

#include "sim/base/secrets.h"
#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

template <class T>
std::expected<void, std::string> keep(std::expected<T, std::string> value, std::optional<T>& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = std::move(*value);
  return {};
}

bool is_trusted_service(std::string_view name) {
  return iequals(name, "trustedService") || iequals(name, "trusted service");
}

std::string unknown_member(std::string_view name, const EntryWords& words) {
  const std::string_view near = nearest_word(name, words.members);
  if (!near.empty()) return fmt::format("unknown member `{}`, did you mean `{}`", name, near);
  return fmt::format("unknown member `{}`, expected {}", name, words.expected);
}

class EntryReader {
 public:
  EntryReader(const std::string& pointer, const EntryWords& words, Caller& caller,
              const TakeMember& take, Diagnostics& wrong)
      : pointer_(pointer), words_(words), caller_(caller), take_(take), wrong_(wrong) {}

  bool read(const Node& entry) {
    const std::size_t before = wrong_.size();
    if (!entry.is_object()) {
      complain(entry.place(pointer_),
               fmt::format("expected {}, an object, got {}", words_.entry, kind_name(entry.kind)));
      return false;
    }
    caller_.place = entry.place(pointer_);
    for (const Member& member : entry.members) read_member(member);
    return wrong_.size() == before;
  }

 private:
  void complain(Place place, std::string message) {
    wrong_.push_back({Severity::Error, std::move(place), std::move(message)});
  }
  void complain(const Member& member, std::string message) {
    complain(member.value.place(pointer_join(pointer_, member.name)), std::move(message));
  }

  void read_member(const Member& member) {
    if (!find_word(words_.members, member.name)) {
      Place place = member.value.place(pointer_join(pointer_, member.name));
      place.line = member.line;
      place.column = member.column;
      complain(std::move(place), unknown_member(member.name, words_));
    } else if (is_trusted_service(member.name)) {
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
      complain(member, fmt::format("expected true or false in `{}`", member.name));
    }
  }

  void read_text(const Member& member) {
    if (!member.value.is_string()) {
      complain(member, fmt::format("expected a string in `{}`, got {}", member.name,
                                   kind_name(member.value.kind)));
      return;
    }
    const auto stored = store(lower(member.name), member.value.text);
    if (!stored) complain(member, stored.error());
  }

  std::expected<void, std::string> store(std::string_view name, const std::string& text) {
    if (name == "credential") return keep(parse_credential(text), caller_.credential);
    if (name == "subscription") return keep(parse_subscription(text), caller_.subscription);
    if (name == "subnet") return assign(caller_.subnet, text);
    if (name == "note")
      return assign(caller_.note, looks_secret(text) ? std::string(kRedacted) : text);
    return take_(name, text);
  }

  static std::expected<void, std::string> assign(std::string& into, const std::string& text) {
    into = text;
    return {};
  }

  const std::string& pointer_;
  const EntryWords& words_;
  Caller& caller_;
  const TakeMember& take_;
  Diagnostics& wrong_;
};

}  // namespace

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

std::expected<void, std::string> set_visible_address(Caller& caller, std::string_view text) {
  const auto address = parse_visible_address(text);
  if (!address) return std::unexpected(address.error());
  caller.address = *address;
  caller.address_hidden = !address->has_value();
  return {};
}

std::expected<void, Diagnostics> read_entries(
    std::string_view bytes, const std::string& file, const EntryWords& words,
    const std::function<void(const Node& entry, const std::string& pointer)>& read) {
  const auto root = parse_json(bytes, file);
  if (!root) return std::unexpected(root.error());
  const Node* list = root->is_object() ? root->find(words.list) : &*root;
  if (list == nullptr || !list->is_array()) {
    return std::unexpected(one_error(
        root->place(), fmt::format("expected `{{\"{0}\":[…]}}` or an array of {0}", words.list)));
  }
  const std::string pointer = root->is_object() ? pointer_join("", words.list) : "";
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    read(list->items[i], pointer_join(pointer, i));
  }
  return {};
}

bool read_entry(const Node& entry, const std::string& pointer, const EntryWords& words,
                Caller& caller, const TakeMember& take, Diagnostics& wrong) {
  return EntryReader(pointer, words, caller, take, wrong).read(entry);
}

}  // namespace nsp
