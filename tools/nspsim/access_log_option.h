// `--access-log FILE` and `--table`: the options of every command that can write the access-log
// records of what it judges.
//
// Records stream into a file beside FILE, which takes its name at the end. So a reader never sees
// half a log, and a run that fails or is killed leaves the old file as it was. A device or a pipe
// is written as the records come.
//
// Thread safety: one thread.
#ifndef NSP_TOOLS_NSPSIM_ACCESS_LOG_OPTION_H_
#define NSP_TOOLS_NSPSIM_ACCESS_LOG_OPTION_H_

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "sim/access_log/record_writer.h"
#include "sim/document/file.h"
#include "tools/nspsim/command.h"

namespace nsp::cli {

struct AccessLogOptions {
  std::string file;  // empty: none is asked for
  bool table = false;
};

// Adds both; gives `--access-log`.
CLI::Option* add_access_log_options(CLI::App& command, AccessLogOptions& options);

// The log of one run; where none was asked for, it takes everything and does nothing.
class AccessLog {
 public:
  // Says on standard error what is wrong; the error is the exit status. `taken`: files of the
  // command that the log must not replace or mix with, empty and `-` aside.
  [[nodiscard]] static std::expected<AccessLog, int> open(const AccessLogOptions& options,
                                                          const std::vector<std::string>& taken);

  [[nodiscard]] bool wanted() const { return file_.has_value(); }
  // True when a record could not be written; it was said, and the rest is dropped.
  [[nodiscard]] bool failed() const { return failed_; }

  // What tells the log of every decision; empty where none is wanted. REQUIRES: this log outlives
  // it and stays where it is.
  [[nodiscard]] DecisionListener listener();
  // The records of events that were seen; see RecordWriter.
  void add(const Decided& decided, const RecordedTimes& times,
           std::optional<Direction> only = std::nullopt);

  // Puts the file in its place: kOk or, after a message, kInvalidInput.
  [[nodiscard]] int commit();

 private:
  explicit AccessLog(RecordShape shape) : writer_(shape) {}
  void flush(std::size_t most);
  void fail(const Diagnostics& reasons);

  RecordWriter writer_;
  std::optional<ReplacedFile> file_;
  std::string records_;  // not yet written
  bool failed_ = false;
};

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_ACCESS_LOG_OPTION_H_
