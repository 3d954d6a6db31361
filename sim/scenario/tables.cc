#include "sim/scenario/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/scenario/page_names.h"
#include "sim/scenario/page_problems.h"
#include "sim/scenario/table_firewall.h"
#include "sim/scenario/table_networks.h"
#include "sim/scenario/table_nodes.h"
#include "sim/scenario/table_view.h"

namespace nsp {
namespace {

std::string perimeter_type(std::string_view child) {
  return fmt::format("{}/{}", types::kPerimeter, child);
}

// `profile` or `perimeter/profile`.
struct ProfileName {
  std::string perimeter;
  std::string profile;
};

// The rows of all tables of one kind, in order.
struct PlacedRow {
  TableView view;
  const PageRow* row;
};
std::vector<PlacedRow> rows_of(const std::vector<PageTable>& tables) {
  std::vector<PlacedRow> rows;
  for (const auto& table : tables) {
    for (const auto& row : table.rows) {
      if (!row.cells.empty() && !row.cells.front().text.empty())
        rows.push_back({TableView(table), &row});
    }
  }
  return rows;
}

class Expander {
 public:
  Expander(const BuildTables& tables, const DocumentSet& given, const std::string& file,
           Diagnostics& diagnostics)
      : tables_(tables),
        problems_(file, diagnostics),
        nodes_(file),
        names_(given),
        networks_(names_, nodes_, problems_) {}

  Node run(std::span<const Caller> callers) {
    for (const auto& each : rows_of(tables_.resources)) read_resource(each.view, *each.row);
    networks_.read_subnets(tables_.subnets);
    networks_.read_endpoints(tables_.private_endpoints);
    networks_.read_callers(callers);
    Node resources = nodes_.array({});
    for (const auto& each : rows_of(tables_.resources))
      write_resource(each.view, *each.row, resources);
    for (const auto& each : rows_of(tables_.rules)) write_rule(each.view, *each.row, resources);
    for (const auto& each : rows_of(tables_.links)) write_link(each.view, *each.row, resources);
    networks_.write(resources);
    write_perimeters(resources);
    Node root = nodes_.object({});
    root.add("resources", std::move(resources));
    return root;
  }

 private:
  // Resources first, all of them, so that tables may refer forward.
  void read_resource(const TableView& view, const PageRow& row) {
    const auto& cell = row.cells.front();
    const auto* known = names_.find_resource(cell.text);
    if (known != nullptr && known->made) {
      return problems_.error(cell, fmt::format("resource `{}` stands twice, first on line {}",
                                               cell.text, known->where.line));
    }
    NamedResource resource;
    resource.name = cell.text;
    resource.where = cell;
    resource.label = lower(cell.text);
    const auto* kind = view.find(row, "kind");
    if (kind == nullptr) {
      problems_.error(cell, fmt::format("resource `{}` has no `kind`", cell.text));
    } else {
      set_kind(resource, *kind);
    }
    resource.id =
        page_id(resource.arm_type, resource.name, subscription_of(view.find(row, "subscription")));
    names_.add_resource(std::move(resource));
  }

  void set_kind(NamedResource& resource, const PageCell& kind) {
    std::vector<std::string_view> known;
    for (const auto& service : all_services()) {
      if (service.page_kind.empty()) continue;
      known.push_back(service.page_kind);
      if (!iequals(service.page_kind, kind.text)) continue;
      resource.service = service.service;
      resource.arm_type = service.arm_type;
      return;
    }
    resource.arm_type = kind.text;
    resource.service = service_of(kind.text, {});
    if (kind.text.find('/') != std::string::npos) return;
    std::string message = unknown_word("kind", kind.text, known);
    if (nearest_word(kind.text, known).empty()) message += ", or an ARM type";
    problems_.error(kind, std::move(message));
  }

  std::string subscription_of(const PageCell* cell) {
    if (cell == nullptr) return std::string(kPageSubscription);
    if (const auto guid = Guid::parse(cell->text)) return to_string(*guid);
    problems_.error(*cell, fmt::format("`{}` is no subscription, expected a GUID", cell->text));
    return std::string(kPageSubscription);
  }

