// Two passes. scan_json() turns the text into plain JSON of the same length and lists where every
// token starts; nlohmann's SAX parser, which keeps its own stack and never recurses, then builds
// the tree, and each of its events takes the next start. A start becomes line and column by walking
// a table of line starts, in step.

#include "sim/document/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/json_scan.h"

namespace nsp {
namespace {

// Offsets to lines and columns. Offsets must be asked for in rising order.
class LineCursor {
 public:
  // `begin`: of the first line.
  LineCursor(std::string_view bytes, std::size_t begin, std::uint32_t first_line)
      : bytes_(bytes), line_(first_line), start_(begin), end_(end_of_line(begin)) {}

  struct Spot {
    std::uint32_t line;
    std::uint32_t column;
  };

  Spot move_to(std::size_t offset) {
    while (end_ < offset) {
      start_ = end_ + 1;
      ++line_;
      end_ = end_of_line(start_);
    }
    return {line_, static_cast<std::uint32_t>(std::max(offset, start_) - start_ + 1)};
  }

 private:
  std::size_t end_of_line(std::size_t from) const {
    return std::min(bytes_.find('\n', from), bytes_.size());
  }

  std::string_view bytes_;
  std::uint32_t line_;
  std::size_t start_;  // of the line
  std::size_t end_;    // of the line: kept, because one line may hold the whole text
};

// The index of the first member whose name stands before it already. Most objects are small: no
// table for those.
std::optional<std::size_t> repeated_member(std::span<const Member> members) {
  constexpr std::size_t kSmall = 16;
  std::unordered_set<std::string_view> seen;
  if (members.size() > kSmall) seen.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string_view name = members[i].name;
    const bool repeated = members.size() > kSmall
                              ? !seen.insert(name).second
                              : std::ranges::find(members.first(i), name, &Member::name) !=
                                    members.begin() + static_cast<std::ptrdiff_t>(i);
    if (repeated) return i;
  }
  return std::nullopt;
}

// Builds the tree. `open_` holds the containers not yet closed; what they hold so far waits in
// `members_` and `items_`, those of the innermost last. A container that is finished takes exactly
// the room it needs, as a tree is many small containers.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(const Scan& scan, LineCursor cursor, const std::string* file)
      : scan_(scan), cursor_(cursor), file_(file) {}

