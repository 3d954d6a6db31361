// `nspsim lab set`, `add-rule`, `remove-rule`, `associate`, `dissociate`, `reload`, `stop`: what
// changes a running lab.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/text.h"
#include "tools/nspsim/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

// `set WORD=VALUE` with the thing that has it.
struct SetOptions {
  WhichLab which;
  std::string assignment;
  std::string association;
  std::string resource;
};

int run_set(const SetOptions& options) {
  const std::size_t equals = options.assignment.find('=');
  const std::string setting = options.assignment.substr(0, equals);
  const std::string value =
      equals == std::string::npos ? "" : options.assignment.substr(equals + 1);
  if (iequals(setting, "accessMode")) {
    if (options.association.empty()) return usage_error("accessMode needs --association");
    return tell_lab(options.which, lab::Edit(lab::SetMode{options.association, value}));
  }
  if (options.resource.empty()) return usage_error(fmt::format("{} needs --resource", setting));
  if (iequals(setting, "publicNetworkAccess")) {
    return tell_lab(options.which, lab::Edit(lab::SetPublicNetworkAccess{options.resource, value}));
  }
  const bool yes = iequals(value, "yes");
  if (!yes && !iequals(value, "no")) {
    return usage_error(fmt::format("`{}` is no value of identity, expected yes or no", value));
  }
  return tell_lab(options.which, lab::Edit(lab::SetIdentity{options.resource, yes}));
}

std::string check_setting(const std::string& text) {
  const std::string setting = text.substr(0, text.find('='));
  for (const char* known : {"accessMode", "publicNetworkAccess", "identity"}) {
    if (iequals(setting, known) && text.contains('=')) return {};
  }
  return fmt::format(
      "`{}` is no setting, expected accessMode=, publicNetworkAccess= or identity=, and a value",
      text);
}

void setup_set(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("set", "change a setting of an association or a resource");
  auto options = std::make_shared<SetOptions>();
  command
      ->add_option("SETTING", options->assignment,
                   "accessMode=MODE, publicNetworkAccess=WORD or identity=yes|no")
      ->required()
      ->check(check_setting);
  auto* association =
      command->add_option("--association", options->association,
                          "its name, perimeter/name, its resource, or * for all of them");
  command->add_option("--resource", options->resource, "name or id")->excludes(association);
  add_which_lab(*command, options->which);
  command->footer("example:\n  nspsim lab set accessMode=Enforced --association a-docs");
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