  void write_resource(const TableView& view, const PageRow& row, Node& resources) {
    const auto& cell = row.cells.front();
    const auto* found = names_.find_resource(cell.text);
    if (found == nullptr || found->where.line != cell.line) return;  // the second of a name
    const NamedResource resource = *found;
    Node node = nodes_.resource(resource.id, resource.arm_type, resource.name, cell);
    if (resource.service == Service::Foundry) node.add("kind", nodes_.text("AIServices", cell));
    if (resource.service == Service::OpenAi) node.add("kind", nodes_.text("OpenAI", cell));
    const auto* identity = view.find(row, "identity");
    const bool has_identity = yes_or_no(identity, true, problems_);
    node.add("identity", nodes_.object_of("type", has_identity ? "SystemAssigned" : "None",
                                          identity == nullptr ? cell : *identity));
    node.add("properties", properties_of(resource, view, row));
    resources.push(std::move(node));
    write_association(resource, view, row, resources);
  }

  Node properties_of(const NamedResource& resource, const TableView& view, const PageRow& row) {
    const auto& cell = row.cells.front();
    Node properties = nodes_.object(cell);
    if (resource.service == Service::Foundry || resource.service == Service::OpenAi) {
      properties.add("customSubDomainName", nodes_.text(resource.label, cell));
    }
    if (const auto* access = view.find(row, "publicNetworkAccess")) {
      const auto word = parse_word<PublicNetworkAccess>(access->text);
      if (!word) {
        problems_.error(*access, unknown_word("publicNetworkAccess", access->text,
                                              Vocabulary<PublicNetworkAccess>::words));
      }
      properties.add("publicNetworkAccess", nodes_.text(access->text, *access));
    }
    add_firewall(properties, resource, view.find(row, "firewall"), cell, names_, nodes_, problems_);
    if (const auto* egress = view.find(row, "egress")) add_egress(resource, *egress, properties);
    Node connections = networks_.connections_of(resource.id, cell);
    if (!connections.items.empty()) {
      properties.add("privateEndpointConnections", std::move(connections));
    }
    return properties;
  }

  void add_egress(const NamedResource& resource, const PageCell& cell, Node& properties) {
    if (resource.service != Service::Foundry && resource.service != Service::OpenAi) {
      return problems_.error(cell, "only `foundry` and `openai` have egress limits of their own");
    }
    properties.add("restrictOutboundNetworkAccess", nodes_.boolean(true, cell));
    properties.add("allowedFqdnList", nodes_.texts(split_cell(cell), cell));
  }

  void write_association(const NamedResource& resource, const TableView& view, const PageRow& row,
                         Node& resources) {
    const auto* profile = view.find(row, "profile");
    const auto* mode = view.find(row, "mode");
    if (profile == nullptr) {
      if (mode != nullptr)
        problems_.warning(
            *mode, "a `mode` without a `profile` says nothing: the resource is not associated");
      return;
    }
    const auto name = profile_name(*profile);
    const std::string profile_id = names_.profile(name.perimeter, name.profile, *profile);
    Node properties = nodes_.object(*profile);
    properties.add("privateLinkResource", nodes_.object_of("id", resource.id, *profile));
    properties.add("profile", nodes_.object_of("id", profile_id, *profile));
    properties.add("accessMode", nodes_.text(mode_text(mode), mode == nullptr ? *profile : *mode));
    const std::string association = resource.name + "-association";
    Node node =
        nodes_.resource(fmt::format("{}/resourceAssociations/{}",
                                    names_.perimeter(name.perimeter, *profile), association),
                        perimeter_type("resourceAssociations"), association, *profile);
    node.add("properties", std::move(properties));
    resources.push(std::move(node));
  }

