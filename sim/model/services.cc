#include "sim/model/services.h"

#include <array>

#include "sim/base/text.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

constexpr std::array kStorageHosts{
    ServiceHost{"blob", "blob.core.windows.net", "privatelink.blob.core.windows.net"},
    ServiceHost{"dfs", "dfs.core.windows.net", "privatelink.dfs.core.windows.net"},
    ServiceHost{"file", "file.core.windows.net", "privatelink.file.core.windows.net"},
    ServiceHost{"queue", "queue.core.windows.net", "privatelink.queue.core.windows.net"},
    ServiceHost{"table", "table.core.windows.net", "privatelink.table.core.windows.net"},
    ServiceHost{"web", "web.core.windows.net", "privatelink.web.core.windows.net"}};

constexpr std::array kSearchHosts{
    ServiceHost{"search", "search.windows.net", "privatelink.search.windows.net"}};

constexpr ServiceHost kCognitiveHost{"cognitiveservices", "cognitiveservices.azure.com",
                                     "privatelink.cognitiveservices.azure.com"};
constexpr ServiceHost kOpenAiHost{"openai", "openai.azure.com", "privatelink.openai.azure.com"};
constexpr ServiceHost kFoundryHost{"services.ai", "services.ai.azure.com",
                                   "privatelink.services.ai.azure.com"};

constexpr std::array kFoundryHosts{kCognitiveHost, kOpenAiHost, kFoundryHost};
constexpr std::array kOpenAiHosts{kOpenAiHost, kCognitiveHost, kFoundryHost};
constexpr std::array kOtherCognitiveHosts{kCognitiveHost};

constexpr std::array kKeyVaultHosts{
    ServiceHost{"vault", "vault.azure.net", "privatelink.vaultcore.azure.net"}};
constexpr std::array kCosmosHosts{
    ServiceHost{"documents", "documents.azure.com", "privatelink.documents.azure.com"}};
constexpr std::array kBusHosts{
    ServiceHost{"servicebus", "servicebus.windows.net", "privatelink.servicebus.windows.net"}};
constexpr std::array kSqlHosts{
    ServiceHost{"database", "database.windows.net", "privatelink.database.windows.net"}};
constexpr std::array kAppConfigurationHosts{
    ServiceHost{"azconfig", "azconfig.io", "privatelink.azconfig.io"}};

