// The API of a service that the lab has no subset of: each call that the network admits is answered
// 501, with the service's name, in its own form.
#ifndef NSP_SIM_LAB_PLAIN_API_H_
#define NSP_SIM_LAB_PLAIN_API_H_

#include "sim/lab/service.h"

namespace nsp::lab {

class PlainApi : public ServiceApi {
 public:
  explicit PlainApi(Service service) : service_(service) {}
  [[nodiscard]] ServiceAnswer answer(const ServiceCall& call) override;

 private:
  Service service_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_PLAIN_API_H_
