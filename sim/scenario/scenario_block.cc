#include "sim/scenario/scenario_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/decision/clause.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 9> kScenarioKeys{"environment", "status",    "evidence",
                                                        "assume",      "effective", "as",
                                                        "capture",     "logs",      "bindings"};

// One line of the block, its value with the place of its first byte.
struct Entry {
  std::string_view key;
  std::string_view value;
  Place key_place;
  Place value_place;
};

class BlockReader {
 public:
  BlockReader(const PageFence& fence, PageProblems& problems) : fence_(fence), problems_(problems) {
    section_.place = problems.place(fence.line, 1);
  }

  Section read() {
    std::uint32_t line = fence_.line;
    for (const auto text : split_lines(fence_.content)) read_line(text, ++line);
    check_traffic();
    if (!seen("status")) {
      problems_.error(section_.place, "the `scenario` block has no `status`");
    } else if (section_.evidence.empty() && section_.status != PageStatus::Local) {
      problems_.error(
          section_.place,
          "the `scenario` block has no `evidence`, which every status but `local` needs");
    }
    return std::move(section_);
  }

 private:
  static std::vector<std::string_view> split_lines(std::string_view content) {
    std::vector<std::string_view> lines;
    for (std::size_t start = 0; start < content.size();) {
      const auto end = std::min(content.find('\n', start), content.size());
      lines.push_back(content.substr(start, end - start));
      start = end + 1;
    }
    return lines;
  }

  [[nodiscard]] bool seen(std::string_view key) const {
    return std::ranges::find(seen_, key) != seen_.end();
  }

  void read_line(std::string_view text, std::uint32_t line) {
    if (trim(text).empty()) return;
    const auto first = text.find_first_not_of(" \t");
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
      problems_.error(problems_.place(line, first + 1), "expected `key: value`");
      return;
    }
    const auto value = trim(text.substr(colon + 1));
    const auto column =
        value.empty() ? colon + 2 : static_cast<std::size_t>(value.data() - text.data()) + 1;
    take({trim(text.substr(0, colon)), value, problems_.place(line, first + 1),
          problems_.place(line, column)});
  }

  void take(const Entry& entry) {
    if (std::ranges::find(kScenarioKeys, entry.key) == kScenarioKeys.end()) {
      problems_.error(entry.key_place, unknown_word("key", entry.key, kScenarioKeys));
    } else if (seen(entry.key)) {
      problems_.error(entry.key_place, fmt::format("key `{}` stands twice", entry.key));
    } else {
      seen_.push_back(entry.key);
      take_value(entry);
    }
  }

  void take_value(const Entry& entry) {
    if (entry.value.empty()) {
      problems_.error(entry.value_place, fmt::format("key `{}` has no value", entry.key));
    } else if (entry.key == "environment") {
      section_.environment = paths(entry);
    } else if (entry.key == "status") {
      take_status(entry);
    } else if (entry.key == "evidence") {
      take_evidence(entry);
    } else if (entry.key == "assume") {
      take_assume(entry);
    } else if (entry.key == "as") {
      take_credential(entry);
    } else if (entry.key == "effective") {
      take_effective(entry);
    } else {
      take_traffic(entry);
    }
  }

  // The paths of a list, each at its own column.
  static std::vector<PlacedText> paths(const Entry& entry) {
    std::vector<PlacedText> all;
    for (const auto path : split_words(entry.value, ',')) {
      Place place = entry.value_place;
      place.column += static_cast<std::uint32_t>(path.data() - entry.value.data());
      all.push_back({std::string(path), std::move(place)});
    }
    return all;
  }

  void take_traffic(const Entry& entry) {
    SectionTraffic& traffic = section_.traffic;
    auto files = paths(entry);
    if (entry.key != "bindings") {
      (entry.key == "capture" ? traffic.captures : traffic.logs) = std::move(files);
    } else if (files.size() == 1) {
      traffic.bindings = std::move(files.front());
    } else {
      problems_.error(entry.value_place, "expected one file in `bindings`");
    }
  }

  void check_traffic() {
    const SectionTraffic& traffic = section_.traffic;
    if (!traffic.bindings || !traffic.empty() || seen("capture") || seen("logs")) return;
    problems_.error(traffic.bindings->place,
                    "`bindings` without traffic, name it with `capture` or `logs`");
  }

  void take_status(const Entry& entry) {
    if (const auto status = parse_word<PageStatus>(entry.value)) {
      section_.status = *status;
    } else {
      problems_.error(entry.value_place,
                      unknown_word("status", entry.value, Vocabulary<PageStatus>::words));
    }
  }

  // Ids and URLs, separated by blanks, commas or semicolons.
  void take_evidence(const Entry& entry) {
    const auto text = entry.value;
    for (std::size_t start = 0; start < text.size();) {
      const auto end = std::min(text.find_first_of(" \t,;", start), text.size());
      if (end > start) take_source(text.substr(start, end - start), entry.value_place, start);
      start = end + 1;
    }
  }

  void take_source(std::string_view id, Place place, std::size_t offset) {
    place.column += static_cast<std::uint32_t>(offset);
    const bool url = id.starts_with("https://") || id.starts_with("http://");
    section_.evidence.emplace_back(id);
    if (url || is_citable(id)) return;
    problems_.error(std::move(place),
                    fmt::format("unknown evidence `{}`, expected a clause, contradiction, "
                                "assumption or source of the semantics, or a URL",
                                id));
  }

  void take_assume(const Entry& entry) {
    Readings ignored;
    if (const auto added = add_assumptions(ignored, entry.value); !added) {
      problems_.error(entry.value_place, added.error());
    } else {
      section_.assume.push_back({std::string(entry.value), entry.value_place});
    }
  }

  void take_credential(const Entry& entry) {
    section_.as = parse_word<Credential>(entry.value);
    if (!section_.as) {
      problems_.error(entry.value_place,
                      unknown_word("credential", entry.value, Vocabulary<Credential>::words));
    }
  }

  void take_effective(const Entry& entry) {
    section_.effective = parse_word<EffectiveSide>(entry.value);
    if (!section_.effective) {
      problems_.error(entry.value_place,
                      unknown_word("side", entry.value, Vocabulary<EffectiveSide>::words));
    }
  }

  const PageFence& fence_;
  PageProblems& problems_;
  Section section_;
  std::vector<std::string_view> seen_;
};

}  // namespace

Section read_scenario_block(const PageFence& fence, PageProblems& problems) {
  return BlockReader(fence, problems).read();
}

}  // namespace nsp
