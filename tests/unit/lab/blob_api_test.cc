#include "sim/lab/blob_api.h"

#include <gmock/gmock.h>

#include "sim/lab/blob_conditions.h"
#include "sim/lab/blob_xml.h"
#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

using test::ask;
using test::Fields;
using test::header;
using test::request_of;
using test::told;

constexpr std::string_view kEndpoint = "https://stdocs.blob.core.windows.net/";

std::string xml_error(std::string_view code, std::string_view message) {
  return "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + std::string(code) +
         "</Code><Message>" + std::string(message) +
         "\nRequestId:id-1\nTime:2026-06-01T12:00:00Z</Message></Error>";
}

class Blobs : public testing::Test {
 protected:
  Blobs() { EXPECT_EQ(told(put("/docs?restype=container")), "201"); }

  Response call(std::string method, std::string target, std::string body = {},
                const Fields& fields = {}) {
    return ask(api_, request_of(std::move(method), std::move(target), std::move(body), fields));
  }
  Response put(std::string target, std::string body = {}, const Fields& fields = {}) {
    return call("PUT", std::move(target), std::move(body), fields);
  }
  Response get(std::string target, const Fields& fields = {}) {
    return call("GET", std::move(target), {}, fields);
  }
  Response upload(std::string name, std::string body, Fields fields = {}) {
    fields.emplace_back("x-ms-blob-type", "BlockBlob");
    return put("/docs/" + std::move(name), std::move(body), fields);
  }

  BlobApi api_{std::string(kEndpoint)};
};

TEST_F(Blobs, UploadIsReadBack) {
  const Response made = upload("a/b.txt", "hello world",
                               {{"Content-Type", "text/plain"}, {"x-ms-meta-Owner", "ada"}});
  EXPECT_EQ(told(made), "201");
  EXPECT_EQ(header(made, "ETag"), "\"0x8DE000000000002\"");
  EXPECT_EQ(header(made, "Last-Modified"), "Mon, 01 Jun 2026 12:00:00 GMT");
  EXPECT_EQ(header(made, "Content-MD5"), "XrY7u+Ae7tCTyyK7j1rNww==");
  EXPECT_EQ(header(made, "x-ms-request-id"), "id-1");
  EXPECT_EQ(header(made, "x-ms-version"), "2024-11-04");

  const Response read = get("/docs/a/b.txt");
  EXPECT_EQ(told(read), "200 hello world");
  EXPECT_EQ(header(read, "Content-Type"), "text/plain");
  EXPECT_EQ(header(read, "Content-Length"), "11");
  EXPECT_EQ(header(read, "Content-MD5"), "XrY7u+Ae7tCTyyK7j1rNww==");
  EXPECT_EQ(header(read, "x-ms-meta-Owner"), "ada");
  EXPECT_EQ(header(read, "x-ms-blob-type"), "BlockBlob");

  const Response head = call("HEAD", "/docs/a%2Fb.txt");
  EXPECT_EQ(told(head), "200");
  EXPECT_EQ(header(head, "Content-Length"), "11");
}

TEST_F(Blobs, RangesAreParts) {
  (void)upload("b", "0123456789");
  const Response part = get("/docs/b", {{"Range", "bytes=0-1"}, {"x-ms-range", "bytes=7-99"}});
  EXPECT_EQ(told(part), "206 789");
  EXPECT_EQ(header(part, "Content-Range"), "bytes 7-9/10");
  EXPECT_EQ(told(get("/docs/b", {{"Range", "bytes=8-"}})), "206 89");
  EXPECT_EQ(told(get("/docs/b", {{"Range", "bytes=-2"}})), "200 0123456789");
  EXPECT_EQ(told(get("/docs/b", {{"Range", "bytes=10-"}})),
            "416 " + xml_error("InvalidRange",
                               "The range specified is invalid for the current size of the "
                               "resource."));
}

