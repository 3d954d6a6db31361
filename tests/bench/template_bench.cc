// A template that expands to 10 000 resources: twenty modules of five hundred rules each, as a
// Bicep build writes them. Bytes and nodes are counted beside the time.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "sim/document/resource_document.h"
#include "tests/bench/allocations.h"

namespace nsp::bench {
namespace {

constexpr std::size_t kResources = 10'000;

std::string module_of_rules() {
  return R"({"$schema":"https://x/deploymentTemplate.json#","languageVersion":"2.0",
"parameters":{"perimeter":{"type":"string"},"profile":{"type":"string"},"block":{"type":"int"}},
"variables":{"octets":"[range(0, 500)]"},
"resources":{"rules":{"type":"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
"apiVersion":"2024-07-01","copy":{"name":"rules","count":"[length(variables('octets'))]"},
"name":"[format('{0}/{1}/rule-{2}', parameters('perimeter'), parameters('profile'), copyIndex())]",
"properties":{"direction":"Inbound","addressPrefixes":["[format('20.{0}.{1}.0/24', parameters('block'), mod(variables('octets')[copyIndex()], 250))]"],
"subscriptions":[],"fullyQualifiedDomainNames":[],"emailAddresses":[],"phoneNumbers":[]}}}})";
}

std::string template_of_modules() {
  return fmt::format(
      R"({{"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1.0.0.0",
"parameters":{{"name":{{"type":"string","defaultValue":"[format('nsp-{{0}}', uniqueString(resourceGroup().id))]"}}}},
"resources":[{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01",
"copy":{{"name":"modules","count":20}},"name":"[format('module-{{0}}', copyIndex())]",
"properties":{{"mode":"Incremental","expressionEvaluationOptions":{{"scope":"inner"}},
"parameters":{{"perimeter":{{"value":"[parameters('name')]"}},
"profile":{{"value":"[format('profile-{{0}}', copyIndex())]"}},"block":{{"value":"[copyIndex()]"}}}},
"template":{}}}}}]}})",
      module_of_rules());
}

void expand_template(benchmark::State& state) {
  const std::string text = template_of_modules();
  std::size_t written = 0;
  for (auto _ : state) {
    const DocumentSet set = read_documents(text, "bench.json");
    if (set.resources.size() != kResources) return fail(state, "not 10 000 resources");
    written = 0;
    for (const ResourceDocument& document : set.resources) {
      written += to_json(document.body).size();
    }
  }
  // The size that the resources have as JSON: what the memory is measured against.
  state.counters["json_MB"] = static_cast<double>(written) / 1e6;
}
BENCHMARK(expand_template)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nsp::bench
