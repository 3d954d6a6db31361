// The names of a page's tables and the ARM ids they stand for.
//
// A name is looked up among the documents given beside the tables first; what is not there is made,
// once, in the subscription of zeros and the resource group `page`, and remembers the cell that
// named it first.
#ifndef NSP_SIM_SCENARIO_PAGE_NAMES_H_
#define NSP_SIM_SCENARIO_PAGE_NAMES_H_

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document/resource_document.h"
#include "sim/model/services.h"
#include "sim/scenario/markdown.h"

namespace nsp {

inline constexpr std::string_view kPageSubscription = "00000000-0000-0000-0000-000000000000";

// `/subscriptions/S/resourceGroups/GROUP/providers/TYPE/NAME`.
[[nodiscard]] std::string page_id(std::string_view type, std::string_view name,
                                  std::string_view subscription = kPageSubscription,
                                  std::string_view group = "page");

// The pieces of a list cell, each at its own column; empty pieces are left out.
[[nodiscard]] std::vector<PageCell> split_cell(const PageCell& cell, char separator = ',');

// Something that the page names.
struct NamedThing {
  std::string name;
  std::string id;
  PageCell where;
  bool made = true;  // false: a given document describes it
};

struct NamedParent : NamedThing {
  std::vector<NamedThing> children;  // profiles of a perimeter, subnets of a network
};

// A resource that the page's tables or the given documents describe.
struct NamedResource : NamedThing {
  Service service = Service::Other;
  std::string arm_type;
  std::string label;  // the first label of its host names
};

class PageNames {
 public:
  // REQUIRES: `given` outlives this object.
  explicit PageNames(const DocumentSet& given) : given_(given) {}

  // The id of the perimeter, of the profile in it; made where it does not exist.
  std::string perimeter(std::string_view name, const PageCell& where);
  std::string profile(std::string_view perimeter, std::string_view name, const PageCell& where);
  // The ids of a virtual network and of a subnet in it. A network that a document describes gets no
  // subnets added.
  std::string network(std::string_view name, const PageCell& where);
  std::string subnet(std::string_view network, std::string_view name, const PageCell& where);

  void add_resource(NamedResource resource) { resources_.push_back(std::move(resource)); }
  // By short name or id; null when nobody describes it.
  const NamedResource* find_resource(std::string_view name_or_id);

  // The id of a given document of that type and name; empty when there is none.
  [[nodiscard]] std::string find_given(std::string_view type, std::string_view name) const;

  [[nodiscard]] const std::deque<NamedParent>& perimeters() const { return perimeters_; }
  [[nodiscard]] const std::deque<NamedParent>& networks() const { return networks_; }

 private:
  NamedParent& parent(std::deque<NamedParent>& all, std::string_view type, std::string_view name,
                      const PageCell& where);

  const DocumentSet& given_;
  std::deque<NamedParent> perimeters_;
  std::deque<NamedParent> networks_;
  std::deque<NamedResource> resources_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_PAGE_NAMES_H_
