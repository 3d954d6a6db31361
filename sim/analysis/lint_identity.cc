// Will surprise: members that call without showing who they are, keys that prove nothing, roles
// that are missing behind the network.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_prove.h"
#include "sim/base/text.h"
#include "sim/model/roles.h"

namespace nsp {
namespace {

// Services that call others by themselves: indexers and skills of AI Search, batches and agents of
// Foundry.
bool calls_out(Service service) {
  return service == Service::Search || service == Service::Foundry || service == Service::OpenAi;
}

bool is_callee(Service caller, Service callee) {
  switch (callee) {
    case Service::Storage:
    case Service::KeyVault:
    case Service::CosmosDb:
    case Service::Sql:
      return true;
    case Service::Search:
      return caller != Service::Search;
    case Service::Foundry:
    case Service::OpenAi:
      return caller == Service::Search;
    default:
      return false;
  }
}

// The call with a key is denied if enforced: no rules at both ends stand in for membership.
bool is_cut_off(const LintInput& input, const PerimeterMember& from, const PerimeterMember& to) {
  Attempt attempt;
  attempt.from = from.name;
  attempt.to = to.name;
  attempt.credential = Credential::Key;
  const auto judged = judge(input, attempt);
  return judged && judged->then.verdict == Verdict::Deny;
}

void find_missing_identities(const LintInput& input, FindingSink& sink) {
  const auto members = members_of(input);
  for (const PerimeterMember& from : members) {
    const Resource& caller = *from.document;
    if (!calls_out(caller.service) || caller.identity != false ||
        find_unresolved(caller.unresolved, "identity") != nullptr) {
      continue;
    }
    std::vector<std::string> cut_off;
    for (const PerimeterMember& to : members) {
      if (to.association->perimeter == from.association->perimeter &&
          is_callee(caller.service, to.document->service) && is_cut_off(input, from, to)) {
        cut_off.push_back(to.name);
      }
    }
    if (cut_off.empty()) continue;
    sink.add(caller.place, from.name,
             fmt::format("`{}` has no managed identity, so inside its perimeter it calls {} as a "
                         "stranger, and is refused when enforced",
                         from.name, some_names(cut_off)));
  }
}

// What a caller needs at a destination of that service.
struct Need {
  Service destination;
  DataAccess access;
  std::string_view role;
  std::string_view purpose;
};

constexpr std::array kSearchNeeds{
    Need{Service::Storage, DataAccess::ReadBlobs, "Storage Blob Data Reader", "index blobs"},
    Need{Service::Foundry, DataAccess::CallModels, "Cognitive Services OpenAI User",
         "make embeddings"},
    Need{Service::OpenAi, DataAccess::CallModels, "Cognitive Services OpenAI User",
         "make embeddings"}};
constexpr std::array kFoundryNeeds{
    Need{Service::Storage, DataAccess::WriteBlobs, "Storage Blob Data Contributor",
         "run batches over blobs"},
    Need{Service::Search, DataAccess::QueryIndexes, "Search Index Data Reader", "query an index"}};

std::span<const Need> needs_of(Service caller) {
  if (caller == Service::Search) return kSearchNeeds;
  return calls_out(caller) ? std::span<const Need>(kFoundryNeeds) : std::span<const Need>();
}

// The assignment may be to the caller: it is; nobody says whom; to a group that the caller may be
// in; or to a GUID, where the caller's own is not known.
bool may_be_of(const Resource& caller, const RoleAssignment& assignment) {
  if (iequals(assignment.principal_type, "User")) return false;
  if (acts_as(caller, assignment) || iequals(assignment.principal_type, "Group")) return true;
  if (!assignment.principal_of.empty()) return false;
  const auto is_open = [](const ManagedIdentity& one) { return one.principal.empty(); };
  return assignment.principal.empty() || std::ranges::any_of(caller.identities, is_open);
}

bool may_grant(const RoleAssignment& assignment, DataAccess access) {
  const BuiltInRole* role = assignment.role ? find_role(*assignment.role) : nullptr;
  return role == nullptr || role->grants_access(access);
}

bool may_have(const LintInput& input, const Resource& caller, const Resource& callee,
              DataAccess access) {
  return std::ranges::any_of(
      input.environment().role_assignments, [&](const RoleAssignment& assignment) {
        return reaches(assignment, callee.id) && may_grant(assignment, access) &&
               may_be_of(caller, assignment);
      });
}

bool has_shared_link(const Resource& caller, const Resource& callee) {
  return std::ranges::any_of(caller.shared_private_links, [&](const SharedPrivateLink& link) {
    return link.target == callee.id;
  });
}

// The destinations of one kind in the caller's perimeter, where it may have the access at none.
void find_need(const LintInput& input, const PerimeterMember& from, const Need& need,
               const std::vector<PerimeterMember>& members, FindingSink& sink) {
  std::vector<std::string> without;
  bool calls = false;
  for (const PerimeterMember& to : members) {
    if (to.association->perimeter != from.association->perimeter ||
        to.document->service != need.destination) {
      continue;
    }
    if (may_have(input, *from.document, *to.document, need.access)) return;
    without.push_back(to.name);
    calls = calls || has_shared_link(*from.document, *to.document);
  }
  if (without.empty()) return;
  const std::string message =
      fmt::format("no role assignment lets the identity of `{}` {}: the role `{}` at {} would",
                  from.name, need.purpose, need.role, some_names(without));
  if (calls) {
    sink.add(from.document->place, from.name, message);
  } else {
    sink.note(from.document->place, from.name, message);
  }
}

void find_missing_roles(const LintInput& input, FindingSink& sink) {
  if (input.environment().role_assignments.empty()) return;
  const auto members = members_of(input);
  for (const PerimeterMember& from : members) {
    if (!from.document->identity.value_or(false) || from.document->identities.empty()) continue;
    for (const Need& need : needs_of(from.document->service)) {
      find_need(input, from, need, members, sink);
    }
  }
}

// Absent means switched on, of each of them.
std::string_view keys_of(const Resource& resource) {
  if (resource.service == Service::Storage) {
    return resource.shared_key_access.value_or(true) ? "shared keys and SAS" : "";
  }
  if (!calls_out(resource.service)) return {};
  return resource.local_auth_disabled.value_or(false) ? "" : "API keys";
}

void find_keys(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    const std::string_view keys = keys_of(*member.document);
    if (keys.empty()) continue;
    sink.add(member.document->place, member.name,
             fmt::format("`{}` takes {}: who shows one is no member and of no subscription, "
                         "whatever its perimeter",
                         member.name, keys));
  }
}

constexpr std::array kIdentityChecks{
    Check{.id = "NSP310",
          .name = "member-without-identity",
          .severity = Severity::Warning,
          .title = "a member that calls others has no managed identity",
          .basis = {Basis{"OUT-2"}, Basis{"IN-2"}},
          .remedy = "assign a managed identity, and let its connections use it in place of keys",
          .find = find_missing_identities},
    Check{.id = "NSP311",
          .name = "role-missing",
          .severity = Severity::Warning,
          .title = "the network will admit a member's call, and no role lets it do what it is for",
          .basis = {Basis{"G-4"}, Basis{"C22"}},
          .remedy = "assign the role to the member's identity, if it makes such calls",
          .find = find_missing_roles},
    Check{.id = "NSP350",
          .name = "keys-accepted",
          .severity = Severity::Note,
          .title = "a member accepts keys, which no subscription rule and no membership covers",
          .basis = {Basis{"R-2"}, Basis{"R-7"}},
          .remedy =
              "switch keys off (`allowSharedKeyAccess`, `disableLocalAuth`) once every caller "
              "has an identity",
          .find = find_keys},
};

}  // namespace

std::span<const Check> identity_checks() { return kIdentityChecks; }

}  // namespace nsp
