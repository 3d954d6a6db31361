#include "sim/lab/identity.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "sim/lab/crypto.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using namespace std::chrono_literals;
using test::kNow;
using test::make_caller;
using test::make_resource;
using Json = nlohmann::ordered_json;

const Guid kPerimeter = *Guid::parse("99999999-9999-9999-9999-999999999999");

class Identities : public testing::Test {
 protected:
  Identities() {
    Perimeter perimeter;
    perimeter.guid = kPerimeter;
    perimeter.profiles.resize(1);
    environment_.perimeters = {perimeter};
    environment_.associations.resize(1);
    environment_.associations[0].perimeter = 0;
    environment_.associations[0].profile = 0;
    environment_.associations[0].resource = 0;
    environment_.resources = {make_resource(Service::Search, "find"),
                              make_resource(Service::Storage, "plain")};
    environment_.resources[0].association = 0;
    environment_.resources[1].identity = false;
    callers_ = {
        make_caller("Build Agent", Credential::ManagedIdentity),
        make_caller("alice", Credential::User), make_caller("robot", Credential::ServicePrincipal),
        make_caller("visitor", Credential::Anonymous), make_caller("job", Credential::User)};
    callers_[0].subscription = Guid::parse(test::kSubscription);
  }

  Response ask(Request request, const Seat* from = nullptr) {
    std::vector<Post> posts;
    for (const Caller& caller : callers_) posts.push_back({caller, {}, {}});
    posts.back().acts_for = environment_.resources[0].id;
    const EditionPtr edition = make_edition(environment_, posts).value();
    return service().answer(*edition, {request, from, kNow});
  }
  [[nodiscard]] IdentityService service() const {
    return {test::signer(), keys_, {.lifetime = lifetime_}};
  }

  Request app_service_request(const Seat& seat, const std::string& query = kForStorage) {
    Request request{"GET", "/x/msi/token?" + query, {}, {}};
    request.headers.add("X-IDENTITY-HEADER", keys_.identity_header(seat));
    return request;
  }
  static Request metadata_request(const std::string& query = kMetadataForStorage) {
    Request request{"GET", "/metadata/identity/oauth2/token?" + query, {}, {}};
    request.headers.add("Metadata", "true");
    return request;
  }
  static Request form(const std::string& body, const std::string& tenant = "common") {
    return {"POST", '/' + tenant + "/oauth2/v2.0/token", {}, body};
  }

  // What the token of a response says; nothing where it is none.
  std::optional<Claims> claims_in(const Response& response) {
    const Json json = Json::parse(response.body);
    const auto read = verifier_.read(json.value("access_token", ""));
    if (!read) return std::nullopt;
    return **read;
  }

  // `400 {"error":…}`, without what depends on the request.
  static std::string text(const Response& response) {
    Json json = Json::parse(response.body);
    for (const char* changing : {"trace_id", "correlation_id"}) json.erase(changing);
    return std::to_string(response.status) + ' ' + json.dump();
  }

  static inline const std::string kForStorage =
      "resource=https%3A%2F%2Fstorage.azure.com&api-version=2019-08-01";
  static inline const std::string kMetadataForStorage =
      "resource=https%3A%2F%2Fstorage.azure.com&api-version=2018-02-01";

  std::chrono::seconds lifetime_{3600};
  LabKeys keys_{"lab secret"};
  Verifier verifier_{test::signer()};
  Environment environment_;
  std::vector<Caller> callers_;
  Seat callers_seat_{SeatKind::Caller, "Build Agent"};
};

TEST_F(Identities, OfAResourceIsItsOwnWithItsPerimeters) {
  const Resource& resource = environment_.resources[0];
  const auto identity = identity_of(environment_, resource);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->seat, seat_of(resource));
  EXPECT_EQ(identity->credential, Credential::ManagedIdentity);
  EXPECT_EQ(identity->mirid, resource.id.text());
  EXPECT_EQ(identity->perimeters, std::vector{kPerimeter});
  EXPECT_NE(identity->object, identity->client);
  EXPECT_EQ(identity_of(environment_, environment_.resources[1]), std::nullopt);
}

TEST_F(Identities, OfACallerIsInItsSubscription) {
  EXPECT_EQ(identity_of(callers_[0])->mirid,
            "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/lab/providers/"
            "Microsoft.ManagedIdentity/userAssignedIdentities/build-agent");
  callers_[0].subscription.reset();
  EXPECT_EQ(identity_of(callers_[0])->mirid,
            "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/build-agent");
  EXPECT_EQ(ResourceId::parse(identity_of(callers_[0])->mirid)->subscription(), std::nullopt);
  EXPECT_EQ(identity_of(callers_[1])->user_name, "alice@lab.example");
  EXPECT_EQ(identity_of(callers_[2])->mirid, "");
  EXPECT_EQ(identity_of(callers_[3]), std::nullopt);
}

