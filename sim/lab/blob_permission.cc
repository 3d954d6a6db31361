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

}  // namespace

BlobResult<void> check_sas(const Target& target, const std::string& method) {
  const auto sas = sas_of(target);
  if (!sas || (*sas)["sp"].empty()) return {};
  const bool is_blob = target.path.size() > 1 && !target.path[1].empty();
  const std::string_view needed = needed_permission(target, method, is_blob);
  if ((*sas)["sp"].find_first_of(needed) != std::string_view::npos) return {};
  return blob_problem(403, "AuthorizationPermissionMismatch",
                      "This request is not authorized to perform this operation using this "
                      "permission.");
}

}  // namespace nsp::lab
