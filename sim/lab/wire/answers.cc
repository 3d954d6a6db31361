// What a lab answers at its control socket.
#include <nlohmann/json.hpp>

#include "sim/lab/key_list.h"
#include "sim/lab/service_json.h"
#include "sim/lab/wire/inside.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

std::string_view mode_word(const Association& association) {
  return association.mode == AccessMode::Unknown ? std::string_view(association.mode_text)
                                                 : to_string(association.mode);
}

Json resource_status(const Edition& edition, Index index, const LabPortOptions& ports) {
  const Environment& env = edition.environment();
  const Resource& resource = env.resources[index];
  Json json;
  json["resource"] = display_name(env, index);
  json["service"] = facts(resource.service).title;
  json["address"] = nsp::to_string(edition.plan.of_resource(resource));
  json["port"] = ports.https;
  json["names"] = Json::array();
  for (const DomainName& host : resource.host_names) json["names"].push_back(host.text());
  json["privateAddresses"] = Json::array();
  for (const PrivateEndpoint& endpoint : env.private_endpoints) {
    if (endpoint.resource != index) continue;
    json["privateAddresses"].push_back(nsp::to_string(edition.plan.of_endpoint(env, endpoint)));
  }
  json["publicNetworkAccess"] = resource.public_network_access_text;
  if (resource.association == kNone) return json;
  const Association& association = env.associations[resource.association];
  const Perimeter& perimeter = env.perimeters[association.perimeter];
  json["profile"] = perimeter.name + '/' + perimeter.profiles[association.profile].name;
  json["accessMode"] = mode_word(association);
  return json;
}

// The seat of a caller or resource of that name.
std::expected<std::pair<Seat, IpAddress>, std::string> seat_named(const Edition& edition,
                                                                  const std::string& name) {
  if (const Post* post = edition.find_post(name)) {
    return std::pair(seat_of(post->caller), edition.plan.of_caller(post->caller));
  }
  const Lookup found = edition.policy.find_resource(name);
  if (found.ambiguous) {
    return std::unexpected("`" + name +
                           "` is the name of several resources, expected one of their ids");
  }
  if (found.index == kNone) {
    return std::unexpected("`" + name + "` is no caller and no resource of the lab");
  }
  const Resource& resource = edition.environment().resources[found.index];
  return std::pair(seat_of(resource), edition.plan.of_resource(resource));
}

}  // namespace

std::string Lab::Inside::answer(const ControlRequest& request) {
  struct Answerer {
    Inside& inside;
    std::string operator()(const Edit& edit) const { return answer_line(inside.change(edit)); }
    std::string operator()(const Reload& reload) const {
      return answer_line(inside.reload(reload.files));
    }
    std::string operator()(const AskStatus&) const { return inside.status(); }
    std::string operator()(const AskLogs&) const { return {}; }  // the server's own
    std::string operator()(const AskCaller& ask) const {
      auto facts = inside.caller_facts(ask.name);
      if (facts) return *std::move(facts);
      return answer_line(std::unexpected(Refusal{std::move(facts.error())}));
    }
    std::string operator()(const AskKeys& ask) const {
      auto line = key_line(*inside.core.timeline.control_plane(), inside.core.keys,
                           inside.options.ports, ask.resource);
      if (line) return *std::move(line);
      return answer_line(std::unexpected(Refusal{std::move(line.error())}));
    }
    std::string operator()(const StopLab&) const {
      inside.ask_to_stop();
      return answer_line(ControlDone{"the lab stops", {}, 0, 0});
    }
  };
  return std::visit(Answerer{*this}, request);
}

std::string Lab::Inside::status() {
  const EditionPtr& control_plane = core.timeline.control_plane();
  const LabTime now = Clock::now();
  Json json;
  json["ok"] = true;
  json["schema"] = "nspsim.lab-status/1";
  json["name"] = options.name;
  json["edition"] = control_plane->number;
  json["dataPlaneEdition"] = core.timeline.data_plane(now)->number;
  json["behindMs"] = core.timeline.behind(now).count();
  json["enforced"] = options.enforce;
  json["requests"] = server.counts().requests;
  json["openConnections"] = server.counts().open;
  json["records"] = feed.count();
  json["nameServer"] = nsp::to_string(kNameServer) + ':' + std::to_string(options.ports.dns);
  if (storage) {
    json["storageEmulator"] = {{"url", storage->url()},
                               {"startedByLab", emulator != nullptr},
                               {"trouble", storage->trouble()}};
  }
  json["resources"] = Json::array();
  for (Index i = 0; i < control_plane->environment().resources.size(); ++i) {
    json["resources"].push_back(resource_status(*control_plane, i, options.ports));
  }
  json["changes"] = Json::array();
  for (const DoneChange& change : changes) {
    json["changes"].push_back({{"edition", change.edition}, {"change", change.what}});
  }
  json["callers"] = Json::array();
  for (const Post& post : control_plane->posts) {
    json["callers"].push_back(
        {{"caller", post.caller.name},
         {"address", nsp::to_string(control_plane->plan.of_caller(post.caller))}});
  }
  return json_text(json);
}

std::expected<std::string, std::string> Lab::Inside::caller_facts(const std::string& name) {
  const Edition& edition = *core.timeline.control_plane();
  auto found = seat_named(edition, name);
  if (!found) return std::unexpected(std::move(found.error()));
  const auto& [seat, address] = *found;
  Json json;
  json["ok"] = true;
  json["caller"] = seat.key;
  json["address"] = nsp::to_string(address);
  json["secret"] = core.keys.identity_header(seat);
  json["caBundle"] = (folder.path() / "ca-bundle.pem").string();
  json["ca"] = (folder.path() / "ca.pem").string();
  json["ports"] = {{"https", options.ports.https},
                   {"http", options.ports.http},
                   {"dns", options.ports.dns},
                   {"identity", options.ports.identity},
                   {"proxy", options.ports.proxy}};
  const auto identity = identity_at(edition, seat);
  if (identity) {
    json["credential"] = to_string(identity->credential);
    json["clientId"] = nsp::to_string(identity->client);
    json["tenantId"] = nsp::to_string(lab_tenant());
    if (identity->credential != Credential::ManagedIdentity) {
      json["clientSecret"] = core.keys.client_secret(seat);
      json["userName"] = identity->user_name;
    }
  }
  return json_text(json);
}

}  // namespace nsp::lab
