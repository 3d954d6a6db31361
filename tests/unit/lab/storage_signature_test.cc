// Requests and SAS that Microsoft's own client signed (@azure/storage-blob 12.32, storage-queue),
// with the key of the secret `lab secret`; and texts as the REST reference words them.
#include "sim/lab/storage_signature.h"

#include <gmock/gmock.h>

#include "sim/lab/credential.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using test::kNow;
using testing::ElementsAre;

const std::string kBlobPath = "/docs/dir/n%C3%A4me%201.txt";

Request make_request(std::string method, std::string target,
                     std::vector<std::pair<std::string, std::string>> headers) {
  Request request{std::move(method), std::move(target), {}, {}};
  request.headers.add("Host", "stlab.blob.core.windows.net");
  for (auto& [name, value] : headers) request.headers.add(std::move(name), std::move(value));
  return request;
}

// `sas key1`, `sas: bad signature: …`.
std::string shown(const Request& request) {
  Verifier verifier(test::signer());
  const LabKeys keys("lab secret");
  const Resource account = test::make_resource(Service::Storage, "stlab");
  const Shown read = CredentialReader{keys, verifier}.read(request, account, kNow);
  const std::string word(to_string(read.credential));
  if (!read.problem) return word + ' ' + read.key_name;
  return word + ": " + std::string(to_string(*read.problem)) + ": " + read.detail;
}

std::string shown_for(const std::string& target) { return shown(make_request("GET", target, {})); }

TEST(SharedKey, OfAClientIsGood) {
  const std::string date = "Wed, 25 Nov 2026 17:12:21 GMT";
  EXPECT_EQ(shown(make_request("GET", "/docs?comp=list&prefix=a%20b%2F%C3%A9&restype=container",
                               {{"x-ms-version", "2026-04-06"},
                                {"Accept", "application/xml"},
                                {"x-ms-client-request-id", "692c20c6-f8cd-474e-8992-1c3a602953c5"},
                                {"x-ms-date", date},
                                {"Authorization",
                                 "SharedKey stlab:nJq7Nz+SuuxFHS5qirlnnBH6oifLw3F0lwnr0TDCFy4="}})),
            "key key1");
  EXPECT_EQ(shown(make_request("GET", kBlobPath,
                               {{"x-ms-version", "2026-04-06"},
                                {"x-ms-range", "bytes=0-9"},
                                {"x-ms-client-request-id", "5cb4e243-0283-4e67-95aa-5e49255b54ae"},
                                {"x-ms-date", date},
                                {"Authorization",
                                 "SharedKey stlab:swLA4bg4eB9lub5OIDiFRJXwwqHJAGUmPmNosoJ1mEU="}})),
            "key key1");
  EXPECT_EQ(shown(make_request("GET", "/?restype=service&comp=properties",
                               {{"x-ms-version", "2026-04-06"},
                                {"x-ms-client-request-id", "d7df6396-8eb4-4383-9ef7-e324d9a21248"},
                                {"x-ms-date", date},
                                {"Authorization",
                                 "SharedKey stlab:tgez3tjIxfxyg9x/Y+GgbXYPUyJ4VWgoKyb0RZxxeZs="}})),
            "key key1");
}

// An empty body has `Content-Length: 0` on the wire and nothing in the signed text.
TEST(SharedKey, OfAnEmptyBodyIsGood) {
  EXPECT_EQ(shown(make_request("PUT", "/docs?restype=container",
                               {{"x-ms-version", "2026-04-06"},
                                {"Content-Length", "0"},
                                {"x-ms-client-request-id", "e3213972-4ced-4bd9-b61f-5041e04547ae"},
                                {"x-ms-date", "Wed, 25 Nov 2026 17:12:21 GMT"},
                                {"Authorization",
                                 "SharedKey stlab:ToRdU/hz+t8Lw4p9UWykf8TdA9Nuhm3dKUSyo7/UlGg="}})),
            "key key1");
}

Request upload() {
  return make_request(
      "PUT", kBlobPath,
      {{"Content-Type", "application/octet-stream"},
       {"x-ms-version", "2026-04-06"},
       {"Content-Length", "5"},
       {"x-ms-meta-aa", "1"},
       {"x-ms-meta-a_b", "2"},
       {"x-ms-meta-ab", "3"},
       {"x-ms-blob-content-type", "text/plain"},
       {"Accept", "application/xml"},
       {"x-ms-blob-type", "BlockBlob"},
       {"x-ms-client-request-id", "de4d9023-58af-4fa1-b190-f0b101fdb174"},
       {"x-ms-date", "Wed, 25 Nov 2026 17:12:21 GMT"},
       {"Authorization", "SharedKey stlab:eN6bRf02QbgN9b967I8KMGRJYVC0uNY9HwAvyrOyV8I="}});
}

