#include "tools/nspsim/template_options.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/base/guid.h"
#include "sim/document/file.h"
#include "tools/nspsim/environment_options.h"

namespace nsp::cli {
namespace {

std::string check_subscription(const std::string& text) {
  if (Guid::parse(text)) return {};
  return fmt::format("`{}` is no subscription id, expected a GUID", text);
}

std::string check_group(const std::string& text) {
  if (!text.empty() && text.find('/') == std::string::npos) return {};
  return fmt::format("`{}` is no resource group, expected a name", text);
}

template <class T>
void move_to_end(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void read_file_into(const std::string& file, ReadOptions& into, Diagnostics& faults) {
  const auto bytes = read_file(file);
  auto given = bytes ? read_parameters(*bytes, file) : std::unexpected(bytes.error());
  if (given) {
    move_to_end(into.parameters, *given);
    into.parameter_files.emplace_back(file);
  } else {
    move_to_end(faults, given.error());
  }
}

}  // namespace

void add_template_options(CLI::App& command, TemplateOptions& options,
                          const std::string& subscription_names) {
  command
      .add_option("--parameter", options.parameters,
                  "value of a template's parameter, as JSON or text; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check(check_with(parse_parameter));
  command
      .add_option("--parameters", options.parameter_files,
                  "deployment parameters file for templates; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_option(subscription_names, options.subscription, "where templates are deployed")
      ->type_name("ID")
      ->check(check_subscription);
  command.add_option("--resource-group", options.resource_group, "where templates are deployed")
      ->type_name("NAME")
      ->check(check_group);
  command
      .add_option("--location", options.location,
                  "region of the resource group of templates (default: eastus)")
      ->type_name("REGION");
}

Result<ReadOptions> read_options(const TemplateOptions& options) {
  ReadOptions read;
  DeploymentFacts& facts = read.facts;
  facts.stand_in_subscription = options.subscription.empty();
  facts.stand_in_resource_group = options.resource_group.empty();
  if (!facts.stand_in_subscription) facts.subscription = options.subscription;
  if (!facts.stand_in_resource_group) facts.resource_group = options.resource_group;
  if (!options.location.empty()) facts.location = options.location;
  Diagnostics faults;
  for (const std::string& file : options.parameter_files) read_file_into(file, read, faults);
  for (const std::string& text : options.parameters) {
    // Checked when the command line was read.
    if (auto given = parse_parameter(text)) read.parameters.push_back(*std::move(given));
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return read;
}

}  // namespace nsp::cli
