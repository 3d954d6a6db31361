// Bytes → requests to the services of a lab: no crash, no throw, and an answer that its form
// allows. The first byte chooses whom to ask and how; the rest is a target, or a body, or a filter.
// A state is kept from one input to the next, with small bounds, so that it must hold them.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/lab/blob_api.h"
#include "sim/lab/blob_calls_out.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/foundry_api.h"
#include "sim/lab/search_api.h"
#include "sim/lab/search_filter.h"

namespace {

using namespace nsp;
using namespace nsp::lab;

constexpr Utc kNow{std::chrono::seconds(1'780'315'200)};
constexpr std::size_t kMostBytes = 100'000;

void require(bool holds) {
  if (!holds) std::abort();
}

void ask(ServiceApi& api, Request request) {
  (void)api.operation(request);
  const ServiceCall call{request, kNow, "id", Credential::Key};
  const ServiceAnswer answer = api.answer(call);
  require(answer.response.status >= 200 && answer.response.status < 600);
  require(answer.response.status != 500);
}

void ask_blobs(std::string_view text, unsigned how) {
  static BlobApi api("https://st.blob.core.windows.net/", {.bytes = kMostBytes, .containers = 10});
  static const bool kMade = [] {
    ask(api, {"PUT", "/c?restype=container", {}, {}});
    return true;
  }();
  require(kMade);
  constexpr std::string_view kMethods[] = {"GET", "PUT", "HEAD", "DELETE"};
  Request request{std::string(kMethods[how % 4]), "/c/b", {}, {}};
  request.headers.set("x-ms-blob-type", how % 8 < 4 ? "BlockBlob" : "AppendBlob");
  switch (how / 8 % 4) {
    case 0:
      request.target = '/' + std::string(text);
      break;
    case 1:
      request.target = "/c/b?comp=blocklist";
      request.body = text;
      break;
    case 2:
      request.headers.set("x-ms-range", std::string(text));
      request.headers.set("If-Modified-Since", std::string(text));
      request.headers.set("If-Match", std::string(text));
      break;
    default:
      request.headers.set("x-ms-copy-source", std::string(text));
  }
  ask(api, std::move(request));
  require(api.store().used() <= kMostBytes);
}

void ask_search(std::string_view text, unsigned how) {
  static SearchApi api(
      "https://s.search.windows.net",
      {.document_bytes = kMostBytes, .definition_bytes = 10'000, .definitions = 5});
  static const bool kMade = [] {
    ask(api, {"POST",
              "/indexes?api-version=1",
              {},
              R"({"name":"i","fields":[{"name":"id","type":"Edm.String","key":true},)"
              R"({"name":"n","type":"Edm.Int32"}]})"});
    ask(api,
        {"POST", "/indexes/i/docs/index?api-version=1", {}, R"({"value":[{"id":"1","n":1}]})"});
    return true;
  }();
  require(kMade);
  constexpr std::string_view kPaths[] = {
      "/indexes", "/indexes/i/docs/index", "/indexes/i/docs/search", "/datasources", "/skillsets",
      "/indexers"};
  const std::string body(text);
  ask(api, {"POST", std::string(kPaths[how % 6]) + "?api-version=1", {}, body});
  ask(api, {"GET", '/' + body, {}, {}});
}

void ask_foundry(std::string_view text, unsigned how) {
  static FoundryApi api(Service::Foundry, "r",
                        {.file_bytes = kMostBytes, .files = 10, .batches = 10});
  constexpr std::string_view kPaths[] = {"chat/completions", "completions", "embeddings", "files",
                                         "batches"};
  Request request{"POST", "/openai/v1/" + std::string(kPaths[how % 5]), {}, std::string(text)};
  request.headers.set("Content-Type", "multipart/form-data; boundary=b");
  ask(api, std::move(request));
  ask(api, {"GET", '/' + std::string(text), {}, {}});
}

// A filter that reads as one has an answer for any document, and its opposite has the opposite.
void ask_filter(std::string_view text) {
  const auto filter = SearchFilter::parse(text);
  const auto opposite = SearchFilter::parse("not (" + std::string(text) + ")");
  if (!filter || !opposite) return;
  const FieldLookup lookup = [](const std::string& path) -> FieldValue {
    if (path.size() % 3 == 0) return 1.5;
    if (path.size() % 3 == 1) return std::string("x");
    return std::vector<std::string>{"x", "y"};
  };
  require(filter->matches(lookup) != opposite->matches(lookup));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const unsigned how = data[0] / 4U;
  switch (data[0] % 4) {
    case 0:
      ask_blobs(text, how);
      break;
    case 1:
      ask_search(text, how);
      break;
    case 2:
      ask_foundry(text, how);
      break;
    default:
      ask_filter(text);
      (void)parse_blob_page(text);
      (void)parse_connection(text);
      (void)parse_http_date(text);
  }
  return 0;
}
