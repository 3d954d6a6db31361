#include "tools/nspsim/output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/base/secrets.h"
#include "sim/document/file.h"
#include "tools/nspsim/command.h"

namespace nsp::cli {
namespace {

bool to_stdout(const std::string& output_file) { return output_file.empty() || output_file == "-"; }

// Anything on standard error; what cannot be said there cannot be said at all.
void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

// A variable of the environment, empty when unset.
std::string_view variable_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

ReportFormat CommonOptions::report_format() const {
  return parse_word<ReportFormat>(format).value_or(ReportFormat::Text);
}

RenderOptions CommonOptions::render() const {
  return {.color = want_color(color, output),
          .quiet = quiet,
          .width = to_stdout(output) ? terminal_width() : 80,
          .program_version = std::string(kProgramVersion)};
}

void add_common_options(CLI::App& command, CommonOptions& options,
                        std::span<const std::string_view> formats) {
  if (!formats.empty()) {
    const std::vector<std::string> words(formats.begin(), formats.end());
    command.add_option("--format", options.format, "form of the report (default: text)")
        ->check(CLI::IsMember(words));
  }
  command.add_option("--output", options.output, "write the report to this file")
      ->type_name("FILE");
  command.add_option("--color", options.color, "colours in text (default: auto)")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command.add_flag("--quiet", options.quiet, "failures and the last line only");
}

Written write_all(int fd, std::string_view text, std::string_view target) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return Written::ReaderGone;
    } else if (errno != EINTR) {
      print_error(fmt::format("cannot write to {}: {}", target, std::strerror(errno)));
      return Written::Failed;
    }
  }
  return Written::Whole;
}

int write_output(std::string_view text, const std::string& output_file) {
  if (to_stdout(output_file)) {
    const Written written = write_all(STDOUT_FILENO, text, kStandardOutput);
    return written == Written::Failed ? kInvalidInput : kOk;
  }
  const auto written = write_file(output_file, text);
  if (written) return kOk;
  print_diagnostics(written.error());
  return kInvalidInput;
}

int finish(std::string_view text, const std::string& output_file, int status) {
  const int written = write_output(text, output_file);
  return written == kOk ? status : written;
}

bool want_color(std::string_view mode, const std::string& output_file) {
  if (mode == "always") return true;
  if (mode == "never" || !to_stdout(output_file)) return false;
  return variable_of("NO_COLOR").empty() && variable_of("TERM") != "dumb" &&
         ::isatty(STDOUT_FILENO) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string_view text = variable_of("COLUMNS");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns == 0 ? 80 : columns;
}

void print_diagnostics(std::span<const Diagnostic> diagnostics) {
  std::string text;
  for (Diagnostic diagnostic : diagnostics) {
    hide_secrets(diagnostic);
    text += printable(to_string(diagnostic)) + "\n";
    std::string_view excerpt = diagnostic.excerpt;
    while (!excerpt.empty()) {
      const std::size_t end = std::min(excerpt.find('\n'), excerpt.size());
      text += printable(excerpt.substr(0, end)) + "\n";
      excerpt.remove_prefix(std::min(end + 1, excerpt.size()));
    }
  }
  say(text);
}

void print_error(std::string_view message) {
  say(fmt::format("nspsim: error: {}\n", printable(message_without_secrets(message))));
}

int usage_error(std::string_view message) {
  print_error(message);
  return kUsage;
}

}  // namespace nsp::cli
