#include "sim/lab/wire/sites.h"

#include <array>
#include <utility>

#include "sim/lab/service_factory.h"

namespace nsp::lab {
namespace {

Result<std::shared_ptr<ServerTls>> tls_for(const Authority& authority, const LeafNames& names) {
  auto certificate = authority.issue(names, std::chrono::system_clock::now());
  if (!certificate) return problem(Problem::Kind::Tls, std::move(certificate.error()));
  return ServerTls::make(*certificate);
}

LeafNames names_of(const Edition& edition, Index index) {
  const Environment& env = edition.environment();
  const Resource& resource = env.resources[index];
  LeafNames names;
  for (const DomainName& host : resource.host_names) names.dns.push_back(host.text());
  names.addresses.push_back(edition.plan.of_resource(resource));
  for (const PrivateEndpoint& endpoint : env.private_endpoints) {
    if (endpoint.resource != index) continue;
    names.addresses.push_back(edition.plan.of_endpoint(env, endpoint));
  }
  return names;
}

Awaitable<void> answer_as_the_world(Exchange& exchange) {
  Response answer;
  answer.headers.set("content-type", "text/plain");
  answer.body = "a host outside the environment answers\n";
  const Result<void> sent = co_await exchange.answer(std::move(answer));
  (void)sent;
}

}  // namespace

Result<void> Sites::open(const Edition& edition) {
  const std::size_t count = edition.environment().resources.size();
  for (Index i = 0; i < count; ++i) {
    Result<void> opened = open_resource(edition, i);
    if (!opened) return opened;
  }
  close_gone(edition);
  return {};
}

Result<void> Sites::open_resource(const Edition& edition, Index index) {
  const Resource& resource = edition.environment().resources[index];
  Place& place = nodes_[resource.id.key()];
  if (!place.node) {
    StorageBackend* backend = resource.service == Service::Storage ? storage_ : nullptr;
    place.node = std::make_shared<Node>(core_, resource.id.key(),
                                        make_service(resource, core_.keys), backend);
  }
  return open_place(place, names_of(edition, index));
}

// A site's certificate stays as it is, so another set of names is another site.
Result<void> Sites::open_place(Place& place, LeafNames names) {
  if (place.site && place.names == names) return {};
  for (const IpAddress& address : place.names.addresses) stop_listening(address);
  auto tls = tls_for(core_.authority, names);
  if (!tls) return std::unexpected(std::move(tls.error()));
  place.names = std::move(names);
  place.site = std::make_shared<Site>();
  place.site->tls = *std::move(tls);
  place.site->handler = [node = place.node](Exchange& exchange) { return node->serve(exchange); };
  for (const IpAddress& address : place.names.addresses) {
    if (Result<void> done = listen(address, place.site); !done) return done;
  }
  return {};
}

Result<void> Sites::listen(const IpAddress& address, const std::shared_ptr<Site>& site) {
  if (listening_.contains(address)) return {};
  const std::array<std::pair<std::uint16_t, Transport>, 2> ports{
      {{core_.ports.https, Transport::Tls}, {core_.ports.http, Transport::Plain}}};
  for (const auto& [port, transport] : ports) {
    if (port == 0) continue;
    auto opened = server_.listen({address, port}, site, transport);
    if (!opened) return std::unexpected(std::move(opened.error()));
  }
  listening_.insert(address);
  return {};
}

void Sites::stop_listening(const IpAddress& address) {
  if (listening_.erase(address) == 0) return;
  server_.stop_listening({address, core_.ports.https});
  if (core_.ports.http != 0) server_.stop_listening({address, core_.ports.http});
}

void Sites::close_gone(const Edition& edition) {
  const std::set<IpAddress> before = listening_;
  for (const IpAddress& address : before) {
    if (edition.plan.at(address) == nullptr && address != kOutsideWorld) stop_listening(address);
  }
  std::erase_if(nodes_, [&](const auto& entry) {
    return !edition.plan.seats().contains({SeatKind::Resource, entry.first});
  });
}

Result<void> Sites::open_outside_world() {
  auto site = std::make_shared<Site>();
  site->handler = answer_as_the_world;
  auto tls = ServerTls::make(ServerTls::CertificateFor([this](std::string_view name) {
    LeafNames names;
    if (!name.empty()) names.dns.emplace_back(name);
    names.addresses.push_back(kOutsideWorld);
    return core_.authority.issue(names, std::chrono::system_clock::now());
  }));
  if (!tls) return std::unexpected(std::move(tls.error()));
  site->tls = *std::move(tls);
  return listen(kOutsideWorld, site);
}

}  // namespace nsp::lab
