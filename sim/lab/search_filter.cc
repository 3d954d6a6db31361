#include "sim/lab/search_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

bool is_word(char c) {
  const char small = ascii_lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '@' || c == '-' || c == '+' || c == ':';
}

// Words that are literals when they start so: numbers and times.
bool starts_number(std::string_view word) {
  return !word.empty() && ((word[0] >= '0' && word[0] <= '9') ||
                           ((word[0] == '-' || word[0] == '+') && word.size() > 1));
}

std::vector<std::string> options_of(const std::string& list, const std::string& delimiters) {
  std::vector<std::string> options;
  std::string option;
  for (char c : list) {
    if (!delimiters.contains(c)) {
      option.push_back(c);
      continue;
    }
    if (!option.empty()) options.push_back(std::move(option));
    option.clear();
  }
  if (!option.empty()) options.push_back(std::move(option));
  return options;
}

template <class Value>
bool ordered(const Value& a, const Value& b, int compare) {
  switch (compare) {
    case 2:
      return a > b;
    case 3:
      return a >= b;
    case 4:
      return a < b;
    default:
      return a <= b;
  }
}

}  // namespace

// Recursive descent; the first problem ends it.
class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : rest_(text) {}

  std::expected<SearchFilter, FilterProblem> run() {
    const std::optional<std::size_t> root = either(0);
    skip();
    if (root && !rest_.empty()) (void)wrong("the end or an operator");
    if (problem_) return std::unexpected(*problem_);
    filter_.root_ = *root;
    return std::move(filter_);
  }

 private:
  using Node = SearchFilter::Node;
  using Kind = SearchFilter::Kind;
  using Compare = SearchFilter::Compare;
  using At = std::optional<std::size_t>;

  std::nullopt_t fail(unsigned status, std::string message) {
    if (!problem_) problem_ = FilterProblem{status, std::move(message)};
    return std::nullopt;
  }
  std::nullopt_t wrong(std::string_view expected) {
    return fail(400, fmt::format("Invalid expression: expected {} at `{}` in the filter", expected,
                                 rest_.substr(0, 40)));
  }

  void skip() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(char c) {
    skip();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view peek_word() {
    skip();
    std::size_t end = 0;
    while (end < rest_.size() && is_word(rest_[end])) ++end;
    return rest_.substr(0, end);
  }
  bool take_word(std::string_view word) {
    if (peek_word() != word) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  At add(Node node) {
    if (filter_.nodes_.size() == SearchFilter::kMostNodes) {
      return fail(400, "The filter has too many clauses");
    }
    filter_.nodes_.push_back(std::move(node));
    return filter_.nodes_.size() - 1;
  }
  At add_pair(Kind kind, std::size_t left, std::size_t right) {
    Node node;
    node.kind = kind;
    node.left = left;
    node.right = right;
    return add(std::move(node));
  }

  At either(unsigned depth) {
    At left = both(depth);
    while (left && take_word("or")) {
      const At right = both(depth);
      left = right ? add_pair(Kind::Or, *left, *right) : right;
    }
    return left;
  }

  At both(unsigned depth) {
    At left = one(depth);
    while (left && take_word("and")) {
      const At right = one(depth);
      left = right ? add_pair(Kind::And, *left, *right) : right;
    }
    return left;
  }

  At one(unsigned depth) {
    if (depth > SearchFilter::kDeepest) return fail(400, "The filter is nested too deeply");
    if (take_word("not")) {
      const At inner = one(depth + 1);
      return inner ? add_pair(Kind::Not, *inner, 0) : inner;
    }
    if (take('(')) {
      const At inner = either(depth + 1);
      if (inner && !take(')')) return wrong("`)`");
      return inner;
    }
    return term(depth);
  }

  At term(unsigned depth) {
    const std::string word(peek_word());
    if (word.empty() || starts_number(word)) return wrong("a field or `(`");
    rest_.remove_prefix(word.size());
    if (word == "true" || word == "false") return constant(word == "true");
    if (take('(')) return function(word, depth);
    return comparison(word);
  }

  // As `null eq null`, or its opposite.
  At constant(bool value) {
    Node node;
    node.kind = Kind::In;
    const At none = add(std::move(node));
    return none && value ? add_pair(Kind::Not, *none, 0) : none;
  }

  At function(const std::string& name, unsigned depth) {
    if (name == "search.in") return in();
    if (name.ends_with("/any")) return any(name.substr(0, name.size() - 4), depth);
    const bool known = name == "search.ismatch" || name == "search.ismatchscoring" ||
                       name == "geo.distance" || name == "geo.intersects" || name.ends_with("/all");
    if (known) return fail(501, fmt::format("the lab's AI Search has no `{}` in filters", name));
    return fail(400, fmt::format("Invalid expression: `{}` is no function of filters", name));
  }

  At in() {
    Node node;
    node.kind = Kind::In;
    node.field = field(std::string(peek_word()));
    rest_.remove_prefix(peek_word().size());
    if (node.field.empty() || !take(',')) return wrong("`search.in(field, 'values')`");
    const auto list = quoted();
    if (!list) return wrong("a text");
    std::optional<std::string> delimiters = " ,";
    if (take(',')) delimiters = quoted();
    if (!delimiters || !take(')')) return wrong("a text of delimiters or `)`");
    node.options = options_of(*list, *delimiters);
    return add(std::move(node));
  }

  At any(const std::string& collection, unsigned depth) {
    if (!variable_.empty()) return fail(501, "the lab's AI Search has no `any` within `any`");
    Node node;
    node.kind = Kind::Any;
    node.field = field(collection);
    if (take(')')) return add(std::move(node));  // not empty
    // A colon is a letter of words, as times have it.
    const std::string_view word = peek_word();
    variable_ = word.substr(0, word.find(':'));
    rest_.remove_prefix(variable_.size());
    if (variable_.empty() || !take(':')) return wrong("`variable:`");
    const At inner = either(depth + 1);
    variable_.clear();
    if (!inner) return inner;
    if (!take(')')) return wrong("`)`");
    node.left = *inner;
    node.right = 1;  // there is an inner one
    return add(std::move(node));
  }

  At comparison(const std::string& name) {
    static constexpr std::array<std::string_view, 6> kWords{"eq", "ne", "gt", "ge", "lt", "le"};
    Node node;
    node.field = field(name);
    const auto word = std::ranges::find(kWords, peek_word());
    if (word == kWords.end()) {
      node.literal = true;  // a field of truth values stands for itself
      return add(std::move(node));
    }
    rest_.remove_prefix(word->size());
    node.compare = static_cast<Compare>(word - kWords.begin());
    if (!literal(node.literal)) return wrong("a text, a number, true, false or null");
    return add(std::move(node));
  }

  bool literal(FieldValue& value) {
    if (auto text = quoted()) {
      value = *std::move(text);
      return true;
    }
    const std::string word(peek_word());
    rest_.remove_prefix(word.size());
    if (word == "true" || word == "false") {
      value = word == "true";
    } else if (word == "null") {
      value = std::monostate();
    } else if (starts_number(word)) {
      return number_or_time(word, value);
    } else {
      return false;
    }
    return true;
  }

  static bool number_or_time(const std::string& word, FieldValue& value) {
    const std::size_t sign = word[0] == '+' ? 1 : 0;
    double number = 0;
    const char* last = word.data() + word.size();
    const auto [end, error] = std::from_chars(word.data() + sign, last, number);
    const bool whole = error == std::errc() && end == last;
    if (whole) value = number;
    if (!whole && word.contains('T')) value = word;
    return whole || word.contains('T');
  }

  std::optional<std::string> quoted() {
    skip();
    if (!rest_.starts_with('\'')) return std::nullopt;
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] != '\'') {
        text.push_back(rest_[i]);
        continue;
      }
      if (i + 1 == rest_.size() || rest_[i + 1] != '\'') {
        rest_.remove_prefix(i + 1);
        return text;
      }
      text.push_back('\'');
      ++i;
    }
    return std::nullopt;
  }

  // The variable of an `any` is written as an empty path's name.
  std::string field(const std::string& name) {
    if (!variable_.empty() && name == variable_) return "$it";
    filter_.fields_.push_back(name);
    return name;
  }

  std::string_view rest_;
  SearchFilter filter_;
  std::string variable_;
  std::optional<FilterProblem> problem_;
};

