// What the elements of one profile's rules admit, and which of them cover which others. For
// dead_rules.h, which says what covering means and how exact it is.
//
// Lifetime: refers to the environment. Thread safety: immutable.
#ifndef NSP_SIM_ANALYSIS_RULE_COVER_H_
#define NSP_SIM_ANALYSIS_RULE_COVER_H_

#include <cstddef>
#include <vector>

#include "sim/analysis/rule_elements.h"
#include "sim/decision/reading.h"
#include "sim/net/address_ranges.h"

namespace nsp {

struct ProfileElement {
  ElementAt at;
  AddressRanges addresses;  // of a prefix, and of a tag whose prefixes are known
  bool by_address = false;  // it is one of those
  double width = 0;         // how much it admits, to compare with its like
  bool may_cover = true;
  bool may_die = true;     // false: it admits nothing, or nobody knows what
  bool must_stay = false;  // taking it away could change a verdict, whatever else is there
};

struct Cover {
  std::vector<std::size_t> members;
  bool rests_on_u4 = false;
};

class ProfileElements {
 public:
  using Members = std::vector<std::size_t>;  // indices into all()

  // Of the profile that `at` names; its rule does not matter.
  ProfileElements(const Environment& environment, const Readings& readings, const RuleAt& at);

  // By rule name (as R-8), within a rule in order of its lists. Elements of one rule stand
  // together.
  [[nodiscard]] const std::vector<ProfileElement>& all() const { return all_; }
  // The rule holds no value that is not known now.
  [[nodiscard]] bool is_whole(const RuleAt& at) const;
  [[nodiscard]] std::vector<ElementAt> places(const Members& members) const;

  [[nodiscard]] bool is_covered(const Members& wanted, const Members& by) const;
  // The fewest of `by` that cover all that is wanted, in their order. REQUIRES: is_covered(), and
  // of those of `by` that no address tells of none covers another.
  [[nodiscard]] Cover cover(const Members& wanted, const Members& by) const;

 private:
  [[nodiscard]] ProfileElement make_element(const ElementAt& at) const;
  void set_prefix(ProfileElement& element) const;
  void set_tag(ProfileElement& element) const;
  void set_host_name(ProfileElement& element) const;

  [[nodiscard]] const DomainPattern& pattern(std::size_t i) const;
  [[nodiscard]] AddressRanges addresses_of(const Members& members) const;
  // The sets of wanted elements that are covered by addresses, each with those that may cover it.
  struct AddressTask {
    AddressRanges wanted;
    Members by;
  };
  [[nodiscard]] std::vector<AddressTask> address_tasks(const Members& wanted,
                                                       const Members& by) const;
  // What is wanted and not covered.
  [[nodiscard]] AddressRanges left_of(const AddressTask& task) const;
  [[nodiscard]] Members fewest_by_address(const AddressTask& task) const;
  // One element that covers another of those that no address tells of.
  [[nodiscard]] bool covers_alone(std::size_t a, std::size_t b, bool one_label) const;
  [[nodiscard]] std::size_t first_alone(std::size_t wanted, const Members& by) const;

  const Environment& environment_;
  bool one_label_;           // U4
  bool v6_counts_;           // U2
  bool tags_count_ = false;  // at every member; there is one
  bool tags_never_ = false;  // at no member; there is one
  std::vector<ProfileElement> all_;
};

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_RULE_COVER_H_
