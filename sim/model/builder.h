// What the parts of build_environment() share. Inside this folder only.
//
// Order of work: sorting the documents by type; then resources, perimeters with profiles and rules,
// effective configurations, associations, links, networks with their DNS zones, private endpoints,
// diagnostic settings, role assignments, service tags, limits. Each part reads the documents of its
// own types, adds to `environment` and says what is wrong; none stops. Lookups go through hash maps
// of id keys, so that no part searches the environment once for each document.
#ifndef NSP_SIM_MODEL_BUILDER_H_
#define NSP_SIM_MODEL_BUILDER_H_

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/document/resource_document.h"
#include "sim/model/build.h"
#include "sim/model/shape.h"

namespace nsp {

// A node and the pointer that leads to it. Empty (false) stands for absent and for null alike.
struct Spot {
  const Node* node = nullptr;
  std::string pointer;

  explicit operator bool() const { return node != nullptr && !node->is_null(); }
  [[nodiscard]] Place place() const { return node->place(pointer); }
  [[nodiscard]] Spot find(std::string_view name) const;
  [[nodiscard]] Spot item(std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return node == nullptr ? 0 : node->items.size(); }
};

using Documents = std::vector<const ResourceDocument*>;

struct ProfileIndex {
  Index perimeter = kNone;
  Index profile = kNone;
};

// The association that a resource reports of itself, by its effective configuration.
struct EffectiveAssociation {
  ResourceId resource;
  Association association;  // without its resource
  Index configuration = kNone;
};

// A virtual-network rule of a resource's firewall, to be looked up when the networks are known.
struct NamedSubnet {
  ResourceId id;
  Place place;
};

struct Builder {
  explicit Builder(const SecretTexts& of_documents) : secrets(of_documents) {}

  const SecretTexts& secrets;  // of the documents
  Environment environment;
  Diagnostics diagnostics;

  std::map<std::string_view, Documents> by_type;  // of the modelled types
  Documents resources;                            // everything that can call or be called
  Documents configurations;                       // effective configurations of resources
  Documents connections;                // private endpoint connections as documents of their own
  std::deque<ResourceDocument> merged;  // documents put together from several
  std::vector<EffectiveAssociation> effective;
  std::vector<NamedSubnet> named_subnets;
  std::unordered_set<const Node*> said_open;  // unresolved values that were warned about

  std::unordered_map<std::string, Index> resource_at;
  std::unordered_map<std::string, Index> perimeter_at;
  std::unordered_map<std::string, ProfileIndex> profile_at;
  std::unordered_map<std::string, Index> network_at;
  std::unordered_map<std::string, Index> subnet_at;
  std::unordered_map<std::string, Index> zone_at;
  std::vector<bool> perimeter_has_document;  // beside environment.perimeters

  void error(Place place, std::string message);
  void warn(Place place, std::string message);
  void note(Place place, std::string message);

  [[nodiscard]] const Documents& of(std::string_view type) const;

  // Reading members. A member of the wrong kind is an error and reads as absent; one that is
  // unresolved is a warning, unless its reader has taken it by leave_open() before.
  // True, and kept in `all` under `setting`, where the spot is a value that only a deployment
  // tells.
  [[nodiscard]] bool leave_open(const Spot& spot, std::string_view setting,
                                std::vector<Unresolved>& all);
  // As leave_open(), of each element of the list `name`, or of the list itself.
  void leave_elements_open(const Spot& parent, std::string_view name, std::vector<Unresolved>& all);
  [[nodiscard]] Spot object(const Spot& parent, std::string_view name);
  [[nodiscard]] Spot list(const Spot& parent, std::string_view name);
  [[nodiscard]] std::string text(const Spot& parent, std::string_view name);
  // A string, or a number as it is written: versions are either.
  [[nodiscard]] std::string scalar(const Spot& parent, std::string_view name);
  [[nodiscard]] std::optional<bool> boolean(const Spot& parent, std::string_view name);
  // The strings of a list, each with its place.
  [[nodiscard]] std::vector<Spot> strings(const Spot& parent, std::string_view name);
  // `{"id": "/subscriptions/…"}` under `name`, or a bare string.
  [[nodiscard]] std::optional<ResourceId> reference(const Spot& parent, std::string_view name);
  [[nodiscard]] std::optional<ResourceId> id(const Spot& spot);
  [[nodiscard]] std::optional<WrittenPrefix> prefix(const Spot& spot);
  [[nodiscard]] ConnectionStatus status(const Spot& parent, ConnectionStatus when_absent);

