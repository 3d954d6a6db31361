#include "sim/lab/service_factory.h"

#include <fmt/format.h>

#include "sim/lab/blob_api.h"
#include "sim/lab/foundry_api.h"
#include "sim/lab/plain_api.h"
#include "sim/lab/search_api.h"

namespace nsp::lab {
namespace {

// The first name of a storage account is its Blob service's.
std::string endpoint_of(const Resource& resource, std::string_view suffix) {
  if (resource.host_names.empty()) return fmt::format("https://{}.{}", resource.name, suffix);
  return fmt::format("https://{}", resource.host_names.front().text());
}

}  // namespace

std::unique_ptr<ServiceApi> make_service(const Resource& resource, const LabKeys& keys) {
  switch (resource.service) {
    case Service::Storage:
      return std::make_unique<BlobApi>(endpoint_of(resource, "blob.core.windows.net") + '/',
                                       BlobStore::Limits(),
                                       [resource, keys](const DelegationKeyFacts& facts) {
                                         return keys.delegation(resource, facts);
                                       });
    case Service::Search:
      return std::make_unique<SearchApi>(endpoint_of(resource, "search.windows.net"));
    case Service::Foundry:
    case Service::OpenAi:
      return std::make_unique<FoundryApi>(resource.service,
                                          resource.location.empty() ? "lab" : resource.location);
    default:
      return std::make_unique<PlainApi>(resource.service);
  }
}

}  // namespace nsp::lab
