#include "sim/decision/clause.h"

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/decision/reading.h"

namespace nsp {
namespace {

using enum Clause;
using enum Grade;

constexpr auto kClauses = std::to_array<ClauseFacts>({
    {G1, "G-1", Documented, "FOUNDRY, AOAI, KV",
     "only the data plane is governed; a management operation is not judged"},
    {G2, "G-2", Documented, "TR25",
     "an attempt is allowed only when every leg allows it; each end decides alone, in its own "
     "mode"},
    {G3, "G-3", Documented, "REST",
     "rules only allow; there is no deny rule, no priority and no order; one matching element is "
     "enough"},
    {G4, "G-4", Documented, "SRCH, MON",
     "allowed means that the network admits the call; authentication and roles come after and may "
     "refuse"},
    {G5, "G-5", Documented, "REST", "a resource is in at most one perimeter"},
    {G6, "G-6", Documented, "REST",
     "the access modes are Learning (Transition in portals), Enforced and Audit; Audit is judged "
     "as Learning"},
    {G7, "G-7", Documented, "REST",
     "publicNetworkAccess absent means Enabled; case does not matter"},
    {G8, "G-8", Documented, "TR24",
     "Enforced acts as if publicNetworkAccess were SecuredByPerimeter"},
    {G9, "G-9", Documented, "LIM", "a change of rules affects new connections only"},
    {G10, "G-10", Ours, "nspsim",
     "what cannot be decided for lack of a fact is undecided and names the missing fact"},
    {P1, "P-1", Documented, "FOUNDRY, STO, TR25",
     "Private Link takes precedence: a name that resolves to a private endpoint makes the attempt "
     "private"},
    {P2, "P-2", Documented, "DNS",
     "a caller resolves privately when its network is linked to the private zone and the zone has "
     "the record, or it "
     "names the private address itself"},
    {P3, "P-3", Documented, "REST",
     "a private endpoint connection that is not Approved carries no traffic"},
    {P4, "P-4", Documented, "DNS",
     "each name of a service has a private zone of its own; Foundry has three"},
    {P5, "P-5", Documented, "LIM",
     "traffic through a service endpoint shows no matchable address; only virtual-network rules "
     "can match it"},
    {P6, "P-6", Inferred, "nspsim",
     "a private source address never arrives on the public path, so no IP rule matches it"},
    {P7, "P-7", Inferred, "STO",
     "service-to-storage traffic inside a region travels on addresses that IP rules miss"},
    {P8, "P-8", Inferred, "nspsim",
     "a modelled resource shows an address only where the attempt states one; an outside caller "
     "without one is a "
     "missing fact"},
    {P9, "P-9", Documented, "REST", "a caller that claims a managed identity must have one"},
    {In1, "IN-1", Documented, "STO, KV, TR25, LOG",
     "an approved private endpoint is allowed before anything else is looked at"},
    {In2, "IN-2", Documented, "CON, STO, SRCH, FOUNDRY",
     "a member of the same perimeter that shows its managed identity is allowed"},
    {In3, "IN-3", Documented, "LINK",
     "a member of a linked perimeter is allowed by an Approved link that names both profiles"},
    {In4, "IN-4", Documented, "CON, LOG",
     "an inbound rule of the resource's profile that matches allows"},
    {In5, "IN-5", Documented, "CON, LOG",
     "a strict resource that nothing in its perimeter admits denies"},
    {In6, "IN-6", Documented, "TR24",
     "a resource secured by perimeter that is in none is locked down"},
    {In7, "IN-7", Documented, "TR24, KV",
     "with public access disabled, a trusted service that the bypass lists is allowed"},
    {In8, "IN-8", Documented, "TR24, TR25",
     "with public access disabled, everything else is denied"},
    {In9, "IN-9", Documented, "TR25, STO",
     "with public access enabled, the resource's own rules may admit"},
    {In10, "IN-10", Documented, "TR25",
     "with public access enabled, what the resource's own rules do not admit is denied"},
    {Out1, "OUT-1", Documented, "SRCH, STO", "a call over a private endpoint leaves freely"},
    {Out2, "OUT-2", Documented, "CON, TR25, REST",
     "a call to the same perimeter leaves freely when the caller shows its managed identity"},
    {Out3, "OUT-3", Documented, "LINK", "a call to a linked perimeter leaves freely, as IN-3"},
    {Out4, "OUT-4", Documented, "CON, LOG",
     "an outbound rule of the caller's profile that matches the host name allows"},
    {Out5, "OUT-5", Documented, "CON, LOG", "a strict caller denies what no outbound rule admits"},
    {Out6, "OUT-6", Documented, "TR24",
     "a caller secured by perimeter that is in none is locked down"},
    {Out7, "OUT-7", Documented, "REST",
     "the caller's own egress limit refuses host names that it does not list"},
    {Out8, "OUT-8", Documented, "TR24, TR25", "otherwise outbound traffic is not restricted"},
    {R1, "R-1", Documented, "CON",
     "an address prefix matches the visible public source address, with any credential"},
    {R2, "R-2", Documented, "SRCH, AOAI, MON, LAB",
     "a subscription matches a managed identity of that subscription and nothing else"},
    {R3, "R-3", Documented, "TAG",
     "a service tag matches its addresses on the services that support tags"},
    {R4, "R-4", Documented, "REST, LINK",
     "a perimeter listed in a rule is derived from a link; the link is judged, not the rule"},
    {R5, "R-5", Inferred, "FOUNDRY",
     "a host name matches without case and trailing dot; `*` is any name, `*.x` one or more labels "
     "under x"},
    {R6, "R-6", Observed, "REST",
     "a rule keeps only the lists that fit its direction; no direction means Inbound"},
    {R7, "R-7", Documented, "CON",
     "a SAS never proves membership or a subscription; an address prefix may still admit it"},
    {R8, "R-8", Inferred, "nspsim",
     "of several rules that match, the first by name is the one that is named"},
    {C11, "C11", Documented, "STO",
     "an associated storage account refuses protocols other than HTTPS when strict"},
});

constexpr auto kSources = std::to_array<SourceFacts>({
    {"FOUNDRY", "Add Microsoft Foundry to a network security perimeter, 2025-09-29 and 2026-02-23"},
    {"CON", "azure-docs, network-security-perimeter-concepts, 2025-08-01"},
    {"TR24", "azure-docs, network-security-perimeter-transition, 2024-06-04"},
    {"TR25", "azure-docs, network-security-perimeter-transition, 2025-05-16"},
    {"LOG", "azure-docs, network-security-perimeter-diagnostic-logs, 2025-08-01"},
    {"LINK", "azure-docs, perimeter-links-overview and configure-perimeter-link, 2026-07-08"},
    {"TAG", "azure-docs, configure-network-security-perimeter-service-tag, 2026-10-02"},
    {"LIM", "azure-docs, includes/network-security-perimeter-limits, 2024-06-04 and later"},
    {"STO", "azure-docs, storage-network-security-perimeter, 2025-07-27"},
    {"SRCH", "azure-ai-docs, search-security-network-security-perimeter, 2024-12-05 to 2026-06-08"},
    {"AOAI", "azure-ai-docs, openai/how-to/network-security-perimeter, 2025-11-20"},
    {"KV", "azure-security-docs, key-vault/general/network-security, 2026-05-19"},
    {"MON", "azure-monitor-docs, network-security-perimeter, 2025-06-04"},
    {"APPC", "azure-docs, App Configuration concept-network-security-perimeter, 2026-04-22"},
    {"REST",
     "azure-rest-api-specs, Microsoft.Network networkSecurityPerimeters, 2021-02-01-preview to "
     "2025-09-01"},
    {"DNS", "azure-docs, private endpoint private DNS zone values"},
    {"LAB", "dmauser/ms-foundry-pe-demo, a public repository"},
    {"FORGE", "microsoft-foundry/forgebook pull request 53"},
    {"KIT", "a public blob soft-delete recovery kit"},
    {"nspsim", "this project's own choice"},
});

}  // namespace

std::span<const ClauseFacts> all_clauses() { return kClauses; }

const ClauseFacts& facts(Clause clause) { return kClauses[static_cast<std::size_t>(clause)]; }

std::optional<Clause> parse_clause(std::string_view id) {
  const auto* found = std::ranges::find_if(
      kClauses, [&](const ClauseFacts& facts) { return iequals(facts.id, id); });
  if (found == kClauses.end()) return std::nullopt;
  return found->clause;
}

std::span<const SourceFacts> all_sources() { return kSources; }

bool is_citable(std::string_view id) {
  const auto same = [&](const auto& facts) { return iequals(facts.id, id); };
  return std::ranges::any_of(kClauses, same) || std::ranges::any_of(kSources, same) ||
         std::ranges::any_of(all_matters(), same);
}

}  // namespace nsp
