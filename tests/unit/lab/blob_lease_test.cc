#include "sim/lab/blob_lease.h"

#include <gmock/gmock.h>

#include "sim/lab/blob_api.h"
#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

using std::chrono::seconds;
using test::Fields;
using test::header;
using test::kMoment;
using test::request_of;

constexpr const char* kOne = "11111111-1111-1111-1111-111111111111";
constexpr const char* kTwo = "22222222-2222-2222-2222-222222222222";

// A clock and an account with the container `docs` and the blob `docs/b`.
class Leases : public ::testing::Test {
 protected:
  Leases() {
    EXPECT_EQ(call("PUT", "/docs?restype=container"), "201");
    EXPECT_EQ(write(), "201");
  }

  Response ask(std::string method, std::string target, const Fields& fields = {}) {
    return test::ask(api_, request_of(std::move(method), std::move(target), {}, fields), now_);
  }
  // `409 LeaseAlreadyPresent`
  static std::string outcome(const Response& answer) {
    const auto code = answer.headers.find("x-ms-error-code");
    return std::to_string(answer.status) + (code ? " " + std::string(*code) : "");
  }
  std::string call(std::string method, std::string target, const Fields& fields = {}) {
    return outcome(ask(std::move(method), std::move(target), fields));
  }
  std::string write(const Fields& lease = {}) {
    Fields fields = lease;
    fields.emplace_back("x-ms-blob-type", "BlockBlob");
    return call("PUT", "/docs/b", fields);
  }
  std::string lease(Fields fields) { return call("PUT", "/docs/b?comp=lease", fields); }
  std::string acquire(const char* id, const char* duration = "15") {
    return lease({{"x-ms-lease-action", "acquire"},
                  {"x-ms-lease-duration", duration},
                  {"x-ms-proposed-lease-id", id}});
  }
  std::string renew(const char* id) {
    return lease({{"x-ms-lease-action", "renew"}, {"x-ms-lease-id", id}});
  }
  std::string release(const char* id) {
    return lease({{"x-ms-lease-action", "release"}, {"x-ms-lease-id", id}});
  }
  std::string change(const char* id, const char* proposed) {
    return lease({{"x-ms-lease-action", "change"},
                  {"x-ms-lease-id", id},
                  {"x-ms-proposed-lease-id", proposed}});
  }
  // `202, 10 s`
  std::string break_lease(const char* period = nullptr) {
    Fields fields{{"x-ms-lease-action", "break"}};
    if (period != nullptr) fields.emplace_back("x-ms-lease-break-period", period);
    const Response answer = ask("PUT", "/docs/b?comp=lease", fields);
    return outcome(answer) + ", " + header(answer, "x-ms-lease-time") + " s";
  }
  std::string state() {
    const Response answer = ask("HEAD", "/docs/b");
    return header(answer, "x-ms-lease-state") + ", " + header(answer, "x-ms-lease-status") + ", " +
           header(answer, "x-ms-lease-duration");
  }

  BlobApi api_{"https://stdocs.blob.core.windows.net/"};
  Utc now_ = kMoment;
};

TEST_F(Leases, KeepOthersFromWriting) {
  EXPECT_EQ(state(), "available, unlocked, (none)");
  EXPECT_EQ(acquire(kOne), "201");
  EXPECT_EQ(state(), "leased, locked, fixed");
  EXPECT_EQ(write(), "412 LeaseIdMissing");
  EXPECT_EQ(write({{"x-ms-lease-id", kTwo}}), "412 LeaseIdMismatchWithBlobOperation");
  EXPECT_EQ(write({{"x-ms-lease-id", kOne}}), "201");
  for (const char* comp : {"metadata", "properties", "block&blockid=QUE%3D", "blocklist"}) {
    EXPECT_EQ(call("PUT", std::string("/docs/b?comp=") + comp), "412 LeaseIdMissing") << comp;
  }
  EXPECT_EQ(call("DELETE", "/docs/b"), "412 LeaseIdMissing");
  EXPECT_EQ(call("GET", "/docs/b"), "200");
  EXPECT_EQ(call("GET", "/docs/b", {{"x-ms-lease-id", kOne}}), "200");
  EXPECT_EQ(call("GET", "/docs/b", {{"x-ms-lease-id", kTwo}}),
            "412 LeaseIdMismatchWithBlobOperation");
  EXPECT_EQ(state(), "leased, locked, fixed");
  EXPECT_EQ(call("DELETE", "/docs/b", {{"x-ms-lease-id", kOne}}), "202");
  EXPECT_EQ(write({{"x-ms-lease-id", kOne}}), "412 LeaseNotPresentWithBlobOperation");
}