  bool null() override { return value(next_node(Node::Kind::Null)); }
  bool boolean(bool on) override {
    Node node = next_node(Node::Kind::Bool);
    node.boolean = on;
    return value(std::move(node));
  }
  bool number_integer(number_integer_t /*number*/) override { return number(); }
  bool number_unsigned(number_unsigned_t /*number*/) override { return number(); }
  bool number_float(number_float_t /*number*/, const string_t& /*text*/) override {
    return number();
  }
  bool string(string_t& text) override {
    Node node = next_node(Node::Kind::String);
    node.text = std::move(text);
    return value(std::move(node));
  }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Node::Kind::Object); }
  bool start_array(std::size_t /*size*/) override { return open(Node::Kind::Array); }
  bool key(string_t& name) override {
    const auto spot = cursor_.move_to(next_offset());
    members_.push_back({std::move(name), Node{}, spot.line, spot.column});
    return true;
  }
  bool end_object() override {
    const auto members = std::span(members_).subspan(open_.back().first);
    if (const auto again = repeated_member(members)) {
      const Member& member = members[*again];
      return fail({*file_, member.line, member.column, {}},
                  fmt::format("the key `{}` stands twice in one object", member.name));
    }
    move_tail(members_, open_.back().first, open_.back().node.members);
    return close();
  }
  bool end_array() override {
    move_tail(items_, open_.back().first, open_.back().node.items);
    return close();
  }
  // The scan has let only two mistakes through: a number that no double holds, and half a surrogate
  // pair.
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& exception) override {
    constexpr int kOutOfRange = 406;
    const Node node = next_node(Node::Kind::Null);
    return fail(node.place(), exception.id == kOutOfRange
                                  ? "a number is out of range, expected one that a double holds"
                                  : "a string has half a surrogate pair, expected both halves");
  }

  Result<Node> take() && {
    if (!diagnostics_.empty()) return std::unexpected(std::move(diagnostics_));
    return std::move(root_);
  }

 private:
  std::size_t next_offset() {
    return taken_ < scan_.tokens.size() ? scan_.tokens[taken_++] : scan_.text.size();
  }

  Node next_node(Node::Kind kind) {
    offset_ = next_offset();
    const auto spot = cursor_.move_to(offset_);
    Node node;
    node.kind = kind;
    node.file = file_;
    node.line = spot.line;
    node.column = spot.column;
    return node;
  }

  bool number() {
    Node node = next_node(Node::Kind::Number);
    const auto end = scan_.text.find_first_not_of("0123456789+-.eE", offset_);
    node.text = scan_.text.substr(offset_, std::min(end, scan_.text.size()) - offset_);
    return value(std::move(node));
  }

  bool value(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.is_object()) {
      members_.back().value = std::move(node);
    } else {
      items_.push_back(std::move(node));
    }
    return true;
  }

  bool open(Node::Kind kind) {
    const std::size_t first = kind == Node::Kind::Object ? members_.size() : items_.size();
    open_.push_back({next_node(kind), first});
    return true;
  }

  template <class T>
  static void move_tail(std::vector<T>& from, std::size_t first, std::vector<T>& to) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.assign(std::make_move_iterator(begin), std::make_move_iterator(from.end()));
    from.erase(begin, from.end());
  }

  bool close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    return value(std::move(node));
  }

  bool fail(Place place, std::string message) {
    diagnostics_.push_back({Severity::Error, std::move(place), std::move(message)});
    return false;
  }

  struct Open {
    Node node;
    std::size_t first;  // of `members_` or `items_`
  };

  const Scan& scan_;
  LineCursor cursor_;
  const std::string* file_;
  std::size_t taken_ = 0;
  std::size_t offset_ = 0;  // of the token taken last
  std::vector<Open> open_;
  std::vector<Member> members_;
  std::vector<Node> items_;
  Node root_;
  Diagnostics diagnostics_;
};

// The offset of the first byte that is not UTF-8. REQUIRES: there is one.
std::size_t first_bad_byte(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::size_t length = 1;
    while (length <= 4 && !is_utf8(bytes.substr(at, length))) ++length;
    if (length > 4) return at;
    at += length;
  }
  return at;
}

std::string encoding_fault(std::string_view bytes, std::size_t offset) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    return "the text is UTF-16, expected UTF-8";
  }
  return fmt::format("the byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(bytes[offset]));
}

}  // namespace

Result<Node> parse_json(std::string_view bytes, const std::string& file, std::uint32_t first_line) {
  return parse_owned_json(std::string(bytes), file, first_line);
}

// The scanned text has its line ends where the bytes have them.
Result<Node> parse_owned_json(std::string bytes, const std::string& file,
                              std::uint32_t first_line) {
  const std::size_t begin = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
  const auto refuse = [&](std::string_view text, std::size_t offset, std::string message) {
    const auto spot = LineCursor(text, begin, first_line).move_to(offset);
    return std::unexpected(one_error({file, spot.line, spot.column, {}}, std::move(message)));
  };
  constexpr std::size_t kLongest = 0xffff'ffff;
  if (bytes.size() >= kLongest) return refuse(bytes, 0, "the text is longer than 4 GiB");
  if (!is_utf8(bytes)) {
    const std::size_t offset = first_bad_byte(bytes);
    return refuse(bytes, offset, encoding_fault(bytes, offset));
  }
  const Scan scan = scan_json(std::move(bytes));
  if (scan.fault) return refuse(scan.text, scan.fault->offset, scan.fault->message);
  TreeBuilder builder(scan, LineCursor(scan.text, begin, first_line), shared_text(file));
  (void)nlohmann::json::sax_parse(scan.text, &builder);
  return std::move(builder).take();
}

}  // namespace nsp