  std::string mode_text(const PageCell* mode) {
    if (mode == nullptr) return "Learning";
    if (const auto word = parse_access_mode(mode->text)) return std::string(to_string(*word));
    problems_.error(*mode, unknown_word("mode", mode->text, Vocabulary<AccessMode>::words));
    return "Learning";
  }

  ProfileName profile_name(const PageCell& cell) {
    const std::string_view text = cell.text;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return {"perimeter", cell.text};
    const ProfileName name{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
    if (name.perimeter.empty() || name.profile.empty() ||
        name.profile.find('/') != std::string::npos) {
      problems_.error(
          cell,
          fmt::format("`{}` names no profile, expected `profile` or `perimeter/profile`", text));
    }
    return name;
  }

  void write_rule(const TableView& view, const PageRow& row, Node& resources) {
    const auto& cell = row.cells.front();
    const auto* profile = view.find(row, "profile");
    if (profile == nullptr) {
      return problems_.error(cell, fmt::format("rule `{}` has no `profile`", cell.text));
    }
    const auto name = profile_name(*profile);
    Node properties = nodes_.object(cell);
    if (const auto* direction = view.find(row, "direction")) add_direction(*direction, properties);
    if (const auto* allows = view.find(row, "allows")) add_elements(*allows, properties);
    Node node = nodes_.resource(
        fmt::format("{}/accessRules/{}", names_.profile(name.perimeter, name.profile, *profile),
                    cell.text),
        perimeter_type("profiles/accessRules"), cell.text, cell);
    node.add("properties", std::move(properties));
    resources.push(std::move(node));
  }

  void add_direction(const PageCell& cell, Node& properties) {
    const auto direction = parse_word<Direction>(cell.text);
    if (!direction) {
      return problems_.error(cell,
                             unknown_word("direction", cell.text, Vocabulary<Direction>::words));
    }
    properties.add("direction",
                   nodes_.text(*direction == Direction::Inbound ? "Inbound" : "Outbound", cell));
  }

  // Sorts what a rule allows into the lists of REST; whether the lists fit the direction is judged
  // by the model.
  void add_elements(const PageCell& cell, Node& properties) {
    Node prefixes = nodes_.array(cell);
    Node subscriptions = nodes_.array(cell);
    Node tags = nodes_.array(cell);
    Node hosts = nodes_.array(cell);
    for (const auto& item : split_cell(cell)) {
      const std::string_view text = item.text;
      if (const auto id = after_word(text, "subscription"); !id.empty()) {
        subscriptions.push(nodes_.object_of("id", subscription_id(id, item), item));
      } else if (const auto tag = after_word(text, "tag"); !tag.empty()) {
        tags.push(nodes_.text(std::string(tag), item));
      } else if (looks_like_address(text)) {
        prefixes.push(nodes_.text(item.text, item));
      } else {
        check_host(item);
        hosts.push(nodes_.text(item.text, item));
      }
    }
    add_list("addressPrefixes", std::move(prefixes), properties);
    add_list("subscriptions", std::move(subscriptions), properties);
    add_list("serviceTags", std::move(tags), properties);
    add_list("fullyQualifiedDomainNames", std::move(hosts), properties);
  }

  static void add_list(const char* name, Node list, Node& properties) {
    if (!list.items.empty()) properties.add(name, std::move(list));
  }

  // `subscription X` → `X`; empty where the text does not begin with the word.
  static std::string_view after_word(std::string_view text, std::string_view word) {
    const bool begins = text.size() > word.size() && text[word.size()] == ' ' &&
                        iequals(text.substr(0, word.size()), word);
    return begins ? trim(text.substr(word.size())) : std::string_view{};
  }

  std::string subscription_id(std::string_view text, const PageCell& item) {
    constexpr std::string_view kPrefix = "/subscriptions/";
    const bool whole = iequals(text.substr(0, kPrefix.size()), kPrefix);
    const auto guid = whole ? text.substr(kPrefix.size()) : text;
    if (!Guid::parse(guid)) {
      problems_.error(item, fmt::format("`{}` is no subscription, expected a GUID", text));
    }
    return fmt::format("{}{}", kPrefix, guid);
  }

  // Digits and dots, or colons: meant as an address even where it is none.
  static bool looks_like_address(std::string_view text) {
    return text.find(':') != std::string_view::npos
               ? text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string_view::npos
               : text.find_first_not_of("0123456789./") == std::string_view::npos;
  }

  void check_host(const PageCell& item) {
    if (const auto host = DomainPattern::parse(item.text); !host)
      problems_.error(item, host.error());
  }

  void write_link(const TableView& view, const PageRow& row, Node& resources) {
    const auto& cell = row.cells.front();
    const auto* local = view.find(row, "local");
    const auto* remote = view.find(row, "remote");
    if (local == nullptr || remote == nullptr) {
      return problems_.error(cell, fmt::format("link `{}` needs `local` and `remote`", cell.text));
    }
    const auto near = link_end(*local);
    const auto far = link_end(*remote);
    Node properties = nodes_.object(cell);
    properties.add("autoApprovedRemotePerimeterResourceId",
                   nodes_.text(names_.perimeter(far.perimeter, *remote), *remote));
    properties.add("localInboundProfiles", nodes_.texts(near.profiles, *local));
    properties.add("remoteInboundProfiles", nodes_.texts(far.profiles, *remote));
    properties.add("status", nodes_.text(link_status(view.find(row, "status")), cell));
    Node node = nodes_.resource(
        fmt::format("{}/links/{}", names_.perimeter(near.perimeter, *local), cell.text),
        perimeter_type("links"), cell.text, cell);
    node.add("properties", std::move(properties));
    resources.push(std::move(node));
  }

  struct LinkEnd {
    std::string perimeter;
    std::vector<PageCell> profiles;  // `*`: all
  };

  // `perimeter`, or profiles of one perimeter.
  LinkEnd link_end(const PageCell& cell) {
    LinkEnd end;
    for (auto item : split_cell(cell)) {
      const auto slash = item.text.find('/');
      const std::string perimeter = item.text.substr(0, slash);
      if (!end.perimeter.empty() && !iequals(end.perimeter, perimeter)) {
        problems_.error(
            item,
            fmt::format("one end of a link lies in one perimeter, `{}` is a second", perimeter));
      }
      end.perimeter = perimeter;
      const bool whole = slash == std::string::npos;
      item.text = whole ? std::string("*") : item.text.substr(slash + 1);
      static_cast<void>(names_.perimeter(perimeter, item));
      if (!whole && item.text != "*") static_cast<void>(names_.profile(perimeter, item.text, item));
      end.profiles.push_back(std::move(item));
    }
    return end;
  }

  std::string link_status(const PageCell* cell) {
    if (cell == nullptr) return "Approved";
    if (const auto status = parse_word<ConnectionStatus>(cell->text))
      return std::string(to_string(*status));
    problems_.error(*cell, unknown_word("status", cell->text, Vocabulary<ConnectionStatus>::words));
    return "Approved";
  }

  void write_perimeters(Node& resources) const {
    for (const auto& perimeter : names_.perimeters()) {
      if (perimeter.made) write_named(perimeter, types::kPerimeter, resources);
      for (const auto& profile : perimeter.children) {
        if (profile.made) write_named(profile, perimeter_type("profiles"), resources);
      }
    }
  }

  void write_named(const NamedThing& thing, std::string_view type, Node& resources) const {
    Node node = nodes_.resource(thing.id, type, thing.name, thing.where);
    node.add("properties", nodes_.object(thing.where));
    resources.push(std::move(node));
  }

  const BuildTables& tables_;
  PageProblems problems_;
  TableNodes nodes_;
  PageNames names_;
  TableNetworks networks_;
};

}  // namespace

Expansion expand_tables(const BuildTables& tables, std::span<const Caller> callers,
                        const DocumentSet& given, const std::string& file) {
  Expansion expansion;
  expansion.root = Expander(tables, given, file, expansion.diagnostics).run(callers);
  return expansion;
}

}  // namespace nsp
