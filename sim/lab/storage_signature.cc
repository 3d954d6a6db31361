#include "sim/lab/storage_signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/crypto.h"

namespace nsp::lab {
namespace {

// Every parameter that belongs to a SAS and not to the operation.
constexpr std::array<std::string_view, 36> kSasNames{
    "sv",    "ss",     "srt",  "spr",  "st",   "se",   "sip",     "si",    "ses",
    "skoid", "sktid",  "skt",  "ske",  "sks",  "skv",  "skdutid", "sr",    "sp",
    "sig",   "sdd",    "rscc", "rscd", "rsce", "rscl", "rsct",    "saoid", "suoid",
    "scid",  "sduoid", "srh",  "srq",  "tn",   "spk",  "srk",     "epk",   "erk"};

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines) { return join(lines, "\n"); }

std::string header(const Headers& headers, std::string_view name) {
  return std::string(trim(headers.find(name).value_or("")));
}

// The path as it stands in the request line.
std::string_view encoded_path(const Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

// The order of names that Microsoft's clients sign in: hyphens count only where nothing else
// differs, and then come last; an underscore comes before digits.
bool in_cultural_order(std::string_view a, std::string_view b) {
  const auto without_hyphens = [](std::string_view text) {
    std::string kept;
    for (char c : text) {
      if (c != '-') kept.push_back(c == '_' ? '!' : c);
    }
    return kept;
  };
  const std::string first = without_hyphens(a);
  const std::string second = without_hyphens(b);
  if (first != second) return first < second;
  return std::ranges::lexicographical_compare(
      a, b, [](char x, char y) { return x != y && x != '-' && (y == '-' || x < y); });
}

// The order of those that compare as a dictionary of English does (localeCompare of JavaScript):
// punctuation comes before digits and letters, an underscore before a hyphen.
bool in_dictionary_order(std::string_view a, std::string_view b) {
  const auto rank = [](char c) { return c == '_' ? '\1' : c == '-' ? '\2' : c; };
  return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

using Order = bool (*)(std::string_view, std::string_view);
bool in_plain_order(std::string_view a, std::string_view b) { return a < b; }

// Every `x-ms-` header on its own line, each with a line end.
std::string canonical_headers(const Headers& headers, Order order) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& [name, value] : headers.all()) {
    std::string key = lower(name);
    if (key.starts_with("x-ms-")) fields.emplace_back(std::move(key), trim(value));
  }
  std::ranges::stable_sort(fields,
                           [&](const auto& a, const auto& b) { return order(a.first, b.first); });
  std::string text;
  for (const auto& [name, value] : fields) text += fmt::format("{}:{}\n", name, value);
  return text;
}

// `/account/path`, then every parameter of the query on a line of its own.
std::string canonical_resource(const SignedRequest& signed_request) {
  std::map<std::string, std::vector<std::string>> parameters;
  for (const auto& [name, value] : signed_request.target.query) {
    parameters[lower(name)].push_back(value);
  }
  std::string text = '/' + std::string(signed_request.account);
  text += encoded_path(signed_request.request);
  for (auto& [name, values] : parameters) {
    std::ranges::sort(values);
    text += fmt::format("\n{}:{}", name, join(values, ","));
  }
  return text;
}

// … and of the query `comp` alone.
std::string lite_resource(const SignedRequest& signed_request) {
  std::string text = '/' + std::string(signed_request.account);
  text += encoded_path(signed_request.request);
  if (const auto component = signed_request.target.find("comp")) {
    text += "?comp=" + std::string(*component);
  }
  return text;
}

std::string length_line(const Headers& headers) {
  std::string length = header(headers, "content-length");
  const bool is_old = header(headers, "x-ms-version") < "2015-02-21";
  return length == "0" && !is_old ? std::string() : length;
}

std::string date_line(const Headers& headers) {
  return headers.find("x-ms-date") ? std::string() : header(headers, "date");
}

Lines full_lines(const Request& request) {
  const Headers& headers = request.headers;
  Lines lines{request.method,
              header(headers, "content-encoding"),
              header(headers, "content-language"),
              length_line(headers),
              header(headers, "content-md5"),
              header(headers, "content-type"),
              date_line(headers)};
  for (const std::string_view name :
       {"if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"}) {
    lines.push_back(header(headers, name));
  }
  return lines;
}

// Tables know neither the canonical headers nor the whole query.
std::string table_text(const SignedRequest& signed_request, bool lite) {
  const Headers& headers = signed_request.request.headers;
  std::string date = header(headers, "x-ms-date");
  if (date.empty()) date = header(headers, "date");
  if (lite) return date + '\n' + lite_resource(signed_request);
  return joined({signed_request.request.method, header(headers, "content-md5"),
                 header(headers, "content-type"), date, lite_resource(signed_request)});
}

std::string blob_text(const SignedRequest& signed_request, bool lite, Order order) {
  const Request& request = signed_request.request;
  Lines lines = full_lines(request);
  if (lite) {
    lines = {request.method, header(request.headers, "content-md5"),
             header(request.headers, "content-type"), date_line(request.headers)};
  }
  return joined(lines) + '\n' + canonical_headers(request.headers, order) +
         (lite ? lite_resource(signed_request) : canonical_resource(signed_request));
}

std::string_view service_word(StorageService service) {
  constexpr std::array<std::string_view, 4> kWords{"blob", "file", "queue", "table"};
  return kWords[static_cast<std::size_t>(service)];
}

// `Host: stdocs.blob.core.windows.net:7443` → `blob`.
std::string_view label_of_service(const Headers& headers) {
  std::string_view host = headers.find("host").value_or("");
  host = host.substr(0, host.find(':'));
  host.remove_prefix(std::min(host.size(), host.find('.') + 1));
  return host.substr(0, host.find('.'));
}

// `/account/container` and up to `depth` further segments.
std::string path_of(const SignedRequest& signed_request, std::size_t depth) {
  const auto& path = signed_request.target.path;
  std::string text = '/' + std::string(signed_request.account);
  for (std::size_t i = 0; i < path.size() && i <= depth; ++i) text.append(1, '/').append(path[i]);
  return text;
}

// How many segments under the container a SAS is for; nothing where it does not say it well.
std::optional<std::size_t> depth_of(const Sas& sas) {
  const std::string_view kind = sas["sr"];
  if (kind != "d") return kind == "c" || kind == "s" ? 0 : SIZE_MAX - 1;
  std::size_t depth = 0;
  const std::string_view text = sas["sdd"];
  const auto read = std::from_chars(text.data(), text.data() + text.size(), depth);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return depth;
}

// What the SAS is for, as it is signed: `/blob/account/container/folder/name`.
std::optional<std::string> signed_resource(const SignedRequest& signed_request, const Sas& sas) {
  const auto& path = signed_request.target.path;
  const std::string service = '/' + std::string(service_word(signed_request.service));
  if (signed_request.service == StorageService::Table) {
    return fmt::format("{}/{}/{}", service, signed_request.account, lower(sas["tn"]));
  }
  if (path.empty()) return std::nullopt;
  if (signed_request.service == StorageService::Queue) return service + path_of(signed_request, 0);
  const std::optional<std::size_t> depth = depth_of(sas);
  if (!depth) return std::nullopt;
  // A blob without a container lies in the root container: by what the request asks for, whatever
  // the SAS says that it is for.
  const Target& target = signed_request.target;
  const bool is_container = target.find("restype") || target.find("resource");
  if (path.size() == 1 && !is_container && signed_request.service == StorageService::Blob) {
    return fmt::format("{}/{}/$root/{}", service, signed_request.account, path.front());
  }
  return service + path_of(signed_request, *depth);
}

template <class Names = std::initializer_list<std::string_view>>
void add(Lines& lines, const Sas& sas, const Names& names) {
  for (const std::string_view name : names) lines.emplace_back(sas[name]);
}

// The moment of a snapshot or the version that the request names, where the SAS is for one.
std::string moment_of(const SignedRequest& signed_request, const Sas& sas) {
  const std::string_view name = sas["sr"] == "bs"   ? "snapshot"
                                : sas["sr"] == "bv" ? "versionid"
                                                    : "";
  if (name.empty()) return {};
  return std::string(signed_request.target.find(name).value_or(""));
}

// The headers that the SAS asks the service to answer with.
constexpr std::array<std::string_view, 5> kAnswerHeaders{"rscc", "rscd", "rsce", "rscl", "rsct"};

std::string account_text(const SignedRequest& signed_request, const Sas& sas) {
  Lines lines{std::string(signed_request.account)};
  add(lines, sas, {"sp", "ss", "srt", "st", "se", "sip", "spr", "sv"});
  if (sas["sv"] >= "2020-12-06") add(lines, sas, {"ses"});
  return joined(lines) + '\n';
}

std::string service_text(const SignedRequest& signed_request, const Sas& sas,
                         const std::string& resource) {
  const std::string_view version = sas["sv"];
  const StorageService service = signed_request.service;
  Lines lines;
  add(lines, sas, {"sp", "st", "se"});
  lines.push_back(resource);
  add(lines, sas, {"si", "sip", "spr", "sv"});
  if (service == StorageService::Queue) return joined(lines);
  if (service == StorageService::Table) {
    add(lines, sas, {"spk", "srk", "epk", "erk"});
    return joined(lines);
  }
  if (service == StorageService::Blob && version >= "2018-11-09") {
    add(lines, sas, {"sr"});
    lines.push_back(moment_of(signed_request, sas));
    if (version >= "2020-12-06") add(lines, sas, {"ses"});
  }
  add(lines, sas, kAnswerHeaders);
  return joined(lines);
}

// The request's own headers and parameters that a SAS binds itself to.
std::string bound_headers(const SignedRequest& signed_request, const Sas& sas) {
  std::string text;
  for (const std::string_view name : split_words(sas["srh"], ',')) {
    text += fmt::format("{}:{}\n", name, header(signed_request.request.headers, name));
  }
  return text;
}

std::string bound_parameters(const SignedRequest& signed_request, const Sas& sas) {
  std::string text;
  for (const std::string_view name : split_words(sas["srq"], ',')) {
    text += fmt::format("\n{}:{}", name, signed_request.target.find(name).value_or(""));
  }
  return text;
}

std::string delegation_text(const SignedRequest& signed_request, const Sas& sas,
                            const std::string& resource) {
  const std::string_view version = sas["sv"];
  const bool is_queue = signed_request.service == StorageService::Queue;
  Lines lines;
  add(lines, sas, {"sp", "st", "se"});
  lines.push_back(resource);
  add(lines, sas, {"skoid", "sktid", "skt", "ske", "sks", "skv"});
  if (version >= "2020-02-10" && !is_queue) add(lines, sas, {"saoid", "suoid", "scid"});
  if (version >= "2025-07-05") add(lines, sas, {"skdutid", "sduoid"});
  add(lines, sas, {"sip", "spr", "sv"});
  if (is_queue) return joined(lines);
  add(lines, sas, {"sr"});
  lines.push_back(moment_of(signed_request, sas));
  if (version >= "2020-12-06") add(lines, sas, {"ses"});
  if (version >= "2026-04-06") {
    lines.push_back(bound_headers(signed_request, sas));
    lines.push_back(bound_parameters(signed_request, sas));
  }
  add(lines, sas, kAnswerHeaders);
  return joined(lines);
}

}  // namespace