TEST_F(Leases, ExpireAndAreRenewedWhileNobodyWrites) {
  EXPECT_EQ(acquire(kOne), "201");
  EXPECT_EQ(acquire(kTwo), "409 LeaseAlreadyPresent");
  EXPECT_EQ(acquire(kOne, "30"), "201");
  now_ += seconds(29);
  EXPECT_EQ(state(), "leased, locked, fixed");
  now_ += seconds(1);
  EXPECT_EQ(state(), "expired, unlocked, (none)");
  EXPECT_EQ(call("GET", "/docs/b", {{"x-ms-lease-id", kOne}}), "412 LeaseLost");
  EXPECT_EQ(change(kOne, kTwo), "409 LeaseNotPresentWithLeaseOperation");
  EXPECT_EQ(renew(kTwo), "409 LeaseIdMismatchWithLeaseOperation");
  EXPECT_EQ(renew(kOne), "200");
  now_ += seconds(30);
  EXPECT_EQ(write(), "201");
  EXPECT_EQ(state(), "available, unlocked, (none)");
  EXPECT_EQ(renew(kOne), "409 LeaseIdMismatchWithLeaseOperation");
  EXPECT_EQ(acquire(kTwo, "-1"), "201");
  EXPECT_EQ(state(), "leased, locked, infinite");
  now_ += std::chrono::hours(1'000);
  EXPECT_EQ(state(), "leased, locked, infinite");
}

TEST_F(Leases, AreChangedAndReleased) {
  EXPECT_EQ(change(kOne, kTwo), "409 LeaseNotPresentWithLeaseOperation");
  EXPECT_EQ(release(kOne), "409 LeaseIdMismatchWithLeaseOperation");
  EXPECT_EQ(acquire(kOne), "201");
  EXPECT_EQ(change(kOne, kTwo), "200");
  EXPECT_EQ(change(kOne, kTwo), "200");
  EXPECT_EQ(release(kOne), "409 LeaseIdMismatchWithLeaseOperation");
  EXPECT_EQ(release(kTwo), "200");
  EXPECT_EQ(state(), "available, unlocked, (none)");
}

TEST_F(Leases, BreakInTheirTime) {
  EXPECT_EQ(break_lease(), "409 LeaseNotPresentWithLeaseOperation, (none) s");
  EXPECT_EQ(acquire(kOne, "60"), "201");
  now_ += seconds(20);
  EXPECT_EQ(break_lease(), "202, 40 s");
  EXPECT_EQ(state(), "breaking, locked, (none)");
  EXPECT_EQ(write(), "412 LeaseIdMissing");
  EXPECT_EQ(acquire(kOne), "409 LeaseIsBreakingAndCannotBeAcquired");
  EXPECT_EQ(acquire(kTwo), "409 LeaseAlreadyPresent");
  EXPECT_EQ(renew(kOne), "409 LeaseIsBrokenAndCannotBeRenewed");
  EXPECT_EQ(change(kOne, kTwo), "409 LeaseIsBreakingAndCannotBeChanged");
  EXPECT_EQ(break_lease("60"), "202, 40 s");
  EXPECT_EQ(break_lease("10"), "202, 10 s");
  now_ += seconds(10);
  EXPECT_EQ(state(), "broken, unlocked, (none)");
  EXPECT_EQ(renew(kOne), "409 LeaseIsBrokenAndCannotBeRenewed");
  EXPECT_EQ(break_lease(), "202, 0 s");
  EXPECT_EQ(acquire(kTwo, "-1"), "201");
  EXPECT_EQ(break_lease(), "202, 0 s");
  EXPECT_EQ(write(), "201");
  EXPECT_EQ(acquire(kOne, "-1"), "201");
  EXPECT_EQ(break_lease("7"), "202, 7 s");
  EXPECT_EQ(release(kOne), "200");
}

TEST_F(Leases, OfContainersKeepThemFromBeingDeleted) {
  const std::string target = "/docs?restype=container";
  EXPECT_EQ(call("PUT", target + "&comp=lease",
                 {{"x-ms-lease-action", "acquire"},
                  {"x-ms-lease-duration", "-1"},
                  {"x-ms-proposed-lease-id", kOne}}),
            "201");
  EXPECT_EQ(header(ask("HEAD", target), "x-ms-lease-state"), "leased");
  EXPECT_EQ(write(), "201");
  EXPECT_EQ(call("PUT", target + "&comp=metadata"), "200");
  EXPECT_EQ(call("PUT", target + "&comp=metadata", {{"x-ms-lease-id", kTwo}}),
            "412 LeaseIdMismatchWithContainerOperation");
  EXPECT_EQ(call("DELETE", target), "412 LeaseIdMissing");
  EXPECT_THAT(ask("GET", "/?comp=list").body,
              ::testing::HasSubstr("<LeaseStatus>locked</LeaseStatus><LeaseState>leased"
                                   "</LeaseState><LeaseDuration>infinite</LeaseDuration>"));
  EXPECT_EQ(call("DELETE", target, {{"x-ms-lease-id", kOne}}), "202");
}

TEST_F(Leases, OfACopysSourceStayThere) {
  EXPECT_EQ(acquire(kOne), "201");
  EXPECT_EQ(
      call("PUT", "/docs/c", {{"x-ms-copy-source", "https://stdocs.blob.core.windows.net/docs/b"}}),
      "202");
  EXPECT_EQ(header(ask("HEAD", "/docs/c"), "x-ms-lease-state"), "available");
}

TEST_F(Leases, AreAskedForInFull) {
  EXPECT_EQ(lease({}), "400 MissingRequiredHeader");
  EXPECT_EQ(lease({{"x-ms-lease-action", "borrow"}}), "400 InvalidHeaderValue");
  EXPECT_EQ(lease({{"x-ms-lease-action", "acquire"}}), "400 MissingRequiredHeader");
  for (const char* bad : {"14", "61", "0", "-2", "1x", ""}) {
    EXPECT_EQ(acquire(kOne, bad), "400 InvalidHeaderValue") << bad;
  }
  EXPECT_EQ(acquire("mine"), "400 InvalidHeaderValue");
  EXPECT_EQ(lease({{"x-ms-lease-action", "renew"}}), "400 MissingRequiredHeader");
  EXPECT_EQ(break_lease("61"), "400 InvalidHeaderValue, (none) s");
  // Without a proposed id the service makes one.
  const Response made = ask("PUT", "/docs/b?comp=lease",
                            {{"x-ms-lease-action", "Acquire"}, {"x-ms-lease-duration", "15"}});
  EXPECT_EQ(outcome(made), "201");
  EXPECT_EQ(write({{"x-ms-lease-id", header(made, "x-ms-lease-id")}}), "201");
}

class DelegationKeys : public ::testing::Test {
 protected:
  std::string ask(const std::string& body, const Claims* claims) {
    const Request request = request_of("POST", "/?restype=service&comp=userdelegationkey", body,
                                       {{"x-ms-version", "2026-04-06"}});
    ServiceCall call{request, kMoment, "id-1", Credential::User};
    call.claims = claims;
    return test::told(api_.answer(call).response);
  }
  static std::string info(const std::string& start, const std::string& expiry) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><KeyInfo><Start>" + start +
           "</Start><Expiry>" + expiry + "</Expiry></KeyInfo>";
  }

  BlobApi api_{"https://stdocs.blob.core.windows.net/", BlobStore::Limits(),
               [](const DelegationKeyFacts& facts) {
                 return facts.object + facts.start + facts.expiry + facts.version;
               }};
};

