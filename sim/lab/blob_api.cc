#include "sim/lab/blob_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/blob_asked.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/blob_permission.h"
#include "sim/lab/blob_xml.h"
#include "sim/lab/denial.h"
#include "sim/lab/storage_signature.h"

namespace nsp::lab {
namespace {

constexpr std::string_view kMetadataPrefix = "x-ms-meta-";
constexpr std::size_t kMostListed = 5'000;
constexpr std::size_t kMostMetadataBytes = 8'192;

BlobResult<void> check_metadata(const Headers& headers) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : metadata_in(headers)) {
    const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
    });
    if (!plain || (name[0] >= '0' && name[0] <= '9')) {
      return blob_problem(400, "InvalidMetadata",
                          "The specified metadata is invalid. It includes characters that are not "
                          "permitted.");
    }
    bytes += name.size() + value.size();
  }
  if (bytes <= kMostMetadataBytes) return {};
  return blob_problem(400, "MetadataTooLarge",
                      "The metadata specified exceeds the maximum permissible limit.");
}

BlobResult<ListQuery> list_query(const Target& target, Utc now) {
  ListQuery query;
  query.prefix = target.find("prefix").value_or("");
  query.delimiter = target.find("delimiter").value_or("");
  query.marker = target.find("marker").value_or("");
  query.now = now;
  const std::string include = lower(target.find("include").value_or(""));
  for (const std::string_view word : split_words(include, ',')) {
    if (trim(word) == "metadata") query.metadata = true;
    if (trim(word) == "snapshots") query.snapshots = true;
  }
  const auto most = target.find("maxresults");
  if (!most || most->empty()) return query;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(most->data(), most->data() + most->size(), number);
  if (error != std::errc() || end != most->data() + most->size() || number == 0) {
    return blob_problem(400, "OutOfRangeQueryParameterValue",
                        "One of the query parameters specified in the request URI is outside the "
                        "permissible range.");
  }
  query.most = std::min(number, kMostListed);
  query.said_most = true;
  return query;
}

Response error_response(const BlobProblem& problem, const ServiceCall& call) {
  Response answer =
      error_answer(Service::Storage, problem.status, problem.code, problem.message, call.request_id,
                   nsp::to_string(Instant(call.now.time_since_epoch())));
  if (problem.status == 304 || call.request.method == "HEAD") answer.body.clear();
  if (problem.status == 304) answer.headers.set("Content-Length", "0");
  return answer;
}

std::string joined_path(const std::vector<std::string>& path, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < path.size(); ++i) text += (i > first ? "/" : "") + path[i];
  return text;
}

}  // namespace

std::string BlobApi::Asked::query(std::string_view name) const {
  return lower(target.find(name).value_or(""));
}

std::unexpected<BlobProblem> not_in_lab(std::string_view what) {
  return blob_problem(501, "NotImplemented",
                      fmt::format("the lab's Blob service has no {}; give the lab a storage "
                                  "emulator for more",
                                  what));
}

Metadata metadata_in(const Headers& headers) {
  Metadata metadata;
  for (const auto& [name, value] : headers.all()) {
    if (lower(name).starts_with(kMetadataPrefix)) {
      metadata[name.substr(kMetadataPrefix.size())] = value;
    }
  }
  return metadata;
}

void put_metadata(const Metadata& metadata, Headers& headers) {
  for (const auto& [name, value] : metadata) {
    headers.add(std::string(kMetadataPrefix) + name, value);
  }
}

Response changed(unsigned status, const std::string& etag, Utc modified) {
  Response answer(status);
  answer.headers.set("ETag", etag);
  answer.headers.set("Last-Modified", http_date(modified));
  return answer;
}

Response xml_answer(std::string body) {
  Response answer(200);
  answer.headers.set("Content-Type", "application/xml");
  answer.body = std::move(body);
  return answer;
}

ServiceAnswer BlobApi::answer(const ServiceCall& call) {
  auto target = parse_target(call.request.target);
  Outcome outcome = blob_problem(
      400, "InvalidUri", "The requested URI does not represent any resource on the server.");
  if (target) {
    Asked asked{call, *std::move(target), {}, {}};
    if (!asked.target.path.empty()) asked.container = asked.target.path[0];
    asked.blob = joined_path(asked.target.path, 1);
    outcome = route(asked);
  }
  Response answer = outcome ? *std::move(outcome) : error_response(outcome.error(), call);
  answer.headers.set("x-ms-request-id", call.request_id);
  answer.headers.set("x-ms-version",
                     std::string(call.request.headers.find("x-ms-version").value_or(kVersion)));
  if (const auto id = call.request.headers.find("x-ms-client-request-id")) {
    answer.headers.set("x-ms-client-request-id", std::string(*id));
  }
  ServiceAnswer whole;
  whole.response = std::move(answer);
  return whole;
}

