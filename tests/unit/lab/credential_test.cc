#include "sim/lab/credential.h"

#include <gmock/gmock.h>

#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using namespace std::chrono_literals;
using test::kNow;
using test::make_resource;
using testing::ElementsAre;

class Credentials : public testing::Test {
 protected:
  Shown read(const Resource& resource, const Request& request) {
    return CredentialReader{keys_, verifier_}.read(request, resource, now_);
  }

  // What a header alone shows: `key key1`, `user: expired: …`.
  std::string shown(const Resource& resource, const std::string& name, const std::string& value,
                    const std::string& target = "/") {
    Request request{"GET", target, {}, {}};
    if (!name.empty()) request.headers.add(name, value);
    return words(read(resource, request));
  }

  static std::string words(const Shown& shown) {
    std::string text(to_string(shown.credential));
    if (!shown.key_name.empty()) text += ' ' + shown.key_name;
    if (shown.problem) text += ": " + std::string(to_string(*shown.problem)) + ": " + shown.detail;
    return text;
  }

  static Claims claims(std::string_view kind, std::string_view mirid, std::string_view audience) {
    Claims claims;
    claims.kind = kind;
    claims.mirid = mirid;
    claims.audience = audience;
    claims.not_before = kNow;
    claims.expires = kNow + 1h;
    return claims;
  }

  static std::string bearer(const Claims& claims) {
    return "Bearer " + test::signer().sign(claims);
  }

  Seconds now_ = kNow;
  LabKeys keys_{"lab secret"};
  Verifier verifier_{test::signer()};
  Resource storage_ = make_resource(Service::Storage, "stlab");
  Resource search_ = make_resource(Service::Search, "find");
  Resource foundry_ = make_resource(Service::Foundry, "ai");
};

TEST_F(Credentials, OfATokenAreItsHolders) {
  const std::string storage = "https://storage.azure.com/";
  EXPECT_EQ(shown(storage_, "Authorization", bearer(claims("app", "/x/y", storage))),
            "managed identity");
  EXPECT_EQ(shown(storage_, "authorization", bearer(claims("user", "", storage))), "user");
  EXPECT_EQ(shown(storage_, "AUTHORIZATION", bearer(claims("app", "", storage))),
            "service principal");
}

TEST_F(Credentials, GiveTheClaimsOfATokenWhole) {
  Claims given = claims("app", "/x/y", "https://storage.azure.com");
  given.perimeters = {*Guid::parse("11111111-1111-1111-1111-111111111111")};
  Request request{"GET", "/", {}, {}};
  request.headers.add("Authorization", "bearer " + test::signer().sign(given));
  const Shown expected{.credential = Credential::ManagedIdentity, .claims = given};
  EXPECT_EQ(read(storage_, request), expected);
}

TEST_F(Credentials, OfATokenThatIsOfNoUseStillTellWhoHoldsIt) {
  const std::string token = bearer(claims("user", "", "https://vault.azure.net"));
  EXPECT_EQ(shown(storage_, "Authorization", token),
            "user: wrong audience: the token is for `https://vault.azure.net`, expected "
            "`https://storage.azure.com`");
  now_ = kNow + 2h;
  EXPECT_EQ(shown(storage_, "Authorization", token),
            "user: expired: the token expired at 2026-06-01T13:00:00Z");
  now_ = kNow - 1s;
  EXPECT_EQ(shown(storage_, "Authorization", token),
            "user: not yet valid: the token is valid from 2026-06-01T12:00:00Z on");
}

TEST_F(Credentials, OfAForgedTokenAreNobodys) {
  const std::string forged = "Bearer " + Signer::make().value().sign(claims("app", "/x/y", "a"));
  EXPECT_EQ(shown(storage_, "Authorization", forged),
            "anonymous: bad signature: the token is not signed by the lab");
  EXPECT_EQ(shown(storage_, "Authorization", "Bearer abc"),
            "anonymous: malformed: the token is no JWT");
  EXPECT_EQ(shown(foundry_, "Authorization", "Bearer a.b.c"),
            "anonymous: malformed: the token is no JWT");
}

TEST_F(Credentials, OfAnUnknownSchemeAreMalformed) {
  EXPECT_EQ(shown(storage_, "Authorization", "Basic YTpi"),
            "anonymous: malformed: the scheme of `Authorization` is `Basic`, expected `Bearer`, "
            "`SharedKey` or `SharedKeyLite`");
  EXPECT_EQ(shown(search_, "Authorization", "Bearer"),
            "anonymous: malformed: the scheme of `Authorization` is `Bearer`, expected `Bearer`");
}

TEST_F(Credentials, AreAnApiKeyWhereTheServiceTakesOne) {
  const std::string key = keys_.of_resource(foundry_, "key2");
  EXPECT_EQ(shown(foundry_, "api-key", key), "key key2");
  EXPECT_EQ(shown(foundry_, "Ocp-Apim-Subscription-Key", key), "key key2");
  EXPECT_EQ(shown(foundry_, "Authorization", "Bearer " + key), "key key2");
  EXPECT_EQ(shown(foundry_, "api-key", "wrong"), "key: unknown key: the key is none of `ai`");
  EXPECT_EQ(shown(search_, "api-key", keys_.of_resource(search_, "key1")), "key key1");
  EXPECT_EQ(shown(search_, "", "", "/?api-key=" + keys_.of_resource(search_, "key1")), "key key1");
  EXPECT_EQ(shown(search_, "Ocp-Apim-Subscription-Key", "x"), "anonymous");
  EXPECT_EQ(shown(storage_, "api-key", "x"), "anonymous");
}

