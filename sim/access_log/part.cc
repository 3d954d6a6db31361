#include "sim/access_log/part.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/text.h"

namespace nsp {
namespace {

class Merger {
 public:
  explicit Merger(std::span<const PartFile> parts) : parts_(parts) {}

  Result<Part> run() {
    const Part& first = parts_.front().part;
    for (const PartFile& other : parts_.subspan(1)) compare(other);
    if (errors_.empty()) check_shards(first.shard.count);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    Part whole{first.request, {}, {}, {}};
    for (const PartFile& part : parts_) whole.table.merge(part.part.table);
    return whole;
  }

 private:
  void fail(const PartFile& at, const std::string& message) {
    errors_.push_back(one_error({at.file, 0, 0, {}}, message).front());
  }

  // `WHAT is A, but B in FIRST`.
  void differ(const PartFile& other, std::string_view what, std::string_view a,
              std::string_view b) {
    fail(other, fmt::format("{} is `{}`, but `{}` in {}", what, a, b, parts_.front().file));
  }

  void compare(const PartFile& other) {
    const Part& a = other.part;
    const Part& b = parts_.front().part;
    if (a.request.command != b.request.command) {
      differ(other, "the command", a.request.command, b.request.command);
    }
    if (a.request.arguments != b.request.arguments) {
      differ(other, "the list of arguments", join(a.request.arguments, " "),
             join(b.request.arguments, " "));
    }
    compare_fingerprints(other);
    if (a.shard.count != b.shard.count) {
      differ(other, "the number of shards", std::to_string(a.shard.count),
             std::to_string(b.shard.count));
    }
  }

  void compare_fingerprints(const PartFile& other) {
    std::map<std::string, std::pair<std::string, std::string>> both;
    for (const auto& [name, text] : other.part.request.fingerprint) both[name].first = text;
    for (const auto& [name, text] : parts_.front().part.request.fingerprint) {
      both[name].second = text;
    }
    for (const auto& [name, texts] : both) {
      if (texts.first != texts.second) {
        differ(other, fmt::format("the fingerprint of the {}", name), texts.first, texts.second);
      }
    }
  }

  void check_shards(std::uint32_t count) {
    std::map<std::uint32_t, const PartFile*> seen;
    for (const PartFile& part : parts_) {
      const auto [at, is_new] = seen.try_emplace(part.part.shard.index, &part);
      if (!is_new) {
        fail(part,
             fmt::format("is shard {}, as is {}", to_string(part.part.shard), at->second->file));
      }
    }
    name_missing(seen, count);
  }

  // A few by name: of a million shards none may be there but one.
  void name_missing(const std::map<std::uint32_t, const PartFile*>& seen, std::uint32_t count) {
    constexpr std::size_t kMostNamed = 10;
    std::uint64_t missing = count - seen.size();
    std::size_t named = 0;
    for (std::uint32_t index = 1; missing > 0 && index <= count && named < kMostNamed; ++index) {
      if (seen.contains(index)) continue;
      fail(parts_.front(), fmt::format("no part is shard {}", to_string(LogShard{index, count})));
      --missing;
      ++named;
    }
    if (missing > 0) {
      fail(parts_.front(), fmt::format("{} more shards of {} are missing", missing, count));
    }
  }

  std::span<const PartFile> parts_;
  Diagnostics errors_;
};

}  // namespace

Result<Part> merge_parts(std::span<const PartFile> parts) { return Merger(parts).run(); }

}  // namespace nsp
