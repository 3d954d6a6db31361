#include "sim/lab/service_factory.h"

#include <gtest/gtest.h>

#include "tests/unit/lab/lab_world.h"
#include "tests/unit/lab/service_talk.h"

namespace nsp::lab {
namespace {

std::string asked(Service service, const std::string& target) {
  const auto api = make_service(test::make_resource(service, "one"), LabKeys("secret"));
  return test::told(test::ask(*api, test::request_of("GET", target)));
}

TEST(ServiceFactory, GivesEachServiceItsApi) {
  EXPECT_EQ(asked(Service::Storage, "/?comp=list"),
            "200 <?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
            "ServiceEndpoint=\"https://one.blob.core.windows.net/\"><Containers></Containers>"
            "<NextMarker /></EnumerationResults>");
  EXPECT_EQ(asked(Service::Search, "/indexes?api-version=2024-07-01"), "200 {\"value\":[]}");
  EXPECT_EQ(asked(Service::Foundry, "/openai/files"),
            R"(200 {"object":"list","data":[],"has_more":false})");
  EXPECT_EQ(asked(Service::OpenAi, "/openai/v1/files"), asked(Service::Foundry, "/openai/files"));
  EXPECT_EQ(
      asked(Service::KeyVault, "/secrets"),
      R"(501 {"error":{"code":"NotImplemented","message":"the network admits the call; the lab has no API of Key Vault to answer it"}})");
}

}  // namespace
}  // namespace nsp::lab