TEST_F(Credentials, OfOneResourceAreNotAnothers) {
  const Resource other = make_resource(Service::Foundry, "other");
  EXPECT_EQ(shown(foundry_, "api-key", keys_.of_resource(other, "key1")),
            "key: unknown key: the key is none of `ai`");
}

TEST_F(Credentials, WithKeysDisabledAreRefused) {
  foundry_.local_auth_disabled = true;
  EXPECT_EQ(shown(foundry_, "api-key", keys_.of_resource(foundry_, "key1")),
            "key: keys disabled: disableLocalAuth is true");
  storage_.shared_key_access = false;
  EXPECT_EQ(shown(storage_, "Authorization", "SharedKey stlab:AAAA"),
            "key: keys disabled: allowSharedKeyAccess is false");
  EXPECT_EQ(shown(storage_, "", "", "/c?sr=c&sv=2020-12-06&sig=x"),
            "sas: keys disabled: allowSharedKeyAccess is false");
  // A delegation is not by the account's key.
  EXPECT_EQ(shown(storage_, "", "", "/c?sr=c&sv=2020-12-06&skoid=o&sig=x"),
            "sas: bad signature: the signature is by no delegation key of `stlab`");
}

TEST_F(Credentials, OfStorageAreNoneElsewhere) {
  EXPECT_EQ(shown(search_, "Authorization", "SharedKey find:AAAA"),
            "key: not accepted: AI Search takes no shared keys");
  EXPECT_EQ(shown(search_, "", "", "/indexes?sig=x&sv=2020-12-06&se=E"), "anonymous");
}

TEST_F(Credentials, AreAnonymousWhereNothingIsShown) {
  EXPECT_EQ(shown(storage_, "", ""), "anonymous");
  EXPECT_EQ(shown(storage_, "", "", "/c?sv=2020-12-06&se=2026-06-02"), "anonymous");
  EXPECT_EQ(shown(storage_, "", "", "*"), "anonymous");
}

// The signature is Microsoft's client's; see storage_signature_test.cc.
TEST_F(Credentials, OfASasEndWithIt) {
  const std::string sas =
      "/docs/dir/n%C3%A4me%201.txt?sv=2015-04-05&st=2026-06-01T00%3A00%3A00Z&se=2026-06-02T00%3A00%"
      "3A00Z&sr=b&sp=r&sig=uKLzzZ%2BOmKatBFcagbGlpL%2B9%2FevN0%2FHe6x8q5aTaQnE%3D";
  EXPECT_EQ(shown(storage_, "", "", sas), "sas key1");
  now_ = kNow + 12h;
  EXPECT_EQ(shown(storage_, "", "", sas),
            "sas key1: expired: the SAS expired at 2026-06-02T00:00:00Z");
  now_ = kNow - 12h - 1s;
  EXPECT_EQ(shown(storage_, "", "", sas),
            "sas key1: not yet valid: the SAS is valid from 2026-06-01T00:00:00Z on");
}

TEST_F(Credentials, GiveTheParametersOfASas) {
  const Request request{"GET", "/c?SV=2020-12-06&sr=c&sp=rl&restype=container&sig=a%2Bb", {}, {}};
  const Shown shown = read(storage_, request);
  ASSERT_TRUE(shown.sas.has_value());
  EXPECT_EQ(*shown.sas, (Sas{Sas::Kind::Service,
                             {{"sv", "2020-12-06"}, {"sr", "c"}, {"sp", "rl"}, {"sig", "a+b"}}}));
}

TEST_F(Credentials, OfASasOfNoKnownVersionAreMalformed) {
  EXPECT_EQ(shown(storage_, "", "", "/c?sr=c&sig=x"),
            "sas: malformed: the SAS is not of a known version, or for something else");
}

TEST(Proofs, OfAManagedIdentityTellWhoseItIs) {
  const Guid perimeter = *Guid::parse("11111111-1111-1111-1111-111111111111");
  Shown shown{.credential = Credential::ManagedIdentity, .claims = Claims{}};
  shown.claims->mirid = "/subscriptions/s/resourceGroups/g/providers/A.B/c/d";
  shown.claims->perimeters = {perimeter};
  const Proven proven = proven_of(shown);
  EXPECT_EQ(proven.credential, Credential::ManagedIdentity);
  EXPECT_EQ(proven.identity.text(), shown.claims->mirid);
  EXPECT_EQ(proven.perimeters, std::vector{perimeter});
  shown.claims->perimeters.clear();
  EXPECT_EQ(proven_of(shown).perimeters, std::vector<Guid>());
  shown.credential = Credential::User;
  EXPECT_TRUE(proven_of(shown).identity.empty());
  EXPECT_EQ(proven_of(shown).perimeters, std::nullopt);
}

TEST(Audiences, AreTheServicesAndTheResources) {
  EXPECT_THAT(audiences(make_resource(Service::Storage, "st")),
              ElementsAre("https://storage.azure.com", "https://st.blob.core.windows.net",
                          "https://st.dfs.core.windows.net", "https://st.file.core.windows.net",
                          "https://st.queue.core.windows.net", "https://st.table.core.windows.net",
                          "https://st.web.core.windows.net"));
  EXPECT_THAT(audiences(make_resource(Service::Search, "s")),
              ElementsAre("https://search.azure.com", "https://s.search.windows.net"));
  EXPECT_THAT(audiences(make_resource(Service::OpenAi, "o")),
              ElementsAre("https://cognitiveservices.azure.com", "https://ai.azure.com",
                          "https://o.openai.azure.com", "https://o.cognitiveservices.azure.com",
                          "https://o.services.ai.azure.com"));
  EXPECT_THAT(audiences(make_resource(Service::KeyVault, "k")),
              ElementsAre("https://vault.azure.net", "https://k.vault.azure.net"));
}

}  // namespace
}  // namespace nsp::lab
