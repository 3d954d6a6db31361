#include "sim/lab/credential.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/crypto.h"
#include "sim/model/services.h"

namespace nsp::lab {
namespace {

using enum CredentialProblem;

// The value after `scheme` and spaces, where the header has that scheme.
std::optional<std::string_view> after_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  if (!iequals(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  return trim(header.substr(scheme.size()));
}

bool is_cognitive(Service service) {
  return service == Service::Foundry || service == Service::OpenAi ||
         service == Service::CognitiveServices;
}

bool takes_api_keys(Service service) { return is_cognitive(service) || service == Service::Search; }

bool keys_are_disabled(const Resource& resource) {
  return resource.service == Service::Storage ? resource.shared_key_access == false
                                              : resource.local_auth_disabled == true;
}

std::string_view disabled_by(const Resource& resource) {
  return resource.service == Service::Storage ? "allowSharedKeyAccess is false"
                                              : "disableLocalAuth is true";
}

// The time of a SAS: a date, with minutes, or with seconds and their decimals.
std::optional<Seconds> sas_time(std::string_view text) {
  std::string whole(text);
  if (text.size() == 10) whole += "T00:00:00Z";
  if (text.size() == 17 && text.ends_with('Z')) whole.insert(16, ":00");
  // An Instant ends in 2262; people write 9999. Both are far off, and 2260 is a leap year, too.
  if (whole > "2261") whole.replace(0, 4, "2260");
  const std::optional<Instant> instant = parse_instant(whole);
  if (!instant) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*instant);
}

// What the SAS, or the delegation key that it was signed with, says of the time.
struct Window {
  std::string_view start;  // may be empty
  std::string_view expiry;
  std::string_view what;  // `the SAS`
};

// Reads one request. The members of `shown_` are filled as they become known.
class Reading {
 public:
  Reading(const CredentialReader& reader, const Request& request, const Resource& resource,
          Seconds now)
      : reader_(reader), request_(request), resource_(resource), now_(now) {}

  Shown run() {
    const std::optional<std::string_view> authorization = request_.headers.find("authorization");
    target_ = parse_target(request_.target);
    if (authorization) {
      read_authorization(trim(*authorization));
    } else if (const std::optional<std::string_view> key = api_key()) {
      read_key(*key);
    } else if (target_ && resource_.service == Service::Storage) {
      shown_.sas = sas_of(*target_);
      if (shown_.sas) read_sas();
    }
    return std::move(shown_);
  }

 private:
  void refuse(CredentialProblem problem, std::string detail) {
    shown_.problem = problem;
    shown_.detail = std::move(detail);
  }

  [[nodiscard]] std::optional<std::string_view> api_key() const {
    if (!takes_api_keys(resource_.service)) return std::nullopt;
    if (const auto key = request_.headers.find("api-key")) return key;
    if (is_cognitive(resource_.service)) return request_.headers.find("ocp-apim-subscription-key");
    return target_ ? target_->find("api-key") : std::nullopt;
  }

  void read_authorization(std::string_view value) {
    if (const auto token = after_scheme(value, "Bearer")) {
      const bool is_key = is_cognitive(resource_.service) && !looks_like_token(*token);
      return is_key ? read_key(*token) : read_token(*token);
    }
    for (const bool lite : {false, true}) {
      if (const auto rest = after_scheme(value, lite ? "SharedKeyLite" : "SharedKey")) {
        return read_shared_key(*rest, lite);
      }
    }
    refuse(Malformed,
           fmt::format(
               "the scheme of `Authorization` is `{}`, expected `Bearer`{}",
               value.substr(0, std::min<std::size_t>(value.find(' '), 40)),
               resource_.service == Service::Storage ? ", `SharedKey` or `SharedKeyLite`" : ""));
  }

  void read_token(std::string_view token) {
    const auto claims = reader_.verifier.read(token);
    if (!claims) {
      const bool malformed = claims.error() == TokenProblem::Malformed;
      return malformed ? refuse(Malformed, "the token is no JWT")
                       : refuse(BadSignature, "the token is not signed by the lab");
    }
    shown_.claims = **claims;
    shown_.credential = credential_of(*shown_.claims);
    const std::vector<std::string> accepted = audiences(resource_);
    const auto problem = Verifier::problem_of(*shown_.claims, now_, accepted);
    if (problem) refuse_token(*problem, accepted);
  }

