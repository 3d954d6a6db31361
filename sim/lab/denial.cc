#include "sim/lab/denial.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "sim/base/vocabulary.h"
#include "sim/decision/describe.h"
#include "sim/lab/xml.h"

namespace nsp::lab {
namespace {

constexpr unsigned kForbidden = 403;

std::string as_xml(const std::string& code, const std::string& message) {
  return fmt::format(
      "\xef\xbb\xbf<?xml version=\"1.0\" "
      "encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
      xml_text(code), xml_text(message));
}

std::string as_json(const std::string& code, const std::string& message) {
  nlohmann::ordered_json error;
  error["error"]["code"] = code;
  error["error"]["message"] = message;
  return error.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

unsigned number_of(std::string_view status) {
  unsigned number = kForbidden;
  std::from_chars(status.data(), status.data() + status.size(), number);
  return number;
}

}  // namespace

void add_verdict(const GateDecision& decided, const Leg* leg, Headers& headers) {
  const Policy& policy = decided.edition->policy;
  const Verdict verdict = leg == nullptr ? Verdict::Allow : leg->verdict;
  headers.set("x-nspsim-verdict", std::string(to_string(verdict)));
  headers.set("x-nspsim-reason",
              leg == nullptr ? reason_text(policy, decided.decision) : reason_text(policy, *leg));
  headers.set("x-nspsim-clause", std::string(facts(leg == nullptr ? Clause::G1 : leg->clause).id));
}

void add_no_verdict(Headers& headers) {
  headers.set("x-nspsim-verdict", "not asked");
  headers.set("x-nspsim-reason", "enforcement is off");
}

Response error_answer(Service service, unsigned status, const std::string& code,
                      const std::string& message, const std::string& request_id,
                      const std::string& time) {
  Response answer;
  answer.status = status;
  answer.headers.set("x-ms-request-id", request_id);
  if (service == Service::Storage) {
    answer.headers.set("content-type", "application/xml");
    answer.headers.set("x-ms-error-code", code);
    answer.body = as_xml(code, fmt::format("{}\nRequestId:{}\nTime:{}", message, request_id, time));
  } else {
    answer.headers.set("content-type", "application/json; charset=utf-8");
    answer.body = as_json(code, message);
  }
  return answer;
}

Response denied_answer(const GateDecision& decided, const Leg& leg, const std::string& request_id,
                       const std::string& time) {
  const Service service = decided.edition->environment().resources[leg.resource].service;
  const Denial* seen = denial_seen(service, leg.clause);
  Response answer =
      seen == nullptr ? error_answer(service, kForbidden, "Forbidden",
                                     "access is denied (no source shows what this service answers)",
                                     request_id, time)
                      : error_answer(service, number_of(seen->status), std::string(seen->code),
                                     std::string(seen->message), request_id, time);
  add_verdict(decided, &leg, answer.headers);
  return answer;
}

}  // namespace nsp::lab
