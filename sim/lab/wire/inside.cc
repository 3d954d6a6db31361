#include "sim/lab/wire/inside.h"

#include <utility>

#include "sim/base/text.h"
#include "sim/lab/dns_view.h"
#include "sim/lab/wire/fronts.h"
#include "sim/lab/wire/outbound.h"

namespace nsp::lab {
namespace {

// The storage emulator of every storage account, where there is one.
BackendOf backend_at(const std::string& url) {
  const auto parsed = parse_url(url);
  if (url.empty() || !parsed) return [](const Resource&) { return std::nullopt; };
  const std::string host = parsed->host == "localhost" ? "127.0.0.1" : parsed->host;
  const auto address = IpAddress::parse(host);
  const std::uint16_t port = parsed->port.value_or(10'000);
  return [address, port](const Resource& resource) -> std::optional<Route> {
    if (resource.service != Service::Storage || !address) return std::nullopt;
    return Route{std::nullopt, {*address, port}, false, ""};
  };
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
      sites(core, server, backend_at(options.storage_backend)),
      names(
          io,
          [this](const IpAddress& from, std::string_view name, std::uint16_t type) {
            const Edition& edition = *core.data_plane();
            return look_up(edition, asker_at(edition, from), name, type);
          },
          {}, reach_of(options)),
      control(io, feed, [this](const ControlRequest& request) { return answer(request); }),
      writer(RecordShape::Raw),
      stopped(io) {
  stopped.expires_at(Clock::time_point::max());
  core.enforce = options.enforce;
  core.on_decision = [this](const GateDecision& decided) { record(decided); };
}

// As it happens, so the clock is the world's.
void Lab::Inside::record(const GateDecision& decided) {
  std::string lines;
  const Instant now = std::chrono::system_clock::now();
  const Decided whole{decided.edition->policy, decided.attempt,      decided.bound,
                      decided.scope,           core.gate.readings(), decided.decision};
  writer.write(whole, {now, now, 1}, std::nullopt, lines);
  for (const std::string_view line : split_words(lines, '\n')) {
    feed.add(line);
    if (options.on_record) options.on_record(line);
  }
}

std::expected<void, std::string> Lab::Inside::open() {
  const auto text = [](const Result<void>& result) -> std::expected<void, std::string> {
    if (result) return {};
    return std::unexpected(result.error().text);
  };
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
  return text(control.listen(folder.path() / "control.sock"));
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
  changes.push_back({published->edition, published->done});
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
