#include "sim/capture/observe.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "sim/capture/privatelink_name.h"
#include "sim/decision/bind.h"
#include "sim/model/build.h"
#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests

constexpr std::string_view kBindings = R"({"bindings": [
  {"address": "203.0.113.0/28", "caller": "office", "credential": "user"},
  {"address": "203.0.113.7", "caller": "build agent"},
  {"address": "10.0.1.4", "caller": "web app", "subnet": "vnet-rag/apps",
   "visibleAddress": "203.0.113.99", "credential": "managed identity",
   "subscription": "33333333-3333-3333-3333-333333333333"},
  {"address": "10.0.1.5", "caller": "batch", "visibleAddress": "hidden", "trustedService": true},
  {"address": "10.0.1.6", "resource": "search-rag"},
  {"address": "20.60.1.4", "resource": "strag", "name": "strag.dfs.core.windows.net"},
  {"address": "20.60.1.5", "resource": "nobody"},
  {"address": "20.60.1.6", "caller": "partner", "name": "api.partner.example"}]})";

struct World {
  static Policy policy_of_fixture() {
    const std::array<std::filesystem::path, 1> files{std::filesystem::path(NSPSIM_SOURCE_DIR) /
                                                     "fixtures/environments/rag.json"};
    BuildResult built = load_environment(files);
    EXPECT_TRUE(built.ok());
    return compile(std::move(built.environment));
  }
  Policy policy = policy_of_fixture();
  Bindings bindings = read_bindings(kBindings, "bindings.json").value();
  FlowObserver observer{policy, bindings};
};

const World& world() {
  static const World the_world;
  return the_world;
}

Flow flow(std::string_view client, std::string_view server, std::string_view host = {},
          std::uint16_t port = 443) {
  Flow made;
  made.client = socket(client, 50000);
  made.server = socket(server, port);
  made.first = at(1);
  made.last = at(2);
  if (!host.empty()) made.name = name(host);
  return made;
}

Attempt attempt_of(const Flow& seen) { return world().observer.observe(seen).attempt; }

TEST(Observe, CountsOnceAndKeepsTheTimes) {
  const Observation seen = world().observer.observe(flow("203.0.113.1", "20.60.9.9"));
  EXPECT_EQ(seen.seen.weight, 1U);
  EXPECT_EQ(seen.seen.first, at(1));
  EXPECT_EQ(seen.seen.last, at(2));
  EXPECT_FALSE(seen.recorded.has_value());
}

TEST(Observe, TheClientIsWhomItsAddressIsBoundTo) {
  const Attempt office = attempt_of(flow("203.0.113.1", "20.60.9.9"));
  EXPECT_TRUE(office.outside);
  EXPECT_EQ(office.from, "office");
  EXPECT_EQ(office.credential, Credential::User);
  EXPECT_EQ(office.address, address("203.0.113.1"));
  const Attempt agent = attempt_of(flow("203.0.113.7", "20.60.9.9"));
  EXPECT_EQ(agent.from, "build agent");
  EXPECT_FALSE(agent.credential.has_value());
  const Attempt nobody = attempt_of(flow("198.51.100.9", "20.60.9.9"));
  EXPECT_TRUE(nobody.outside);
  EXPECT_EQ(nobody.from, "198.51.100.9");
  EXPECT_EQ(nobody.address, address("198.51.100.9"));
}

TEST(Observe, ABoundResourceKeepsItsCredentialUnknown) {
  const Attempt search = attempt_of(flow("10.0.1.6", "20.60.9.9"));
  EXPECT_FALSE(search.outside);
  EXPECT_EQ(search.from, "search-rag");
  EXPECT_FALSE(search.credential.has_value());
  EXPECT_FALSE(search.address.has_value());
}