  // Absent, null, or unresolved, which is warned about where nobody did yet.
  [[nodiscard]] bool is_absent(const Spot& spot);
  void say_open(const Spot& spot);  // once
  // `properties` of a document or of a nested object; the object itself where az has flattened it.
  [[nodiscard]] Spot properties(const Spot& body);

  // `accessMode`, absent: Learning. `perimeterGuid`, absent: made from the id.
  void read_mode(const Spot& parent, Association& association);
  void read_guid(const Spot& parent, Perimeter& perimeter);

  // Perimeters and profiles that only others name are made on the spot, with a warning.
  [[nodiscard]] Index perimeter(const ResourceId& id, const Place& named_at);
  [[nodiscard]] ProfileIndex profile(const ResourceId& id, const Place& named_at);
  [[nodiscard]] Index add_perimeter(Perimeter perimeter, bool has_document);
  [[nodiscard]] ProfileIndex add_profile(Index perimeter, Profile profile);
  void add_association(Association association);

  // Name pattern and length of the perimeter's own objects; of an example's placeholder a warning.
  void check_name(const ResourceDocument& document);
  // What the document says beyond its shape, which is counted here and kept by its object.
  [[nodiscard]] Unknown unknown(const ResourceDocument& document, const Shape& shape);
};

[[nodiscard]] Spot body_of(const ResourceDocument& document);
// A value that only a deployment tells: one that a reader left unresolved, or in a plain document
// the text of an expression, `[parameters('office')]`.
[[nodiscard]] bool is_unresolved(const Node& node);
// `{resourceName}`: an example's id, which two different things may share.
[[nodiscard]] bool has_placeholder(const ResourceId& id);
// `file:line:column`, for use inside a message.
[[nodiscard]] std::string shown_place(const Place& place);

// `body` holds `properties`, or the rule's members themselves.
[[nodiscard]] std::optional<AccessRule> read_rule(Builder& builder, const Spot& body,
                                                  std::string name);
// Stands for rules that are not known: it may be any rule of either direction.
[[nodiscard]] AccessRule any_rule(const Unresolved& open);
void read_firewall(Builder& builder, const Spot& properties, Resource& resource);
// `identity`, of a resource or of a project in it.
void read_identity(Builder& builder, const Spot& body, Resource& resource);
void read_protocols(Builder& builder, const Spot& properties, StorageProtocols& protocols);
[[nodiscard]] PrivateConnection read_connection(Builder& builder, const Spot& body,
                                                Unknown unknown);
[[nodiscard]] SharedPrivateLink read_shared_link(Builder& builder, const Spot& body,
                                                 Unknown unknown);

void sort_documents(Builder& builder, const DocumentSet& documents);
void build_resources(Builder& builder);
void build_perimeters(Builder& builder);
void build_configurations(Builder& builder);
void build_associations(Builder& builder);
void build_links(Builder& builder);
void build_networks(Builder& builder);
void build_endpoints(Builder& builder);
void build_zone_groups(Builder& builder);
// After the resources: what stands in documents of its own and belongs to them.
void build_identities(Builder& builder);
void build_shares(Builder& builder);
void build_diagnostic_settings(Builder& builder);
void build_role_assignments(Builder& builder);
void check_limits(Builder& builder);
void warn_of_drift(Builder& builder);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_BUILDER_H_
