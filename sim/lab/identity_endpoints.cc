// The endpoints of identity.h: requests in, tokens or errors out.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/crypto.h"
#include "sim/lab/identity.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

Response json_response(unsigned status, const Json& json) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

// As IMDS says it.
Response metadata_error(unsigned status, std::string_view error, std::string_view text) {
  return json_response(status, {{"error", error}, {"error_description", text}});
}

// As App Service says it.
Response app_service_error(unsigned status, std::string_view text) {
  return json_response(status, {{"statusCode", status}, {"message", text}});
}

std::string seconds_of(Seconds time) { return std::to_string(time.time_since_epoch().count()); }

// What a client may ask a token for: any application by its URL or its id.
bool is_audience(std::string_view text) {
  constexpr std::size_t kMost = 256;
  const bool is_plain =
      std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '"'; });
  if (!is_plain || text.size() > kMost) return false;
  return text.starts_with("https://") || text.starts_with("api://") ||
         Guid::parse(text).has_value();
}

// The value of the first of these parameters that the target has.
std::optional<std::string_view> first_of(const Target& target,
                                         std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto value = target.find(name)) return value;
  }
  return std::nullopt;
}

// A client that names an identity must name the one that it has.
bool is_named(const Target& target, const Identity& identity) {
  const auto client = first_of(target, {"client_id", "clientid"});
  const auto object = first_of(target, {"object_id", "principal_id"});
  const auto resource = first_of(target, {"mi_res_id", "msi_res_id"});
  return (!client || iequals(*client, to_string(identity.client))) &&
         (!object || iequals(*object, to_string(identity.object))) &&
         (!resource || iequals(*resource, identity.mirid));
}

// The scopes of a request, without those that OpenID Connect adds.
std::vector<std::string_view> scopes_of(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOpenId{"openid", "profile", "offline_access", "email"};
  std::vector<std::string_view> scopes = split_words(text, ' ');
  std::erase_if(scopes, [&](std::string_view scope) {
    return std::ranges::find(kOpenId, scope) != kOpenId.end();
  });
  return scopes;
}

class Endpoints {
 public:
  Endpoints(const IdentityService& service, const Edition& edition,
            const IdentityQuestion& question)
      : service_(service), edition_(edition), question_(question) {}

  Response answer() {
    const std::optional<Target> target = parse_target(question_.request.target);
    if (!target) return not_found();
    target_ = *target;
    if (ends_with({"metadata", "identity", "oauth2", "token"})) return metadata();
    if (ends_with({"msi", "token"})) return app_service();
    return entra();
  }

 private:
  static Response not_found() {
    return json_response(404,
                         {{"error", "not_found"},
                          {"error_description", "the lab's identity server has no such page"}});
  }

  static Response wrong_method(std::string_view expected) {
    Response response = json_response(
        405, {{"error", "invalid_request"},
              {"error_description", fmt::format("expected the method {}", expected)}});
    response.headers.set("Allow", std::string(expected));
    return response;
  }

  [[nodiscard]] bool ends_with(std::initializer_list<std::string_view> segments) const {
    const auto& path = target_.path;
    if (path.size() < segments.size()) return false;
    return std::equal(segments.begin(), segments.end(), path.end() - std::ssize(segments),
                      [](std::string_view a, std::string_view b) { return iequals(a, b); });
  }

  // ---- Managed identities

  Response metadata() {
    if (question_.request.method != "GET") return wrong_method("GET");
    if (!iequals(question_.request.headers.find("metadata").value_or(""), "true")) {
      return metadata_error(400, "bad_request_102", "Required metadata header not specified");
    }
    const std::optional<std::string_view> resource = target_.find("resource");
    if (!target_.find("api-version") || !resource) {
      return metadata_error(400, "invalid_request",
                            fmt::format("Required query variable '{}' is missing",
                                        target_.find("api-version") ? "resource" : "api-version"));
    }
    const std::optional<Identity> identity = identity_of_asker();
    if (!identity) return metadata_error(400, "invalid_request", "Identity not found");
    if (!is_audience(*resource)) return metadata_error(400, "invalid_resource", unknown(*resource));
    Json json = managed_token(*identity, *resource);
    const std::string lifetime = std::to_string(service_.options().lifetime.count());
    json["expires_in"] = lifetime;
    json["ext_expires_in"] = lifetime;
    json["not_before"] = seconds_of(question_.now);
    return json_response(200, json);
  }

  Response app_service() {
    if (question_.request.method != "GET") return wrong_method("GET");
    const auto secret = question_.request.headers.find("x-identity-header");
    const std::optional<Seat> seat = secret ? seat_with(*secret) : std::nullopt;
    if (!seat) {
      return app_service_error(401, secret ? "The X-IDENTITY-HEADER is not valid."
                                           : "The X-IDENTITY-HEADER is missing.");
    }
    const std::optional<std::string_view> resource = target_.find("resource");
    if (target_.find("api-version") != "2019-08-01" || !resource) {
      return app_service_error(400,
                               fmt::format("The query parameter '{}' is missing or not supported.",
                                           resource ? "api-version" : "resource"));
    }
    const std::optional<Identity> identity = managed(identity_at(edition_, *seat));
    if (!identity) {
      return app_service_error(400,
                               "No User Assigned or Delegated Managed Identity found for specified "
                               "ClientId/ResourceId/PrincipalId.");
    }
    if (!is_audience(*resource)) return app_service_error(400, unknown(*resource));
    return json_response(200, managed_token(*identity, *resource));
  }