TEST(Observe, TheVisibleAddressIsTheBindingsOrAPublicOne) {
  const Attempt app = attempt_of(flow("10.0.1.4", "20.60.9.9", "strag.blob.core.windows.net"));
  EXPECT_EQ(app.address, address("203.0.113.99"));
  EXPECT_EQ(app.subnet, "vnet-rag/apps");
  EXPECT_EQ(app.subscription, Guid::parse("33333333-3333-3333-3333-333333333333"));
  const Attempt batch = attempt_of(flow("10.0.1.5", "20.60.9.9"));
  EXPECT_TRUE(batch.address_hidden);
  EXPECT_FALSE(batch.address.has_value());
  EXPECT_TRUE(batch.trusted_service);
  // What a NAT made of a private address is not known, and never the private address itself (P-6).
  for (const char* client : {"10.9.9.9", "127.0.0.1", "fd00::1"}) {
    const Attempt hidden = attempt_of(flow(client, "20.60.9.9"));
    EXPECT_FALSE(hidden.address.has_value()) << client;
    EXPECT_FALSE(hidden.address_hidden) << client;
  }
}

TEST(Observe, TheDestinationIsTheResourceOfTheHostName) {
  const Attempt blob = attempt_of(flow("203.0.113.1", "20.60.9.9", "strag.dfs.core.windows.net"));
  EXPECT_EQ(blob.to, "strag");
  EXPECT_EQ(blob.name, name("strag.dfs.core.windows.net"));
  EXPECT_EQ(blob.via, Via::Public);
  // The address of another resource does not matter then.
  const Attempt search =
      attempt_of(flow("203.0.113.1", "20.60.1.4", "search-rag.search.windows.net"));
  EXPECT_EQ(search.to, "search-rag");
  const Attempt alias =
      attempt_of(flow("203.0.113.1", "20.60.9.9", "strag.privatelink.blob.core.windows.net"));
  EXPECT_EQ(alias.to, "strag");
  EXPECT_EQ(alias.name, name("strag.blob.core.windows.net"));
}

TEST(Observe, ElseTheResourceOfTheAddress) {
  const Attempt bound = attempt_of(flow("203.0.113.1", "20.60.1.4"));
  EXPECT_EQ(bound.to, "strag");
  EXPECT_EQ(bound.name, name("strag.dfs.core.windows.net"));
  const Attempt custom = attempt_of(flow("203.0.113.1", "20.60.1.4", "docs.contoso.example"));
  EXPECT_EQ(custom.to, "strag");
  const Attempt unknown = attempt_of(flow("203.0.113.1", "20.60.1.5"));
  EXPECT_EQ(unknown.to, "nobody");
  const Attempt endpoint = attempt_of(flow("10.0.1.6", "10.0.2.4"));
  EXPECT_EQ(endpoint.to, "strag");
  EXPECT_EQ(endpoint.name, name("strag.blob.core.windows.net"));
  EXPECT_EQ(endpoint.via, Via::PrivateEndpoint);
  EXPECT_EQ(endpoint.address, address("10.0.1.6"));
}

TEST(Observe, ElseTheHostNameOrNothing) {
  const Attempt outside = attempt_of(flow("10.0.1.6", "20.60.9.9", "api.example"));
  EXPECT_EQ(outside.to, "api.example");
  EXPECT_FALSE(outside.name.has_value());
  EXPECT_EQ(outside.via, Via::Public);
  EXPECT_EQ(attempt_of(flow("10.0.1.6", "20.60.1.6")).to, "api.partner.example");
  EXPECT_EQ(attempt_of(flow("10.0.1.6", "20.60.9.9")).to, "");
}

TEST(Observe, ThePathFollowsTheAddress) {
  constexpr std::string_view kBlob = "strag.blob.core.windows.net";
  EXPECT_EQ(attempt_of(flow("10.9.9.9", "10.0.2.4", kBlob)).via, Via::PrivateEndpoint);
  EXPECT_EQ(attempt_of(flow("10.9.9.9", "10.0.2.9", kBlob)).via, Via::Auto);
  Flow led = flow("10.9.9.9", "10.0.2.9", kBlob);
  led.privatelink = true;
  EXPECT_EQ(attempt_of(led).via, Via::PrivateEndpoint);
  // Outside the linked networks the alias resolves to the public address.
  led.server = socket("20.60.9.9", 443);
  EXPECT_EQ(attempt_of(led).via, Via::Public);
  // The endpoint's address, but another resource's name: a proxy, or an old record.
  EXPECT_EQ(attempt_of(flow("10.9.9.9", "10.0.2.4", "search-rag.search.windows.net")).via,
            Via::Auto);
  constexpr std::string_view kFoundry = "foundry-rag.openai.azure.com";
  EXPECT_EQ(attempt_of(flow("10.0.1.4", "20.60.9.9", kFoundry)).via, Via::ServiceEndpoint);
  EXPECT_EQ(attempt_of(flow("10.0.1.4", "20.60.9.9", kBlob)).via, Via::Public);
  EXPECT_EQ(attempt_of(flow("10.0.1.5", "20.60.9.9", kFoundry)).via, Via::Public);
}

