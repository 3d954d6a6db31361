// What a program needs to run as a caller or a resource of a lab: the lab's answer to `caller`, and
// the environment variables that SDKs and command-line clients read.
//
//   trust      SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE: the system's authorities and the
//              lab's; NODE_EXTRA_CA_CERTS: the lab's, which Node.js adds to its own
//   identity   of a managed identity IDENTITY_ENDPOINT and IDENTITY_HEADER (App Service), of a
//              service principal AZURE_CLIENT_SECRET, of a user AZURE_USERNAME and AZURE_PASSWORD,
//              as Azure's EnvironmentCredential reads them
//   the way    without a network namespace HTTP_PROXY and HTTPS_PROXY, in both spellings, with the
//              caller's secret in them
//
// Everything of the surroundings that would show another identity or lead past the lab is unset.
//
// Sources: "Azure Identity client library" (EnvironmentCredential, ManagedIdentityCredential); curl
// and OpenSSL manuals; Node.js "Command-line API" (NODE_EXTRA_CA_CERTS, NODE_USE_ENV_PROXY).
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_CALLER_FACTS_H_
#define NSP_SIM_LAB_CALLER_FACTS_H_

#include <cstdint>
#include <expected>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/lab/lab.h"
#include "sim/net/address.h"

namespace nsp::lab {

struct CallerFacts {
  std::string key;    // of its seat: a caller's name, a resource's id
  IpAddress address;  // that its calls come from
  std::string secret;
  std::string ca_bundle;  // files
  std::string ca;
  LabPortOptions ports;
  // What it proves itself with; Unknown: it has no identity that tokens are given to. Then the rest
  // is empty.
  Credential credential = Credential::Unknown;
  std::string client;
  std::string tenant;
  std::string client_secret;  // of a service principal; of a user its password
  std::string user_name;
};

// `line`: the lab's answer. The error is its refusal, or that it cannot be read.
[[nodiscard]] std::expected<CallerFacts, Refusal> parse_caller_facts(std::string_view line);

// How the program reaches the lab: in a network namespace, where names and addresses lead there by
// themselves, or through the lab's proxy.
enum class Way : std::uint8_t { Namespace, Proxy };

struct Variables {
  std::map<std::string, std::string> set;
  std::set<std::string> unset;

  bool operator==(const Variables&) const = default;
};
[[nodiscard]] Variables variables_of(const CallerFacts& facts, Way way);

// `NAME=value` each: `surroundings` (in the same form) with the variables as they shall be.
[[nodiscard]] std::vector<std::string> with_variables(const std::vector<std::string>& surroundings,
                                                      const Variables& variables);

// `unset NAME` and `export NAME='value'`, a line each, for any POSIX shell to evaluate.
[[nodiscard]] std::string export_lines(const Variables& variables);
// The document `nspsim.lab-env/1`.
[[nodiscard]] std::string variables_json(const CallerFacts& facts, const Variables& variables);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_CALLER_FACTS_H_