TEST(SharedKey, OfAnUploadIsGoodAndOfAChangedOneIsNot) {
  EXPECT_EQ(shown(upload()), "key key1");
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"x-ms-meta-ab", "4"},
                                                        {"Content-Length", "6"},
                                                        {"Content-Type", "text/plain"},
                                                        {"x-ms-new", "1"},
                                                        {"If-Match", "*"},
                                                        {"Range", "bytes=0-1"}}) {
    Request changed = upload();
    changed.headers.set(name, value);
    EXPECT_EQ(shown(changed), "key: bad signature: the signature is by no key of `stlab`") << name;
  }
  Request moved = upload();
  moved.target = "/docs/other";
  EXPECT_EQ(shown(moved), "key: bad signature: the signature is by no key of `stlab`");
}

TEST(SharedKey, OfAnotherAccountOrNoFormIsRefused) {
  Request request = upload();
  request.headers.set("Authorization", "SharedKey other:AAAA");
  EXPECT_EQ(shown(request),
            "key: wrong account: the shared key is of account `other`, expected `stlab`");
  request.headers.set("Authorization", "SharedKey stlab");
  EXPECT_EQ(shown(request), "key: malformed: the shared key is not `account:signature`");
}

TEST(SharedKeyTexts, AreThoseOfTheReference) {
  Request request{"PUT", "/docs/a%20b?Timeout=20&comp=metadata&comp=x", {}, {}};
  request.headers.add("Content-Encoding", "gzip");
  request.headers.add("Content-Language", "en");
  request.headers.add("Date", "ignored, as x-ms-date is there");
  request.headers.add("X-Ms-Date", " Fri, 26 Jun 2015 23:39:12 GMT ");
  request.headers.add("x-ms-version", "2015-02-21");
  request.headers.add("Content-Length", "3");
  const Target target = *parse_target(request.target);
  const SignedRequest signed_request{request, target, "acct", StorageService::Blob};
  EXPECT_THAT(shared_key_texts(signed_request, false),
              ElementsAre("PUT\ngzip\nen\n3\n\n\n\n\n\n\n\n\n"
                          "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
                          "/acct/docs/a%20b\ncomp:metadata,x\ntimeout:20"));
  EXPECT_THAT(shared_key_texts(signed_request, true),
              ElementsAre("PUT\n\n\n\n"
                          "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
                          "/acct/docs/a%20b?comp=metadata"));
  const SignedRequest of_table{request, target, "acct", StorageService::Table};
  EXPECT_THAT(
      shared_key_texts(of_table, false),
      ElementsAre("PUT\n\n\nFri, 26 Jun 2015 23:39:12 GMT\n/acct/docs/a%20b?comp=metadata"));
  EXPECT_THAT(shared_key_texts(of_table, true),
              ElementsAre("Fri, 26 Jun 2015 23:39:12 GMT\n/acct/docs/a%20b?comp=metadata"));
}

TEST(SharedKeyTexts, AreTwoWhereTheOrderOfHeadersIsInDoubt) {
  Request request{"GET", "/", {}, {}};
  request.headers.add("x-ms-ab", "1");
  request.headers.add("x-ms-a-c", "2");
  const Target target = *parse_target(request.target);
  EXPECT_THAT(shared_key_texts({request, target, "acct", StorageService::Blob}, true),
              ElementsAre("GET\n\n\n\nx-ms-ab:1\nx-ms-a-c:2\n/acct/",
                          "GET\n\n\n\nx-ms-a-c:2\nx-ms-ab:1\n/acct/"));
}

const std::string kDay = "st=2026-06-01T00%3A00%3A00Z&se=2026-06-02T00%3A00%3A00Z";

TEST(AccountSas, OfAClientIsGood) {
  EXPECT_EQ(shown_for(kBlobPath + "?sv=2026-04-06&ss=b&srt=sco&spr=https&" + kDay +
                      "&sp=rwl&sig=80cqfLaYQx0wPUUijMkV0y2ZaLUTxeBfPqQ%2F5g0ovM4%3D"),
            "sas key1");
  EXPECT_EQ(shown_for(kBlobPath +
                      "?sv=2019-12-12&ss=b&srt=o&se=2026-06-02T00%3A00%3A00Z&sip=203.0.113.0-"
                      "203.0.113.255&sp=r&sig=PBnUfTxJKvYq2wIjuGwDdFNnReWt9JNnc%2FW7hXpfClc%3D"),
            "sas key1");
}

