// What an emulator is sent, judged by the side that verifies: whatever was re-signed must be good
// under the account's own key. One signature is of Azurite 3.35 itself, of its authenticator.
#include "sim/lab/emulator_request.h"

#include <gmock/gmock.h>

#include "sim/lab/credential.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using test::kNow;

const Resource& stlab() {
  static const Resource kAccount = test::make_resource(Service::Storage, "stlab");
  return kAccount;
}

EmulatedAccount account() {
  return {"stlab", LabKeys("lab secret").of_resource(stlab(), "key1"),
          "https://stlab.blob.core.windows.net", "127.0.0.1:10000"};
}

Request from_client(std::string method, std::string target,
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  Request request{std::move(method), std::move(target)};
  request.headers.add("Host", "stlab.blob.core.windows.net");
  for (auto& [name, value] : headers) request.headers.add(std::move(name), std::move(value));
  return request;
}

BlobResult<Request> sent(const Request& request) {
  return emulator_request(request, account(), Utc(kNow));
}

std::string target_sent(std::string target) {
  const auto request = sent(from_client("GET", std::move(target)));
  return request ? request->target : request.error().code;
}

// `key key1` where the signature is good.
std::string proves(const Request& request) {
  Verifier verifier(test::signer());
  const LabKeys keys("lab secret");
  const Shown read = CredentialReader{keys, verifier}.read(request, stlab(), kNow);
  if (!read.problem) return std::string(to_string(read.credential)) + ' ' + read.key_name;
  return std::string(to_string(*read.problem));
}

std::string problem_of(const BlobResult<Request>& request) {
  if (request) return "none";
  const BlobProblem& problem = request.error();
  return std::to_string(problem.status) + ' ' + problem.code + ": " + problem.message;
}

TEST(EmulatorRequest, IsPathStyleAndEncodedAnew) {
  EXPECT_EQ(target_sent("/docs/dir/n%C3%A4me%201.txt"), "/stlab/docs/dir/n%C3%A4me%201.txt");
  EXPECT_EQ(target_sent("/?comp=list"), "/stlab/?comp=list");
  EXPECT_EQ(target_sent("/docs?restype=container&comp=list&prefix=a+b/%c3%a9&marker=x=="),
            "/stlab/docs?restype=container&comp=list&prefix=a%20b%2F%C3%A9&marker=x%3D%3D");
  EXPECT_EQ(target_sent("/docs/a?snapshot=1&Snapshot=2&&x"), "/stlab/docs/a?snapshot=1&x=");
}

TEST(EmulatorRequest, NamesTheRootContainer) {
  EXPECT_EQ(target_sent("/a.txt"), "/stlab/$root/a.txt");
  EXPECT_EQ(target_sent("/a.txt?comp=metadata"), "/stlab/$root/a.txt?comp=metadata");
  EXPECT_EQ(target_sent("/docs?restype=container"), "/stlab/docs?restype=container");
  EXPECT_EQ(target_sent("/"), "/stlab/");
}