TEST_F(Blobs, ConditionsHold) {
  const std::string etag = header(upload("b", "x"), "ETag");
  EXPECT_EQ(told(get("/docs/b", {{"If-None-Match", etag}})), "304");
  EXPECT_EQ(told(get("/docs/b", {{"If-Match", etag}})), "200 x");
  EXPECT_EQ(told(get("/docs/b", {{"If-Match", "\"0x1\""}})),
            "412 " + xml_error("ConditionNotMet",
                               "The condition specified using HTTP conditional header(s) is not "
                               "met."));
  EXPECT_EQ(told(get("/docs/b", {{"If-Modified-Since", "Mon, 01 Jun 2026 12:00:00 GMT"}})), "304");
  EXPECT_EQ(told(get("/docs/b", {{"If-Modified-Since", "Mon, 01 Jun 2026 11:59:59 GMT"}})),
            "200 x");
  EXPECT_EQ(told(upload("b", "y", {{"If-None-Match", "*"}})),
            "409 " + xml_error("BlobAlreadyExists", "The specified blob already exists."));
  EXPECT_EQ(upload("b", "y", {{"If-Match", etag}}).status, 201U);
  EXPECT_EQ(upload("b", "z", {{"If-Match", etag}}).status, 412U);
}

TEST_F(Blobs, DigestIsHeld) {
  EXPECT_EQ(told(upload("b", "hello", {{"Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="}})),
            "400 " + xml_error("Md5Mismatch",
                               "The MD5 value specified in the request did not match with the MD5 "
                               "value calculated by the server."));
  EXPECT_EQ(get("/docs/b").status, 404U);
}

TEST_F(Blobs, HaveTiers) {
  EXPECT_EQ(upload("b", "x").status, 201U);
  EXPECT_EQ(header(get("/docs/b"), "x-ms-access-tier"), "Hot");
  EXPECT_EQ(header(get("/docs/b"), "x-ms-access-tier-inferred"), "true");
  EXPECT_EQ(told(put("/docs/b?comp=tier", {}, {{"x-ms-access-tier", "cool"}})), "200");
  const Response read = get("/docs/b");
  EXPECT_EQ(header(read, "x-ms-access-tier"), "Cool");
  EXPECT_EQ(header(read, "x-ms-access-tier-inferred"), "(none)");
  EXPECT_THAT(get("/docs?restype=container&comp=list").body,
              testing::HasSubstr("<AccessTier>Cool</AccessTier><LeaseStatus>"));
  EXPECT_EQ(upload("c", "x", {{"x-ms-access-tier", "Cold"}}).status, 201U);
  EXPECT_EQ(header(get("/docs/c"), "x-ms-access-tier"), "Cold");
  EXPECT_EQ(put("/docs/b?comp=tier", {}, {{"x-ms-access-tier", "Archive"}}).status, 501U);
  EXPECT_EQ(put("/docs/b?comp=tier", {}, {{"x-ms-access-tier", "Warm"}}).status, 400U);
  EXPECT_EQ(put("/docs/b?comp=tier").status, 400U);
  EXPECT_EQ(put("/docs/d?comp=tier", {}, {{"x-ms-access-tier", "Cool"}}).status, 404U);
}

