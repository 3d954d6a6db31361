#include "sim/document/source_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/file.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

bool is_terraform(const fs::path& file) {
  const std::string name = lower(file.filename().string());
  return name.ends_with(".tf") || name.ends_with(".tf.json");
}

bool is_bicep_parameters(const fs::path& file) {
  return iequals(file.extension().string(), ".bicepparam");
}

bool is_bicep(const fs::path& file) {
  return iequals(file.extension().string(), ".bicep") || is_bicep_parameters(file);
}

// As a shell reads it back.
std::string quoted(const std::string& text) {
  const auto is_plain = [](char c) {
    const char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/+:,@").contains(c);
  };
  if (std::ranges::all_of(text, is_plain)) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// A template is written beside its source; a module that another one uses needs none.
bool is_built(const fs::path& file) {
  fs::path built = file;
  built.replace_extension(is_bicep_parameters(file) ? ".parameters.json" : ".json");
  std::error_code ignored;
  if (fs::exists(built, ignored)) return true;
  return is_bicep_parameters(file) &&
         fs::exists(fs::path(file).replace_extension(".json"), ignored);
}

std::vector<fs::path> sources_of(const fs::path& folder) {
  const auto all = list_files(folder, {".bicep", ".bicepparam", ".tf"});
  return all ? *all : std::vector<fs::path>{};
}

Diagnostic note_about(const std::vector<fs::path>& files, std::string_view what) {
  const std::string more =
      files.size() == 1 ? " is" : fmt::format(" and {} more like it are", files.size() - 1);
  return {Severity::Note,
          {files.front().string(), 0, 0, {}},
          fmt::format("{}{} not read: {}", what, more, how_to_build(files.front()))};
}

}  // namespace

bool is_source_file(const fs::path& file) { return is_bicep(file) || is_terraform(file); }

std::string how_to_build(const fs::path& file) {
  const std::string name = quoted(file.string());
  if (is_bicep_parameters(file)) {
    return fmt::format(
        "`az bicep build-params --file {}` (or `bicep build-params {}`) builds the "
        "parameter file, for `--parameters`",
        name, name);
  }
  if (is_bicep(file)) {
    return fmt::format("`az bicep build --file {}` (or `bicep build {}`) builds the template", name,
                       name);
  }
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string at = quoted(folder.string());
  return fmt::format(
      "`terraform -chdir={} plan -out=tfplan`, then `terraform -chdir={} show -json "
      "tfplan > plan.json`, gives the plan",
      at, at);
}

Diagnostics unbuilt_sources(const fs::path& folder) {
  std::vector<fs::path> bicep;
  std::vector<fs::path> terraform;
  for (fs::path& file : sources_of(folder)) {
    if (is_terraform(file)) {
      terraform.push_back(std::move(file));
    } else if (!is_built(file)) {
      bicep.push_back(std::move(file));
    }
  }
  Diagnostics notes;
  if (!bicep.empty()) notes.push_back(note_about(bicep, "Bicep"));
  if (!terraform.empty()) notes.push_back(note_about(terraform, "Terraform's source"));
  return notes;
}

}  // namespace nsp
