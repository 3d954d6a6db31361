// What one JSON object says of somebody who calls: the part that `--callers` and bindings share.
//
// Both are lists of objects, `{"callers":[…]}` or a bare array. Both know the members `credential`,
// `subscription`, `subnet`, `trustedService` (or `trusted service`; true, false, "yes" or "no") and
// `note`; what else an object may say is its own. A null says nothing.
//
// Errors, all of them, each with its place: an unknown member, a wrong type, a bad value. Thread
// safety: pure functions.
#ifndef NSP_SIM_MODEL_CALLER_READER_H_
#define NSP_SIM_MODEL_CALLER_READER_H_

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/diagnostic.h"
#include "sim/document/node.h"
#include "sim/model/environment.h"

namespace nsp {

// The values of callers and attempts, read from their words. The error says what was expected.
[[nodiscard]] std::expected<std::optional<IpAddress>, std::string> parse_visible_address(
    std::string_view text);  // nothing: `hidden`
[[nodiscard]] std::expected<Credential, std::string> parse_credential(std::string_view text);
// A GUID, or `/subscriptions/<GUID>`.
[[nodiscard]] std::expected<Guid, std::string> parse_subscription(std::string_view text);

// Stores what parse_visible_address() reads.
[[nodiscard]] std::expected<void, std::string> set_visible_address(Caller& caller,
                                                                   std::string_view text);

// The words of one kind of list.
struct EntryWords {
  std::string_view list;                      // `callers`: the member that holds the list
  std::string_view entry;                     // `a caller`, for messages
  std::span<const std::string_view> members;  // every member that an entry may have
  std::string_view expected;                  // … and how to list them: `caller, address or note`
};

// The entries of the list, read one by one; `read` is called with each and its pointer. The error
// is that of a document that is no such list; what is wrong with entries is the caller's to keep.
[[nodiscard]] std::expected<void, Diagnostics> read_entries(
    std::string_view bytes, const std::string& file, const EntryWords& words,
    const std::function<void(const Node& entry, const std::string& pointer)>& read);

// Takes a member that is not common to all: its name in lower case and its text.
using TakeMember =
    std::function<std::expected<void, std::string>(std::string_view name, const std::string& text)>;

// Reads all members of one entry: the common ones and the place into `caller`, the others by
// `take`. False, and every reason added to `wrong`, where something is wrong.
[[nodiscard]] bool read_entry(const Node& entry, const std::string& pointer,
                              const EntryWords& words, Caller& caller, const TakeMember& take,
                              Diagnostics& wrong);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_CALLER_READER_H_
