// `--parameter`, `--parameters`, `--subscription`, `--resource-group` and `--location`: what a
// person knows of a deployment that its template does not tell.
#ifndef NSP_TOOLS_NSPSIM_TEMPLATE_OPTIONS_H_
#define NSP_TOOLS_NSPSIM_TEMPLATE_OPTIONS_H_

#include <string>
#include <vector>

#include "sim/document/deployment.h"
#include "tools/nspsim/command.h"

namespace nsp::cli {

struct TemplateOptions {
  std::vector<std::string> parameters;  // `name=value`
  std::vector<std::string> parameter_files;
  std::string subscription;
  std::string resource_group;
  std::string location;
};

// `explain` has a `--subscription` of its own, that of the caller: there the long name alone
// stands.
inline constexpr const char* kSubscriptionNames = "--subscription,--template-subscription";
inline constexpr const char* kSubscriptionLongName = "--template-subscription";

void add_template_options(CLI::App& command, TemplateOptions& options,
                          const std::string& subscription_names = kSubscriptionNames);

// Reads the parameter files; a value of the command line wins over theirs.
[[nodiscard]] Result<ReadOptions> read_options(const TemplateOptions& options);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_TEMPLATE_OPTIONS_H_