// In order of the enumerators.
constexpr std::array kFacts{ServiceFacts{.service = Service::Storage,
                                         .title = "Storage",
                                         .page_kind = "storage",
                                         .arm_type = types::kStorage,
                                         .hosts = kStorageHosts,
                                         .service_endpoint = "Microsoft.Storage",
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = false,
                                         .bypass_by_default = true,
                                         .firewall = FirewallForm::NetworkAcls,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::Search,
                                         .title = "AI Search",
                                         .page_kind = "search",
                                         .arm_type = types::kSearch,
                                         .hosts = kSearchHosts,
                                         .service_endpoint = {},
                                         .onboarded = true,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::RuleSet,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::Foundry,
                                         .title = "Foundry",
                                         .page_kind = "foundry",
                                         .arm_type = types::kCognitiveServices,
                                         .hosts = kFoundryHosts,
                                         .service_endpoint = "Microsoft.CognitiveServices",
                                         .onboarded = true,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::NetworkAcls,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::OpenAi,
                                         .title = "Azure OpenAI",
                                         .page_kind = "openai",
                                         .arm_type = types::kCognitiveServices,
                                         .hosts = kOpenAiHosts,
                                         .service_endpoint = "Microsoft.CognitiveServices",
                                         .onboarded = true,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::NetworkAcls,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::CognitiveServices,
                                         .title = "Cognitive Services",
                                         .page_kind = {},
                                         .arm_type = types::kCognitiveServices,
                                         .hosts = kOtherCognitiveHosts,
                                         .service_endpoint = "Microsoft.CognitiveServices",
                                         .onboarded = false,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::NetworkAcls,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::KeyVault,
                                         .title = "Key Vault",
                                         .page_kind = "key vault",
                                         .arm_type = types::kKeyVault,
                                         .hosts = kKeyVaultHosts,
                                         .service_endpoint = "Microsoft.KeyVault",
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = true,
                                         .bypass_by_default = true,
                                         .firewall = FirewallForm::NetworkAcls,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::Monitor,
                                         .title = "Azure Monitor",
                                         .page_kind = {},
                                         .arm_type = types::kWorkspace,
                                         .hosts = {},
                                         .service_endpoint = {},
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = true,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::None,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::CosmosDb,
                                         .title = "Cosmos DB",
                                         .page_kind = {},
                                         .arm_type = types::kCosmosDb,
                                         .hosts = kCosmosHosts,
                                         .service_endpoint = "Microsoft.AzureCosmosDB",
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::OtherMembers,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::EventHubs,
                                         .title = "Event Hubs",
                                         .page_kind = {},
                                         .arm_type = types::kEventHubs,
                                         .hosts = kBusHosts,
                                         .service_endpoint = "Microsoft.EventHub",
                                         .onboarded = true,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::OwnDocuments,
                                         .firewall_name = "networkRuleSets"},
                            ServiceFacts{.service = Service::ServiceBus,
                                         .title = "Service Bus",
                                         .page_kind = {},
                                         .arm_type = types::kServiceBus,
                                         .hosts = kBusHosts,
                                         .service_endpoint = "Microsoft.ServiceBus",
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::OwnDocuments,
                                         .firewall_name = "networkRuleSets"},
                            ServiceFacts{.service = Service::Sql,
                                         .title = "SQL Database",
                                         .page_kind = {},
                                         .arm_type = types::kSql,
                                         .hosts = kSqlHosts,
                                         .service_endpoint = "Microsoft.Sql",
                                         .onboarded = true,
                                         .supports_links = true,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::OwnDocuments,
                                         .firewall_name = "firewallRules"},
                            ServiceFacts{.service = Service::AppConfiguration,
                                         .title = "App Configuration",
                                         .page_kind = {},
                                         .arm_type = types::kAppConfiguration,
                                         .hosts = kAppConfigurationHosts,
                                         .service_endpoint = {},
                                         .onboarded = true,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::None,
                                         .firewall_name = {}},
                            ServiceFacts{.service = Service::Other,
                                         .title = "other",
                                         .page_kind = {},
                                         .arm_type = {},
                                         .hosts = {},
                                         .service_endpoint = {},
                                         .onboarded = false,
                                         .supports_links = false,
                                         .supports_tags = false,
                                         .bypass_by_default = false,
                                         .firewall = FirewallForm::OtherMembers,
                                         .firewall_name = {}}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    if (static_cast<std::size_t>(kFacts[i].service) != i) return false;
  }
  return true;
}
static_assert(in_order());

Service cognitive_service(std::string_view kind) {
  if (iequals(kind, "AIServices")) return Service::Foundry;
  if (iequals(kind, "OpenAI")) return Service::OpenAi;
  return Service::CognitiveServices;
}

}  // namespace

const ServiceFacts& facts(Service service) { return kFacts[static_cast<std::size_t>(service)]; }

std::span<const ServiceFacts> all_services() { return kFacts; }

Service service_of(std::string_view arm_type, std::string_view kind) {
  if (iequals(arm_type, types::kCognitiveServices)) return cognitive_service(kind);
  for (const std::string_view type : types::kMonitor) {
    if (iequals(arm_type, type)) return Service::Monitor;
  }
  for (const ServiceFacts& entry : kFacts) {
    if (!arm_type.empty() && iequals(arm_type, entry.arm_type)) return entry.service;
  }
  return Service::Other;
}

}  // namespace nsp
