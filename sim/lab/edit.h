// Changes to a running lab's environment, as a person asks for them.
//
// A change is made in the environment's documents (sim/report/environment_json.h) and the documents
// are then read again, so that the reader of Azure's formats is the one who says what is valid:
// what it refuses changes nothing. Names are those of every command: a resource's short name or id,
// a profile's `profile` or `perimeter/profile`, an association's name, its `perimeter/association`
// or the name of its resource, a subnet's `network/subnet`; of all else the name, or the owner's
// and the name (`search-1/spl-docs`), or the id. What may be set is in sim/lab/settings.h.
//
// Thread safety: pure functions. Cost: the environment is written and read once, milliseconds for
// hundreds of resources.
#ifndef NSP_SIM_LAB_EDIT_H_
#define NSP_SIM_LAB_EDIT_H_

#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/lab/settings.h"
#include "sim/model/environment.h"

namespace nsp::lab {

// A property of something, or one or more elements of it (with commas between) where it is a list.
struct SetProperty {
  Bearer of = Bearer::Resource;
  std::string name;  // `*`: all associations
  Assignment what;

  bool operator==(const SetProperty&) const = default;
};
// As an access rule's own document; the direction is that of the lists that are filled.
struct AddRule {
  std::string profile;
  std::string name;
  std::vector<std::string> prefixes;
  std::vector<std::string> subscriptions;
  std::vector<std::string> service_tags;
  std::vector<std::string> host_names;

  bool operator==(const AddRule&) const = default;
};
struct RemoveRule {
  std::string profile;
  std::string name;

  bool operator==(const RemoveRule&) const = default;
};
// A resource that is associated already moves.
struct Associate {
  std::string resource;
  std::string profile;
  std::string mode;  // empty: Learning, as Azure's own default

  bool operator==(const Associate&) const = default;
};
struct Dissociate {
  std::string resource;

  bool operator==(const Dissociate&) const = default;
};

using Edit = std::variant<SetProperty, AddRule, RemoveRule, Associate, Dissociate>;

struct Edited {
  Environment environment;
  std::string done;                   // what was changed: "office added to nsp-ai/default"
  std::vector<std::string> warnings;  // of reading, that were not there before
};

// The error: every reason why not, a line each.
using Refusal = std::vector<std::string>;

[[nodiscard]] std::expected<Edited, Refusal> apply_edit(const Environment& environment,
                                                        const Edit& edit);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_EDIT_H_