  void refuse_token(TokenProblem problem, const std::vector<std::string>& accepted) {
    const Claims& claims = *shown_.claims;
    if (problem == TokenProblem::Expired) {
      return refuse(
          Expired, fmt::format("the token expired at {}", nsp::to_string(Instant(claims.expires))));
    }
    if (problem == TokenProblem::NotYetValid) {
      return refuse(NotYetValid, fmt::format("the token is valid from {} on",
                                             nsp::to_string(Instant(claims.not_before))));
    }
    refuse(WrongAudience, fmt::format("the token is for `{}`, expected {}", claims.audience,
                                      accepted.empty() ? "none" : '`' + accepted.front() + '`'));
  }

  // An api key, as it is.
  void read_key(std::string_view key) {
    shown_.credential = Credential::Key;
    if (keys_are_disabled(resource_)) {
      return refuse(KeysDisabled, std::string(disabled_by(resource_)));
    }
    for (const std::string_view name : {LabKeys::kNames[0], LabKeys::kNames[1], LabKeys::kQuery}) {
      if (name == LabKeys::kQuery && resource_.service != Service::Search) continue;
      if (equal_secrets(key, reader_.keys.of_resource(resource_, name))) shown_.key_name = name;
    }
    if (shown_.key_name.empty()) {
      refuse(UnknownKey, fmt::format("the key is none of `{}`", resource_.name));
    }
  }

  // `account:signature`.
  void read_shared_key(std::string_view value, bool lite) {
    shown_.credential = Credential::Key;
    if (resource_.service != Service::Storage) {
      return refuse(NotAccepted,
                    fmt::format("{} takes no shared keys", facts(resource_.service).title));
    }
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos || !target_) {
      return refuse(Malformed, "the shared key is not `account:signature`");
    }
    const std::string_view account = value.substr(0, colon);
    if (!iequals(account, resource_.name)) {
      return refuse(WrongAccount, fmt::format("the shared key is of account `{}`, expected `{}`",
                                              account, resource_.name));
    }
    if (keys_are_disabled(resource_)) {
      return refuse(KeysDisabled, std::string(disabled_by(resource_)));
    }
    find_signing_key(shared_key_texts(signed_request(account), lite), value.substr(colon + 1));
  }

  // As the client spells the account.
  [[nodiscard]] SignedRequest signed_request(std::string_view account) const {
    return {request_, *target_, account, storage_service_of(request_.headers)};
  }

  // Which of the account's keys made the signature of one of these texts.
  void find_signing_key(const std::vector<std::string>& texts, std::string_view signature) {
    for (const std::string_view name : LabKeys::kNames) {
      const std::string key = reader_.keys.of_resource(resource_, name);
      for (const std::string& text : texts) {
        if (is_signed(text, key, signature)) shown_.key_name = name;
      }
    }
    if (shown_.key_name.empty()) {
      refuse(BadSignature, fmt::format("the signature is by no key of `{}`", resource_.name));
    }
  }

  static bool is_signed(std::string_view text, std::string_view key, std::string_view signature) {
    const std::optional<std::string> bytes = parse_base64(key);
    return bytes && equal_secrets(base64(hmac_sha256(*bytes, text)), signature);
  }

  void read_sas() {
    shown_.credential = Credential::Sas;
    const Sas& sas = *shown_.sas;
    const bool delegated = sas.kind == Sas::Kind::UserDelegation;
    if (!delegated && keys_are_disabled(resource_)) {
      return refuse(KeysDisabled, std::string(disabled_by(resource_)));
    }
    const std::optional<std::string> text = sas_text(signed_request(lower(resource_.name)), sas);
    if (!text) {
      return refuse(Malformed, "the SAS is not of a known version, or for something else");
    }
    if (delegated) {
      check_delegation(*text);
    } else {
      find_signing_key({*text}, sas["sig"]);
    }
    if (!shown_.problem) check_times();
  }

