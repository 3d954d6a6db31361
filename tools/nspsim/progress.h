// How far long work is: one line on standard error that replaces itself, and is gone at the end.
//
//   reading  412 MB of 1.2 GB  34 %  310 MB/s  3 s left
//
// Shown when standard error is a terminal and nobody asked for quiet; never into a pipe or a file.
// Thread safety: for the main thread.
#ifndef NSP_TOOLS_NSPSIM_PROGRESS_H_
#define NSP_TOOLS_NSPSIM_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nsp::cli {

// The line without the word in front. `all` 0: not known. `elapsed` is of the work so far.
[[nodiscard]] std::string progress_text(std::uint64_t done, std::uint64_t all,
                                        std::chrono::duration<double> elapsed);

class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Redraws at most some ten times a second.
  void show(std::string_view what, std::uint64_t done, std::uint64_t all);
  // Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool wanted_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
};

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_PROGRESS_H_
