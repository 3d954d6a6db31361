#include "tools/nspsim/access_log_option.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogBlock = std::size_t{1} << 18;

// The same plain file under whatever names, or the same name of one that does not exist yet.
bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code failed;
  if (fs::exists(a, failed) && !fs::is_regular_file(a, failed)) return false;
  if (fs::equivalent(a, b, failed)) return true;
  return fs::weakly_canonical(a, failed) == fs::weakly_canonical(b, failed);
}

}  // namespace

CLI::Option* add_access_log_options(CLI::App& command, AccessLogOptions& options) {
  auto* file = command
                   .add_option("--access-log", options.file,
                               "write the records that the service would write to this file")
                   ->type_name("FILE")
                   ->check([](const std::string& name) {
                     return name == "-" ? "`-` is no file, expected one" : std::string();
                   });
  command.add_flag("--table", options.table, "records as rows of the Log Analytics table")
      ->needs(file);
  return file;
}

std::expected<AccessLog, int> AccessLog::open(const AccessLogOptions& options,
                                              const std::vector<std::string>& taken) {
  AccessLog log(options.table ? RecordShape::Table : RecordShape::Raw);
  if (options.file.empty()) return log;
  for (const std::string& other : taken) {
    if (other.empty() || other == "-" || !same_file(options.file, other)) continue;
    print_error(fmt::format("`--access-log` names `{}`, which is in use, expected another file",
                            options.file));
    return std::unexpected(kUsage);
  }
  auto file = ReplacedFile::open(options.file);
  if (!file) {
    print_diagnostics(file.error());
    return std::unexpected(kInvalidInput);
  }
  log.file_.emplace(std::move(*file));
  return log;
}

DecisionListener AccessLog::listener() {
  if (!wanted()) return {};
  return [this](const Decided& decided) {
    if (failed_) return;
    writer_.write(decided, records_);
    flush(kLogBlock);
  };
}

void AccessLog::add(const Decided& decided, const RecordedTimes& times,
                    std::optional<Direction> only) {
  if (!wanted() || failed_) return;
  writer_.write(decided, times, only, records_);
  flush(kLogBlock);
}

void AccessLog::flush(std::size_t most) {
  if (records_.size() <= most) return;
  if (const auto written = file_->write(records_); !written) fail(written.error());
  records_.clear();
}

void AccessLog::fail(const Diagnostics& reasons) {
  print_diagnostics(reasons);
  failed_ = true;
  file_.reset();
}

int AccessLog::commit() {
  if (wanted()) flush(0);
  if (wanted()) {
    if (const auto done = file_->commit(); !done) fail(done.error());
  }
  file_.reset();
  return failed_ ? kInvalidInput : kOk;
}

}  // namespace nsp::cli
