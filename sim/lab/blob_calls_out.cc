#include "sim/lab/blob_calls_out.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_api.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/crypto.h"
#include "sim/lab/service_json.h"
#include "sim/lab/storage_signature.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostToldBytes = 600;

// `Name=value;`, names in lower case; a value may hold `=`.
std::map<std::string, std::string> parts_of(std::string_view text) {
  std::map<std::string, std::string> parts;
  for (const std::string_view part : split_words(text, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    parts[lower(trim(part.substr(0, equals)))] = trim(part.substr(equals + 1));
  }
  return parts;
}

std::string unescaped(std::string_view xml) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  while (!xml.empty()) {
    char c = xml[0];
    std::size_t length = 1;
    for (const auto& [entity, plain] : kEntities) {
      if (!xml.starts_with(entity)) continue;
      c = plain;
      length = entity.size();
    }
    out.push_back(c);
    xml.remove_prefix(length);
  }
  return out;
}

// The text between `open` and `close` after `at`, which moves behind it.
std::optional<std::string_view> between(std::string_view xml, std::string_view open,
                                        std::string_view close, std::size_t& at) {
  const std::size_t start = xml.find(open, at);
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t end = xml.find(close, start + open.size());
  if (end == std::string_view::npos) return std::nullopt;
  at = end + close.size();
  return xml.substr(start + open.size(), end - start - open.size());
}

std::optional<std::string> name_in(std::string_view blob) {
  std::size_t at = 0;
  if (const auto plain = between(blob, "<Name>", "</Name>", at)) return unescaped(*plain);
  const auto encoded = between(blob, "<Name Encoded=\"true\">", "</Name>", at);
  const auto target = encoded ? parse_target("/?n=" + unescaped(*encoded)) : std::nullopt;
  return target ? std::optional(std::string(target->find("n").value_or(""))) : std::nullopt;
}

// Storage tells its errors in XML, everybody else in JSON.
std::string error_in(const Response& response) {
  std::size_t at = 0;
  if (const auto code = between(response.body, "<Code>", "</Code>", at)) {
    const auto message = between(response.body, "<Message>", "</Message>", at);
    const std::string text = unescaped(message.value_or(""));
    return fmt::format("{}: {}", *code, text.substr(0, text.find('\n')));
  }
  using Json = nlohmann::ordered_json;
  const Json json = parse_object<Json>(response.body).value_or(Json::object());
  const Json* error = member(json, "error");
  if (error == nullptr) return response.body.substr(0, kMostToldBytes);
  return fmt::format("{}: {}", text_in(*error, "code"), text_in(*error, "message"));
}

}  // namespace

std::expected<BlobConnection, std::string> parse_connection(std::string_view text) {
  std::map<std::string, std::string> parts = parts_of(text);
  BlobConnection connection;
  if (const std::string& id = parts["resourceid"]; !id.empty()) {
    for (const std::string_view segment : split_words(id, '/')) connection.account = segment;
    connection.host = lower(connection.account) + ".blob.core.windows.net";
    return connection;
  }
  const std::string suffix =
      parts["endpointsuffix"].empty() ? "core.windows.net" : parts["endpointsuffix"];
  connection.account = parts["accountname"];
  connection.host = fmt::format("{}.blob.{}", connection.account, suffix);
  if (const std::string& endpoint = parts["blobendpoint"]; endpoint.starts_with("https://")) {
    connection.host = endpoint.substr(8, endpoint.find('/', 8) - 8);
    connection.account = connection.host.substr(0, connection.host.find('.'));
  }
  const bool has_key = !parts["accountkey"].empty();
  connection.secret = has_key ? parts["accountkey"] : parts["sharedaccesssignature"];
  connection.credential = has_key ? Credential::Key : Credential::Sas;
  if (connection.secret.starts_with('?')) connection.secret.erase(0, 1);
  if (connection.account.empty() || connection.secret.empty()) {
    return std::unexpected(
        "the connection string names no storage account and credential, expected "
        "`ResourceId=…;`, or `AccountName=…;AccountKey=…;`, or "
        "`BlobEndpoint=…;SharedAccessSignature=…;`");
  }
  return connection;
}

OutCall blob_call(const BlobConnection& connection, std::string method, std::string target,
                  std::string body, Utc now) {
  if (connection.credential == Credential::Sas) {
    target += (target.contains('?') ? '&' : '?') + connection.secret;
  }
  OutCall call;
  call.url = fmt::format("https://{}{}", connection.host, target);
  call.credential = connection.credential;
  call.audience = "https://storage.azure.com";
  Request& request = call.request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = std::move(body);
  request.headers.set("x-ms-version", std::string(BlobApi::kVersion));
  request.headers.set("x-ms-date", http_date(now));
  if (request.method == "PUT") {
    request.headers.set("x-ms-blob-type", "BlockBlob");
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Content-Length", std::to_string(request.body.size()));
  }
  if (connection.credential == Credential::Key) {
    // A key that cannot be read proves nothing: the account will say so.
    const bool is_signed = sign_shared_key(request, connection.account, connection.secret);
    (void)is_signed;
  }
  return call;
}

std::optional<BlobPage> parse_blob_page(std::string_view xml) {
  if (!xml.contains("<EnumerationResults")) return std::nullopt;
  BlobPage page;
  std::size_t at = 0;
  while (const auto blob = between(xml, "<Blob>", "</Blob>", at)) {
    auto name = name_in(*blob);
    if (!name) return std::nullopt;
    page.names.push_back(*std::move(name));
  }
  if (const auto next = between(xml, "<NextMarker>", "</NextMarker>", at)) {
    page.next = unescaped(*next);
  }
  return page;
}

std::string told_problem(const OutResult& result) {
  if (!result.response) return result.problem;
  return fmt::format("{} {}", result.response->status, error_in(*result.response));
}

std::string url_encoded(std::string_view text, bool keep_slashes) {
  std::string out;
  for (char c : text) {
    const char small = ascii_lower(c);
    const bool plain = (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || (c == '/' && keep_slashes);
    if (plain) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace nsp::lab
