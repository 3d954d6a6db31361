#include "sim/lab/exec.h"

#include <fmt/format.h>
#include <unistd.h>

// Before the rest of Boost.
#include "sim/lab/wire/asio.h"
//
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sim/lab/wire/command.h"
#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/relay.h"

namespace nsp::lab {
namespace {

using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using What = ExecFailure::What;

CommandPlan plan_for(const CallerFacts& facts, const ExecOptions& options, Way way) {
  CommandPlan plan;
  plan.words = options.words;
  plan.environment = with_variables(options.surroundings, variables_of(facts, way));
  plan.enclosed = way == Way::Namespace;
  if (!plan.enclosed) return plan;
  plan.doors = doors_of(facts.ports);
  plan.folder = std::filesystem::path(facts.ca).parent_path();
  return plan;
}

// The command, waiting; and which way it goes.
struct Started {
  Command command;
  std::vector<Door> doors;
};

std::expected<Started, ExecFailure> start_in(const CallerFacts& facts, const ExecOptions& options,
                                             Way way, const HeldSignals& signals) {
  CommandPlan plan = plan_for(facts, options, way);
  auto command = Command::start(plan, signals);
  if (!command) {
    return std::unexpected(ExecFailure{What::NoNamespace, to_string(command.error())});
  }
  return Started{*std::move(command), std::move(plan.doors)};
}

std::expected<Started, ExecFailure> start(const CallerFacts& facts, const ExecOptions& options,
                                          const HeldSignals& signals) {
  if (options.use == NamespaceUse::No) return start_in(facts, options, Way::Proxy, signals);
  auto started = start_in(facts, options, Way::Namespace, signals);
  if (started || options.use == NamespaceUse::Yes) return started;
  if (options.on_fallback) {
    options.on_fallback(
        fmt::format("{}; running through the lab's proxy, for programs that read HTTPS_PROXY",
                    started.error().text));
  }
  return start_in(facts, options, Way::Proxy, signals);
}

Awaitable<void> watch(IoContext& io, Descriptor& arrivals, const HeldSignals& signals,
                      Command& command) {
  while (!command.status()) {
    ErrorCode error;
    co_await arrivals.async_wait(Descriptor::wait_read, into(error));
    for (const HeldSignals::Arrived& signal : signals.take()) command.pass(signal);
  }
  io.stop();
}

ExecFailure cannot_run(const std::string& word, int error) {
  return {error == ENOENT ? What::NotFound : What::NotExecutable,
          fmt::format("cannot run `{}`: {}", word, std::generic_category().message(error))};
}

// Serves its doors until it ends.
std::expected<int, ExecFailure> serve(const CallerFacts& facts, const ExecOptions& options,
                                      const HeldSignals& signals, Started& started) {
  Command& command = started.command;
  IoContext io(1);
  Relay relay(io, facts.address, facts.ports);
  const std::vector<int> sockets = command.take_doors();
  for (std::size_t i = 0; i < sockets.size(); ++i) relay.open(started.doors[i], sockets[i]);
  Descriptor arrivals(io, ::dup(signals.file()));
  if (const int error = command.go(); error != 0) {
    return std::unexpected(cannot_run(options.words.front(), error));
  }
  spawn(io, watch(io, arrivals, signals, command));
  io.run();
  return command.status().value_or(1);
}

}  // namespace

std::expected<int, ExecFailure> exec_as(const CallerFacts& facts, const ExecOptions& options) {
  const HeldSignals signals;
  auto started = start(facts, options, signals);
  if (!started) return std::unexpected(std::move(started.error()));
  raise_open_files();
  try {
    return serve(facts, options, signals, *started);
  } catch (const std::exception& error) {
    // The system has no file or memory left for Asio.
    return std::unexpected(ExecFailure{What::NoNamespace, error.what()});
  }
}

}  // namespace nsp::lab
