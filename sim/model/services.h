// What is known about each service, in one table: ARM type, host names, private DNS zones, service
// endpoint, what the perimeter supports for it.
//
// Sources: semantics clauses P-4, R-3, the sections Services and Links; Azure's private DNS zone
// documentation. Thread safety: constant data.
#ifndef NSP_SIM_MODEL_SERVICES_H_
#define NSP_SIM_MODEL_SERVICES_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace nsp {

enum class Service : std::uint8_t {
  Storage,
  Search,
  Foundry,            // Microsoft.CognitiveServices/accounts of kind AIServices
  OpenAi,             // … of kind OpenAI
  CognitiveServices,  // … of any other kind
  KeyVault,
  Monitor,
  CosmosDb,
  EventHubs,
  ServiceBus,
  Sql,
  AppConfiguration,
  Other,  // not onboarded: cannot be associated
};

// One host name of a service: `ACCOUNT.SUFFIX`, and the private zone that shadows it.
struct ServiceHost {
  std::string_view word;    // `blob`, `openai`: what tells the names of one service apart
  std::string_view suffix;  // `blob.core.windows.net`
  std::string_view zone;    // `privatelink.blob.core.windows.net`
};

// Where a service says which public traffic its own firewall admits.
enum class FirewallForm : std::uint8_t {
  NetworkAcls,   // `networkAcls`; absent means open
  RuleSet,       // AI Search: `networkRuleSet`
  None,          // has no firewall of its own
  OtherMembers,  // in members that are not read: not known where one of them says something
  OwnDocuments,  // in documents of their own, which are not read: not known
};

struct ServiceFacts {
  Service service;
  std::string_view title;      // "Storage", "AI Search": as in prose
  std::string_view page_kind;  // the word of a page's `resource` table; empty: use the ARM type
  std::string_view arm_type;   // canonical spelling
  std::span<const ServiceHost> hosts;  // the first is the one used where an attempt names none
  std::string_view service_endpoint;   // `Microsoft.Storage`; empty where the service has none
  bool onboarded;
  bool supports_links;
  bool supports_tags;
  bool bypass_by_default;  // absent `bypass` means AzureServices
  FirewallForm firewall;
  std::string_view firewall_name;  // of OwnDocuments: the last segment of their type
};

[[nodiscard]] const ServiceFacts& facts(Service service);
[[nodiscard]] std::span<const ServiceFacts> all_services();

// By ARM type (without case) and, for CognitiveServices, kind. Anything unknown is Other.
[[nodiscard]] Service service_of(std::string_view arm_type, std::string_view kind);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_SERVICES_H_