TEST(ServiceSas, OfAClientIsGoodInEveryVersion) {
  EXPECT_EQ(shown_for(kBlobPath + "?sv=2026-04-06&spr=https%2Chttp&" + kDay +
                      "&sip=203.0.113.7&sr=b&sp=r&rsct=text%2Fplain"
                      "&sig=hcMJG38x7t7VPp3%2Fq%2FU%2FpQnF3zi5NutBUEHEsq0v7oc%3D"),
            "sas key1");
  EXPECT_EQ(shown_for(kBlobPath + "?sv=2018-11-09&" + kDay +
                      "&sr=b&sp=r&rscc=no-cache"
                      "&sig=dFxvSle6lU%2BHg4bFbNwBE7ZF6XCGLGaVVhtPXDF5qIU%3D"),
            "sas key1");
  EXPECT_EQ(shown_for(kBlobPath + "?sv=2015-04-05&" + kDay +
                      "&sr=b&sp=r&sig=uKLzzZ%2BOmKatBFcagbGlpL%2B9%2FevN0%2FHe6x8q5aTaQnE%3D"),
            "sas key1");
  EXPECT_EQ(shown_for(kBlobPath + "?snapshot=2026-05-01T00%3A00%3A00.0000000Z&sv=2026-04-06&" +
                      kDay + "&sr=bs&sp=r&sig=Nl15FO6fUg68LOMAOWPy0YDZzTKN8BZzmNZRJSrpK6c%3D"),
            "sas key1");
}

// What it is signed for follows from what the request asks for, not from what the SAS says.
TEST(ServiceSas, OfOneSegmentIsOfABlobOrAContainer) {
  const auto text_of = [](const std::string& target_text) {
    const Request request = make_request("GET", target_text, {});
    const auto target = parse_target(target_text);
    const auto sas = target ? sas_of(*target) : std::nullopt;
    return sas ? sas_text({request, *target, "stlab"}, *sas).value_or("") : "";
  };
  for (const std::string kind : {"b", "c"}) {
    const std::string sas = "sv=2021-08-06&sp=d&sig=A&sr=" + kind;
    EXPECT_THAT(text_of("/docs?" + sas), testing::HasSubstr("\n/blob/stlab/$root/docs\n"));
    EXPECT_THAT(text_of("/docs?restype=container&" + sas),
                testing::HasSubstr("\n/blob/stlab/docs\n"));
  }
}

// Its times are those of the policy, which the account keeps.
TEST(ServiceSas, OfAStoredPolicyNeedsNoTimes) {
  const std::string sas =
      "?sv=2026-04-06&si=policy&sr=c&sig=axLPPJV7UiWg0dWoTX%2F%2BW%2BFGxDgOPiJzoinJIYMneZY%3D";
  EXPECT_EQ(shown_for("/docs/any/blob" + sas), "sas key1");
  EXPECT_EQ(shown_for("/other/any/blob" + sas),
            "sas: bad signature: the signature is by no key of `stlab`");
}

TEST(ServiceSas, OfAQueueIsGood) {
  Request request = make_request("GET",
                                 "/jobs/messages?sv=2026-04-06&" + kDay +
                                     "&sp=r&sig=WUB2ydrrWxiotKY6Cze7IYYDO0xjZQ7%2FdccY1C5xP8A%3D",
                                 {});
  EXPECT_EQ(shown(request), "sas: bad signature: the signature is by no key of `stlab`");
  request.headers.set("Host", "stlab.queue.core.windows.net:8443");
  EXPECT_EQ(shown(request), "sas key1");
}

