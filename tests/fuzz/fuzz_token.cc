// Bytes → a request's credential: no crash, and nothing made up is good. The text is shown as a
// token, as an Authorization header and as a target; what the lab itself signed is good until one
// byte of it changes.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/lab/credential.h"

namespace {

using namespace nsp;
using namespace nsp::lab;

void require(bool holds) {
  if (!holds) std::abort();
}

const Signer& signer() {
  static const Signer kSigner = Signer::make().value();
  return kSigner;
}

Resource account() {
  Resource resource;
  resource.service = Service::Storage;
  resource.name = "st";
  resource.id = *ResourceId::parse(
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/"
      "storageAccounts/st");
  return resource;
}

constexpr Seconds kNow{std::chrono::seconds(1'780'315'200)};

void check_shown(const Request& request) {
  static const LabKeys kKeys("a secret that no input knows");
  static Verifier verifier(signer());
  static const Resource kAccount = account();
  const Shown shown = CredentialReader{kKeys, verifier}.read(request, kAccount, kNow);
  require(shown.key_name.empty() && !shown.claims);
  require(shown.credential == Credential::Anonymous || shown.problem.has_value());
  require(shown.problem.has_value() == !shown.detail.empty());
}

// A good token with one byte changed, chosen by the input.
void check_changed(std::string_view text) {
  if (text.size() < 3) return;
  Claims claims;
  claims.audience = "https://storage.azure.com";
  claims.expires = kNow + std::chrono::hours(1);
  static const std::string kGood = signer().sign(claims);
  std::string changed = kGood;
  const std::size_t at = (static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 |
                          static_cast<unsigned char>(text[1])) %
                         changed.size();
  const bool is_same = changed[at] == text[2];
  changed[at] = text[2];
  Verifier verifier(signer());
  require(verifier.read(changed).has_value() == is_same);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Request request{"GET", "/c/b?comp=list", {}, {}};
  request.headers.set("Authorization", "Bearer " + text);
  check_shown(request);
  request.headers.set("Authorization", text);
  check_shown(request);
  check_shown({"GET", '/' + text, {}, {}});
  check_changed(text);
  return 0;
}
