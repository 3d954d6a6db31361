#include "sim/lab/blob_permission.h"

#include "sim/base/text.h"
#include "sim/lab/blob_asked.h"
#include "sim/lab/storage_signature.h"

namespace nsp::lab {
namespace {

// The letters of `sp` of which one must be there. Empty: none does.
std::string_view needed_permission(const Target& target, const std::string& method, bool is_blob) {
  const std::string comp = lower(target.find("comp").value_or(""));
  if (comp == "list") return "l";
  if (comp == "tags") return "t";
  if (comp == "blobs") return "f";
  if (method == "GET" || method == "HEAD") return "r";
  if (method == "DELETE") return is_blob ? "d" : "dw";
  if (comp == "appendblock") return "aw";
  if (comp == "lease") return "dw";
  return comp == "metadata" || comp == "properties" ? "w" : "cw";
}

// `s`, `c` or `o`, as `srt` of an account's SAS has them.
char level_of(const Target& target) {
  if (target.path.empty() || target.path.front().empty()) return 's';
  return target.path.size() == 1 && target.find("restype") ? 'c' : 'o';
}

BlobResult<void> check_account_sas(const Target& target, const Sas& sas) {
  if (!sas["ss"].contains('b')) {
    return blob_problem(403, "AuthorizationServiceMismatch",
                        "This request is not authorized to perform this operation using this "
                        "service.");
  }
  if (!sas["srt"].contains(level_of(target))) {
    return blob_problem(403, "AuthorizationResourceTypeMismatch",
                        "This request is not authorized to perform this operation using this "
                        "resource type.");
  }
  return {};
}

}  // namespace

BlobResult<void> check_sas(const Target& target, const std::string& method, bool copies) {
  const auto sas = sas_of(target);
  if (!sas) return {};
  if (!(*sas)["si"].empty() && ((*sas)["sp"].empty() || (*sas)["se"].empty())) {
    return blob_problem(501, "NotImplemented", "the lab's Storage has no stored access policies");
  }
  // Of the source Azure wants a proof of its own, which the lab does not judge.
  if (copies) {
    return blob_problem(501, "NotImplemented", "the lab's Storage copies nothing for a SAS");
  }
  if (sas->kind == Sas::Kind::Account) {
    if (auto fits = check_account_sas(target, *sas); !fits) return fits;
  }
  const std::string comp = lower(target.find("comp").value_or(""));
  const bool of_container = level_of(target) == 'c' && comp != "list" && comp != "blobs";
  const bool is_account = sas->kind == Sas::Kind::Account;
  const bool is_blob = target.path.size() > 1 && !target.path[1].empty();
  const std::string_view needed = needed_permission(target, method, is_blob);
  const bool permits = (*sas)["sp"].find_first_of(needed) != std::string_view::npos;
  // Only an account's SAS reaches a container itself.
  if (permits && (is_account || !of_container)) return {};
  return blob_problem(403, "AuthorizationPermissionMismatch",
                      "This request is not authorized to perform this operation using this "
                      "permission.");
}

}  // namespace nsp::lab
