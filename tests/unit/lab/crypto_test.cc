#include "sim/lab/crypto.h"

#include <gtest/gtest.h>

namespace nsp::lab {
namespace {

using namespace std::string_literals;

TEST(Crypto, HashesAsTheStandardsDo) {
  // RFC 4231, test case 2; FIPS 180-2, `abc`; RFC 1321, `abc`.
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha512("Jefe", "what do ya want for nothing?")),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Crypto, EncodesAsTheStandardDoes) {
  // RFC 4648, section 10.
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64(plain), encoded);
    EXPECT_EQ(parse_base64(encoded), plain);
    const std::string unpadded = encoded.substr(0, encoded.find('='));
    EXPECT_EQ(base64url(plain), unpadded);
    EXPECT_EQ(parse_base64url(unpadded), plain);
  }
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
  EXPECT_EQ(base64url("\xff\xfe\xfd"), "__79");
}

TEST(Crypto, RefusesEverySpellingButOne) {
  EXPECT_EQ(parse_base64("Zg"), std::nullopt);    // no padding
  EXPECT_EQ(parse_base64("Zh=="), std::nullopt);  // bits left over
  EXPECT_EQ(parse_base64("Z==="), std::nullopt);  // too much padding
  EXPECT_EQ(parse_base64("=Zg="), std::nullopt);  // padding before the end
  EXPECT_EQ(parse_base64("Zm9_"), std::nullopt);  // the other alphabet
  EXPECT_EQ(parse_base64("Zm 9"), std::nullopt);
  EXPECT_EQ(parse_base64url("Zg=="), std::nullopt);
  EXPECT_EQ(parse_base64url("Zh"), std::nullopt);
  EXPECT_EQ(parse_base64url("Z"), std::nullopt);
  EXPECT_EQ(parse_base64url("Zm9/"), std::nullopt);
}

TEST(Crypto, ComparesSecretsByValue) {
  EXPECT_TRUE(equal_secrets("", ""));
  EXPECT_TRUE(equal_secrets("a\0b"s, "a\0b"s));
  EXPECT_FALSE(equal_secrets("a\0b"s, "a\0c"s));
  EXPECT_FALSE(equal_secrets("a", "ab"));
}

TEST(Crypto, RandomBytesDiffer) {
  const auto one = random_bytes(32);
  const auto other = random_bytes(32);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->size(), 32U);
  EXPECT_NE(*one, *other);
}

}  // namespace
}  // namespace nsp::lab
