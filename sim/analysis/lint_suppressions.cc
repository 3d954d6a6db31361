#include "sim/analysis/lint_suppressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/analysis/lint_families.h"
#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 5> kMembers{"finding", "object", "file", "reason",
                                                   "expires"};

constexpr Basis kSuppressionBasis{
    "How gaps are filled",
    "a finding of lint may be suppressed, for a reason and up to a day; after that day it is "
    "told again, and so is the suppression"};

constexpr std::array kSuppressionsChecks{
    Check{.id = "NSP901",
          .name = "suppression-expired",
          .severity = Severity::Warning,
          .title = "a suppression has expired",
          .basis = {kSuppressionBasis},
          .remedy = "mend what was found, or look at it again and set a new date"},
    Check{.id = "NSP902",
          .name = "suppression-without-finding",
          .severity = Severity::Note,
          .title = "a suppression fits no finding",
          .basis = {kSuppressionBasis},
          .remedy = "remove the suppression"},
};

class SuppressionReader {
 public:
  Result<std::vector<Suppression>> read(const Node& root) {
    const Node* list = root.find("suppressions");
    if (list == nullptr || !list->is_array()) {
      return std::unexpected(
          one_error(root.place(), "expected an object with the list `suppressions`"));
    }
    for (const Member& member : root.members) {
      if (&member.value != list)
        refuse_member(member, {}, std::array{std::string_view("suppressions")});
    }
    const std::string pointer = pointer_join("", "suppressions");
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      entry(list->items[i], pointer_join(pointer, i));
    }
    std::ranges::stable_sort(wrong_, {}, &Diagnostic::place);
    if (!wrong_.empty()) return std::unexpected(std::move(wrong_));
    return std::move(all_);
  }

 private:
  void error(Place place, std::string message) {
    wrong_.push_back({Severity::Error, std::move(place), std::move(message)});
  }

  void refuse_member(const Member& member, std::string_view pointer,
                     std::span<const std::string_view> known) {
    const auto near = nearest_word(member.name, known);
    error({*member.value.file, member.line, member.column, pointer_join(pointer, member.name)},
          fmt::format("unknown member `{}`{}", member.name,
                      near.empty() ? fmt::format(", expected {}", joined(known))
                                   : fmt::format(", did you mean `{}`?", near)));
  }

  static std::string joined(std::span<const std::string_view> words) {
    std::string text;
    for (const auto word : words) text += fmt::format("{}`{}`", text.empty() ? "" : ", ", word);
    return text;
  }

  // The text of a member; empty, and an error where it is needed, when there is none.
  std::string text_of(const Node& entry, const std::string& pointer, std::string_view name,
                      bool needed) {
    const Node* node = entry.find(name);
    if (node == nullptr) {
      if (needed) error(entry.place(pointer), fmt::format("a suppression needs `{}`", name));
      return {};
    }
    const Place place = node->place(pointer_join(pointer, name));
    if (!node->is_string()) {
      error(place, fmt::format("`{}` is {}, expected a string", name, kind_name(node->kind)));
      return {};
    }
    std::string text(trim(node->text));
    if (text.empty()) error(place, fmt::format("`{}` is empty", name));
    return text;
  }

  void entry(const Node& node, const std::string& pointer) {
    if (!node.is_object()) {
      return error(node.place(pointer),
                   fmt::format("a suppression is an object, not {}", kind_name(node.kind)));
    }
    const std::size_t before = wrong_.size();
    for (const Member& member : node.members) {
      const bool known = std::ranges::any_of(
          kMembers, [&](std::string_view name) { return iequals(name, member.name); });
      if (!known) refuse_member(member, pointer, kMembers);
    }
    Suppression suppression;
    suppression.place = node.place(pointer);
    const std::string finding = text_of(node, pointer, "finding", true);
    suppression.object = text_of(node, pointer, "object", false);
    suppression.file = text_of(node, pointer, "file", false);
    suppression.reason = text_of(node, pointer, "reason", true);
    suppression.expires = text_of(node, pointer, "expires", true);
    if (wrong_.size() != before) return;
    if (suppression.object.empty() && suppression.file.empty()) {
      return error(suppression.place, "a suppression needs `object` or `file`");
    }
    resolve(node, pointer, finding, suppression);
    if (wrong_.size() == before) all_.push_back(std::move(suppression));
  }

  void resolve(const Node& node, const std::string& pointer, const std::string& finding,
               Suppression& suppression) {
    suppression.check = find_check(finding);
    if (suppression.check == nullptr) {
      error(node.find("finding")->place(pointer_join(pointer, "finding")), no_such_check(finding));
    }
    const auto day = parse_day(suppression.expires);
    if (!day) {
      return error(
          node.find("expires")->place(pointer_join(pointer, "expires")),
          fmt::format("`{}` is no date, expected one like `2026-06-30`", suppression.expires));
    }
    suppression.last_day = *day;
  }

  std::vector<Suppression> all_;
  Diagnostics wrong_;
};

