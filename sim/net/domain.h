// Host names and the patterns of outbound rules (clause R-5).
//
// A name is kept in lower case without a trailing dot. A pattern is a name, `*` (every name), or
// `*.suffix`, which stands for one or more labels under the suffix and not for the suffix itself:
// `*.blob.core.windows.net` fits `a.blob.core.windows.net` and `a.b.blob.core.windows.net`, but
// neither `blob.core.windows.net` nor `blob.core.windows.net.evil.example`.
//
// Source of the grammar: FOUNDRY and practice, graded inferred (assumption U4).
#ifndef NSP_SIM_NET_DOMAIN_H_
#define NSP_SIM_NET_DOMAIN_H_

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace nsp {

class DomainName {
 public:
  DomainName() = default;

  // Letters, digits, hyphen, underscore in labels of 1 to 63; at most 253 in all; one trailing dot
  // dropped. The error says what is wrong, in the style of diagnostics.
  [[nodiscard]] static std::expected<DomainName, std::string> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  // True when this name lies one or more labels under `suffix`.
  [[nodiscard]] bool is_under(std::string_view suffix) const;

  auto operator<=>(const DomainName&) const = default;

 private:
  std::string text_;
};

struct DomainPattern {
  enum class Kind : std::uint8_t { Exact, Under, Any };
  Kind kind = Kind::Exact;
  DomainName name;  // the whole name, or the suffix without `*.`; empty for Any

  // The error says what is wrong: a scheme, a port, a path, a `*` that is not the first label.
  [[nodiscard]] static std::expected<DomainPattern, std::string> parse(std::string_view text);

  // `one_label` is the other reading of U4: `*` stands for exactly one label.
  [[nodiscard]] bool matches(const DomainName& candidate, bool one_label = false) const;
  // Every name that `other` matches, this one matches too. `*.b.a` is within `*.a`, but with
  // `one_label` it is apart from it.
  [[nodiscard]] bool covers(const DomainPattern& other, bool one_label = false) const;
  // A `*.` before a suffix so long that no name fits under it.
  [[nodiscard]] bool matches_nothing() const;

  auto operator<=>(const DomainPattern&) const = default;
};

[[nodiscard]] std::string to_string(const DomainPattern& pattern);

// Why `candidate` is not matched, in words: "`blob.core.windows.net` is the suffix itself, `*.`
// needs a label before it". REQUIRES: !pattern.matches(candidate, one_label).
[[nodiscard]] std::string describe_miss(const DomainName& candidate, const DomainPattern& pattern,
                                        bool one_label = false);

}  // namespace nsp

#endif  // NSP_SIM_NET_DOMAIN_H_
