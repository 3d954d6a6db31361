#include "sim/lab/lab.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/inside.h"

namespace nsp::lab {

std::filesystem::path default_home() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe)
  if (runtime != nullptr && *runtime == '/') return std::filesystem::path(runtime) / "nspsim";
  return std::filesystem::path("/tmp") / ("nspsim-" + std::to_string(::geteuid()));
}

std::filesystem::path control_socket(const std::filesystem::path& home, const std::string& name) {
  return home / name / "control.sock";
}

std::vector<Post> posts_of(const std::vector<Caller>& callers) {
  std::vector<Post> posts;
  posts.reserve(callers.size());
  for (const Caller& caller : callers) posts.push_back({caller, {}, std::nullopt});
  return posts;
}

namespace {

// `address` is what `text` stands for: of this machine alone unless the user knows.
std::expected<void, std::string> check_reach_of(const IpAddress& address, const std::string& text,
                                                std::string_view option, bool beyond_loopback) {
  if (beyond_loopback || is_loopback(address)) return {};
  return std::unexpected(fmt::format(
      "`{}` of {} is beyond loopback, expected an address of 127.0.0.0/8 or ::1, or --i-know", text,
      option));
}

std::expected<void, std::string> check_proxy(const LabOptions& options) {
  const std::string& text = options.proxy_address;
  if (text.empty()) return {};
  const auto address = IpAddress::parse(text);
  if (!address) {
    return std::unexpected(fmt::format(
        "`{}` of --proxy-address has no address, expected one such as 127.0.0.1", text));
  }
  return check_reach_of(*address, text, "--proxy-address", options.beyond_loopback);
}

std::expected<void, std::string> check_reach(const LabOptions& options) {
  if (auto fits = check_proxy(options); !fits) return fits;
  if (options.storage_backend.empty()) return {};
  const auto at = emulator_endpoint(options.storage_backend);
  if (!at) return std::unexpected(at.error());
  return check_reach_of(at->address, options.storage_backend, "--storage-backend",
                        options.beyond_loopback);
}

}  // namespace

Lab::Lab(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Lab::~Lab() = default;

std::expected<std::unique_ptr<Lab>, std::string> Lab::start(Environment environment,
                                                            std::vector<Post> posts,
                                                            LabOptions options) {
  if (auto fits = check_reach(options); !fits) return std::unexpected(std::move(fits.error()));
  raise_open_files();
  auto edition = make_edition(std::move(environment), std::move(posts));
  if (!edition) return std::unexpected(std::move(edition.error()));
  if (options.home.empty()) options.home = default_home();
  auto folder = LabFolder::make(options.home, options.name);
  if (!folder) return std::unexpected(std::move(folder.error()));
  auto secrets = LabSecrets::make(options.key_secret);
  if (!secrets) return std::unexpected(std::move(secrets.error()));
  auto inside = std::make_unique<Inside>(*std::move(edition), *std::move(folder),
                                         *std::move(secrets), std::move(options));
  if (auto opened = inside->open(); !opened) return std::unexpected(std::move(opened.error()));
  return std::unique_ptr<Lab>(new Lab(std::move(inside)));
}

void Lab::run(std::chrono::milliseconds grace) {
  asio::signal_set signals(inside_->io, SIGINT, SIGTERM);
  signals.async_wait([this](const ErrorCode& error, int) {
    if (!error) inside_->ask_to_stop();
  });
  spawn(inside_->io, inside_->stop(grace));
  inside_->io.run();
}

std::string Lab::status() { return inside_->status(); }

}  // namespace nsp::lab
