#include "sim/lab/authentication.h"

#include <fmt/format.h>

#include "sim/lab/denial.h"

namespace nsp::lab {
namespace {

struct Refused {
  unsigned status;
  const char* code;
};

// Storage tells a token apart from a signature, and from nothing at all.
Refused at_storage(const Shown& shown) {
  if (!shown.problem) return {401, "NoAuthenticationInformation"};
  if (*shown.problem == CredentialProblem::KeysDisabled) {
    return {403, "KeyBasedAuthenticationNotPermitted"};
  }
  const bool token = shown.claims.has_value() || shown.credential == Credential::Anonymous;
  return token ? Refused{401, "InvalidAuthenticationInfo"} : Refused{403, "AuthenticationFailed"};
}

Refused at_foundry(const Shown& shown) {
  const bool disabled = shown.problem == CredentialProblem::KeysDisabled;
  return disabled ? Refused{403, "AuthenticationTypeDisabled"} : Refused{401, "401"};
}

Refused elsewhere(const Shown& shown) {
  const bool key = shown.credential == Credential::Key || !shown.problem;
  return key ? Refused{403, "Forbidden"} : Refused{401, "Unauthorized"};
}

Refused refused(Service service, const Shown& shown) {
  switch (service) {
    case Service::Storage:
      return at_storage(shown);
    case Service::Foundry:
    case Service::OpenAi:
    case Service::CognitiveServices:
      return at_foundry(shown);
    default:
      return elsewhere(shown);
  }
}

}  // namespace

bool is_good(const Shown& shown) {
  return !shown.problem && shown.credential != Credential::Anonymous;
}

std::optional<Response> authentication_refusal(Service service, const Shown& shown,
                                               const std::string& request_id,
                                               const std::string& time) {
  if (is_good(shown)) return std::nullopt;
  const Refused what = refused(service, shown);
  const std::string message =
      shown.problem ? fmt::format("the network admits the call, its credential does not: {}: {}",
                                  to_string(*shown.problem), shown.detail)
                    : "the network admits the call, but it shows no credential";
  Response answer = error_answer(service, what.status, what.code, message, request_id, time);
  if (what.status == 401) answer.headers.set("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace nsp::lab
