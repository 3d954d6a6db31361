#include "sim/analysis/lint_names.h"

#include <fmt/format.h>

namespace nsp {

std::string profile_subject(const Perimeter& perimeter, const Profile& profile) {
  return fmt::format("{}/{}", perimeter.name, profile.name);
}

std::string rule_subject(const Perimeter& perimeter, const Profile& profile,
                         const AccessRule& rule) {
  return fmt::format("{}/{}/{}", perimeter.name, profile.name, rule.name);
}

std::string association_subject(const Environment& environment, const Association& association) {
  return fmt::format("{}/{}", environment.perimeters[association.perimeter].name, association.name);
}

std::string link_subject(const Environment& environment, const PerimeterLink& link) {
  return fmt::format("{}/{}", environment.perimeters[link.local].name, link.name);
}

}  // namespace nsp