BlobApi::Outcome BlobApi::route(const Asked& asked) {
  const std::string_view other = other_storage_service(asked.request().headers);
  if (!other.empty()) return not_in_lab(fmt::format("`{}` service beside it", other));
  const bool is_blob = !asked.blob.empty();
  if (auto allowed =
          check_sas(asked.target, asked.method(), !asked.header("x-ms-copy-source").empty());
      !allowed) {
    return std::unexpected(allowed.error());
  }
  if (auto good = check_metadata(asked.request().headers); !good) {
    return std::unexpected(good.error());
  }
  if (asked.target.find("versionid")) return not_in_lab("versions");
  if (asked.method() == "PUT" && !asked.moment().empty()) {
    return not_in_lab("changes of snapshots");
  }
  if (asked.container.empty()) return account(asked);
  return is_blob ? blob(asked) : container(asked);
}

BlobApi::Outcome BlobApi::account(const Asked& asked) {
  const std::string comp = asked.query("comp");
  const std::string restype = asked.query("restype");
  const bool reads = asked.method() == "GET" || asked.method() == "HEAD";
  if (reads && comp == "properties" && restype == "account") {
    Response answer(200);
    answer.headers.set("x-ms-sku-name", "Standard_LRS");
    answer.headers.set("x-ms-account-kind", "StorageV2");
    answer.headers.set("x-ms-is-hns-enabled", "false");
    return answer;
  }
  if (reads && comp == "properties" && restype == "service") {
    return xml_answer(service_properties());
  }
  if (asked.method() == "GET" && comp == "list") {
    const auto query = list_query(asked.target, asked.call.now);
    if (!query) return std::unexpected(query.error());
    return xml_answer(container_list(store_, endpoint_, *query));
  }
  if (asked.method() == "POST" && comp == "userdelegationkey" && restype == "service") {
    return give_delegation_key(asked);
  }
  if (comp.empty() && restype.empty() && reads) {
    return blob_problem(400, "InvalidQueryParameterValue",
                        "Value for one of the query parameters specified in the request URI is "
                        "invalid.");
  }
  return not_in_lab(fmt::format("`{} /?restype={}&comp={}`", asked.method(), restype, comp));
}

BlobApi::Outcome BlobApi::container(const Asked& asked) {
  const std::string comp = asked.query("comp");
  const std::string& method = asked.method();
  if (asked.query("restype") != "container") {
    return blob_problem(404, "ResourceNotFound", "The specified resource does not exist.");
  }
  if (method == "GET" && comp == "list") return list(asked);
  if (method == "PUT" && comp.empty()) return create_container(asked);
  if (method == "DELETE" && comp.empty()) return delete_container(asked);
  const bool reads = method == "GET" || method == "HEAD";
  if (reads && comp == "acl") return container_policies(asked);
  if (reads && (comp.empty() || comp == "metadata")) return container_facts(asked);
  if (method == "PUT" && comp == "lease") return lease_container(asked);
  if (method == "PUT" && comp == "metadata") {
    if (auto free = container_lease(asked, false); !free) return std::unexpected(free.error());
    auto held =
        store_.describe(asked.container, metadata_in(asked.request().headers), asked.call.now);
    if (!held) return std::unexpected(held.error());
    return changed(200, (*held)->etag, (*held)->modified);
  }
  return not_in_lab(fmt::format("`{} ?restype=container&comp={}`", method, comp));
}

BlobApi::Outcome BlobApi::create_container(const Asked& asked) {
  if (!asked.header("x-ms-blob-public-access").empty()) {
    return blob_problem(409, "PublicAccessNotPermitted",
                        "Public access is not permitted on this storage account.");
  }
  auto made = store_.create(asked.container, metadata_in(asked.request().headers), asked.call.now);
  if (!made) return std::unexpected(made.error());
  return changed(201, (*made)->etag, (*made)->modified);
}

BlobApi::Outcome BlobApi::container_facts(const Asked& asked) {
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  if (auto free = container_lease(asked, false); !free) return std::unexpected(free.error());
  Response answer = changed(200, (*held)->etag, (*held)->modified);
  put_metadata((*held)->metadata, answer.headers);
  put_lease((*held)->lease, asked.call.now, answer.headers);
  answer.headers.set("x-ms-has-immutability-policy", "false");
  answer.headers.set("x-ms-has-legal-hold", "false");
  return answer;
}

// None can be stored.
BlobApi::Outcome BlobApi::container_policies(const Asked& asked) {
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  if (auto free = container_lease(asked, false); !free) return std::unexpected(free.error());
  Response answer = changed(200, (*held)->etag, (*held)->modified);
  answer.headers.set("Content-Type", "application/xml");
  answer.body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers />";
  return answer;
}

BlobApi::Outcome BlobApi::delete_container(const Asked& asked) {
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  auto holds =
      check_conditions(asked.request().headers, Access::Write, &(*held)->etag, (*held)->modified);
  if (!holds) return std::unexpected(holds.error());
  if (auto free = container_lease(asked, true); !free) return std::unexpected(free.error());
  if (auto gone = store_.remove(asked.container); !gone) return std::unexpected(gone.error());
  return Response(202);
}

BlobApi::Outcome BlobApi::list(const Asked& asked) {
  const auto query = list_query(asked.target, asked.call.now);
  if (!query) return std::unexpected(query.error());
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  return xml_answer(blob_list(**held, asked.container, endpoint_, *query));
}

}  // namespace nsp::lab
