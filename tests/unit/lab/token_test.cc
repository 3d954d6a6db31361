#include "sim/lab/token.h"

#include <gmock/gmock.h>

#include <vector>

#include "sim/lab/crypto.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using namespace std::chrono_literals;
using test::kNow;

const std::vector<std::string> kStorageAudiences{"https://storage.azure.com"};

Claims some_claims() {
  Claims claims;
  claims.issuer = "https://sts.windows.net/t/";
  claims.audience = "https://storage.azure.com/";
  claims.object = "o";
  claims.subject = "s";
  claims.tenant = "t";
  claims.app = "a";
  claims.kind = "app";
  claims.mirid = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/x";
  claims.perimeters = {*Guid::parse("11111111-1111-1111-1111-111111111111"),
                       *Guid::parse("22222222-2222-2222-2222-222222222222")};
  claims.issued = kNow;
  claims.not_before = kNow;
  claims.expires = kNow + 1h;
  claims.others = {{"upn", "zoë \"quoted\""}, {"ver", "1.0"}};
  return claims;
}

std::string text_of(const std::expected<Claims, TokenProblem>& read) {
  return std::string(read ? "good" : to_string(read.error()));
}

std::string verified(std::string_view token, Seconds now = kNow,
                     const std::vector<std::string>& audiences = kStorageAudiences) {
  Verifier verifier(test::signer());
  return text_of(verifier.verify(token, now, audiences));
}

// A token with this header and payload, signed by the lab.
std::string unsigned_text(std::string_view header, std::string_view payload) {
  return base64url(header) + '.' + base64url(payload);
}

TEST(Token, ComesBackWhole) {
  Verifier verifier(test::signer());
  const auto read = verifier.verify(test::signer().sign(some_claims()), kNow, kStorageAudiences);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, some_claims());
}

TEST(Token, HasTheFormOfAzures) {
  Claims claims = some_claims();
  claims.others.clear();
  const std::string token = test::signer().sign(claims);
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  EXPECT_EQ(parse_base64url(token.substr(0, first)),
            R"({"typ":"JWT","alg":"RS256","kid":")" + test::signer().key_id() + "\"}");
  EXPECT_EQ(parse_base64url(token.substr(first + 1, second - first - 1)),
            R"({"iss":"https://sts.windows.net/t/","aud":"https://storage.azure.com/","oid":"o",)"
            R"("sub":"s","tid":"t","appid":"a","idtyp":"app","xms_mirid":)"
            R"("/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/x",)"
            R"("iat":1780315200,"nbf":1780315200,"exp":1780318800,"xms_az_nwperimid":)"
            R"(["11111111-1111-1111-1111-111111111111","22222222-2222-2222-2222-222222222222"]})");
  EXPECT_EQ(parse_base64url(token.substr(second + 1))->size(), 256U);
}

TEST(Token, IsGoodFromTheFirstSecondToTheLast) {
  const std::string token = test::signer().sign(some_claims());
  EXPECT_EQ(verified(token, kNow - 1s), "not yet valid");
  EXPECT_EQ(verified(token, kNow), "good");
  EXPECT_EQ(verified(token, kNow + 1h - 1s), "good");
  EXPECT_EQ(verified(token, kNow + 1h), "expired");
}

TEST(Token, IsForItsAudience) {
  const std::string token = test::signer().sign(some_claims());
  EXPECT_EQ(verified(token, kNow, {"https://vault.azure.net", "HTTPS://Storage.Azure.com/"}),
            "good");
  EXPECT_EQ(verified(token, kNow, {"https://vault.azure.net"}), "wrong audience");
  EXPECT_EQ(verified(token, kNow, {}), "wrong audience");
  EXPECT_EQ(verified(token, kNow + 2h, {}), "expired");
}

TEST(Token, OfAnotherSignerIsNotTheLabs) {
  const Signer other = Signer::make().value();
  EXPECT_NE(other.key_id(), test::signer().key_id());
  EXPECT_EQ(verified(other.sign(some_claims())), "bad signature");
}

TEST(Token, WithOneCharacterChangedIsRefused) {
  const std::string token = test::signer().sign(some_claims());
  Verifier verifier(test::signer());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifier.verify(changed, kNow, kStorageAudiences).has_value()) << i;
  }
  EXPECT_EQ(verifier.remembered(), 0U);
}

