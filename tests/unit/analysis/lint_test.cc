// The table of checks: its ids, what they rest on, how they are chosen.
#include "sim/analysis/lint.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "sim/analysis/lint_block.h"
#include "sim/base/text.h"
#include "sim/decision/clause.h"
#include "sim/scenario/page.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

const fs::path kRoot = NSPSIM_SOURCE_DIR;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// One blank for each run of white space, in lower case.
std::string flat(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      out += ascii_lower(c);
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

// The section of that heading, up to the next heading of its level.
std::string section(const std::string& statement, std::string_view heading) {
  const auto begin = statement.find(fmt::format("\n## {}\n", heading));
  if (begin == std::string::npos) return {};
  const auto end = statement.find("\n## ", begin + 1);
  return statement.substr(begin, end - begin);
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_sentence(std::string_view text) {
  const bool starts_low = !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || text[0] == '`');
  return starts_low && !text.ends_with('.') && text.find('\n') == text.npos;
}

TEST(LintTable, HasIdsInOrderEachOnce) {
  const auto checks = all_checks();
  ASSERT_FALSE(checks.empty());
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    EXPECT_THAT(std::string(checks[i].id), testing::MatchesRegex("NSP[123459][0-9][0-9]"));
    EXPECT_TRUE(i == 0 || checks[i - 1].id < checks[i].id) << checks[i].id;
    EXPECT_TRUE(is_word(checks[i].name)) << checks[i].name;
    EXPECT_TRUE(names.insert(checks[i].name).second) << checks[i].name;
    EXPECT_TRUE(is_sentence(checks[i].title)) << checks[i].title;
    EXPECT_TRUE(is_sentence(checks[i].remedy)) << checks[i].remedy;
    const bool found_elsewhere = family_of(checks[i]) == LintFamily::Suppressions;
    EXPECT_EQ(checks[i].find == nullptr, found_elsewhere) << checks[i].id;
  }
}

TEST(LintTable, RestsOnSentencesOfTheSemantics) {
  const std::string statement = read_text(kRoot / "scenarios" / "SEMANTICS.md");
  for (const Check& check : all_checks()) {
    const auto basis = basis_of(check);
    EXPECT_FALSE(basis.empty()) << check.id;
    for (const Basis& each : basis) {
      EXPECT_FALSE(each.sentence.empty()) << check.id << " rests on " << each.id;
    }
    for (const Basis& each : check.basis) {
      if (each.sentence.empty()) continue;
      EXPECT_THAT(flat(section(statement, each.id)), testing::HasSubstr(flat(each.sentence)))
          << check.id;
    }
  }
}

TEST(LintTable, TellsTheFamilyByTheHundred) {
  EXPECT_EQ(family_of(*find_check("NSP150")), LintFamily::NeverMatches);
  EXPECT_EQ(family_of(*find_check("NSP390")), LintFamily::WillSurprise);
  EXPECT_EQ(family_of(*find_check("NSP401")), LintFamily::LogsAndLimits);
  EXPECT_EQ(family_of(*find_check("NSP901")), LintFamily::Suppressions);
}

TEST(LintTable, IsFoundByIdAndName) {
  EXPECT_EQ(find_check("nsp152")->id, "NSP152");
  EXPECT_EQ(find_check("Link-Not-Approved")->id, "NSP152");
  EXPECT_EQ(find_check("NSP000"), nullptr);
}

// ------------------------------------------------------------------------------------------------
// pages

std::vector<fs::path> markdown_files() {
  std::vector<fs::path> files{kRoot / "README.md", kRoot / "CHANGELOG.md"};
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "scenarios")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  return files;
}

// The checks that a block has switched on by name: what it does not find of these is absent.
std::set<std::string_view> enabled_in(const LintCase& lint) {
  std::vector<std::string> enable;
  for (const auto& [key, value] : lint.request.options) {
    if (key == "enable") enable.push_back(value);
  }
  std::set<std::string_view> ids;
  const auto selection = select_checks(enable, {});
  EXPECT_TRUE(selection.has_value()) << lint.name;
  if (enable.empty() || !selection) return ids;
  for (std::size_t i = 0; i < selection->size(); ++i) {
    if ((*selection)[i]) ids.insert(all_checks()[i].id);
  }
  return ids;
}

