// `nspsim lab set`, `add-rule`, `remove-rule`, `associate`, `dissociate`, `reload`, `stop`: what
// changes a running lab.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/lab/settings.h"
#include "tools/nspsim/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// `set PROPERTY=VALUE` with the thing that has it.
struct SetOptions {
  WhichLab which;
  std::string assignment;
  std::array<std::string, lab::kBearers> names;

  [[nodiscard]] const std::string& name_of(lab::Bearer bearer) const {
    return names[static_cast<std::size_t>(bearer)];
  }
  [[nodiscard]] auto given() const {
    return std::ranges::count_if(names, [](const std::string& name) { return !name.empty(); });
  }
};

// `--endpoint, --shared-link or --link`
std::string options_text(const std::vector<lab::Bearer>& bearers) {
  std::string text;
  for (std::size_t i = 0; i < bearers.size(); ++i) {
    if (i > 0) text += i + 1 == bearers.size() ? " or " : ", ";
    text += fmt::format("--{}", lab::word_of(bearers[i]));
  }
  return text;
}

int run_set(const SetOptions& options) {
  auto assignment = lab::parse_assignment(options.assignment);
  if (!assignment) return usage_error(assignment.error());
  const auto bearers = lab::bearers_of(assignment->property);
  if (!bearers) return usage_error(bearers.error());
  const auto given = [&](lab::Bearer bearer) { return !options.name_of(bearer).empty(); };
  const auto bearer = std::ranges::find_if(*bearers, given);
  if (bearer == bearers->end() || options.given() > 1) {
    return usage_error(fmt::format("{} needs {}{}", assignment->property, options_text(*bearers),
                                   options.given() > 1 ? " and nothing else" : ""));
  }
  return tell_lab(options.which, lab::Edit(lab::SetProperty{*bearer, options.name_of(*bearer),
                                                            *std::move(assignment)}));
}

std::string check_setting(const std::string& text) {
  const auto assignment = lab::parse_assignment(text);
  if (!assignment) return assignment.error();
  const auto bearers = lab::bearers_of(assignment->property);
  return bearers ? std::string() : bearers.error();
}

// Every property with its values, by what has it.
std::string properties_text() {
  std::string text = "properties (the last word of a name will do):\n";
  std::string_view of;
  for (const lab::Setting& setting : lab::all_settings()) {
    const std::string_view word = lab::word_of(setting.of);
    if (word != of) text += fmt::format("  --{}\n", word);
    of = word;
    text += fmt::format("    {}{} {}\n", setting.name, setting.is_list() ? " = += -=" : " =",
                        lab::values_of(setting));
  }
  return text;
}

// In the order of Bearer.
constexpr std::array<const char*, lab::kBearers> kBearerHelp{
    "name or id of a resource",
    "name of an association, perimeter/name, its resource, or * for all of them",
    "name or id of a private endpoint",
    "name of a shared private link, or resource/name",
    "name of a perimeter link, or perimeter/name",
    "network/subnet, or the id of a subnet",
    "name of a private DNS zone"};

void add_bearers(CLI::App& command, SetOptions& options) {
  for (std::size_t i = 0; i < lab::kBearers; ++i) {
    const std::string name = fmt::format("--{}", lab::word_of(static_cast<lab::Bearer>(i)));
    command.add_option(name, options.names[i], kBearerHelp[i]);
  }
}

void setup_set(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("set", "change a property of what the lab has");
  auto options = std::make_shared<SetOptions>();
  command
      ->add_option("SETTING", options->assignment,
                   "PROPERTY=VALUE; of a list also PROPERTY+=VALUE and PROPERTY-=VALUE, with "
                   "commas between values")
      ->required()
      ->check(check_setting);
  add_bearers(*command, *options);
  add_which_lab(*command, options->which);
  command->footer(properties_text() +
                  "\nexamples:\n  nspsim lab set accessMode=Enforced --association a-docs\n"
                  "  nspsim lab set ipRules+=203.0.113.0/28 --resource stdocs\n"
                  "  nspsim lab set status=Rejected --endpoint pe-docs");
  command->callback([options, &status] { status = run_set(*options); });
}

