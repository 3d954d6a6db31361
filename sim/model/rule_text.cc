#include "sim/model/rule_text.h"

namespace nsp {

std::vector<std::string> rule_elements(const AccessRule& rule) {
  std::vector<std::string> parts;
  for (const WrittenPrefix& prefix : rule.prefixes) parts.push_back(prefix.text);
  for (const Guid& guid : rule.subscriptions) parts.push_back("subscription " + to_string(guid));
  for (const std::string& tag : rule.service_tags) parts.push_back("tag " + tag);
  for (const DomainPattern& pattern : rule.host_names) parts.push_back(to_string(pattern));
  for (const Unresolved& open : rule.unresolved) {
    if (open.setting != "direction") parts.push_back(open.expression);
  }
  return parts;
}

std::string rule_text(const AccessRule& rule) {
  std::vector<std::string> parts = rule_elements(rule);
  if (rule.derived_from_link) parts.emplace_back("(from a link)");
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? "nothing" : text;
}

}  // namespace nsp
