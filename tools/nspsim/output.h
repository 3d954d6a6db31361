// What all subcommands share: where output goes, colours, the terminal's width, diagnostics.
//
// Reports go to standard output or `--output FILE`; everything about the work itself goes to
// standard error. A reader that has gone away (`nspsim … | head`) is no failure: what was left to
// write is dropped in silence. A full disk is one. Thread safety: the functions that write are for
// the main thread.
#ifndef NSP_TOOLS_NSPSIM_OUTPUT_H_
#define NSP_TOOLS_NSPSIM_OUTPUT_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/report/format.h"
#include "tools/nspsim/command.h"

namespace nsp::cli {

inline constexpr std::string_view kProgramVersion = NSPSIM_VERSION;

// The options that reports have in common.
struct CommonOptions {
  std::string format = "text";
  std::string output;          // empty or `-`: standard output
  std::string color = "auto";  // `auto`, `always`, `never`
  bool quiet = false;

  [[nodiscard]] ReportFormat report_format() const;
  [[nodiscard]] RenderOptions render() const;
};

// Adds `--format` (one of `formats`; none when empty), `--output`, `--color` and `--quiet`.
void add_common_options(CLI::App& command, CommonOptions& options,
                        std::span<const std::string_view> formats);

enum class Written { Whole, ReaderGone, Failed };

// How messages name standard output.
inline constexpr std::string_view kStandardOutput = "standard output";

// All of it at once; a failure is told on standard error, `target` says what `fd` is. After
// ReaderGone a stream filter may stop early.
[[nodiscard]] Written write_all(int fd, std::string_view text, std::string_view target);

// To `output_file` (replaced as a whole), or to standard output when it is empty or `-`. Gives kOk
// (also when the reader has gone away), or kInvalidInput after a message on standard error.
[[nodiscard]] int write_output(std::string_view text, const std::string& output_file);

// write_output, then the status of the work unless writing failed.
[[nodiscard]] int finish(std::string_view text, const std::string& output_file, int status);

// `auto` is yes for a terminal without NO_COLOR; never into a file.
[[nodiscard]] bool want_color(std::string_view mode, const std::string& output_file = {});

// Columns: of the terminal, else of COLUMNS, else 80.
[[nodiscard]] std::size_t terminal_width();

// Each on its own line of standard error, its excerpt below it, secrets hidden.
void print_diagnostics(std::span<const Diagnostic> diagnostics);

// `nspsim: error: MESSAGE` on standard error.
void print_error(std::string_view message);
// The same, and the exit code of wrong usage.
[[nodiscard]] int usage_error(std::string_view message);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_OUTPUT_H_