TEST_F(Identities, AreGivenTokensByAppService) {
  const Seat seat = seat_of(environment_.resources[0]);
  const Response response = ask(app_service_request(seat));
  ASSERT_EQ(response.status, 200U);
  EXPECT_EQ(response.headers.find("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
  const Identity identity = *identity_of(environment_, environment_.resources[0]);
  const Json expected{
      {"access_token", service().issue(identity, "https://storage.azure.com", kNow)},
      {"client_id", to_string(identity.client)},
      {"expires_on", "1780318800"},
      {"resource", "https://storage.azure.com"},
      {"token_type", "Bearer"}};
  EXPECT_EQ(response.body, expected.dump());
  Claims claims;
  claims.issuer = "https://sts.windows.net/" + to_string(lab_tenant()) + "/";
  claims.audience = "https://storage.azure.com";
  claims.object = to_string(identity.object);
  claims.subject = claims.object;
  claims.tenant = to_string(lab_tenant());
  claims.app = to_string(identity.client);
  claims.kind = "app";
  claims.mirid = environment_.resources[0].id.text();
  claims.perimeters = {kPerimeter};
  claims.issued = kNow;
  claims.not_before = kNow;
  claims.expires = kNow + 1h;
  claims.others = {{"ver", "1.0"}};
  EXPECT_EQ(claims_in(response), claims);
}

// What a client holds when its resource moves tells of the old perimeter until it expires.
TEST_F(Identities, CarryTheMembershipOfTheMomentOfIssue) {
  const Seat seat = seat_of(environment_.resources[0]);
  const Response before = ask(app_service_request(seat));
  environment_.resources[0].association = kNone;
  const Response after = ask(app_service_request(seat));
  EXPECT_EQ(claims_in(before)->perimeters, std::vector{kPerimeter});
  EXPECT_EQ(claims_in(after)->perimeters, std::vector<Guid>());
}

// A post from which a resource calls.
TEST_F(Identities, OfWhoActsForAResourceAreTheResources) {
  const Seat job = seat_of(callers_[4]);
  EXPECT_EQ(claims_in(ask(metadata_request(), &job))->mirid, environment_.resources[0].id.text());
  EXPECT_EQ(claims_in(ask(app_service_request(job)))->mirid, environment_.resources[0].id.text());
}

TEST_F(Identities, LiveAsLongAsTheLabSays) {
  lifetime_ = 5min;
  const Response response = ask(metadata_request(), &callers_seat_);
  EXPECT_EQ(claims_in(response)->expires, kNow + 5min);
}

TEST_F(Identities, AreRefusedByAppServiceWithoutTheirSecret) {
  Request request{"GET", "/msi/token?" + kForStorage, {}, {}};
  EXPECT_EQ(text(ask(request)),
            R"(401 {"statusCode":401,"message":"The X-IDENTITY-HEADER is missing."})");
  request.headers.add("X-IDENTITY-HEADER", "guess");
  EXPECT_EQ(text(ask(request)),
            R"(401 {"statusCode":401,"message":"The X-IDENTITY-HEADER is not valid."})");
}

TEST_F(Identities, AreNotFoundByAppServiceForWhoHasNone) {
  const std::string expected =
      R"(400 {"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for )"
      R"(specified ClientId/ResourceId/PrincipalId."})";
  EXPECT_EQ(text(ask(app_service_request(seat_of(environment_.resources[1])))), expected);
  EXPECT_EQ(text(ask(app_service_request(seat_of(callers_[1])))), expected);
  EXPECT_EQ(text(ask(app_service_request(seat_of(environment_.resources[0]),
                                         kForStorage + "&client_id=other"))),
            expected);
}

TEST_F(Identities, TellAppServiceWhatIsMissing) {
  const Seat seat = seat_of(environment_.resources[0]);
  EXPECT_EQ(text(ask(app_service_request(seat, "api-version=2019-08-01"))),
            R"(400 {"statusCode":400,"message":)"
            R"("The query parameter 'resource' is missing or not supported."})");
  EXPECT_EQ(text(ask(app_service_request(seat, "resource=https://vault.azure.net"))),
            R"(400 {"statusCode":400,"message":)"
            R"("The query parameter 'api-version' is missing or not supported."})");
  EXPECT_EQ(
      text(ask(app_service_request(seat, "resource=storage&api-version=2019-08-01"))),
      R"(400 {"statusCode":400,"message":"AADSTS500011: The resource principal named storage )"
      R"(was not found in the tenant named )" +
          to_string(lab_tenant()) + ".\"}");
}