  [[nodiscard]] std::optional<Identity> identity_of_asker() const {
    if (question_.from == nullptr) return std::nullopt;
    return managed(identity_at(edition_, *question_.from));
  }

  // Of identities, those that these endpoints serve and that the client means.
  [[nodiscard]] std::optional<Identity> managed(std::optional<Identity> identity) const {
    if (!identity || identity->credential != Credential::ManagedIdentity ||
        !is_named(target_, *identity)) {
      return std::nullopt;
    }
    return identity;
  }

  // Whose secret that is. Whoever sits where the request comes from is asked first.
  [[nodiscard]] std::optional<Seat> seat_with(std::string_view secret) const {
    const auto has = [&](const Seat& seat) {
      return equal_secrets(service_.keys().identity_header(seat), secret);
    };
    if (question_.from != nullptr && has(*question_.from)) return *question_.from;
    for (const Post& post : edition_.posts) {
      if (has(seat_of(post.caller))) return seat_of(post.caller);
    }
    for (const Resource& resource : edition_.environment().resources) {
      if (has(seat_of(resource))) return seat_of(resource);
    }
    return std::nullopt;
  }

  [[nodiscard]] Json managed_token(const Identity& identity, std::string_view resource) const {
    return {{"access_token", service_.issue(identity, resource, question_.now)},
            {"client_id", to_string(identity.client)},
            {"expires_on", seconds_of(question_.now + service_.options().lifetime)},
            {"resource", resource},
            {"token_type", "Bearer"}};
  }

  static std::string unknown(std::string_view resource) {
    return fmt::format(
        "AADSTS500011: The resource principal named {} was not found in the tenant named {}.",
        resource.substr(0, 256), to_string(lab_tenant()));
  }

  // ---- Entra ID

  // An error as Entra ID words it: `AADSTS90002: …`.
  [[nodiscard]] Response entra_error(unsigned status, std::string_view error, unsigned code,
                                     std::string_view text) const {
    const Guid trace = Guid::from_text(
        fmt::format("{} {} {}", question_.request.target, code, seconds_of(question_.now)));
    return json_response(status, {{"error", error},
                                  {"error_description", fmt::format("AADSTS{}: {}", code, text)},
                                  {"error_codes", Json::array({code})},
                                  {"timestamp", nsp::to_string(Instant(question_.now))},
                                  {"trace_id", to_string(trace)},
                                  {"correlation_id", to_string(trace)}});
  }

  Response entra() {
    const auto& path = target_.path;
    if (path.size() < 2) return not_found();
    if (ends_with({"oauth2", "v2.0", "token"}) || ends_with({"oauth2", "token"})) return token();
    if (question_.request.method != "GET") return wrong_method("GET");
    if (ends_with({"common", "discovery", "instance"})) return discovery();
    if (path.size() == 3 && ends_with({"common", "userrealm", path.back()})) return realm();
    if (!is_tenant(path.front())) return wrong_tenant();
    if (ends_with({".well-known", "openid-configuration"})) {
      return json_response(
          200, Json::parse(openid_configuration(
                   authority(), "https://sts.windows.net/" + to_string(lab_tenant()) + '/')));
    }
    if (ends_with({"discovery", "keys"}) || ends_with({"discovery", "v2.0", "keys"})) {
      return json_response(200, Json::parse(service_.signer().key_set()));
    }
    return not_found();
  }

  [[nodiscard]] std::string authority() const {
    return service_.options().authority + '/' + to_string(lab_tenant());
  }

  static bool is_tenant(std::string_view name) {
    return Guid::parse(name) == lab_tenant() || iequals(name, "common") ||
           iequals(name, "organizations") || iequals(name, "lab.example");
  }

  [[nodiscard]] Response wrong_tenant() const {
    return entra_error(400, "invalid_request", 90002,
                       fmt::format("Tenant '{}' not found. The lab's tenant is {}.",
                                   target_.path.front().substr(0, 64), to_string(lab_tenant())));
  }

  [[nodiscard]] Response discovery() const {
    std::string host = service_.options().authority;
    host.erase(0, host.find("//") == std::string::npos ? 0 : host.find("//") + 2);
    return json_response(
        200, {{"tenant_discovery_endpoint", authority() + "/v2.0/.well-known/openid-configuration"},
              {"api-version", "1.1"},
              {"metadata", Json::array({{{"preferred_network", host},
                                         {"preferred_cache", host},
                                         {"aliases", Json::array({host})}}})}});
  }

  [[nodiscard]] Response realm() const {
    return json_response(200, {{"ver", "1.0"},
                               {"account_type", "Managed"},
                               {"domain_name", "lab.example"},
                               {"cloud_instance_name", "microsoftonline.com"},
                               {"cloud_audience_urn", "urn:federation:MicrosoftOnline"}});
  }

