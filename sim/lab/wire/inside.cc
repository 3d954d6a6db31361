#include "sim/lab/wire/inside.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/azurite.h"
#include "sim/lab/caller_facts.h"
#include "sim/lab/dns_view.h"
#include "sim/lab/wire/fronts.h"

namespace nsp::lab {
namespace {

namespace fs = std::filesystem;

// Whoever waits for it runs the io_context meanwhile.
struct EmulatorWait {
  std::optional<std::expected<Endpoint, std::string>> result;
};

Awaitable<void> wait_for_emulator(Emulator& emulator, EmulatorWait& wait) {
  constexpr std::chrono::seconds kLongest{30};
  auto listening = co_await emulator.listening(kLongest);
  if (!wait.result) wait.result = std::move(listening);
}

// A folder of its own in the lab's, so that one that a lab before has left cannot write into it.
std::expected<fs::path, std::string> make_data_folder(const fs::path& folder) {
  std::string name = (folder / "azurite-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) return fs::path(name);
  return std::unexpected(
      fmt::format("cannot make {}: {}", name, std::generic_category().message(errno)));
}

// Ours, without what would lead Azurite elsewhere than to this lab's accounts and folder.
std::vector<std::string> surroundings_of_azurite(std::string accounts, const fs::path& folder) {
  std::vector<std::string> own;
  for (char** one = environ; *one != nullptr; ++one) own.emplace_back(*one);
  Variables variables;
  variables.set["AZURITE_ACCOUNTS"] = std::move(accounts);
  variables.set[std::string(kLabFolderVariable)] = folder.string();
  variables.unset.insert("AZURITE_DB");
  return with_variables(own, variables);
}

// At most so many bytes are kept of what was done, whole characters.
std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 400;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

Reach reach_of(const LabOptions& options) {
  return options.beyond_loopback ? Reach::Anywhere : Reach::Loopback;
}

}  // namespace

Lab::Inside::Inside(EditionPtr first, LabFolder place, LabSecrets secrets, LabOptions given)
    : options(std::move(given)),
      folder(std::move(place)),
      feed(io),
      core(io, Timeline(std::move(first), options.propagation_delay), options.readings,
           std::move(secrets), IdentityOptions{.lifetime = options.token_lifetime},
           LabPorts{options.ports.https, options.ports.http}),
      server(io, {}, reach_of(options)),
      sites(core, server),
      names(
          io,
          [this](const IpAddress& from, std::string_view name, std::uint16_t type) {
            const Edition& edition = *core.data_plane();
            return look_up(edition, asker_at(edition, from), name, type);
          },
          {}, reach_of(options)),
      control(io, feed, [this](const ControlRequest& request) { return answer(request); }),
      stopped(io) {
  stopped.expires_at(Clock::time_point::max());
  core.enforce = options.enforce;
  core.on_decision = [this](const Ruling& ruling) { record(ruling); };
}

// As it happens, so the clock is the world's.
void Lab::Inside::record(const Ruling& ruling) {
  const Instant now = std::chrono::system_clock::now();
  for (const RecordText& text : ruling.records) {
    feed.add(text, now);
    if (!options.on_record) continue;
    std::string line;
    append_record(*text, now, line);
    line.pop_back();
    options.on_record(line);
  }
}

std::expected<void, std::string> Lab::Inside::open() {
  const auto text = [](const Result<void>& result) -> std::expected<void, std::string> {
    if (result) return {};
    return std::unexpected(result.error().text);
  };
  if (auto done = open_storage(); !done) return done;
  if (auto done = text(sites.open(*core.timeline.control_plane())); !done) return done;
  if (auto done = text(sites.open_outside_world()); !done) return done;
  if (auto listening = names.listen({kNameServer, options.ports.dns}); !listening) {
    return std::unexpected(listening.error().text);
  }
  if (auto done = open_fronts(); !done) return done;
  auto trusted = bundle(core.authority, system_bundle());
  if (!trusted) return std::unexpected(std::move(trusted.error()));
  auto written = folder.write("ca-bundle.pem", *trusted);
  if (!written) return std::unexpected(std::move(written.error()));
  auto alone = folder.write("ca.pem", core.authority.certificate_pem());
  if (!alone) return std::unexpected(std::move(alone.error()));
  // As its clients are told it: a socket's path must be short.
  return text(control.listen(control_socket(options.home, options.name)));
}

std::expected<void, std::string> Lab::Inside::open_storage() {
  const bool starts = !options.azurite.empty();
  if (!starts && options.storage_backend.empty()) return {};
  const auto at = starts ? start_azurite() : emulator_endpoint(options.storage_backend);
  if (!at) return std::unexpected(at.error());
  storage = std::make_unique<StorageBackend>(core.client, core.keys, *at, emulator.get());
  sites.keep_blobs_at(storage.get());
  try_storage();
  return {};
}

// So that its status is known before somebody runs into it. Not for long: it may be started later.
void Lab::Inside::try_storage() {
  constexpr std::chrono::seconds kLongest{3};
  const Environment& environment = core.timeline.control_plane()->environment();
  const auto account =
      std::ranges::find(environment.resources, Service::Storage, &Resource::service);
  if (account == environment.resources.end()) return;
  const Clock::time_point until = Clock::now() + kLongest;
  spawn(io, storage->try_out(*account, utc_now()));
  while (!storage->was_tried() && Clock::now() < until) io.run_one_until(until);
}

std::expected<Endpoint, std::string> Lab::Inside::start_azurite() {
  const auto data = make_data_folder(folder.path());
  if (!data) return std::unexpected(data.error());
  const Environment& environment = core.timeline.control_plane()->environment();
  const EmulatorPlan plan{
      azurite_words(options.azurite, kEmulator, *data),
      surroundings_of_azurite(azurite_accounts(environment, core.keys), folder.path())};
  auto started = Emulator::start(io, plan);
  if (!started) return std::unexpected(std::move(started.error()));
  emulator = *std::move(started);
  EmulatorWait wait;
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&wait](const ErrorCode& error, int) {
    if (!error && !wait.result) wait.result = std::unexpected("interrupted");
  });
  spawn(io, wait_for_emulator(*emulator, wait));
  while (!wait.result) io.run_one();
  if (*wait.result) return **wait.result;
  return std::unexpected(fmt::format("cannot run the storage emulator `{}`: {}",
                                     join(options.azurite, " "), wait.result->error()));
}