TEST_F(Identities, AreGivenTokensByTheMetadataServiceByWhereTheyCallFrom) {
  const Identity identity = *identity_of(callers_[0]);
  const Response response = ask(metadata_request(), &callers_seat_);
  const Json expected{
      {"access_token", service().issue(identity, "https://storage.azure.com", kNow)},
      {"client_id", to_string(identity.client)},
      {"expires_on", "1780318800"},
      {"resource", "https://storage.azure.com"},
      {"token_type", "Bearer"},
      {"expires_in", "3600"},
      {"ext_expires_in", "3600"},
      {"not_before", "1780315200"}};
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, expected.dump());
}

TEST_F(Identities, MayBeNamedInThreeWays) {
  const Identity identity = *identity_of(callers_[0]);
  for (const std::string& name :
       {"&client_id=" + to_string(identity.client), "&object_id=" + to_string(identity.object),
        "&msi_res_id=" + identity.mirid, "&mi_res_id=" + identity.mirid}) {
    EXPECT_EQ(ask(metadata_request(kMetadataForStorage + name), &callers_seat_).status, 200U);
    EXPECT_EQ(text(ask(metadata_request(kMetadataForStorage + name + "x"), &callers_seat_)),
              R"(400 {"error":"invalid_request","error_description":"Identity not found"})");
  }
}

TEST_F(Identities, AreRefusedByTheMetadataServiceAsAzureDoes) {
  EXPECT_EQ(text(ask({"GET", "/metadata/identity/oauth2/token", {}, {}}, &callers_seat_)),
            R"(400 {"error":"bad_request_102",)"
            R"("error_description":"Required metadata header not specified"})");
  EXPECT_EQ(text(ask(metadata_request("resource=https://vault.azure.net"), &callers_seat_)),
            R"(400 {"error":"invalid_request",)"
            R"("error_description":"Required query variable 'api-version' is missing"})");
  EXPECT_EQ(text(ask(metadata_request("api-version=2018-02-01"), &callers_seat_)),
            R"(400 {"error":"invalid_request",)"
            R"("error_description":"Required query variable 'resource' is missing"})");
  const std::string not_found =
      R"(400 {"error":"invalid_request","error_description":"Identity not found"})";
  const Seat user = seat_of(callers_[1]);
  EXPECT_EQ(text(ask(metadata_request(), &user)), not_found);
  EXPECT_EQ(text(ask(metadata_request())), not_found);
  Request post = metadata_request();
  post.method = "POST";
  EXPECT_EQ(text(ask(post, &callers_seat_)),
            R"(405 {"error":"invalid_request","error_description":"expected the method GET"})");
}

TEST_F(Identities, OfApplicationsAreGivenTokensForTheirSecret) {
  const Identity robot = *identity_of(callers_[2]);
  const std::string body = "grant_type=client_credentials&client_id=" + to_string(robot.client) +
                           "&client_secret=" + keys_.client_secret(robot.seat) +
                           "&scope=https%3A%2F%2Fstorage.azure.com%2F.default+openid";
  const Response response = ask(form(body, to_string(lab_tenant())));
  const Json expected{{"token_type", "Bearer"},
                      {"expires_in", 3600},
                      {"ext_expires_in", 3600},
                      {"access_token", service().issue(robot, "https://storage.azure.com", kNow)}};
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, expected.dump());
  EXPECT_EQ(claims_in(response)->kind, "app");
  EXPECT_EQ(claims_in(response)->mirid, "");
}

TEST_F(Identities, OfUsersAreGivenTokensForTheirPassword) {
  const Identity alice = *identity_of(callers_[1]);
  const Response response =
      ask(form("grant_type=password&username=Alice%40lab.example&password=" +
                   keys_.client_secret(alice.seat) +
                   "&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46"
                   "&scope=openid+https://search.azure.com/user_impersonation",
               "organizations"));
  ASSERT_EQ(response.status, 200U);
  const Claims claims = *claims_in(response);
  EXPECT_EQ(claims.kind, "user");
  EXPECT_EQ(claims.audience, "https://search.azure.com");
  EXPECT_EQ(claims.app, "04b07795-8ddb-461a-bbee-02f9e1bf7b46");
  EXPECT_EQ(claims.object, to_string(alice.object));
  EXPECT_EQ(claims.others.at("upn"), "alice@lab.example");
  const Json json = Json::parse(response.body);
  EXPECT_EQ(verifier_.read(json["id_token"].get<std::string>()).value()->audience, claims.app);
  EXPECT_EQ(
      parse_base64url(json["client_info"].get<std::string>()),
      R"({"uid":")" + to_string(alice.object) + R"(","utid":")" + to_string(lab_tenant()) + "\"}");
}