TEST(Token, WithoutSignatureIsRefused) {
  const std::string token = test::signer().sign(some_claims());
  const std::string payload =
      token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
  const std::string none = base64url(R"({"alg":"none","typ":"JWT"})") + '.' + payload;
  EXPECT_EQ(verified(none + '.'), "bad signature");
  EXPECT_EQ(verified(none + token.substr(token.rfind('.'))), "bad signature");
}

// The classic trick: an HMAC keyed with the public key, which everybody has.
TEST(Token, SignedWithThePublicKeyAsASecretIsRefused) {
  const std::string text = unsigned_text(
      R"({"alg":"HS256","kid":")" + test::signer().key_id() + "\"}", R"({"exp":1780318800})");
  const std::string token = text + '.' + base64url(hmac_sha256(test::signer().key_set(), text));
  EXPECT_EQ(verified(token), "bad signature");
}

TEST(Token, ThatBringsItsOwnKeyOrExtensionIsRefused) {
  const std::string signature = ".AAAA";
  EXPECT_EQ(verified(unsigned_text(R"({"alg":"RS256","jwk":{"kty":"RSA"}})", "{}") + signature),
            "bad signature");
  EXPECT_EQ(
      verified(unsigned_text(R"({"alg":"RS256","crit":["b64"],"b64":false})", "{}") + signature),
      "malformed");
}

TEST(Token, OfNoFormIsMalformed) {
  for (const std::string_view text :
       {"", ".", "..", "...", "a.b", "a.b.c.d", "abc", "=.=.=", "e30.e30.*"}) {
    EXPECT_EQ(verified(text), "malformed") << text;
  }
  EXPECT_EQ(verified(unsigned_text("[]", "{}") + ".AAAA"), "malformed");
  EXPECT_EQ(verified(unsigned_text("{", "{}") + ".AAAA"), "malformed");
  EXPECT_EQ(verified(std::string(kMostTokenBytes + 1, 'a')), "malformed");
  EXPECT_EQ(verified(unsigned_text(std::string(10'000, '['), "{}") + ".AAAA"), "malformed");
}

TEST(Verifier, LooksAtASignatureOnceAndAtTheTimeAlways) {
  Verifier verifier(test::signer());
  const std::string token = test::signer().sign(some_claims());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(text_of(verifier.verify(token, kNow, kStorageAudiences)), "good");
    EXPECT_EQ(verifier.remembered(), 1U);
  }
  EXPECT_EQ(text_of(verifier.verify(token, kNow + 1h, kStorageAudiences)), "expired");
  EXPECT_EQ(text_of(verifier.verify(token, kNow, {})), "wrong audience");
}

TEST(Signer, GivesOutItsPublicKey) {
  EXPECT_THAT(test::signer().key_set(),
              testing::MatchesRegex(R"(\{"keys":\[\{"kty":"RSA","use":"sig","alg":"RS256",)"
                                    R"("kid":"[A-Za-z0-9_-]{43}","x5t":"[A-Za-z0-9_-]{43}",)"
                                    R"("n":"[A-Za-z0-9_-]{342}","e":"AQAB"\}\]\})"));
}

TEST(OpenIdConfiguration, NamesTheEndpoints) {
  EXPECT_EQ(openid_configuration("https://login.example/t", "https://sts.example/t/"),
            R"({"issuer":"https://sts.example/t/",)"
            R"("authorization_endpoint":"https://login.example/t/oauth2/v2.0/authorize",)"
            R"("token_endpoint":"https://login.example/t/oauth2/v2.0/token",)"
            R"("jwks_uri":"https://login.example/t/discovery/v2.0/keys",)"
            R"("response_types_supported":["code","id_token","token"],)"
            R"("subject_types_supported":["pairwise"],)"
            R"("id_token_signing_alg_values_supported":["RS256"],)"
            R"("scopes_supported":["openid","profile","offline_access"],)"
            R"("token_endpoint_auth_methods_supported":["client_secret_post"],)"
            R"("tenant_region_scope":"LAB"})");
}

}  // namespace
}  // namespace nsp::lab