TEST_F(Blobs, SnapshotsStayAsTheyWere) {
  const std::size_t empty = api_.store().used();
  EXPECT_EQ(upload("b", "one").status, 201U);
  const Response first = put("/docs/b?comp=snapshot");
  EXPECT_EQ(told(first), "201");
  EXPECT_EQ(header(first, "x-ms-snapshot"), "2026-06-01T12:00:00.0000000Z");
  EXPECT_EQ(upload("b", "two").status, 201U);
  const Response second = put("/docs/b?comp=snapshot", {}, {{"x-ms-meta-a", "1"}});
  EXPECT_EQ(header(second, "x-ms-snapshot"), "2026-06-01T12:00:00.0000001Z");
  EXPECT_EQ(upload("b", "three").status, 201U);
  const std::string moments[] = {header(first, "x-ms-snapshot"), header(second, "x-ms-snapshot")};
  EXPECT_EQ(told(get("/docs/b?snapshot=" + moments[0])), "200 one");
  EXPECT_EQ(told(get("/docs/b?snapshot=" + moments[1])), "200 two");
  EXPECT_EQ(header(get("/docs/b?snapshot=" + moments[1]), "x-ms-meta-a"), "1");
  EXPECT_EQ(told(get("/docs/b")), "200 three");
  EXPECT_EQ(get("/docs/b?snapshot=2020-06-01T12:00:00.0000000Z").status, 404U);
  EXPECT_EQ(
      put("/docs/b?comp=tier&snapshot=" + moments[0], {}, {{"x-ms-access-tier", "Cool"}}).status,
      501U);
  EXPECT_THAT(get("/docs?restype=container&comp=list").body,
              testing::Not(testing::HasSubstr("<Snapshot>")));
  EXPECT_THAT(
      get("/docs?restype=container&comp=list&include=snapshots").body,
      testing::ContainsRegex("<Snapshot>2026-06-01T12:00:00.0000000Z<.*"
                             "<Snapshot>2026-06-01T12:00:00.0000001Z<.*<Name>b</Name><Prop"));
  EXPECT_EQ(put("/docs/c", {},
                {{"x-ms-copy-source", std::string(kEndpoint) + "docs/b?snapshot=" + moments[0]}})
                .status,
            202U);
  EXPECT_EQ(told(get("/docs/c")), "200 one");
  EXPECT_EQ(call("DELETE", "/docs/c").status, 202U);

  const Response kept = call("DELETE", "/docs/b");
  EXPECT_EQ(header(kept, "x-ms-error-code"), "SnapshotsPresent");
  EXPECT_EQ(call("DELETE", "/docs/b?snapshot=" + moments[0]).status, 202U);
  EXPECT_EQ(get("/docs/b?snapshot=" + moments[0]).status, 404U);
  EXPECT_EQ(call("DELETE", "/docs/b", {}, {{"x-ms-delete-snapshots", "only"}}).status, 202U);
  EXPECT_EQ(told(get("/docs/b")), "200 three");
  EXPECT_EQ(put("/docs/b?comp=snapshot").status, 201U);
  EXPECT_EQ(call("DELETE", "/docs/b", {}, {{"x-ms-delete-snapshots", "all"}}).status, 400U);
  EXPECT_EQ(call("DELETE", "/docs/b", {}, {{"x-ms-delete-snapshots", "include"}}).status, 202U);
  EXPECT_EQ(get("/docs/b").status, 404U);
  EXPECT_EQ(api_.store().used(), empty);
  EXPECT_EQ(put("/docs/b?comp=snapshot").status, 404U);
}

TEST_F(Blobs, ContainersHaveNoPolicies) {
  EXPECT_EQ(told(get("/docs?restype=container&comp=acl")),
            "200 <?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers />");
}

TEST_F(Blobs, BlocksMakeABlob) {
  EXPECT_EQ(put("/docs/b?comp=block&blockid=QUE%3D", "one ").status, 201U);
  EXPECT_EQ(put("/docs/b?comp=block&blockid=QkI%3D", "two").status, 201U);
  EXPECT_EQ(told(get("/docs/b?comp=blocklist&blocklisttype=all")),
            "200 <?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><CommittedBlocks>"
            "</CommittedBlocks><UncommittedBlocks><Block><Name>QUE=</Name><Size>4</Size></Block>"
            "<Block><Name>QkI=</Name><Size>3</Size></Block></UncommittedBlocks></BlockList>");
  EXPECT_EQ(put("/docs/b?comp=blocklist",
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>QkI=</Latest>"
                "<Uncommitted>QUE=</Uncommitted></BlockList>")
                .status,
            201U);
  EXPECT_EQ(told(get("/docs/b")), "200 twoone ");
  EXPECT_EQ(
      put("/docs/b?comp=blocklist", "<BlockList><Committed>QUE=</Committed></BlockList>").status,
      201U);
  EXPECT_EQ(told(get("/docs/b")), "200 one ");
  EXPECT_EQ(told(put("/docs/b?comp=blocklist", "<BlockList><Latest>QkI=</Latest></BlockList>")),
            "400 " + xml_error("InvalidBlockList", "The specified block list is invalid."));
  EXPECT_EQ(put("/docs/b?comp=blocklist", "<BlockList><Latest>").status, 400U);
}

