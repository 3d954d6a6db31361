#include "sim/lab/azurite.h"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAzurite = "azurite-blob";
// Longer than the lab keeps a connection that it does not use (30 s): the lab ends them, not
// Azurite.
constexpr std::string_view kKeepAliveSeconds = "60";

std::optional<std::string> command_in(const fs::path& folder) {
  const fs::path file = folder / kAzurite;
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored) || ::access(file.c_str(), X_OK) != 0) return std::nullopt;
  return file.string();
}

}  // namespace

std::expected<std::vector<std::string>, std::string> find_azurite(std::string_view given,
                                                                  std::string_view path,
                                                                  const fs::path& folder) {
  const std::vector<std::string_view> words = split_words(given, ' ');
  if (!words.empty()) return std::vector<std::string>(words.begin(), words.end());
  for (const std::string_view place : split_words(path, ':')) {
    if (auto found = command_in(place)) return std::vector{*std::move(found)};
  }
  fs::path above = folder;
  while (true) {
    if (auto found = command_in(above / "node_modules/.bin")) return std::vector{*std::move(found)};
    if (above == above.parent_path()) break;
    above = above.parent_path();
  }
  return std::unexpected(
      "azurite-blob is neither in PATH nor in node_modules of this folder or one above; install it "
      "with `npm install -g azurite`, or name the command with --azurite");
}

std::vector<std::string> azurite_words(std::vector<std::string> command, const IpAddress& address,
                                       const fs::path& folder) {
  for (std::string word :
       {std::string("--blobHost"), nsp::to_string(address), std::string("--blobPort"),
        std::string("0"), std::string("--location"), folder.string(), std::string("--silent"),
        std::string("--skipApiVersionCheck"), std::string("--disableTelemetry"),
        std::string("--blobKeepAliveTimeout"), std::string(kKeepAliveSeconds)}) {
    command.push_back(std::move(word));
  }
  return command;
}

std::string azurite_accounts(const Environment& environment, const LabKeys& keys) {
  std::string text;
  for (const Resource& resource : environment.resources) {
    if (resource.service != Service::Storage) continue;
    text += fmt::format("{}{}:{}:{}", text.empty() ? "" : ";", lower(resource.name),
                        keys.of_resource(resource, LabKeys::kNames[0]),
                        keys.of_resource(resource, LabKeys::kNames[1]));
  }
  return text;
}

}  // namespace nsp::lab