TEST(Observe, TheProtocolFollowsThePort) {
  const auto protocol = [](std::uint16_t port, std::string_view host) {
    return attempt_of(flow("203.0.113.1", "20.60.9.9", host, port)).protocol;
  };
  constexpr std::string_view kFile = "strag.file.core.windows.net";
  EXPECT_EQ(protocol(443, kFile), Protocol::Https);
  EXPECT_EQ(protocol(80, kFile), Protocol::Https);
  EXPECT_EQ(protocol(8443, kFile), Protocol::Https);
  EXPECT_EQ(protocol(2049, kFile), Protocol::Nfs);
  EXPECT_EQ(protocol(445, kFile), Protocol::Smb);
  EXPECT_EQ(protocol(22, kFile), Protocol::Sftp);
  EXPECT_EQ(protocol(22, "git.example"), Protocol::Https);
}

// Whatever was seen of bound callers and known destinations, the engine can tie it to its policy.
TEST(Observe, WhatItMakesCanBeBound) {
  for (const char* client : {"203.0.113.1", "10.0.1.4", "10.0.1.5", "10.0.1.6", "198.51.100.9"}) {
    for (const char* server : {"20.60.1.4", "10.0.2.4"}) {
      const auto bound = bind(world().policy, attempt_of(flow(client, server)));
      EXPECT_TRUE(bound.has_value()) << client << " " << server << ": " << bound.error();
    }
  }
}

TEST(Observe, DnsAndOtherDatagramsAreNoAttempts) {
  Flow seen = flow("10.0.0.4", "168.63.129.16", {}, 53);
  EXPECT_FALSE(is_attempt(seen));
  seen.transport = Transport::Udp;
  EXPECT_FALSE(is_attempt(seen));
  seen.server.port = 123;
  EXPECT_FALSE(is_attempt(seen));
  seen.server.port = 443;
  EXPECT_TRUE(is_attempt(seen));
  EXPECT_TRUE(is_attempt(flow("10.0.0.4", "20.60.1.4")));
}

TEST(Observe, NotesWhatIsDoubtful) {
  Flow seen = flow("10.0.0.4", "20.60.1.4", "outer.example");
  EXPECT_TRUE(notes(seen).empty());
  seen.client_by_port = true;
  seen.encrypted_client_hello = true;
  EXPECT_EQ(notes(seen),
            (std::vector<std::string>{
                "no SYN was seen: the client is the side with the higher port",
                "the ClientHello is encrypted: `outer.example` is the outer name, the inner one "
                "cannot be seen"}));
}

TEST(PrivatelinkName, GoesBothWays) {
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {"st.blob.core.windows.net", "st.privatelink.blob.core.windows.net"},
      {"kv.vault.azure.net", "kv.privatelink.vaultcore.azure.net"},
      {"s.search.windows.net", "s.privatelink.search.windows.net"},
      {"f.services.ai.azure.com", "f.privatelink.services.ai.azure.com"},
      {"x.azurecr.io", "x.privatelink.azurecr.io"}};
  for (const auto& [open, hidden] : rows) {
    EXPECT_EQ(privatelink_name(name(open)), name(hidden));
    EXPECT_EQ(public_name(name(hidden)), name(open));
    EXPECT_EQ(public_name(name(open)), name(open));
    EXPECT_EQ(privatelink_name(name(hidden)), name(hidden));
    EXPECT_TRUE(has_privatelink_label(hidden));
    EXPECT_FALSE(has_privatelink_label(open));
  }
  EXPECT_FALSE(has_privatelink_label("myprivatelink.blob.core.windows.net"));
  EXPECT_FALSE(has_privatelink_label("privatelinks.example"));
  EXPECT_EQ(privatelink_name(name("localhost")), name("localhost"));
}

}  // namespace
}  // namespace nsp
