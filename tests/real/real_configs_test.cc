// Every .json file under the folder that NSPSIM_REAL_CONFIGS names is read as an environment of its
// own. What Azure, its tools and its documentation print must not be an error; what this version
// does not read must be said in a warning.
//
// Prints one line a file, and why, so that a person can look through a whole collection at once;
// and a table by kind of file.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/base/text_table.h"
#include "sim/document/file.h"
#include "sim/document/json.h"
#include "sim/document/readers.h"
#include "sim/model/build.h"
#include "sim/report/environment_json.h"

namespace nsp {
namespace {

constexpr std::string_view kNotRead = "not read by this version";

// Files of the REST specifications that are wrong themselves.
struct Deserved {
  std::string_view file;
  std::string_view message;
};

constexpr std::array kDeserved{
    Deserved{"createVaultWithNetworkAcls.json",
             "`'10.91.4.0/24'` is not an address prefix, expected one such as `203.0.113.0/24`"}};

bool is_deserved(const std::filesystem::path& file, const Diagnostic& diagnostic) {
  return std::ranges::any_of(kDeserved, [&](const Deserved& known) {
    return file.filename() == known.file && diagnostic.message == known.message;
  });
}

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; }

bool says_not_read(const Diagnostic& diagnostic) {
  return diagnostic.message.find(kNotRead) != std::string::npos;
}

constexpr std::string_view kRefused = "refused";
constexpr std::array<std::string_view, 5> kOutcomes{"read whole", "unresolved values", "warnings",
                                                    "not read", kRefused};

bool says_open(const Diagnostic& diagnostic) {
  constexpr std::array<std::string_view, 5> kWords{"known only", "has no value", "placeholder",
                                                   "left open", "stand-in"};
  return std::ranges::any_of(
      kWords, [&](std::string_view words) { return diagnostic.message.contains(words); });
}

std::string_view outcome_of(const Diagnostics& diagnostics) {
  if (std::ranges::any_of(diagnostics, is_error)) return kRefused;
  if (std::ranges::any_of(diagnostics, says_not_read)) return "not read";
  if (std::ranges::any_of(diagnostics, says_open)) return "unresolved values";
  return diagnostics.empty() ? "read whole" : "warnings";
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::Environment:
      return "environment";
    case Format::Resource:
      return "REST or az object";
    case Format::List:
      return "REST list";
    case Format::Array:
      return "az list";
    case Format::Example:
      return "REST example";
    case Format::Template:
      return "ARM template";
    case Format::ServiceTags:
      return "service tags";
    case Format::Parameters:
      return "deployment parameters";
    case Format::Terraform:
      return "Terraform plan or state";
    case Format::Policy:
      return "Azure Policy definition";
    case Format::ErrorResponse:
      return "error response";
    case Format::RequestBody:
      return "request body";
    default:
      return "something else";
  }
}

std::string kind_of(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  const auto root = parse_json(bytes.value_or(""), file.string());
  return root ? std::string(name_of(detect_format(*root))) : "no JSON";
}

// How many files of each kind came to which outcome.
using Counts = std::map<std::string, std::map<std::string_view, std::size_t>>;

TextTable table_of(const Counts& counts) {
  TextTable table{{"kind of file", "files"}, {}};
  for (const std::string_view outcome : kOutcomes) table.header.emplace_back(outcome);
  for (const auto& [kind, outcomes] : counts) {
    std::size_t files = 0;
    for (const auto& [outcome, count] : outcomes) files += count;
    std::vector<std::string> row{kind, std::to_string(files)};
    for (const std::string_view outcome : kOutcomes) {
      const auto found = outcomes.find(outcome);
      row.push_back(found == outcomes.end() ? "" : std::to_string(found->second));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The worst of the diagnostics, and how many more there are.
std::string why(Diagnostics diagnostics) {
  if (diagnostics.empty()) return {};
  const auto worst = std::ranges::min_element(diagnostics, {}, &Diagnostic::severity);
  const std::string more =
      diagnostics.size() > 1 ? fmt::format(" (and {} more)", diagnostics.size() - 1) : "";
  return fmt::format("{}:{} {}: {}{}", worst->place.line, worst->place.column, worst->place.pointer,
                     worst->message, more);
}

TEST(RealConfigs, GiveNoErrorTheyDoNotDeserve) {
  const char* folder = std::getenv("NSPSIM_REAL_CONFIGS");
  if (folder == nullptr) GTEST_SKIP() << "NSPSIM_REAL_CONFIGS names no folder";
  const auto files = list_files(folder, {".json"});
  ASSERT_TRUE(files) << to_string(files.error().front());
  TextTable table{{"outcome", "kind", "file", "why"}, {}};
  Counts counts;
  for (const std::filesystem::path& file : *files) {
    const BuildResult built = load_environment(std::vector{file});
    const std::string outcome(outcome_of(built.diagnostics));
    const std::string kind = kind_of(file);
    ++counts[kind][outcome_of(built.diagnostics)];
    const std::string shown = std::filesystem::relative(file, folder).string();
    table.rows.push_back({outcome, kind, shown, why(built.diagnostics)});
    for (const Diagnostic& diagnostic : built.diagnostics) {
      EXPECT_TRUE(!is_error(diagnostic) || is_deserved(file, diagnostic)) << shown << "\n"
                                                                          << to_string(diagnostic);
    }
  }
  std::ranges::sort(table.rows);
  fmt::print("{}\n", to_string(table));
  fmt::print("{} files\n{}\n", files->size(), to_string(table_of(counts)));
  // Each deserved refusal is one of an example; all other kinds are read.
  for (auto& [kind, outcomes] : counts) {
    EXPECT_EQ(outcomes[kRefused], kind == "REST example" ? kDeserved.size() : 0U) << kind;
  }
}

// What was understood of a file, and what was not, is the same when it is written and read again.
TEST(RealConfigs, ReadBackAsThemselves) {
  const char* folder = std::getenv("NSPSIM_REAL_CONFIGS");
  if (folder == nullptr) GTEST_SKIP() << "NSPSIM_REAL_CONFIGS names no folder";
  const auto files = list_files(folder, {".json"});
  ASSERT_TRUE(files) << to_string(files.error().front());
  for (const std::filesystem::path& file : *files) {
    const BuildResult built = load_environment(std::vector{file});
    if (!built.ok()) continue;
    const std::string written = environment_as_json(built.environment);
    const BuildResult again = build_environment(read_documents(written, "again.json"));
    ASSERT_TRUE(again.ok()) << file << "\n" << to_string(again.diagnostics.front());
    EXPECT_EQ(environment_as_json(again.environment), written) << file;
    for (const auto& [what, count] : again.environment.ignored) {
      EXPECT_TRUE(built.environment.ignored.contains(what)) << file << ": " << what;
    }
  }
}

}  // namespace
}  // namespace nsp
