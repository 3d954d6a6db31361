// The one escape that HTML and XML share.
#ifndef NSP_SIM_REPORT_ENTITY_H_
#define NSP_SIM_REPORT_ENTITY_H_

#include <string_view>

namespace nsp {

// What stands for `c` in a text or in an attribute quoted with `"`; empty for a character that
// stands for itself. Thread safety: pure.
[[nodiscard]] constexpr std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return {};
  }
}

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENTITY_H_