// `infra/site.json` is the file `site.json`, and is not `e.json`.
bool is_file(std::string_view path, std::string_view wanted) {
  if (!path.ends_with(wanted)) return false;
  return path.size() == wanted.size() || path[path.size() - wanted.size() - 1] == '/';
}

bool fits(const Suppression& suppression, const Finding& finding) {
  return suppression.check == finding.check &&
         (suppression.object.empty() || iequals(suppression.object, finding.subject)) &&
         (suppression.file.empty() || is_file(finding.place.file, suppression.file));
}

std::string target(const Suppression& suppression) {
  return suppression.object.empty() ? suppression.file : suppression.object;
}

class Sorter {
 public:
  Sorter(const LintSelection& selection, const std::vector<Suppression>& suppressions, Day today)
      : selection_(selection),
        suppressions_(suppressions),
        today_(today),
        used_(suppressions.size()) {}

  LintReport sort(std::vector<Finding> findings) {
    for (Finding& finding : findings) take(std::move(finding));
    for (std::size_t i = 0; i < suppressions_.size(); ++i) judge(suppressions_[i], used_[i]);
    sort_findings(report_.findings);
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool has_expired(const Suppression& suppression) const {
    return suppression.last_day < today_;
  }

  void take(Finding finding) {
    const Suppression* by = nullptr;
    for (std::size_t i = 0; i < suppressions_.size(); ++i) {
      if (has_expired(suppressions_[i]) || !fits(suppressions_[i], finding)) continue;
      used_[i] = true;
      if (by == nullptr) by = &suppressions_[i];
    }
    if (by == nullptr) {
      report_.findings.push_back(std::move(finding));
    } else {
      report_.suppressed.push_back({std::move(finding), *by});
    }
  }

  [[nodiscard]] bool runs(const Check& check) const {
    return selection_[static_cast<std::size_t>(&check - all_checks().data())];
  }

  void judge(const Suppression& suppression, bool used) {
    if (!runs(*suppression.check)) return;
    const std::string what =
        fmt::format("the suppression of {} for `{}`", suppression.check->id, target(suppression));
    if (has_expired(suppression)) {
      add(kSuppressionsChecks[0], suppression,
          fmt::format("{} expired on {}; its reason was: {}", what, suppression.expires,
                      suppression.reason));
    } else if (!used) {
      add(kSuppressionsChecks[1], suppression, fmt::format("{} fits no finding", what));
    }
  }

  void add(const Check& own, const Suppression& suppression, const std::string& message) {
    const Check* check = find_check(own.id);
    if (!runs(*check)) return;
    FindingSink(*check, report_.findings).add(suppression.place, target(suppression), message);
  }

  const LintSelection& selection_;
  const std::vector<Suppression>& suppressions_;
  Day today_;
  std::vector<bool> used_;
  LintReport report_;
};

}  // namespace

std::span<const Check> suppression_checks() { return kSuppressionsChecks; }

Result<std::vector<Suppression>> read_suppressions(const Node& root) {
  return SuppressionReader().read(root);
}

Result<std::vector<Suppression>> read_suppressions(std::string_view bytes,
                                                   const std::string& file) {
  const auto root = parse_json(bytes, file);
  if (!root) return std::unexpected(root.error());
  return read_suppressions(*root);
}

std::size_t LintReport::count_from(Severity threshold) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      findings, [&](const Finding& finding) { return finding.severity <= threshold; }));
}

LintReport lint(const LintInput& input, const LintSelection& selection,
                const std::vector<Suppression>& suppressions, Day today) {
  return Sorter(selection, suppressions, today).sort(run_lint(input, selection));
}

}  // namespace nsp
