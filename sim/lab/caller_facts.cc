#include "sim/lab/caller_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Refusal> unreadable() {
  return std::unexpected(Refusal{"the lab's answer cannot be read"});
}

std::string text_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint16_t port_at(const Json& ports, const char* name) {
  const auto found = ports.find(name);
  constexpr std::uint64_t kMost = 65'535;
  if (found == ports.end() || !found->is_number_unsigned()) return 0;
  const auto value = found->get<std::uint64_t>();
  return value > kMost ? std::uint16_t{0} : static_cast<std::uint16_t>(value);
}

LabPortOptions ports_of(const Json& ports) {
  LabPortOptions read;
  read.https = port_at(ports, "https");
  read.http = port_at(ports, "http");
  read.dns = port_at(ports, "dns");
  read.identity = port_at(ports, "identity");
  read.proxy = port_at(ports, "proxy");
  return read;
}

// What may stand in the user part of a URL as it is (RFC 3986, unreserved); the rest is encoded.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string encoded;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.contains(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

// One word for a POSIX shell, whatever is in it.
std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + '\'';
}

constexpr std::array<std::string_view, 4> kTrust{"SSL_CERT_FILE", "CURL_CA_BUNDLE",
                                                 "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"};
constexpr std::array<std::string_view, 16> kIdentity{"AZURE_AUTHORITY_HOST",
                                                     "AZURE_CLIENT_CERTIFICATE_PASSWORD",
                                                     "AZURE_CLIENT_CERTIFICATE_PATH",
                                                     "AZURE_CLIENT_ID",
                                                     "AZURE_CLIENT_SECRET",
                                                     "AZURE_FEDERATED_TOKEN_FILE",
                                                     "AZURE_PASSWORD",
                                                     "AZURE_TENANT_ID",
                                                     "AZURE_USERNAME",
                                                     "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                                     "IDENTITY_ENDPOINT",
                                                     "IDENTITY_HEADER",
                                                     "IDENTITY_SERVER_THUMBPRINT",
                                                     "IMDS_ENDPOINT",
                                                     "MSI_ENDPOINT",
                                                     "MSI_SECRET"};
constexpr std::array<std::string_view, 9> kWay{"ALL_PROXY",   "HTTPS_PROXY", "HTTP_PROXY",
                                               "NO_PROXY",    "all_proxy",   "http_proxy",
                                               "https_proxy", "no_proxy",    "NODE_USE_ENV_PROXY"};

void add_trust(Variables& variables, const CallerFacts& facts) {
  for (const std::string_view name : kTrust) {
    variables.set[std::string(name)] = name == "NODE_EXTRA_CA_CERTS" ? facts.ca : facts.ca_bundle;
  }
}

// In a network namespace the endpoint is where HTTP is, elsewhere at the lab's port.
std::string identity_endpoint(const CallerFacts& facts, Way way) {
  const std::string host = nsp::to_string(kIdentityEndpoint);
  if (way == Way::Namespace) return fmt::format("http://{}/msi/token", host);
  return fmt::format("http://{}:{}/msi/token", host, facts.ports.identity);
}

void add_identity(Variables& variables, const CallerFacts& facts, Way way) {
  if (facts.credential == Credential::Unknown) return;
  auto& set = variables.set;
  set["AZURE_AUTHORITY_HOST"] = "https://login.microsoftonline.com";
  set["AZURE_CLIENT_ID"] = facts.client;
  set["AZURE_TENANT_ID"] = facts.tenant;
  if (facts.credential == Credential::ManagedIdentity) {
    set["IDENTITY_ENDPOINT"] = identity_endpoint(facts, way);
    set["IDENTITY_HEADER"] = facts.secret;
  } else if (facts.credential == Credential::User) {
    set["AZURE_USERNAME"] = facts.user_name;
    set["AZURE_PASSWORD"] = facts.client_secret;
  } else {
    set["AZURE_CLIENT_SECRET"] = facts.client_secret;
  }
}

void add_proxy(Variables& variables, const CallerFacts& facts) {
  const std::string url =
      fmt::format("http://{}:{}@{}:{}", percent_encoded(facts.key), percent_encoded(facts.secret),
                  nsp::to_string(kProxy), facts.ports.proxy);
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}) {
    variables.set[name] = url;
  }
  const std::string direct =
      fmt::format("localhost,127.0.0.1,{}", nsp::to_string(kIdentityEndpoint));
  for (const char* name : {"NO_PROXY", "no_proxy"}) variables.set[name] = direct;
  variables.set["NODE_USE_ENV_PROXY"] = "1";
}

std::string name_of(const std::string& variable) { return variable.substr(0, variable.find('=')); }

}  // namespace

std::expected<CallerFacts, Refusal> parse_caller_facts(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("ports")) {
    auto answer = parse_answer(line);
    if (!answer) return std::unexpected(std::move(answer.error()));
    return unreadable();
  }
  const auto address = IpAddress::parse(text_at(json, "address"));
  if (!address || !json["ports"].is_object()) return unreadable();
  CallerFacts facts;
  facts.key = text_at(json, "caller");
  facts.address = *address;
  facts.secret = text_at(json, "secret");
  facts.ca_bundle = text_at(json, "caBundle");
  facts.ca = text_at(json, "ca");
  facts.ports = ports_of(json["ports"]);
  facts.credential =
      parse_word<Credential>(text_at(json, "credential")).value_or(Credential::Unknown);
  facts.client = text_at(json, "clientId");
  facts.tenant = text_at(json, "tenantId");
  facts.client_secret = text_at(json, "clientSecret");
  facts.user_name = text_at(json, "userName");
  return facts;
}

Variables variables_of(const CallerFacts& facts, Way way) {
  Variables variables;
  add_trust(variables, facts);
  add_identity(variables, facts, way);
  if (way == Way::Proxy) add_proxy(variables, facts);
  const auto unset = [&](std::string_view name) {
    if (!variables.set.contains(std::string(name))) variables.unset.emplace(name);
  };
  std::ranges::for_each(kIdentity, unset);
  std::ranges::for_each(kWay, unset);
  return variables;
}

std::vector<std::string> with_variables(const std::vector<std::string>& surroundings,
                                        const Variables& variables) {
  std::vector<std::string> all;
  for (const std::string& one : surroundings) {
    const std::string name = name_of(one);
    if (!variables.set.contains(name) && !variables.unset.contains(name)) all.push_back(one);
  }
  for (const auto& [name, value] : variables.set) {
    all.push_back(fmt::format("{}={}", name, value));
  }
  return all;
}

std::string export_lines(const Variables& variables) {
  std::string lines;
  for (const std::string& name : variables.unset) lines += fmt::format("unset {}\n", name);
  for (const auto& [name, value] : variables.set) {
    lines += fmt::format("export {}={}\n", name, shell_word(value));
  }
  return lines;
}

std::string variables_json(const CallerFacts& facts, const Variables& variables) {
  Json json;
  json["schema"] = "nspsim.lab-env/1";
  json["caller"] = facts.key;
  json["address"] = nsp::to_string(facts.address);
  json["set"] = variables.set;
  json["unset"] = variables.unset;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nsp::lab