TEST(EmulatorRequest, LeavesTheSasBehindAndKeepsItsVersion) {
  const auto request = sent(
      from_client("GET", "/docs/a?sv=2021-08-06&sr=b&sp=r&se=2026-06-02&st=&sig=AAAA&snapshot=1"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->target, "/stlab/docs/a?snapshot=1");
  EXPECT_EQ(request->headers.find("x-ms-version"), "2021-08-06");
  EXPECT_EQ(proves(*request), "key key1");
}

// The letters of a SAS mean nothing where no signature makes it one.
TEST(EmulatorRequest, KeepsParametersThatOnlyLookLikeASas) {
  EXPECT_EQ(target_sent("/docs/a?sr=b&se=1"), "/stlab/docs/a?sr=b&se=1");
}

TEST(EmulatorRequest, RefusesWhatASasDoesNotPermit) {
  const auto put = [](const char* permissions) {
    return problem_of(sent(from_client(
        "PUT",
        std::string("/docs/a?sv=2021-08-06&sr=c&se=2026-06-02&sig=AAAA&sp=") + permissions)));
  };
  EXPECT_EQ(put("rl"),
            "403 AuthorizationPermissionMismatch: This request is not authorized to perform this "
            "operation using this permission.");
  EXPECT_EQ(put("rcw"), "none");
}

TEST(EmulatorRequest, IsSignedAnewWhateverWasShown) {
  const auto request = sent(from_client("PUT", "/docs/a",
                                        {{"Authorization", "Bearer secret"},
                                         {"Date", "Thu, 01 Jan 2026 00:00:00 GMT"},
                                         {"x-ms-date", "Thu, 01 Jan 2026 00:00:00 GMT"},
                                         {"Content-Length", "5"},
                                         {"Content-Type", "text/plain"},
                                         {"If-None-Match", "*"},
                                         {"x-ms-version", "2026-04-06"},
                                         {"x-ms-meta-a_b", "1"},
                                         {"x-ms-meta-a1", "2"},
                                         {"x-ms-blob-type", "BlockBlob"}}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->headers.find("Host"), "127.0.0.1:10000");
  EXPECT_EQ(request->headers.find("x-ms-date"), "Mon, 01 Jun 2026 12:00:00 GMT");
  EXPECT_EQ(request->headers.find("Date"), std::nullopt);
  EXPECT_EQ(proves(*request), "key key1");
  // As Azurite computes it of these headers.
  EXPECT_EQ(request->headers.find("Authorization"),
            "SharedKey stlab:E0TgfN20RFiEApRkIHLzY5HgHXpK40g+HPfR/26rXKQ=");
  Request changed = *request;
  changed.headers.set("x-ms-meta-a1", "3");
  EXPECT_EQ(proves(changed), "bad signature");
}

TEST(EmulatorRequest, OfNoLengthIsSignedAsAzuriteDoes) {
  for (const char* version : {"2014-02-14", "2026-04-06"}) {
    const auto request = sent(from_client("PUT", "/docs?restype=container",
                                          {{"Content-Length", "0"}, {"x-ms-version", version}}));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->headers.find("Content-Length"), std::nullopt);
    EXPECT_EQ(proves(*request), "key key1") << version;
  }
}

TEST(EmulatorRequest, SaysAVersionWhereTheClientDoesNot) {
  const auto request = sent(from_client("GET", "/docs/a"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->headers.find("x-ms-version"), "2021-12-02");
}

TEST(EmulatorRequest, HasEachHeaderOnce) {
  const auto request =
      sent(from_client("GET", "/docs/a", {{"x-ms-meta-a", "1"}, {"X-MS-Meta-A", "2"}}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->headers.find("x-ms-meta-a"), "1,2");
  EXPECT_EQ(proves(*request), "key key1");
}

std::string copied(const std::string& source) {
  const auto request = sent(from_client(
      "PUT", "/docs/b",
      {{"x-ms-copy-source", source}, {"x-ms-copy-source-authorization", "Bearer secret"}}));
  if (!request) return problem_of(request);
  EXPECT_EQ(request->headers.find("x-ms-copy-source-authorization"), std::nullopt);
  EXPECT_EQ(proves(*request), "key key1");
  return std::string(request->headers.find("x-ms-copy-source").value_or("none"));
}

TEST(EmulatorRequest, CopiesWithinTheAccount) {
  EXPECT_EQ(copied("https://stlab.blob.core.windows.net/docs/n%C3%A4me%201"),
            "http://127.0.0.1:10000/stlab/docs/n%C3%A4me%201");
  EXPECT_EQ(copied("https://STLAB.blob.core.windows.net:7443/docs/a?snapshot=1&sv=2021-08-06&sp=r"
                   "&sig=AAAA"),
            "http://127.0.0.1:10000/stlab/docs/a?snapshot=1");
}

TEST(EmulatorRequest, TellsWhatItDoesNotPassOn) {
  EXPECT_EQ(copied("https://other.blob.core.windows.net/docs/a?sig=secret"),
            "501 NotImplemented: the lab passes no copies from another account or host than "
            "`stlab.blob.core.windows.net` on to a storage emulator");
  EXPECT_EQ(copied("docs/a"), "400 InvalidHeaderValue: expected a URL in x-ms-copy-source");
  EXPECT_EQ(copied("https://stlab.blob.core.windows.net/docs/%zz"),
            "400 InvalidHeaderValue: the URL in x-ms-copy-source cannot be read");
  EXPECT_EQ(problem_of(sent(from_client("POST", "/?comp=batch"))),
            "501 NotImplemented: the lab passes no batches on to a storage emulator");
  for (const char* elsewhere :
       {"docs/../../other/a", "docs/%2e%2e/other/a", "docs%2Fa/b", "docs%5Ca/b"}) {
    EXPECT_EQ(copied(std::string("https://stlab.blob.core.windows.net/") + elsewhere),
              "400 InvalidHeaderValue: the URL in x-ms-copy-source cannot be read");
  }
  EXPECT_EQ(problem_of(sent(from_client("GET", "/docs%2Fa/b"))),
            "400 InvalidUri: the URL of the request cannot be read");
  EXPECT_EQ(problem_of(sent(from_client("PUT", "/docs/a", {{"x-ms-meta-a", "n\xc3\xa4me"}}))),
            "501 NotImplemented: the lab passes no header values beyond ASCII on to a storage "
            "emulator");
  EXPECT_EQ(problem_of(sent(from_client("GET", "/%zz"))),
            "400 InvalidUri: the URL of the request cannot be read");
}

// The emulator would believe the key that the request is signed with, so what the SAS leaves out
// must end here.
TEST(EmulatorRequest, GoesNoFurtherThanItsSas) {
  const auto under = [](const std::string& method, const std::string& target,
                        const std::string& sas) {
    return problem_of(
        sent(from_client(method, target + "sv=2021-08-06&se=2026-06-02&sig=AAAA&" + sas)));
  };
  const std::string denied =
      "403 AuthorizationPermissionMismatch: This request is not authorized to "
      "perform this operation using this permission.";
  EXPECT_EQ(under("GET", "/docs/a?", "sr=c&sp=r"), "none");
  EXPECT_EQ(under("GET", "/docs/a?", "sr=c"), denied);
  EXPECT_EQ(under("GET", "/docs?restype=container&comp=list&", "sr=c&sp=l"), "none");
  EXPECT_EQ(under("DELETE", "/docs?restype=container&", "sr=c&sp=d"), denied);
  EXPECT_EQ(under("DELETE", "/docs?restype=container&", "ss=b&srt=c&sp=d"), "none");
  EXPECT_EQ(under("DELETE", "/docs?restype=container&", "ss=b&srt=so&sp=d"),
            "403 AuthorizationResourceTypeMismatch: This request is not authorized to perform this "
            "operation using this resource type.");
  EXPECT_EQ(under("GET", "/docs/a?", "ss=qt&srt=sco&sp=r"),
            "403 AuthorizationServiceMismatch: This request is not authorized to perform this "
            "operation using this service.");
  EXPECT_EQ(under("GET", "/docs/a?", "sr=c&si=policy"),
            "501 NotImplemented: the lab's Storage has no stored access policies");
  EXPECT_EQ(problem_of(sent(from_client(
                "PUT", "/docs/b?sv=2021-08-06&sr=c&sp=rcw&se=2026-06-02&sig=AAAA",
                {{"x-ms-copy-source", "https://stlab.blob.core.windows.net/secret/a"}}))),
            "501 NotImplemented: the lab's Storage copies nothing for a SAS");
}

TEST(EmulatorRequest, IsNotForTheEmulatorWhereTheLabAnswers) {
  for (const char* host :
       {"a.table", "stlab.queue.core.windows.net:7443", "stlab.DFS.core.windows.net"}) {
    Request other{"GET", "/docs/a"};
    other.headers.add("Host", host);
    EXPECT_FALSE(is_for_emulator(other)) << host;
  }
  EXPECT_TRUE(is_for_emulator(from_client("GET", "/docs/a")));
  EXPECT_TRUE(is_for_emulator(from_client("GET", "/%zz")));
  EXPECT_FALSE(is_for_emulator(from_client("POST", "/?restype=service&comp=userdelegationkey")));
  Request queues = from_client("GET", "/q");
  queues.headers.set("Host", "stlab.queue.core.windows.net");
  EXPECT_FALSE(is_for_emulator(queues));
}

TEST(EmulatorAnswer, NamesTheAccountAgain) {
  EXPECT_TRUE(lists(from_client("GET", "/docs?restype=container&comp=List")));
  EXPECT_FALSE(lists(from_client("PUT", "/docs/a?comp=blocklist")));
  EXPECT_EQ(
      restore_list(
          R"(<?xml?><EnumerationResults ServiceEndpoint="http://127.0.0.1:10000/stlab" ContainerName="c">)"
          R"(<Name>http://127.0.0.1:10000/stlab/x ServiceEndpoint="http://127.0.0.1:10000/stlab</Name>)"
          "<CopySource>http://127.0.0.1:10000/stlab/docs/a</CopySource>"
          "<CopySource>https://elsewhere/stlab/docs/a</CopySource>"
          "<CopySource>http://127.0.0.1:10000/stlab2/docs/a</CopySource>",
          account()),
      R"(<?xml?><EnumerationResults ServiceEndpoint="https://stlab.blob.core.windows.net/" ContainerName="c">)"
      R"(<Name>http://127.0.0.1:10000/stlab/x ServiceEndpoint="http://127.0.0.1:10000/stlab</Name>)"
      "<CopySource>https://stlab.blob.core.windows.net/docs/a</CopySource>"
      "<CopySource>https://elsewhere/stlab/docs/a</CopySource>"
      "<CopySource>http://127.0.0.1:10000/stlab2/docs/a</CopySource>");
  Response head(200);
  head.headers.set("x-ms-copy-source", "http://127.0.0.1:10000/stlab/docs/a");
  restore_head(head, account());
  EXPECT_EQ(head.headers.find("x-ms-copy-source"), "https://stlab.blob.core.windows.net/docs/a");
}

TEST(EmulatorAnswer, ThatRefusesTheLabIsNoAnswerToTheCaller) {
  const auto refused = [](unsigned status, const char* code) {
    Response head(status);
    head.headers.set("x-ms-error-code", code);
    return refused_by_emulator(head, account()).value_or("none");
  };
  EXPECT_EQ(refused(403, "AuthorizationFailure"),
            "it does not accept the lab's key of `stlab` (AuthorizationFailure)");
  EXPECT_EQ(refused(404, "ResourceNotFound"), "it has no account `stlab`");
  EXPECT_EQ(refused(404, "BlobNotFound"), "none");
  EXPECT_EQ(refused(403, "CorsPreflightFailure"), "none");
  EXPECT_EQ(refused(200, ""), "none");
}

}  // namespace
}  // namespace nsp::lab