struct RuleOptions {
  WhichLab which;
  lab::AddRule rule;
};

void setup_add_rule(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("add-rule", "add an access rule to a profile");
  auto options = std::make_shared<RuleOptions>();
  lab::AddRule& rule = options->rule;
  command->add_option("RULE", rule.name, "its name")->required();
  command->add_option("--profile", rule.profile, "profile, or perimeter/profile")->required();
  command->add_option("--prefix", rule.prefixes, "inbound: an address prefix");
  command->add_option("--subscription", rule.subscriptions, "inbound: a subscription's GUID");
  command->add_option("--service-tag", rule.service_tags, "inbound: a service tag");
  command->add_option("--host-name", rule.host_names, "outbound: a host name");
  add_which_lab(*command, options->which);
  command->footer(
      "example:\n  nspsim lab add-rule office --profile nsp-ai/default --prefix 203.0.113.0/28");
  command->callback(
      [options, &status] { status = tell_lab(options->which, lab::Edit(options->rule)); });
}

struct RemoveOptions {
  WhichLab which;
  lab::RemoveRule rule;
};

void setup_remove_rule(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("remove-rule", "remove an access rule from a profile");
  auto options = std::make_shared<RemoveOptions>();
  command->add_option("RULE", options->rule.name, "its name")->required();
  command->add_option("--profile", options->rule.profile, "profile, or perimeter/profile")
      ->required();
  add_which_lab(*command, options->which);
  command->callback(
      [options, &status] { status = tell_lab(options->which, lab::Edit(options->rule)); });
}

struct MemberOptions {
  WhichLab which;
  lab::Associate member;
};

void setup_associate(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("associate", "associate a resource with a profile");
  auto options = std::make_shared<MemberOptions>();
  command->add_option("RESOURCE", options->member.resource, "name or id")->required();
  command->add_option("--profile", options->member.profile, "profile, or perimeter/profile")
      ->required();
  command->add_option("--mode", options->member.mode, "access mode (default Learning)");
  add_which_lab(*command, options->which);
  command->callback(
      [options, &status] { status = tell_lab(options->which, lab::Edit(options->member)); });
}

void setup_dissociate(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("dissociate", "take a resource out of its perimeter");
  auto options = std::make_shared<MemberOptions>();
  command->add_option("RESOURCE", options->member.resource, "name or id")->required();
  add_which_lab(*command, options->which);
  command->callback([options, &status] {
    status = tell_lab(options->which, lab::Edit(lab::Dissociate{options->member.resource}));
  });
}

struct ReloadOptions {
  WhichLab which;
  std::vector<std::string> files;
};

// The lab may run in another folder.
lab::Reload absolute(const std::vector<std::string>& files) {
  lab::Reload reload;
  for (const std::string& file : files) {
    reload.files.push_back(std::filesystem::absolute(file).string());
  }
  return reload;
}

void setup_reload(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("reload", "read the environment again");
  auto options = std::make_shared<ReloadOptions>();
  command->add_option("FILE", options->files, "other files than those that the lab started with");
  add_which_lab(*command, options->which);
  command->callback(
      [options, &status] { status = tell_lab(options->which, absolute(options->files)); });
}

void setup_stop(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("stop", "end the lab");
  auto which = std::make_shared<WhichLab>();
  add_which_lab(*command, *which);
  command->callback([which, &status] { status = tell_lab(*which, lab::StopLab{}); });
}

}  // namespace

void setup_lab_changes(CLI::App& lab, int& status) {
  setup_set(lab, status);
  setup_add_rule(lab, status);
  setup_remove_rule(lab, status);
  setup_associate(lab, status);
  setup_dissociate(lab, status);
  setup_reload(lab, status);
  setup_stop(lab, status);
}

}  // namespace nsp::cli
