// A storage emulator as a process of the lab's: started, heard, ended.
//
// Between the lab and the emulator stands a keeper, a fork of the lab that runs nothing else. It
// holds one end of a pipe of which the lab holds the other: when the lab is gone, by whatever
// death, the keeper ends the emulator with all that it has started, at once, and then itself. What
// the emulator says (standard output and error) the lab reads; the last lines are kept, to tell why
// it ended.
//
// Sources: pipe(7), prctl(2) (see command.h), Azurite's words `successfully listens on URL`. Thread
// safety: none. REQUIRES: the process has one thread when an emulator is started.
#ifndef NSP_SIM_LAB_WIRE_EMULATOR_H_
#define NSP_SIM_LAB_WIRE_EMULATOR_H_

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/endpoint.h"

namespace nsp::lab {

struct EmulatorPlan {
  std::vector<std::string> words;        // the command; not empty
  std::vector<std::string> environment;  // `NAME=value`
};

class Emulator {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<Emulator>, std::string> start(
      IoContext& io, const EmulatorPlan& plan);
  // Ends it, and waits until it has ended.
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // Waits until it says where it listens. The error, one line: it ended, or said nothing of the
  // kind for `longest`.
  [[nodiscard]] Awaitable<std::expected<Endpoint, std::string>> listening(
      std::chrono::milliseconds longest);

  // How it ended, with its last lines: `exit status 1: …`; nothing: it runs.
  [[nodiscard]] std::optional<std::string> ended() const;

 private:
  struct Inside;
  explicit Emulator(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_EMULATOR_H_
