// Filters of AI Search: the part of OData that queries are narrowed with.
//
//   rating ge 4 and (category eq 'a' or not deleted)
//   search.in(id, 'a,b', ',')   tags/any(t: t eq 'x')   tags/any(t: search.in(t, 'x|y', '|'))
//
// Comparisons are eq, ne, gt, ge, lt, le; a null equals nothing but null. Functions of geography,
// of full text and `all` are known and not in the lab: 501. Anything else that is no filter is 400.
// Nesting and length are bounded.
//
// Source: Microsoft's reference "OData $filter syntax in Azure AI Search". Thread safety: immutable
// value.
#ifndef NSP_SIM_LAB_SEARCH_FILTER_H_
#define NSP_SIM_LAB_SEARCH_FILTER_H_

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nsp::lab {

// A field of a document. Times are texts: of one form, they compare as times.
using FieldValue =
    std::variant<std::monostate, bool, double, std::string, std::vector<std::string>>;
using FieldLookup = std::function<FieldValue(const std::string& path)>;

struct FilterProblem {
  unsigned status = 400;
  std::string message;

  bool operator==(const FilterProblem&) const = default;
};

class SearchFilter {
 public:
  static constexpr std::size_t kMostBytes = 32'768;
  static constexpr std::size_t kMostNodes = 2'000;
  static constexpr unsigned kDeepest = 64;

  [[nodiscard]] static std::expected<SearchFilter, FilterProblem> parse(std::string_view text);

  [[nodiscard]] bool matches(const FieldLookup& field) const;
  // Every field that it names, in order, repeated as they are.
  [[nodiscard]] const std::vector<std::string>& fields() const { return fields_; }

 private:
  friend class FilterParser;
  enum class Kind : std::uint8_t { And, Or, Not, Compare, In, Any };
  enum class Compare : std::uint8_t { Eq, Ne, Gt, Ge, Lt, Le };
  struct Node {
    Kind kind = Kind::Compare;
    Compare compare = Compare::Eq;
    std::string field;  // of Compare and In: a path, or the variable of the `any` around it
    FieldValue literal;
    std::vector<std::string> options;  // of In
    std::size_t left = 0;
    std::size_t right = 0;
  };

  [[nodiscard]] bool holds(std::size_t node, const FieldLookup& field) const;
  [[nodiscard]] bool holds_for_any(const Node& node, const FieldLookup& field) const;

  std::vector<Node> nodes_;
  std::vector<std::string> fields_;
  std::size_t root_ = 0;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SEARCH_FILTER_H_
