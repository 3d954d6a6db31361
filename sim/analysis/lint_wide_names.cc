// Too wide, outbound: patterns under which anybody can have a host. An outbound rule is there to
// keep data from leaving; a wildcard over a suffix that customers share lets it leave to anybody
// who opens an account there.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_rules.h"
#include "sim/model/services.h"

namespace nsp {
namespace {

struct SharedSuffix {
  std::string_view suffix;
  std::string_view whose;
  bool by_region = false;  // a label of the region or zone stands between name and suffix
};

// Suffixes under which each customer picks a name, beside those of the services of the perimeter
// (services.h). Sources: the private section of the Public Suffix List (publicsuffix.org) and the
// providers' own documents.
constexpr std::array kSharedSuffixes{
    SharedSuffix{"azurewebsites.net", "App Service app"},
    SharedSuffix{"azurestaticapps.net", "Static Web App", true},
    SharedSuffix{"azurecontainerapps.io", "Container App", true},
    SharedSuffix{"azurecontainer.io", "container group", true},
    SharedSuffix{"azurecr.io", "container registry"},
    SharedSuffix{"azure-api.net", "API Management service"},
    SharedSuffix{"azureedge.net", "CDN endpoint"},
    SharedSuffix{"azurefd.net", "Front Door profile", true},
    SharedSuffix{"cloudapp.azure.com", "virtual machine", true},
    SharedSuffix{"cloudapp.net", "cloud service"},
    SharedSuffix{"trafficmanager.net", "Traffic Manager profile"},
    SharedSuffix{"eventgrid.azure.net", "Event Grid topic", true},
    SharedSuffix{"logic.azure.com", "workflow", true},
    SharedSuffix{"web.core.windows.net", "static website", true},
    SharedSuffix{"s3.amazonaws.com", "S3 bucket"},
    SharedSuffix{"compute.amazonaws.com", "EC2 instance", true},
    SharedSuffix{"cloudfront.net", "CloudFront distribution"},
    SharedSuffix{"storage.googleapis.com", "Cloud Storage bucket"},
    SharedSuffix{"run.app", "Cloud Run service", true},
    SharedSuffix{"appspot.com", "App Engine app"},
    SharedSuffix{"web.app", "Firebase site"},
    SharedSuffix{"firebaseapp.com", "Firebase site"},
    SharedSuffix{"github.io", "GitHub page"},
    SharedSuffix{"githubusercontent.com", "GitHub repository"},
    SharedSuffix{"gitlab.io", "GitLab page"},
    SharedSuffix{"pages.dev", "Cloudflare page"},
    SharedSuffix{"workers.dev", "Cloudflare worker"},
    SharedSuffix{"r2.dev", "Cloudflare bucket"},
    SharedSuffix{"netlify.app", "Netlify site"},
    SharedSuffix{"vercel.app", "Vercel app"},
    SharedSuffix{"herokuapp.com", "Heroku app"},
    SharedSuffix{"ngrok.io", "ngrok tunnel"},
    SharedSuffix{"ngrok-free.app", "ngrok tunnel"},
};

std::vector<SharedSuffix> all_shared() {
  std::vector<SharedSuffix> all;
  for (const ServiceFacts& service : all_services()) {
    for (const ServiceHost& host : service.hosts) all.push_back({host.suffix, service.title});
  }
  all.insert(all.end(), kSharedSuffixes.begin(), kSharedSuffixes.end());
  return all;
}

// `*.SUFFIX` of the shared suffix lies in the pattern; or, where regions stand between, it is one
// region of it.
bool opens(const DomainPattern& pattern, const SharedSuffix& shared, bool one_label) {
  const auto whole = DomainPattern::parse(fmt::format("*.{}", shared.suffix));
  if (!whole) return false;
  if (pattern.covers(*whole, one_label)) return true;
  return shared.by_region && pattern.kind == DomainPattern::Kind::Under &&
         whole->matches(pattern.name, true);
}

bool is_top_level(const DomainPattern& pattern) {
  return pattern.kind == DomainPattern::Kind::Under &&
         pattern.name.text().find('.') == std::string::npos;
}

const DomainPattern& pattern_at(const LintInput& input, const ElementAt& element) {
  return rule_of(input.environment(), element.at).host_names[element.index];
}

template <class Visit>
void for_each_pattern(const LintInput& input, Visit visit) {
  for_each_element(input.environment(), [&](const ElementAt& element) {
    if (element.kind == ElementAt::Kind::HostName) visit(element, pattern_at(input, element));
  });
}

void find_any_host(const LintInput& input, FindingSink& sink) {
  for_each_pattern(input, [&](const ElementAt& element, const DomainPattern& pattern) {
    if (pattern.kind == DomainPattern::Kind::Any) tell(input, element, "admits every host", sink);
  });
}

// The nearest of the shared suffixes is named, and how many others there are.
std::optional<std::string> whose_hosts(const DomainPattern& pattern, bool one_label) {
  const std::vector<SharedSuffix> all = all_shared();
  std::vector<std::string_view> suffixes;
  const SharedSuffix* first = nullptr;
  for (const SharedSuffix& shared : all) {
    if (!opens(pattern, shared, one_label)) continue;
    if (std::ranges::find(suffixes, shared.suffix) != suffixes.end()) continue;
    suffixes.push_back(shared.suffix);
    const bool exact = shared.suffix == pattern.name.text();
    if (first == nullptr || exact) first = &shared;
  }
  if (first == nullptr) return std::nullopt;
  std::string text = fmt::format("admits the host of any customer's {}", first->whose);
  if (suffixes.size() > 1) {
    text += fmt::format(" (`*.{}`) and {} other shared {}", first->suffix, suffixes.size() - 1,
                        suffixes.size() == 2 ? "suffix" : "suffixes");
  }
  return text;
}

void find_shared(const LintInput& input, FindingSink& sink) {
  const bool one_label = !input.readings.is_default(Matter::U4);
  for_each_pattern(input, [&](const ElementAt& element, const DomainPattern& pattern) {
    if (pattern.kind != DomainPattern::Kind::Under || is_top_level(pattern)) return;
    if (const auto whose = whose_hosts(pattern, one_label)) tell(input, element, *whose, sink);
  });
}

void find_top_level(const LintInput& input, FindingSink& sink) {
  for_each_pattern(input, [&](const ElementAt& element, const DomainPattern& pattern) {
    if (!is_top_level(pattern)) return;
    tell(input, element,
         fmt::format("admits every host of the top-level domain `{}`", pattern.name.text()), sink);
  });
}

constexpr std::string_view kNameHosts = "name the hosts that are called, one by one";

constexpr std::array kWideNamesChecks{
    Check{.id = "NSP205",
          .name = "any-host",
          .severity = Severity::Warning,
          .title = "an outbound rule admits every host",
          .basis = {Basis{"R-5"}, Basis{"OUT-4"}},
          .remedy = kNameHosts,
          .find = find_any_host},
    Check{.id = "NSP206",
          .name = "any-customers-host",
          .severity = Severity::Warning,
          .title = "a wildcard stands over names that any customer can take",
          .basis = {Basis{"R-5"}, Basis{"OUT-4"}, Basis{"U4"}},
          .remedy = kNameHosts,
          .find = find_shared},
    Check{.id = "NSP210",
          .name = "top-level-wildcard",
          .severity = Severity::Warning,
          .title = "a wildcard stands over a whole top-level domain",
          .basis = {Basis{"R-5"}, Basis{"OUT-4"}},
          .remedy = kNameHosts,
          .find = find_top_level},
};

}  // namespace

std::span<const Check> wide_name_checks() { return kWideNamesChecks; }

}  // namespace nsp