std::expected<void, std::string> Lab::Inside::open_fronts() {
  auto identity = std::make_shared<Site>();
  identity->handler = [this](Exchange& exchange) { return serve_identity(core, exchange); };
  LeafNames login{{"login.microsoftonline.com", "login.windows.net", "sts.windows.net"},
                  {kIdentityEndpoint}};
  auto certificate = core.authority.issue(login, std::chrono::system_clock::now());
  if (!certificate) return std::unexpected(std::move(certificate.error()));
  auto tls = ServerTls::make(*certificate);
  if (!tls) return std::unexpected(std::move(tls.error().text));
  identity->tls = *std::move(tls);
  auto proxy = std::make_shared<Site>();
  proxy->handler = [this](Exchange& exchange) { return serve_proxy(core, exchange); };
  const std::initializer_list<std::tuple<Endpoint, std::shared_ptr<Site>, Transport>> all{
      {{kIdentityEndpoint, options.ports.identity}, identity, Transport::Plain},
      {{kIdentityEndpoint, options.ports.https}, identity, Transport::Tls},
      {{kProxy, options.ports.proxy}, proxy, Transport::Plain}};
  if (const auto also = IpAddress::parse(options.proxy_address)) {
    auto listening = server.listen({*also, options.ports.proxy}, proxy, Transport::Plain);
    if (!listening) return std::unexpected(std::move(listening.error().text));
  }
  for (const auto& [endpoint, site, transport] : all) {
    auto listening = server.listen(endpoint, site, transport);
    if (!listening) return std::unexpected(std::move(listening.error().text));
  }
  return {};
}

std::expected<ControlDone, Refusal> Lab::Inside::publish(EditionPtr next, std::string done,
                                                         std::vector<std::string> warnings) {
  if (auto opened = sites.open(*next); !opened)
    return std::unexpected(Refusal{opened.error().text});
  const LabTime now = Clock::now();
  const std::uint64_t number = next->number;
  core.timeline.publish(std::move(next), now);
  const auto behind = static_cast<std::uint64_t>(core.timeline.behind(now).count());
  return ControlDone{std::move(done), std::move(warnings), number, behind};
}

std::expected<ControlDone, Refusal> Lab::Inside::change(const Edit& edit) {
  const EditionPtr& before = core.timeline.control_plane();
  auto edited = apply_edit(before->environment(), edit);
  if (!edited) return std::unexpected(std::move(edited.error()));
  auto next = make_edition(std::move(edited->environment), before->posts, before.get());
  if (!next) return std::unexpected(Refusal{std::move(next.error())});
  auto published = publish(*std::move(next), std::move(edited->done), std::move(edited->warnings));
  if (!published) return published;
  changes.push_back({published->edition, shortened(published->done)});
  if (changes.size() > kMostChanges) changes.pop_front();
  return published;
}

std::expected<ControlDone, Refusal> Lab::Inside::reload(const std::vector<std::string>& files) {
  if (!options.reader) return std::unexpected(Refusal{"this lab was not started from files"});
  auto loaded = options.reader(files);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  const EditionPtr& before = core.timeline.control_plane();
  auto next = make_edition(std::move(loaded->environment), posts_of(loaded->callers), before.get());
  if (!next) return std::unexpected(Refusal{std::move(next.error())});
  auto published =
      publish(*std::move(next), "the environment is loaded again", std::move(loaded->warnings));
  if (published) changes.clear();
  return published;
}

void Lab::Inside::ask_to_stop() {
  stop_asked = true;
  stopped.cancel();
}

Awaitable<void> Lab::Inside::stop(std::chrono::milliseconds grace) {
  while (!stop_asked) {
    ErrorCode cancelled;
    co_await stopped.async_wait(into(cancelled));
  }
  control.stop();
  feed.close();
  names.stop();
  co_await server.stop(grace);
  core.client.forget();
  io.stop();
}

}  // namespace nsp::lab
