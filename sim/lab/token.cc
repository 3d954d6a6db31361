#include "sim/lab/token.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/crypto.h"
#include "sim/lab/freed.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

using KeyPointer = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using HashContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

std::string openssl_error(std::string_view doing) {
  const unsigned long code = ERR_get_error();
  std::array<char, 256> text{};
  if (code != 0) ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return fmt::format("cannot {}: {}", doing, code != 0 ? text.data() : "no reason given");
}

// One of the two numbers of a public key, big-endian, in base64url.
std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  [[maybe_unused]] const int found = EVP_PKEY_get_bn_param(key, name, &raw);
  assert(found == 1);
  const Number number(raw);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return base64url(bytes);
}

std::int64_t count(Seconds time) { return time.time_since_epoch().count(); }

// The claims that have a member of their own, but for the times and the perimeters.
constexpr std::array<std::pair<std::string_view, std::string Claims::*>, 8> kTexts{{
    {"iss", &Claims::issuer},
    {"aud", &Claims::audience},
    {"oid", &Claims::object},
    {"sub", &Claims::subject},
    {"tid", &Claims::tenant},
    {"appid", &Claims::app},
    {"idtyp", &Claims::kind},
    {"xms_mirid", &Claims::mirid},
}};
constexpr std::array<std::pair<std::string_view, Seconds Claims::*>, 3> kTimes{{
    {"iat", &Claims::issued},
    {"nbf", &Claims::not_before},
    {"exp", &Claims::expires},
}};
constexpr std::string_view kPerimeters = "xms_az_nwperimid";

std::string payload_of(const Claims& claims) {
  Json json = Json::object();
  for (const auto& [name, member] : kTexts) {
    if (!(claims.*member).empty()) json[std::string(name)] = claims.*member;
  }
  for (const auto& [name, member] : kTimes) json[std::string(name)] = count(claims.*member);
  for (const Guid& perimeter : claims.perimeters) {
    json[std::string(kPerimeters)].push_back(to_string(perimeter));
  }
  for (const auto& [name, value] : claims.others) json[name] = value;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// False: no time, which is whole seconds from 1970 to 2242.
bool read_time(const Json& value, Seconds& time) {
  constexpr std::int64_t kMost = std::int64_t{1} << 33;
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{kMost}) return false;
  const auto seconds = value.get<std::int64_t>();
  if (seconds < 0) return false;
  time = Seconds(std::chrono::seconds(seconds));
  return true;
}

bool read_perimeters(const Json& value, std::vector<Guid>& perimeters) {
  if (!value.is_array()) return false;
  for (const Json& entry : value) {
    if (!entry.is_string()) return false;
    const auto guid = Guid::parse(entry.get_ref<const std::string&>());
    if (!guid) return false;
    perimeters.push_back(*guid);
  }
  return true;
}

bool read_member(const std::string& name, const Json& value, Claims& claims) {
  for (const auto& [known, member] : kTimes) {
    if (name == known) return read_time(value, claims.*member);
  }
  if (name == kPerimeters) return read_perimeters(value, claims.perimeters);
  for (const auto& [known, member] : kTexts) {
    if (name != known) continue;
    if (!value.is_string()) return false;
    claims.*member = value.get_ref<const std::string&>();
    return true;
  }
  if (value.is_string()) claims.others[name] = value.get_ref<const std::string&>();
  return true;
}

// Nothing: not a JSON object. A token signed by the lab is always read; one that is not never gets
// here, as its signature is looked at first.
std::optional<Claims> claims_of(std::string_view payload) {
  const Json json = Json::parse(payload, nullptr, false);
  if (!json.is_object() || !json.contains("exp")) return std::nullopt;
  Claims claims;
  for (const auto& [name, value] : json.items()) {
    if (!read_member(name, value, claims)) return std::nullopt;
  }
  return claims;
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view is_signed;  // header and payload with the dot between
};