TEST_F(DelegationKeys, AreForWhoShowsAToken) {
  Claims claims;
  claims.object = "o";
  claims.tenant = "t";
  EXPECT_EQ(ask(info("2026-06-01T12:00:00Z", "2026-06-08T12:00:00Z"), &claims),
            "200 <?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey><SignedOid>o"
            "</SignedOid><SignedTid>t</SignedTid><SignedStart>2026-06-01T12:00:00Z</SignedStart>"
            "<SignedExpiry>2026-06-08T12:00:00Z</SignedExpiry><SignedService>b</SignedService>"
            "<SignedVersion>2026-04-06</SignedVersion>"
            "<Value>o2026-06-01T12:00:00Z2026-06-08T12:00:00Z2026-04-06</Value>"
            "</UserDelegationKey>");
  EXPECT_THAT(ask(info("2026-06-01T12:00:00Z", "2026-06-08T12:00:00Z"), nullptr),
              ::testing::StartsWith("403 "));
}

TEST_F(DelegationKeys, AreForAWeek) {
  const Claims claims;
  for (const auto& [start, expiry] : std::initializer_list<std::pair<const char*, const char*>>{
           {"2026-06-01T12:00:00Z", "2026-06-08T12:00:01Z"},
           {"2026-06-02T12:00:00Z", "2026-06-02T12:00:00Z"},
           {"2026-05-01T12:00:00Z", "2026-06-01T12:00:00Z"},
           {"yesterday", "2026-06-02T12:00:00Z"},
           {"", "2026-06-02T12:00:00Z"}}) {
    EXPECT_THAT(ask(info(start, expiry), &claims),
                ::testing::AllOf(::testing::StartsWith("400 "),
                                 ::testing::HasSubstr("<Code>InvalidXmlNodeValue</Code>")))
        << start << ' ' << expiry;
  }
  for (const char* body : {"", "<KeyInfo>", "<KeyInfo><Begin>x</Begin></KeyInfo>",
                           "<Other></Other>", "<KeyInfo></KeyInfo><KeyInfo></KeyInfo>"}) {
    EXPECT_THAT(ask(body, &claims), ::testing::HasSubstr("<Code>InvalidXmlDocument</Code>"))
        << body;
  }
}

}  // namespace
}  // namespace nsp::lab