TEST_F(Blobs, ListsArePagesOfAHierarchy) {
  for (const char* name : {"a/1", "a/2", "b", "c/3"}) (void)upload(name, "x");
  const std::string first =
      get("/docs?restype=container&comp=list&delimiter=%2F&maxresults=2").body;
  EXPECT_THAT(first, testing::HasSubstr("<BlobPrefix><Name>a/</Name></BlobPrefix><Blob><Name>b"));
  EXPECT_THAT(first, testing::HasSubstr("<NextMarker>2!Yy8z</NextMarker>"));
  const std::string second =
      get("/docs?restype=container&comp=list&delimiter=%2F&maxresults=2&marker=2!Yy8z").body;
  EXPECT_EQ(second,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
            "ServiceEndpoint=\"https://stdocs.blob.core.windows.net/\" ContainerName=\"docs\">"
            "<Marker>2!Yy8z</Marker><MaxResults>2</MaxResults><Delimiter>/</Delimiter><Blobs>"
            "<BlobPrefix><Name>c/</Name></BlobPrefix></Blobs><NextMarker /></EnumerationResults>");
  EXPECT_THAT(get("/?comp=list").body, testing::HasSubstr("<Container><Name>docs</Name>"));
}

TEST_F(Blobs, AppendBlobsGrow) {
  EXPECT_EQ(put("/docs/log", "", {{"x-ms-blob-type", "AppendBlob"}}).status, 201U);
  EXPECT_EQ(put("/docs/log?comp=appendblock", "one ").status, 201U);
  const Response more =
      put("/docs/log?comp=appendblock", "two", {{"x-ms-blob-condition-appendpos", "4"}});
  EXPECT_EQ(header(more, "x-ms-blob-append-offset"), "4");
  EXPECT_EQ(header(more, "x-ms-blob-committed-block-count"), "2");
  EXPECT_EQ(told(get("/docs/log")), "200 one two");
}

TEST_F(Blobs, CopiesStayInTheAccount) {
  (void)upload("a b", "x", {{"x-ms-meta-k", "v"}});
  const Response copy =
      put("/docs/c", "", {{"x-ms-copy-source", std::string(kEndpoint) + "docs/a%20b?sv=1"}});
  EXPECT_EQ(told(copy), "202");
  EXPECT_EQ(header(copy, "x-ms-copy-status"), "success");
  EXPECT_EQ(header(get("/docs/c"), "x-ms-meta-k"), "v");
  EXPECT_EQ(told(put("/docs/d", "", {{"x-ms-copy-source", "https://evil.example/docs/a"}})),
            "501 " + xml_error("NotImplemented",
                               "the lab's Blob service has no copies from outside the account; "
                               "give the lab a storage emulator for more"));
  EXPECT_EQ(put("/docs/d", "", {{"x-ms-copy-source", "://"}}).status, 501U);
}

TEST_F(Blobs, WhatIsNotThereIsSaid) {
  EXPECT_EQ(told(get("/none/b")),
            "404 " + xml_error("ContainerNotFound", "The specified container does not exist."));
  const Response gone = get("/docs/b");
  EXPECT_EQ(told(gone), "404 " + xml_error("BlobNotFound", "The specified blob does not exist."));
  EXPECT_EQ(header(gone, "x-ms-error-code"), "BlobNotFound");
  EXPECT_EQ(told(put("/docs/b?comp=tags")),
            "501 " + xml_error("NotImplemented",
                               "the lab's Blob service has no `PUT ?comp=tags` of blobs; give "
                               "the lab a storage emulator for more"));
  EXPECT_EQ(get("/x", {{"Host", "stdocs.queue.core.windows.net"}}).status, 501U);
  EXPECT_EQ(put("/Docs?restype=container").status, 400U);
  EXPECT_EQ(get("/docs/%zz").status, 400U);
  EXPECT_EQ(call("DELETE", "/docs?restype=container").status, 202U);
  EXPECT_EQ(call("DELETE", "/docs?restype=container").status, 404U);
}

