// Talking to a ServiceApi in tests: one request in, the answer as one text out.
#ifndef NSP_TESTS_UNIT_LAB_SERVICE_TALK_H_
#define NSP_TESTS_UNIT_LAB_SERVICE_TALK_H_

#include <string>
#include <utility>
#include <vector>

#include "sim/lab/service.h"

namespace nsp::lab::test {

// 2026-06-01T12:00:00Z
inline constexpr Utc kMoment{std::chrono::seconds(1'780'315'200)};

using Fields = std::vector<std::pair<std::string, std::string>>;

inline Request request_of(std::string method, std::string target, std::string body = {},
                          const Fields& fields = {}) {
  Request request{std::move(method), std::move(target), {}, std::move(body)};
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

inline ServiceAnswer ask_whole(ServiceApi& api, const Request& request, Utc now = kMoment) {
  const ServiceCall call{request, now, "id-1", Credential::Key};
  return api.answer(call);
}

inline Response ask(ServiceApi& api, const Request& request, Utc now = kMoment) {
  return ask_whole(api, request, now).response;
}

// `200 body`.
inline std::string told(const Response& answer) {
  return std::to_string(answer.status) + (answer.body.empty() ? "" : " " + answer.body);
}

inline std::string header(const Response& answer, std::string_view name) {
  return std::string(answer.headers.find(name).value_or("(none)"));
}

}  // namespace nsp::lab::test

#endif  // NSP_TESTS_UNIT_LAB_SERVICE_TALK_H_
