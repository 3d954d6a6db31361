#include "sim/lab/service_factory.h"

#include "sim/lab/plain_api.h"

namespace nsp::lab {

std::unique_ptr<ServiceApi> make_service(const Resource& resource, const LabKeys&) {
  return std::make_unique<PlainApi>(resource.service);
}

}  // namespace nsp::lab