std::expected<SearchFilter, FilterProblem> SearchFilter::parse(std::string_view text) {
  if (text.size() > kMostBytes)
    return std::unexpected(FilterProblem{400, "The filter is too long"});
  return FilterParser(text).run();
}

bool SearchFilter::matches(const FieldLookup& field) const { return holds(root_, field); }

bool SearchFilter::holds(std::size_t at, const FieldLookup& field) const {
  const Node& node = nodes_[at];
  switch (node.kind) {
    case Kind::And:
      return holds(node.left, field) && holds(node.right, field);
    case Kind::Or:
      return holds(node.left, field) || holds(node.right, field);
    case Kind::Not:
      return !holds(node.left, field);
    case Kind::Any:
      return holds_for_any(node, field);
    case Kind::In: {
      if (node.field.empty()) return false;
      const FieldValue value = field(node.field);
      const auto* text = std::get_if<std::string>(&value);
      return text != nullptr && std::ranges::find(node.options, *text) != node.options.end();
    }
    case Kind::Compare:
      break;
  }
  const FieldValue value = field(node.field);
  if (node.compare == Compare::Eq) return value == node.literal;
  if (node.compare == Compare::Ne) return value != node.literal;
  const int compare = static_cast<int>(node.compare);
  if (const auto* number = std::get_if<double>(&value)) {
    const auto* other = std::get_if<double>(&node.literal);
    return other != nullptr && ordered(*number, *other, compare);
  }
  const auto* text = std::get_if<std::string>(&value);
  const auto* other = std::get_if<std::string>(&node.literal);
  return text != nullptr && other != nullptr && ordered(*text, *other, compare);
}

bool SearchFilter::holds_for_any(const Node& node, const FieldLookup& field) const {
  const FieldValue value = field(node.field);
  const auto* items = std::get_if<std::vector<std::string>>(&value);
  if (items == nullptr || items->empty()) return false;
  if (node.right == 0) return true;
  return std::ranges::any_of(*items, [&](const std::string& item) {
    return holds(node.left, [&](const std::string& path) {
      return path == "$it" ? FieldValue(item) : field(path);
    });
  });
}

}  // namespace nsp::lab
