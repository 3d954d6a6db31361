#include "sim/lab/plain_api.h"

#include <fmt/format.h>

#include "sim/base/time.h"
#include "sim/lab/denial.h"
#include "sim/model/services.h"

namespace nsp::lab {

ServiceAnswer PlainApi::answer(const ServiceCall& call) {
  const std::string_view title = facts(service_).title;
  const std::string message =
      fmt::format("the network admits the call; the lab has no API of {} to answer it",
                  title.empty() ? "this service" : title);
  return {error_answer(service_, 501, "NotImplemented", message, call.request_id,
                       nsp::to_string(Instant(call.now.time_since_epoch()))),
          nullptr, nullptr};
}

}  // namespace nsp::lab