TEST(UserDelegationSas, OfAClientIsGoodInEveryVersion) {
  const std::string facts =
      "&skoid=33333333-3333-3333-3333-333333333333&sktid=44444444-4444-4444-4444-444444444444"
      "&skt=2026-06-01T00%3A00%3A00Z&ske=2026-06-07T00%3A00%3A00Z&sks=b&skv=2020-02-10";
  const std::vector<std::pair<std::string, std::string>> signatures{
      {"2018-11-09", "iy9AbwQUW2tumJcMoYIjTOzYAdN95BuvpnFthODDvGY%3D"},
      {"2020-02-10", "GNDHJxLX%2F4%2Fy3fD8yq%2BtAfwBwspT6QZ858YxUBpDpe8%3D"},
      {"2020-12-06", "HZ8H045BNlsJWoMF4%2Fj3LSIInoxHJMjMmNjStksW8lk%3D"},
      {"2025-07-05", "tNAI7EhOUqoPmQx0bXnBm3hLDSujnIH8DkFmPvg942c%3D"},
      {"2026-04-06", "EG14WUUdrmLqin5vL8qugcqkF%2Fo82ShHtQNh%2Bb0h2Sk%3D"}};
  for (const auto& [version, signature] : signatures) {
    EXPECT_EQ(shown_for(kBlobPath + "?sv=" + version + '&' + kDay + facts +
                        "&sr=b&sp=r&sig=" + signature),
              "sas ")
        << version;
  }
  EXPECT_EQ(shown_for("/docs?restype=container&comp=list&sv=2026-04-06&" + kDay + facts +
                      "&sr=c&sp=rl&sig=AeEgkAmggU4%2FJGilvAj7DHcgZLyyOQkRkX%2BJTuUFAR8%3D"),
            "sas ");
  Request bound = make_request("GET",
                               kBlobPath + "?comp=metadata&sv=2026-04-06&" + kDay + facts +
                                   "&sr=b&sp=r&srh=x-ms-foo&srq=comp"
                                   "&sig=P5x0g4pubbzxHGrcx4PbJfo3aXWugOmksvc%2FnS5BKqc%3D",
                               {{"x-ms-foo", "bar"}});
  EXPECT_EQ(shown(bound), "sas ");
  bound.headers.set("x-ms-foo", "baz");
  EXPECT_EQ(shown(bound), "sas: bad signature: the signature is by no delegation key of `stlab`");
}

TEST(SasTexts, AreThoseOfTheReference) {
  const auto text = [](StorageService service, const std::string& target_text) {
    const Request request{"GET", target_text, {}, {}};
    const Target target = *parse_target(target_text);
    return sas_text({request, target, "acct", service}, *sas_of(target));
  };
  EXPECT_EQ(text(StorageService::Table,
                 "/Tasks()?sv=2019-02-02&tn=Tasks&sp=r&se=E&spk=a&srk=b&epk=c&erk=d&sig=s"),
            "r\n\nE\n/table/acct/tasks\n\n\n\n2019-02-02\na\nb\nc\nd");
  EXPECT_EQ(text(StorageService::File, "/share/dir/f?sv=2019-02-02&sr=f&sp=r&se=E&rscc=n&sig=s"),
            "r\n\nE\n/file/acct/share/dir/f\n\n\n\n2019-02-02\nn\n\n\n\n");
  EXPECT_EQ(text(StorageService::File, "/share/dir/f?sv=2019-02-02&sr=s&sp=r&se=E&sig=s"),
            "r\n\nE\n/file/acct/share\n\n\n\n2019-02-02\n\n\n\n\n");
  // A folder of depth two, and a blob of the root container.
  EXPECT_EQ(text(StorageService::Blob, "/c/a/b/f?sv=2020-02-10&sr=d&sdd=2&sp=r&se=E&sig=s"),
            "r\n\nE\n/blob/acct/c/a/b\n\n\n\n2020-02-10\nd\n\n\n\n\n\n");
  EXPECT_EQ(text(StorageService::Blob, "/f.txt?sv=2015-04-05&sr=b&sp=r&se=E&sig=s"),
            "r\n\nE\n/blob/acct/$root/f.txt\n\n\n\n2015-04-05\n\n\n\n\n");
  EXPECT_EQ(text(StorageService::Blob, "/c/a?sv=2020-02-10&sr=d&sdd=two&sig=s"), std::nullopt);
  EXPECT_EQ(text(StorageService::Blob, "/?sv=2020-02-10&sr=c&sig=s"), std::nullopt);
  EXPECT_EQ(text(StorageService::Blob, "/c?sv=2014-02-14&sr=c&sig=s"), std::nullopt);
}

TEST(StorageServices, AreToldByTheHost) {
  const auto service = [](const std::string& host) {
    Headers headers;
    if (!host.empty()) headers.add("Host", host);
    return storage_service_of(headers);
  };
  EXPECT_EQ(service("a.blob.core.windows.net"), StorageService::Blob);
  EXPECT_EQ(service("a.dfs.core.windows.net"), StorageService::Blob);
  EXPECT_EQ(service("a.FILE.core.windows.net"), StorageService::File);
  EXPECT_EQ(service("a.queue.core.windows.net:10001"), StorageService::Queue);
  EXPECT_EQ(service("a.table.core.windows.net"), StorageService::Table);
  EXPECT_EQ(service("localhost"), StorageService::Blob);
  EXPECT_EQ(service(""), StorageService::Blob);
}

}  // namespace
}  // namespace nsp::lab