  void check_delegation(const std::string& text) {
    const Sas& sas = *shown_.sas;
    const std::string key =
        reader_.keys.delegation(resource_, {.object = std::string(sas["skoid"]),
                                            .tenant = std::string(sas["sktid"]),
                                            .start = std::string(sas["skt"]),
                                            .expiry = std::string(sas["ske"]),
                                            .service = std::string(sas["sks"]),
                                            .version = std::string(sas["skv"])});
    if (!is_signed(text, key, sas["sig"])) {
      refuse(BadSignature,
             fmt::format("the signature is by no delegation key of `{}`", resource_.name));
    }
  }

  void check_times() {
    const Sas& sas = *shown_.sas;
    if (sas.kind == Sas::Kind::UserDelegation) {
      check_window({sas["skt"], sas["ske"], "the delegation key"});
    }
    const bool by_policy = !sas["si"].empty() && sas["se"].empty();
    if (!shown_.problem && !by_policy) check_window({sas["st"], sas["se"], "the SAS"});
  }

  void check_window(const Window& window) {
    const std::optional<Seconds> expiry = sas_time(window.expiry);
    const std::optional<Seconds> start =
        window.start.empty() ? Seconds::min() : sas_time(window.start);
    if (!expiry || !start) {
      return refuse(Malformed, fmt::format("{} has no readable time: from `{}` to `{}`",
                                           window.what, window.start, window.expiry));
    }
    if (now_ >= *expiry) {
      return refuse(Expired,
                    fmt::format("{} expired at {}", window.what, nsp::to_string(Instant(*expiry))));
    }
    if (now_ < *start) {
      refuse(NotYetValid,
             fmt::format("{} is valid from {} on", window.what, nsp::to_string(Instant(*start))));
    }
  }

  const CredentialReader& reader_;
  const Request& request_;
  const Resource& resource_;
  Seconds now_;
  std::optional<Target> target_;
  Shown shown_;
};

// The audience that stands for a whole service, where it has one.
std::vector<std::string> service_audiences(Service service) {
  switch (service) {
    case Service::Storage:
      return {"https://storage.azure.com"};
    case Service::Search:
      return {"https://search.azure.com"};
    case Service::Foundry:
    case Service::OpenAi:
    case Service::CognitiveServices:
      return {"https://cognitiveservices.azure.com", "https://ai.azure.com"};
    case Service::KeyVault:
      return {"https://vault.azure.net"};
    case Service::Monitor:
      return {"https://api.loganalytics.io", "https://monitor.azure.com"};
    case Service::CosmosDb:
      return {"https://cosmos.azure.com"};
    case Service::EventHubs:
      return {"https://eventhubs.azure.net"};
    case Service::ServiceBus:
      return {"https://servicebus.azure.net"};
    case Service::Sql:
      return {"https://database.windows.net"};
    case Service::AppConfiguration:
      return {"https://azconfig.io"};
    case Service::Other:
      break;
  }
  return {};
}

}  // namespace

std::string_view to_string(CredentialProblem problem) {
  constexpr std::array<std::string_view, 9> kWords{
      "malformed",     "bad signature", "expired",       "not yet valid", "wrong audience",
      "wrong account", "unknown key",   "keys disabled", "not accepted"};
  return kWords[static_cast<std::size_t>(problem)];
}

std::vector<std::string> audiences(const Resource& resource) {
  std::vector<std::string> all = service_audiences(resource.service);
  for (const DomainName& host : resource.host_names) all.push_back("https://" + host.text());
  return all;
}

Shown CredentialReader::read(const Request& request, const Resource& resource, Seconds now) const {
  return Reading(*this, request, resource, now).run();
}

Credential credential_of(const Claims& claims) {
  if (iequals(claims.kind, "user")) return Credential::User;
  return claims.mirid.empty() ? Credential::ServicePrincipal : Credential::ManagedIdentity;
}

Proven proven_of(const Shown& shown) {
  Proven proven;
  proven.credential = shown.credential;
  if (shown.credential != Credential::ManagedIdentity || !shown.claims) return proven;
  proven.identity = ResourceId::parse(shown.claims->mirid).value_or(ResourceId());
  proven.perimeters = shown.claims->perimeters;
  return proven;
}

}  // namespace nsp::lab
