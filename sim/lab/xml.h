// Text inside an XML element or attribute, as Storage's answers have it.
//
// Thread safety: pure function.
#ifndef NSP_SIM_LAB_XML_H_
#define NSP_SIM_LAB_XML_H_

#include <string>
#include <string_view>

namespace nsp::lab {

// Control characters, which XML has no way to write, become `?`; tabs and line ends stay.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_XML_H_