TEST_F(Blobs, SasPermitsWhatItSays) {
  (void)upload("b", "x");
  EXPECT_EQ(get("/docs/b?sp=r&sig=x").status, 200U);
  EXPECT_EQ(told(get("/docs/b?sp=w&sig=x")),
            "403 " + xml_error("AuthorizationPermissionMismatch",
                               "This request is not authorized to perform this operation using "
                               "this permission."));
  EXPECT_EQ(get("/docs?restype=container&comp=list&sp=r&sig=x").status, 403U);
  EXPECT_EQ(get("/docs?restype=container&comp=list&sp=rl&sig=x").status, 200U);
  EXPECT_EQ(call("DELETE", "/docs/b?sp=rcw&sig=x").status, 403U);
}

TEST(BlobStoreLimits, RefuseAndChangeNothing) {
  BlobApi api(std::string(kEndpoint), {.bytes = 4'000, .containers = 1});
  EXPECT_EQ(ask(api, request_of("PUT", "/docs?restype=container")).status, 201U);
  EXPECT_EQ(ask(api, request_of("PUT", "/more?restype=container")).status, 507U);
  const std::size_t before = api.store().used();
  const Response refused = ask(api, request_of("PUT", "/docs/b", std::string(4'000, 'x'),
                                               {{"x-ms-blob-type", "BlockBlob"}}));
  EXPECT_EQ(told(refused),
            "507 " + xml_error("InsufficientStorage",
                               "a storage account of the lab holds at most 4000 bytes in memory"));
  EXPECT_EQ(ask(api, request_of("PUT", "/docs/b?comp=block&blockid=QUE%3D", "abc")).status, 201U);
  EXPECT_EQ(ask(api, request_of("PUT", "/docs/b", "x", {{"x-ms-blob-type", "BlockBlob"}})).status,
            201U);
  EXPECT_EQ(ask(api, request_of("DELETE", "/docs/b")).status, 202U);
  EXPECT_EQ(api.store().used(), before);
  EXPECT_EQ(ask(api, request_of("DELETE", "/docs?restype=container")).status, 202U);
  EXPECT_EQ(api.store().used(), 0U);
}

TEST(HttpDates, AreReadAndWritten) {
  EXPECT_EQ(http_date(test::kMoment), "Mon, 01 Jun 2026 12:00:00 GMT");
  EXPECT_EQ(parse_http_date("Mon, 01 Jun 2026 12:00:00 GMT"), test::kMoment);
  for (const char* text : {"", "Mon, 31 Jun 2026 12:00:00 GMT", "Mon, 01 Jun 2026 24:00:00 GMT",
                           "Mon, 01 Jun 2026 12:00:00 UTC", "2026-06-01T12:00:00Z"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(BlockLists, AreReadOrRefused) {
  using From = BlockChoice::From;
  EXPECT_EQ(parse_block_list("\xef\xbb\xbf<?xml?>\n<BlockList>\n <Latest>QQ==</Latest>\n"
                             "<Committed>QUE=</Committed></BlockList>\n"),
            (std::vector<BlockChoice>{{From::Latest, "QQ=="}, {From::Committed, "QUE="}}));
  EXPECT_EQ(parse_block_list("<BlockList />"), std::vector<BlockChoice>());
  for (const char* xml : {"", "<BlockList>", "<?", "<BlockList><X>QQ==</X></BlockList>",
                          "<BlockList><Latest>!</Latest></BlockList>",
                          "<BlockList></BlockList><BlockList></BlockList>"}) {
    EXPECT_EQ(parse_block_list(xml), std::nullopt) << xml;
  }
}

}  // namespace
}  // namespace nsp::lab