TEST(LintPages, ShowEveryCheckAndItsAbsence) {
  std::set<std::string_view> shown;
  std::set<std::string_view> absent;
  for (const fs::path& file : markdown_files()) {
    for (const LintCase& lint : read_page(read_text(file), file.string()).lints) {
      std::set<std::string_view> quiet = enabled_in(lint);
      for (const std::string& line : lint.expected) {
        const auto words = split_words(line, ' ');
        const Check* check = words.size() > 1 ? find_check(words[1]) : nullptr;
        if (check == nullptr) continue;
        shown.insert(check->id);
        quiet.erase(check->id);
      }
      absent.merge(quiet);
    }
  }
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(shown.contains(check.id)) << "no page shows " << check.id << " " << check.name;
    EXPECT_TRUE(absent.contains(check.id))
        << "no page enables " << check.id << " " << check.name << " and does not find it";
  }
}

// `NSP152` and `NSP1xx`, wherever the book speaks of checks.
TEST(LintPages, NameChecksThatExist) {
  for (const fs::path& file : markdown_files()) {
    const std::string text = read_text(file);
    for (auto at = text.find("NSP"); at != std::string::npos; at = text.find("NSP", at + 1)) {
      const std::string id = text.substr(at, 6);
      if (id.size() < 6 || id[3] < '0' || id[3] > '9') continue;
      // A family may be spoken of by its hundred.
      if (id.ends_with("xx") && std::string_view("123459").find(id[3]) != id.npos) continue;
      EXPECT_TRUE(select_checks(std::vector{id}, {}).has_value()) << file << " names " << id;
    }
  }
}

// ------------------------------------------------------------------------------------------------
// choosing

std::vector<std::string_view> chosen(const std::vector<std::string>& enable,
                                     const std::vector<std::string>& disable) {
  const auto selection = select_checks(enable, disable);
  EXPECT_TRUE(selection.has_value());
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; selection && i < selection->size(); ++i) {
    if ((*selection)[i]) ids.push_back(all_checks()[i].id);
  }
  return ids;
}

TEST(SelectChecks, TakesAllWhereNothingIsSaid) {
  EXPECT_EQ(chosen({}, {}).size(), all_checks().size());
  EXPECT_EQ(every_check(), *select_checks({}, {}));
}

TEST(SelectChecks, TakesIdsNamesAndRanges) {
  EXPECT_THAT(chosen({"NSP152"}, {}), ElementsAre("NSP152"));
  EXPECT_THAT(chosen({"link-not-approved, nsp401"}, {}), ElementsAre("NSP152", "NSP401"));
  EXPECT_THAT(chosen({"NSP15x"}, {"NSP151"}), ElementsAre("NSP150", "NSP152"));
  EXPECT_THAT(chosen({"NSP9xx"}, {}), ElementsAre("NSP901", "NSP902"));
  EXPECT_THAT(chosen({"NSP9xx"}, {"nsp9XX"}), IsEmpty());
  EXPECT_THAT(chosen({}, {"NSPxxx"}), IsEmpty());
}

TEST(SelectChecks, RefusesWhatNoCheckIsCalled) {
  const std::vector<std::string> none;
  const auto error = [&](const std::string& word) {
    return select_checks(std::vector{word}, none).error();
  };
  EXPECT_EQ(error("links-not-approved"),
            "there is no check `links-not-approved`; did you mean `link-not-approved`?");
  EXPECT_EQ(error("NSP8xx"), "there is no check `NSP8xx`");
  EXPECT_EQ(error("NSP777xx"), "there is no check `NSP777xx`");
  EXPECT_THAT(error("NSPx5x"), testing::StartsWith("there is no check `NSPx5x`"));
  EXPECT_EQ(select_checks(none, std::vector<std::string>{"everything"}).error(),
            "there is no check `everything`");
}

}  // namespace
}  // namespace nsp
