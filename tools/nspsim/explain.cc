// `nspsim explain`: one attempt, the verdict and every step to it.
#include "sim/report/explain.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "sim/model/caller_reader.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 2> kExplainFormats{"text", "json"};

// Words as the user gave them; CLI11 has checked each with the parser that reads it below.
struct ExplainOptions {
  EnvironmentOptions environment;
  CommonOptions common;
  std::string from;
  std::string outside;
  std::string to;
  std::string as;
  std::string via;
  std::string name;
  std::string address;
  std::string subscription;
  std::string subnet;
  std::string protocol;
  std::string operation;
  bool trusted_service = false;
  bool tree = false;
  bool if_enforced = false;
  std::vector<std::string> enforced;
};

std::expected<Via, std::string> parse_via(const std::string& text) {
  if (const auto via = parse_word<Via>(text)) return *via;
  return std::unexpected(fmt::format(
      "`{}` is not expected, expected `auto`, `public`, `private endpoint` or `service endpoint`",
      text));
}

std::expected<Protocol, std::string> parse_protocol(const std::string& text) {
  if (const auto protocol = parse_word<Protocol>(text)) return *protocol;
  return std::unexpected(
      fmt::format("`{}` is not expected, expected `https`, `nfs`, `smb` or `sftp`", text));
}

// The caller that `--from` or `--outside` names, with what the callers file says of it.
std::expected<Attempt, std::string> start_attempt(const ExplainOptions& options,
                                                  const LoadedEnvironment& environment) {
  const CallerBook book(environment.callers);
  if (const Caller* caller = book.find(options.from)) return attempt_of(*caller);
  Attempt attempt;
  if (options.from.empty()) {
    attempt.outside = true;
    attempt.from = options.outside;
    return attempt;
  }
  const Lookup found = environment.policy.find_resource(options.from);
  if (found.index == kNone && !found.ambiguous) {
    return std::unexpected(fmt::format(
        "`{}` is neither a resource nor a caller; use `--outside {}` for a caller from outside",
        options.from, options.from));
  }
  attempt.from = options.from;
  return attempt;
}

// What the command line says wins over the callers file.
void apply_options(const ExplainOptions& options, Attempt& attempt) {
  attempt.to = options.to;
  if (!options.as.empty()) attempt.credential = *parse_credential(options.as);
  if (!options.via.empty()) attempt.via = *parse_via(options.via);
  if (!options.name.empty()) attempt.name = *DomainName::parse(options.name);
  if (!options.address.empty()) {
    attempt.address = *parse_visible_address(options.address);
    attempt.address_hidden = !attempt.address;
  }
  if (!options.subscription.empty())
    attempt.subscription = *parse_subscription(options.subscription);
  if (!options.subnet.empty()) attempt.subnet = options.subnet;
  if (!options.protocol.empty()) attempt.protocol = *parse_protocol(options.protocol);
  if (!options.operation.empty()) attempt.operation = options.operation;
  if (options.trusted_service) attempt.trusted_service = true;
}

std::expected<std::vector<bool>, std::string> enforced_associations(
    const ExplainOptions& options, const Environment& environment) {
  if (options.enforced.empty()) return std::vector<bool>{};
  std::vector<bool> chosen(environment.associations.size());
  for (const std::string& name : options.enforced) {
    const auto association = find_association(environment, name);
    if (!association) return std::unexpected(association.error());
    chosen[*association] = true;
  }
  return chosen;
}

std::expected<Explanation, std::string> explain_it(const ExplainOptions& options,
                                                   const LoadedEnvironment& environment) {
  auto attempt = start_attempt(options, environment);
  if (!attempt) return std::unexpected(attempt.error());
  apply_options(options, *attempt);
  auto enforced = enforced_associations(options, environment.policy.environment());
  if (!enforced) return std::unexpected(enforced.error());
  return explain(environment.policy, {.attempt = std::move(*attempt),
                                      .readings = environment.readings,
                                      .enforced_associations = std::move(*enforced),
                                      .show_enforced = options.if_enforced});
}

int run_explain(const ExplainOptions& options) {
  const auto environment = load(options.environment, options.common.quiet);
  if (!environment) return environment.error();
  const auto explanation = explain_it(options, *environment);
  if (!explanation) {
    print_error(explanation.error());
    return kInvalidInput;
  }
  const TraceDetail detail = options.tree ? TraceDetail::Tree : TraceDetail::NearestMisses;
  const std::string text =
      options.common.report_format() == ReportFormat::Json
          ? explain_as_json(environment->policy, *explanation)
          : explain_as_text(environment->policy, *explanation, detail, options.common.render());
  const bool undecided = explanation->shown().decision.verdict == Verdict::Undecided;
  return finish(text, options.common.output, undecided ? kUndecided : kOk);
}

void add_attempt_options(CLI::App& command, ExplainOptions& options) {
  auto* from =
      command.add_option("--from", options.from, "the caller: a resource, or one of `--callers`");
  command
      .add_option("--outside", options.outside,
                  "name of a caller that is described by the options alone")
      ->excludes(from);
  command.add_option("--to", options.to, "a resource or a host name")->required();
  command
      .add_option("--as", options.as,
                  "credential: managed identity, user, service principal, key, sas, anonymous")
      ->check(check_with([](const std::string& text) { return parse_credential(text); }));
  command
      .add_option("--via", options.via, "path: auto, public, private endpoint, service endpoint")
      ->check(check_with(parse_via));
  command.add_option("--name", options.name, "host name used, where the resource has several")
      ->check(check_with([](const std::string& text) { return DomainName::parse(text); }));
  command
      .add_option("--address", options.address,
                  "source address that the destination sees, or `hidden`")
      ->check(check_with([](const std::string& text) { return parse_visible_address(text); }));
  command.add_option("--subscription", options.subscription, "of the caller's managed identity")
      ->type_name("GUID")
      ->check(check_with([](const std::string& text) { return parse_subscription(text); }));
  command.add_option("--subnet", options.subnet, "where the caller sits")->type_name("VNET/SUBNET");
  command.add_option("--protocol", options.protocol, "https, nfs, smb, sftp")
      ->check(check_with(parse_protocol));
  command.add_option("--operation", options.operation,
                     "data, control, or a capability such as fine-tuning");
  command.add_flag("--trusted-service", options.trusted_service,
                   "the caller is a trusted Azure service");
}

}  // namespace

void setup_explain(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("explain", "say why one attempt is allowed or denied");
  auto options = std::make_shared<ExplainOptions>();
  add_environment_options(*command, options->environment, "--env", kSubscriptionLongName);
  add_attempt_options(*command, *options);
  auto* enforced = command
                       ->add_option("--if-enforced", options->enforced,
                                    "explain as if these associations, or all, were Enforced")
                       ->type_name("[ASSOCIATION ...]")
                       ->expected(0, CLI::detail::expected_max_vector_size);
  command->add_flag("--tree", options->tree, "every step and every rule element, as a tree");
  add_common_options(*command, options->common, kExplainFormats);
  command->footer(
      "example:\n"
      "  nspsim explain --env site.json --outside laptop --address 203.0.113.7 --as user --to "
      "stdocs");
  command->callback([options, enforced, &status] {
    options->if_enforced = enforced->count() != 0;
    std::erase(options->enforced, "");
    status = run_explain(*options);
  });
}

}  // namespace nsp::cli