std::string_view Sas::operator[](std::string_view name) const {
  const auto found = parameters.find(std::string(name));
  return found == parameters.end() ? std::string_view() : found->second;
}

std::optional<Sas> sas_of(const Target& target) {
  if (!target.find("sig")) return std::nullopt;
  Sas sas;
  for (const auto& [name, value] : target.query) {
    const std::string key = lower(name);
    if (std::ranges::find(kSasNames, key) != kSasNames.end()) sas.parameters.emplace(key, value);
  }
  if (!sas["skoid"].empty()) {
    sas.kind = Sas::Kind::UserDelegation;
  } else if (!sas["srt"].empty()) {
    sas.kind = Sas::Kind::Account;
  }
  return sas;
}

StorageService storage_service_of(const Headers& headers) {
  const std::string_view word = label_of_service(headers);
  for (const StorageService service :
       {StorageService::File, StorageService::Queue, StorageService::Table}) {
    if (iequals(word, service_word(service))) return service;
  }
  return StorageService::Blob;
}

std::string_view other_storage_service(const Headers& headers) {
  const std::string_view label = label_of_service(headers);
  for (const std::string_view word : {"dfs", "queue", "file", "table", "web"}) {
    if (iequals(label, word)) return word;
  }
  return {};
}

std::vector<std::string> shared_key_texts(const SignedRequest& request, bool lite) {
  if (request.service == StorageService::Table) return {table_text(request, lite)};
  std::vector<std::string> texts;
  for (const Order order : {in_cultural_order, in_plain_order, in_dictionary_order}) {
    std::string text = blob_text(request, lite, order);
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

bool sign_shared_key(Request& request, std::string_view account, std::string_view key) {
  const std::optional<Target> target = parse_target(request.target);
  const std::optional<std::string> bytes = parse_base64(key);
  if (!target || !bytes) return false;
  const std::string text =
      blob_text({request, *target, account, StorageService::Blob}, false, in_dictionary_order);
  request.headers.set("Authorization",
                      fmt::format("SharedKey {}:{}", account, base64(hmac_sha256(*bytes, text))));
  return true;
}

std::optional<std::string> sas_text(const SignedRequest& request, const Sas& sas) {
  if (sas["sv"] < "2015-04-05") return std::nullopt;
  if (sas.kind == Sas::Kind::Account) return account_text(request, sas);
  const std::optional<std::string> resource = signed_resource(request, sas);
  if (!resource) return std::nullopt;
  return sas.kind == Sas::Kind::Service ? service_text(request, sas, *resource)
                                        : delegation_text(request, sas, *resource);
}

}  // namespace nsp::lab