  Response token() {
    constexpr std::size_t kMostBytes = 65'536;
    if (question_.request.method != "POST") return wrong_method("POST");
    if (!is_tenant(target_.path.front())) return wrong_tenant();
    const std::string& body = question_.request.body;
    std::optional<Target> form =
        body.size() > kMostBytes ? std::nullopt : parse_target("/?" + body);
    if (!form) {
      return entra_error(400, "invalid_request", 900144,
                         "The request body must be a form in percent encoding.");
    }
    form_ = *std::move(form);
    const auto grant = form_.find("grant_type");
    if (!grant) return missing("grant_type");
    if (*grant == "client_credentials") return client_credentials();
    if (*grant == "password") return password();
    return entra_error(
        400, "unsupported_grant_type", 70003,
        fmt::format("The app requested an unsupported grant type '{}'.", grant->substr(0, 64)));
  }

  [[nodiscard]] Response missing(std::string_view name) const {
    return entra_error(
        400, "invalid_request", 900144,
        fmt::format("The request body must contain the following parameter: '{}'.", name));
  }

  template <class Fits>
  [[nodiscard]] std::optional<Identity> find_caller(const Fits& fits) const {
    for (const Post& post : edition_.posts) {
      if (!post.acts_for.empty()) continue;
      std::optional<Identity> identity = identity_of(post.caller);
      if (identity && fits(*identity)) return identity;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool has_secret(const Identity& identity, std::string_view shown) const {
    return equal_secrets(service_.keys().client_secret(identity.seat), shown);
  }

  Response client_credentials() {
    const auto client = form_.find("client_id");
    const auto secret = form_.find("client_secret");
    if (!client) return missing("client_id");
    const auto identity = find_caller([&](const Identity& candidate) {
      return candidate.credential == Credential::ServicePrincipal &&
             iequals(to_string(candidate.client), *client);
    });
    if (!identity) {
      return entra_error(
          400, "unauthorized_client", 700016,
          fmt::format("Application with identifier '{}' was not found in the directory '{}'.",
                      client->substr(0, 64), to_string(lab_tenant())));
    }
    if (!secret) return missing("client_secret");
    if (!has_secret(*identity, *secret)) {
      return entra_error(401, "invalid_client", 7000215, "Invalid client secret provided.");
    }
    return issue(*identity);
  }

  Response password() {
    const auto name = form_.find("username");
    const auto secret = form_.find("password");
    if (!name || !secret) return missing(name ? "password" : "username");
    std::optional<Identity> identity = find_caller([&](const Identity& candidate) {
      return candidate.credential == Credential::User && iequals(candidate.user_name, *name);
    });
    if (!identity || !has_secret(*identity, *secret)) {
      return entra_error(400, "invalid_grant", 50126,
                         "Error validating credentials due to invalid username or password.");
    }
    if (const auto client = Guid::parse(form_.find("client_id").value_or(""))) {
      identity->client = *client;
    }
    return issue(*identity);
  }

  // The application that the form asks a token for: `resource`, or one scope of it.
  [[nodiscard]] std::optional<std::string_view> wanted() const {
    if (const auto resource = form_.find("resource")) return resource;
    const std::vector<std::string_view> scopes = scopes_of(form_.find("scope").value_or(""));
    if (scopes.size() != 1) return std::nullopt;
    const std::size_t slash = scopes.front().rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    return scopes.front().substr(0, slash);
  }

  Response issue(const Identity& identity) {
    const std::optional<std::string_view> audience = wanted();
    if (!audience) {
      return entra_error(400, "invalid_scope", 70011,
                         "The provided value for the input parameter 'scope' is not valid: one "
                         "scope is expected, such as https://storage.azure.com/.default.");
    }
    if (!is_audience(*audience)) {
      return entra_error(400, "invalid_resource", 500011,
                         unknown(*audience).substr(std::string_view("AADSTS500011: ").size()));
    }
    const auto lifetime = service_.options().lifetime.count();
    Json json{{"token_type", "Bearer"}, {"expires_in", lifetime}, {"ext_expires_in", lifetime}};
    json["access_token"] = service_.issue(identity, *audience, question_.now);
    if (identity.credential == Credential::User) add_user(json, identity);
    return json_response(200, json);
  }

  // What clients keep of a user beside the token.
  void add_user(Json& json, const Identity& identity) const {
    json["scope"] = form_.find("scope").value_or("");
    Claims claims = service_.claims(identity, to_string(identity.client), question_.now);
    claims.others.emplace("preferred_username", identity.user_name);
    json["id_token"] = service_.signer().sign(claims);
    const Json info{{"uid", to_string(identity.object)}, {"utid", to_string(lab_tenant())}};
    json["client_info"] = base64url(info.dump());
  }

  const IdentityService& service_;
  const Edition& edition_;
  const IdentityQuestion& question_;
  Target target_;
  Target form_;
};

}  // namespace

Response IdentityService::answer(const Edition& edition, const IdentityQuestion& question) const {
  return Endpoints(*this, edition, question).answer();
}

}  // namespace nsp::lab
