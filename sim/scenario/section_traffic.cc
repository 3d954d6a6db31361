#include "sim/scenario/section_traffic.h"

#include <fmt/format.h>

#include "sim/scenario/section_environment.h"

namespace nsp {
namespace {

class FileFinder {
 public:
  FileFinder(const Page& page, Diagnostics& missing) : page_(page), missing_(missing) {}

  std::filesystem::path find(const PlacedText& entry, std::string_view what) {
    auto path = beside_page(page_, entry.text);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      missing_.push_back(
          {Severity::Error, entry.place,
           fmt::format("no {} `{}`, expected a file beside the page", what, entry.text)});
    }
    return path;
  }

  std::vector<std::filesystem::path> find(const std::vector<PlacedText>& entries,
                                          std::string_view what) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : entries) paths.push_back(find(entry, what));
    return paths;
  }

 private:
  const Page& page_;
  Diagnostics& missing_;
};

}  // namespace

Result<std::vector<Observation>> section_observations(const Page& page, const Section& section,
                                                      const RunOptions& options,
                                                      const Policy& policy) {
  Diagnostics missing;
  FileFinder finder(page, missing);
  const SectionTraffic& traffic = section.traffic;
  TrafficFiles files;
  files.captures = finder.find(traffic.captures, "capture");
  files.logs = finder.find(traffic.logs, "log");
  if (traffic.bindings) files.bindings = finder.find(*traffic.bindings, "bindings");
  if (!missing.empty()) return std::unexpected(std::move(missing));
  if (options.read_traffic) return options.read_traffic(files, policy);
  return std::unexpected(
      one_error(section.place, "the page replays traffic, and this program reads none"));
}

}  // namespace nsp
