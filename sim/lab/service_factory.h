// Which API answers for a resource.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_SERVICE_FACTORY_H_
#define NSP_SIM_LAB_SERVICE_FACTORY_H_

#include <memory>

#include "sim/lab/keys.h"
#include "sim/lab/service.h"

namespace nsp::lab {

// Never null: a service without an API of its own here answers 501 and says so.
[[nodiscard]] std::unique_ptr<ServiceApi> make_service(const Resource& resource,
                                                       const LabKeys& keys);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SERVICE_FACTORY_H_