std::optional<Parts> token_parts(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// What a header says, where it is one.
struct Header {
  std::string algorithm;
  std::string key_id;
};

std::optional<Header> header_of(std::string_view text) {
  const auto bytes = parse_base64url(text);
  if (!bytes) return std::nullopt;
  const Json json = Json::parse(*bytes, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  // An extension that must be understood (RFC 7515, 4.1.11): none is.
  if (json.contains("crit")) return std::nullopt;
  const auto text_of = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return Header{text_of("alg"), text_of("kid")};
}

bool is_signed_by(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const HashContext context(EVP_MD_CTX_new());
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string_view without_slash(std::string_view audience) {
  if (audience.ends_with('/')) audience.remove_suffix(1);
  return audience;
}

}  // namespace

struct Signer::Key {
  KeyPointer key;
};

std::string_view to_string(TokenProblem problem) {
  constexpr std::array<std::string_view, 5> kWords{"malformed", "bad signature", "expired",
                                                   "not yet valid", "wrong audience"};
  return kWords[static_cast<std::size_t>(problem)];
}

Signer::Signer(std::shared_ptr<const Key> key) : key_(std::move(key)) {
  const std::string modulus = number_of(key_->key.get(), OSSL_PKEY_PARAM_RSA_N);
  const std::string exponent = number_of(key_->key.get(), OSSL_PKEY_PARAM_RSA_E);
  // RFC 7638: the members that the key needs, in order of their names, without spaces.
  key_id_ =
      base64url(sha256(fmt::format(R"({{"e":"{}","kty":"RSA","n":"{}"}})", exponent, modulus)));
  key_set_ = fmt::format(
      R"({{"keys":[{{"kty":"RSA","use":"sig","alg":"RS256","kid":"{0}","x5t":"{0}","n":"{1}","e":"{2}"}}]}})",
      key_id_, modulus, exponent);
}

std::expected<Signer, std::string> Signer::make() {
  constexpr std::size_t kBits = 2048;
  KeyPointer key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kBits));
  if (!key) return std::unexpected(openssl_error("make a key"));
  return Signer(std::make_shared<const Key>(Key{std::move(key)}));
}

std::string Signer::sign(const Claims& claims) const {
  std::string token =
      base64url(fmt::format(R"({{"typ":"JWT","alg":"RS256","kid":"{}"}})", key_id_));
  token += '.' + base64url(payload_of(claims));
  const HashContext context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get())), '\0');
  std::size_t size = signature.size();
  [[maybe_unused]] const bool done =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->key.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(token.data()), token.size()) == 1;
  assert(done);
  signature.resize(size);
  return token + '.' + base64url(signature);
}

std::expected<const Claims*, TokenProblem> Verifier::read(std::string_view token) {
  using enum TokenProblem;
  if (token.size() > kMostTokenBytes) return std::unexpected(Malformed);
  if (const auto found = known_.find(token); found != known_.end()) {
    return &found->second;
  }
  const std::optional<Parts> parts = token_parts(token);
  if (!parts) return std::unexpected(Malformed);
  const std::optional<Header> header = header_of(parts->header);
  const auto payload = parse_base64url(parts->payload);
  const auto signature = parse_base64url(parts->signature);
  if (!header || !payload || !signature) return std::unexpected(Malformed);
  if (header->algorithm != "RS256" || header->key_id != key_id_ ||
      !is_signed_by(key_->key.get(), parts->is_signed, *signature)) {
    return std::unexpected(BadSignature);
  }
  std::optional<Claims> claims = claims_of(*payload);
  if (!claims) return std::unexpected(Malformed);
  if (known_.size() >= kMostRemembered) known_.clear();
  return &known_.emplace(token, *std::move(claims)).first->second;
}

std::optional<TokenProblem> Verifier::problem_of(const Claims& claims, Seconds now,
                                                 std::span<const std::string> audiences) {
  using enum TokenProblem;
  if (now >= claims.expires + kClockSkew) return Expired;
  if (now < claims.not_before - kClockSkew) return NotYetValid;
  const std::string_view audience = without_slash(claims.audience);
  const bool is_ours = std::ranges::any_of(
      audiences, [&](const std::string& known) { return iequals(without_slash(known), audience); });
  if (!is_ours) return WrongAudience;
  return std::nullopt;
}

std::expected<Claims, TokenProblem> Verifier::verify(std::string_view token, Seconds now,
                                                     std::span<const std::string> audiences) {
  const std::expected<const Claims*, TokenProblem> claims = read(token);
  if (!claims) return std::unexpected(claims.error());
  if (const auto problem = problem_of(**claims, now, audiences)) return std::unexpected(*problem);
  return **claims;
}

bool looks_like_token(std::string_view text) { return token_parts(text).has_value(); }

std::string openid_configuration(std::string_view authority, std::string_view issuer) {
  Json json;
  const std::string base(authority);
  json["issuer"] = issuer;
  json["authorization_endpoint"] = base + "/oauth2/v2.0/authorize";
  json["token_endpoint"] = base + "/oauth2/v2.0/token";
  json["jwks_uri"] = base + "/discovery/v2.0/keys";
  json["response_types_supported"] = Json::array({"code", "id_token", "token"});
  json["subject_types_supported"] = Json::array({"pairwise"});
  json["id_token_signing_alg_values_supported"] = Json::array({"RS256"});
  json["scopes_supported"] = Json::array({"openid", "profile", "offline_access"});
  json["token_endpoint_auth_methods_supported"] = Json::array({"client_secret_post"});
  json["tenant_region_scope"] = "LAB";
  return json.dump();
}

}  // namespace nsp::lab
