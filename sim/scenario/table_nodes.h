// Nodes of the plain shape, each standing at the cell it comes from.
#ifndef NSP_SIM_SCENARIO_TABLE_NODES_H_
#define NSP_SIM_SCENARIO_TABLE_NODES_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/document/node.h"
#include "sim/scenario/markdown.h"

namespace nsp {

class TableNodes {
 public:
  explicit TableNodes(const std::string& file) : file_(shared_text(file)) {}

  [[nodiscard]] Node text(std::string value, const PageCell& cell) const;
  [[nodiscard]] Node boolean(bool value, const PageCell& cell) const;
  [[nodiscard]] Node object(const PageCell& cell) const;
  [[nodiscard]] Node array(const PageCell& cell) const;
  // `{"NAME": "value"}`.
  [[nodiscard]] Node object_of(std::string name, std::string value, const PageCell& cell) const;
  // An array of texts, each at its own place.
  [[nodiscard]] Node texts(std::span<const PageCell> cells, const PageCell& where) const;
  // `{"id":…,"type":…,"name":…}`; the caller adds `properties` last.
  [[nodiscard]] Node resource(const std::string& id, std::string_view type, std::string_view name,
                              const PageCell& cell) const;

 private:
  [[nodiscard]] Node at(const PageCell& cell) const;

  const std::string* file_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TABLE_NODES_H_
