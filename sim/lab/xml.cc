#include "sim/lab/xml.h"

#include "sim/report/entity.h"

namespace nsp::lab {
namespace {

bool is_xml_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::string_view entity = entity_of(c);
    if (!entity.empty()) {
      out += entity;
    } else {
      out += is_xml_control(c) ? '?' : c;
    }
  }
  return out;
}

}  // namespace nsp::lab