// Every way to be refused by the token endpoint.
TEST_F(Identities, AreRefusedByEntraAsAzureDoes) {
  const Identity robot = *identity_of(callers_[2]);
  const std::string client = "grant_type=client_credentials&client_id=" + to_string(robot.client);
  const std::string good = client + "&client_secret=" + keys_.client_secret(robot.seat);
  const auto error = [](int status, const std::string& word, int code, const std::string& words) {
    const Json json{{"error", word},
                    {"error_description", "AADSTS" + std::to_string(code) + ": " + words},
                    {"error_codes", Json::array({code})},
                    {"timestamp", "2026-06-01T12:00:00Z"}};
    return std::to_string(status) + ' ' + json.dump();
  };
  const std::string tenant = to_string(lab_tenant());
  const std::string missing = "The request body must contain the following parameter: ";
  EXPECT_EQ(text(ask(form(good, "contoso"))),
            error(400, "invalid_request", 90002,
                  "Tenant 'contoso' not found. The lab's tenant is " + tenant + "."));
  EXPECT_EQ(text(ask(form(""))), error(400, "invalid_request", 900144, missing + "'grant_type'."));
  EXPECT_EQ(text(ask(form("grant_type=%"))),
            error(400, "invalid_request", 900144,
                  "The request body must be a form in percent encoding."));
  EXPECT_EQ(text(ask(form("grant_type=device_code"))),
            error(400, "unsupported_grant_type", 70003,
                  "The app requested an unsupported grant type 'device_code'."));
  EXPECT_EQ(text(ask(form("grant_type=client_credentials"))),
            error(400, "invalid_request", 900144, missing + "'client_id'."));
  EXPECT_EQ(text(ask(form(client))),
            error(400, "invalid_request", 900144, missing + "'client_secret'."));
  EXPECT_EQ(
      text(ask(form("grant_type=client_credentials&client_id=x&client_secret=y"))),
      error(400, "unauthorized_client", 700016,
            "Application with identifier 'x' was not found in the directory '" + tenant + "'."));
  EXPECT_EQ(text(ask(form(client + "&client_secret=wrong"))),
            error(401, "invalid_client", 7000215, "Invalid client secret provided."));
  EXPECT_EQ(text(ask(form("grant_type=password&username=alice@lab.example&password=wrong"))),
            error(400, "invalid_grant", 50126,
                  "Error validating credentials due to invalid username or password."));
  EXPECT_EQ(text(ask(form("grant_type=password&username=alice@lab.example"))),
            error(400, "invalid_request", 900144, missing + "'password'."));
  const std::string scope =
      "The provided value for the input parameter 'scope' is not valid: one scope is expected, "
      "such as https://storage.azure.com/.default.";
  EXPECT_EQ(text(ask(form(good))), error(400, "invalid_scope", 70011, scope));
  EXPECT_EQ(text(ask(form(good + "&scope=a/b+c/d"))), error(400, "invalid_scope", 70011, scope));
  EXPECT_EQ(text(ask(form(good + "&scope=storage/.default"))),
            error(400, "invalid_resource", 500011,
                  "The resource principal named storage was not found in the tenant named " +
                      tenant + "."));
}

TEST_F(Identities, AreFoundByWhoLooksThemUp) {
  const std::string base = "https://login.microsoftonline.com/" + to_string(lab_tenant());
  const Response discovery = ask({"GET",
                                  "/common/discovery/instance?api-version=1.1"
                                  "&authorization_endpoint=https://x/y",
                                  {},
                                  {}});
  EXPECT_EQ(text(discovery),
            "200 {\"tenant_discovery_endpoint\":\"" + base +
                R"(/v2.0/.well-known/openid-configuration","api-version":"1.1","metadata":)"
                R"([{"preferred_network":"login.microsoftonline.com",)"
                R"("preferred_cache":"login.microsoftonline.com",)"
                R"("aliases":["login.microsoftonline.com"]}]})");
  const Response configuration =
      ask({"GET", "/organizations/v2.0/.well-known/openid-configuration", {}, {}});
  EXPECT_EQ(configuration.body,
            openid_configuration(base, "https://sts.windows.net/" + to_string(lab_tenant()) + "/"));
  for (const std::string path : {"/common/discovery/keys", "/common/discovery/v2.0/keys"}) {
    EXPECT_EQ(ask({"GET", path, {}, {}}).body, test::signer().key_set());
  }
  EXPECT_EQ(text(ask({"GET", "/common/userrealm/alice%40lab.example?api-version=1.0", {}, {}})),
            R"(200 {"ver":"1.0","account_type":"Managed","domain_name":"lab.example",)"
            R"("cloud_instance_name":"microsoftonline.com",)"
            R"("cloud_audience_urn":"urn:federation:MicrosoftOnline"})");
}

TEST_F(Identities, HaveNoOtherPages) {
  const std::string expected =
      R"(404 {"error":"not_found","error_description":"the lab's identity server has no such page"})";
  for (const std::string path : {"/", "*", "/%", "/token", "/common/else", "/common//"}) {
    EXPECT_EQ(text(ask({"GET", path, {}, {}})), expected) << path;
  }
}

}  // namespace
}  // namespace nsp::lab
