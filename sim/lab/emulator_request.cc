#include "sim/lab/emulator_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_asked.h"
#include "sim/lab/blob_calls_out.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/blob_permission.h"
#include "sim/lab/storage_signature.h"

namespace nsp::lab {
namespace {

constexpr std::string_view kCopySourceHeader = "x-ms-copy-source";
// Where neither the request nor its SAS says which version it speaks.
constexpr std::string_view kVersionOfEmulators = "2021-12-02";

std::unexpected<BlobProblem> not_passed_on(std::string_view what) {
  return blob_problem(501, "NotImplemented",
                      fmt::format("the lab passes no {} on to a storage emulator", what));
}

std::string_view parameter(const Target& target, std::string_view name) {
  return target.find(name).value_or("");
}

// The emulator's own URL of an account.
std::string place_at_emulator(const EmulatedAccount& account) {
  return fmt::format("http://{}/{}", account.authority, account.name);
}

// Encoded anew, each name once and none of a SAS: `?comp=list&prefix=a%2Fb`. Empty: nothing is
// left.
std::string query_without_sas(const Target& target) {
  const std::optional<Sas> sas = sas_of(target);
  std::set<std::string> seen;
  std::string text;
  for (const auto& [name, value] : target.query) {
    const std::string key = lower(name);
    if (key.empty() || (sas && sas->parameters.contains(key)) || !seen.insert(key).second) continue;
    text += fmt::format("{}{}={}", text.empty() ? '?' : '&', url_encoded(name), url_encoded(value));
  }
  return text;
}

// A single segment is a blob of the root container unless the request says that it is a container.
bool is_in_root(const Target& target) {
  return target.path.size() == 1 && !target.path.front().empty() &&
         parameter(target, "restype").empty();
}

std::string path_style(std::string_view text, const Target& target,
                       const EmulatedAccount& account) {
  return fmt::format("/{}{}{}{}", account.name, is_in_root(target) ? "/$root" : "",
                     text.substr(0, text.find('?')), query_without_sas(target));
}

// The emulator reads the same path that the credential was judged by: no segment that leads
// elsewhere, and a container's name that is one segment.
bool is_plain(const Target& target) {
  const bool leads = std::ranges::any_of(
      target.path, [](const std::string& segment) { return segment == "." || segment == ".."; });
  return !leads &&
         (target.path.empty() || target.path.front().find_first_of("/\\") == std::string::npos);
}

// Bytes beyond ASCII would be signed as they are here and as Latin-1 there.
bool is_ascii(const Headers& headers) {
  return std::ranges::all_of(headers.all(), [](const auto& header) {
    return !lower(header.first).starts_with("x-ms-") ||
           std::ranges::all_of(header.second, [](char c) { return c > 0; });
  });
}

// `https://stdocs.blob.core.windows.net:7443/docs/a?sig=…` → `http://127.0.0.1:10000/stdocs/docs/a`
BlobResult<std::string> emulated_source(std::string_view url, const EmulatedAccount& account) {
  const std::size_t scheme = url.find("://");
  const std::size_t slash = scheme == std::string_view::npos ? scheme : url.find('/', scheme + 3);
  if (slash == std::string_view::npos) {
    return blob_problem(400, "InvalidHeaderValue", "expected a URL in x-ms-copy-source");
  }
  const std::string_view authority = url.substr(scheme + 3, slash - scheme - 3);
  const std::string_view host = std::string_view(account.endpoint).substr(8);
  if (!iequals(authority.substr(0, authority.find(':')), host)) {
    return not_passed_on(fmt::format("copies from another account or host than `{}`", host));
  }
  const std::optional<Target> target = parse_target(url.substr(slash));
  if (!target || !is_plain(*target)) {
    return blob_problem(400, "InvalidHeaderValue", "the URL in x-ms-copy-source cannot be read");
  }
  // The emulator resolves dots and backslashes in it, so the path is written anew.
  std::string path;
  for (const std::string& segment : target->path) path += '/' + url_encoded(segment);
  return fmt::format("http://{}{}", account.authority, path_style(path, *target, account));
}

// The credential, what is set anew, and a length of nothing, which is signed as none.
bool is_left_behind(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 6> kNames{
      "authorization", "date",           "x-ms-date", "x-ms-copy-source-authorization",
      "host",          kCopySourceHeader};
  const std::string key = lower(name);
  return std::ranges::find(kNames, key) != kNames.end() ||
         (key == "content-length" && trim(value) == "0");
}

// A header that stands there twice is signed once: its values as one.
Headers headers_left(const Headers& headers) {
  Headers left;
  for (const auto& [name, value] : headers.all()) {
    if (is_left_behind(name, value)) continue;
    const std::optional<std::string_view> before = left.find(name);
    left.set(name, before ? fmt::format("{},{}", *before, value) : value);
  }
  return left;
}

std::string version_spoken(const Request& request, const Target& target) {
  if (const auto version = request.headers.find("x-ms-version")) return std::string(*version);
  const std::optional<Sas> sas = sas_of(target);
  return std::string(sas && !(*sas)["sv"].empty() ? (*sas)["sv"] : kVersionOfEmulators);
}

// `text` where it is not, after `mark`; the first only.
void replace_after(std::string& xml, std::string_view mark, std::string_view old,
                   std::string_view text, std::size_t& from) {
  from = xml.find(mark, from);
  if (from == std::string::npos) return;
  from += mark.size();
  if (std::string_view(xml).substr(from).starts_with(old)) xml.replace(from, old.size(), text);
}

}  // namespace

bool is_for_emulator(const Request& request) {
  if (!other_storage_service(request.headers).empty()) return false;
  const std::optional<Target> target = parse_target(request.target);
  return !target || !iequals(parameter(*target, "comp"), "userdelegationkey");
}

BlobResult<Request> emulator_request(const Request& request, const EmulatedAccount& account,
                                     Utc now) {
  const std::optional<Target> target = parse_target(request.target);
  if (!target || !is_plain(*target)) {
    return blob_problem(400, "InvalidUri", "the URL of the request cannot be read");
  }
  const bool copies = request.headers.find(kCopySourceHeader).has_value();
  if (auto allowed = check_sas(*target, request.method, copies); !allowed) {
    return std::unexpected(std::move(allowed.error()));
  }
  if (iequals(parameter(*target, "comp"), "batch")) return not_passed_on("batches");
  if (!is_ascii(request.headers)) return not_passed_on("header values beyond ASCII");
  Request sent(request.method, path_style(request.target, *target, account),
               headers_left(request.headers));
  if (const auto source = request.headers.find(kCopySourceHeader)) {
    auto emulated = emulated_source(trim(*source), account);
    if (!emulated) return std::unexpected(std::move(emulated.error()));
    sent.headers.set(std::string(kCopySourceHeader), *std::move(emulated));
  }
  sent.headers.set("Host", account.authority);
  sent.headers.set("x-ms-version", version_spoken(request, *target));
  sent.headers.set("x-ms-date", http_date(now));
  if (sign_shared_key(sent, account.name, account.key)) return sent;
  return blob_problem(400, "InvalidUri", "the URL of the request cannot be signed");
}

bool lists(const Request& request) {
  const std::optional<Target> target = parse_target(request.target);
  const std::string comp = target ? lower(parameter(*target, "comp")) : "";
  return request.method == "GET" && (comp == "list" || comp == "blobs");
}

void restore_head(Response& head, const EmulatedAccount& account) {
  const std::string place = place_at_emulator(account) + '/';
  const std::optional<std::string_view> source = head.headers.find(kCopySourceHeader);
  if (!source || !source->starts_with(place)) return;
  head.headers.set(std::string(kCopySourceHeader),
                   fmt::format("{}/{}", account.endpoint, source->substr(place.size())));
}

std::string restore_list(std::string xml, const EmulatedAccount& account) {
  const std::string place = place_at_emulator(account);
  std::size_t at = 0;
  replace_after(xml, "ServiceEndpoint=\"", place, account.endpoint + '/', at);
  // A name in the list cannot hold a tag.
  while (at != std::string::npos) {
    replace_after(xml, "<CopySource>", place + '/', account.endpoint + '/', at);
  }
  return xml;
}

std::optional<std::string> refused_by_emulator(const Response& head,
                                               const EmulatedAccount& account) {
  const std::string_view code = head.headers.find("x-ms-error-code").value_or("");
  if (head.status == 404 && code == "ResourceNotFound") {
    return fmt::format("it has no account `{}`", account.name);
  }
  const bool is_of_key = code == "AuthenticationFailed" || code == "AuthorizationFailure";
  if (head.status != 403 || !is_of_key) return std::nullopt;
  return fmt::format("it does not accept the lab's key of `{}` ({})", account.name, code);
}

}  // namespace nsp::lab
