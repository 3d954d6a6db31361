// Bytes → a deployment parameters file, and as text of `--parameter`; what is read is applied to a
// template that asks for a little of everything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/document/resource_document.h"
#include "sim/model/build.h"

namespace {

constexpr std::string_view kTemplate =
    R"({"$schema":"https://x/deploymentTemplate.json#","parameters":{
"a":{"type":"string","allowedValues":["x","y"]},"b":{"type":"secureString"},"c":{"type":"array"},
"d":{"type":"object","nullable":true},"e":{"type":"int","defaultValue":3},"key":{"type":"string"}},
"resources":[{"type":"Microsoft.Storage/storageAccounts","name":"[parameters('a')]","properties":{
"publicNetworkAccess":"[parameters('key')]","x":"[parameters('b')]","y":"[parameters('c')]",
"networkAcls":"[parameters('d')]","z":"[parameters('e')]"}}]})";

void apply(const nsp::ReadOptions& options) {
  const auto built = nsp::build_environment(nsp::read_documents(kTemplate, "t.json", options));
  for (const auto& diagnostic : built.diagnostics) {
    if (diagnostic.message.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  nsp::ReadOptions options;
  if (const auto read = nsp::read_parameters(bytes, "fuzz")) {
    options.parameters = *read;
    apply(options);
  } else if (read.error().empty()) {
    std::abort();
  }
  if (const auto one = nsp::parse_parameter(bytes)) {
    options.parameters = {*one};
    apply(options);
  }
  return 0;
}
