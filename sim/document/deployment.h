// What a person knows of a deployment that its template does not tell: where it goes, and the
// values of its parameters.
//
// `--subscription`, `--resource-group`, `--location`, `--parameter` and `--parameters` of the
// command line end here. Nothing is asked of Azure or of the clock: what nobody says is a stand-in,
// the same each time, and said so in a note.
//
// Thread safety: plain values.
#ifndef NSP_SIM_DOCUMENT_DEPLOYMENT_H_
#define NSP_SIM_DOCUMENT_DEPLOYMENT_H_

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document/node.h"

namespace nsp {

// Where a deployment goes, as the command line says it, else stand-ins: a subscription of zeros, a
// resource group `template`.
struct DeploymentFacts {
  enum class Level : std::uint8_t { Group, Subscription, ManagementGroup, Tenant };

  Level level = Level::Group;
  std::string subscription = "00000000-0000-0000-0000-000000000000";
  std::string tenant = "00000000-0000-0000-0000-000000000000";
  std::string resource_group = "template";
  std::string management_group = "management-group";
  std::string location = "eastus";
  std::string name = "template";         // of the deployment
  std::string now = "20260101T000000Z";  // of utcNow(), in its default format
  // What is a stand-in and not said by the user: a value made from it is not Azure's.
  bool stand_in_subscription = true;
  bool stand_in_resource_group = true;

  bool operator==(const DeploymentFacts&) const = default;
};

// A parameter's value that was given from outside the template.
struct GivenParameter {
  std::string name;
  // As the parameter file has it; of the command line a String. Unresolved where the file names a
  // secret of a vault.
  Node value;
  // The value is text of the command line: JSON, unless the parameter is a string.
  bool is_text = false;
};

// Which of a Terraform plan's two environments is read: the one that is, or the one that will be
// when the plan is applied. A state has one alone, and does not ask.
enum class PlanSide : std::uint8_t { Before, After };

// What readers are told beside the bytes.
struct ReadOptions {
  DeploymentFacts facts;
  std::vector<GivenParameter> parameters;  // later ones win
  // Files whose parameters are above: they are not read again where they lie in a folder.
  std::vector<std::filesystem::path> parameter_files;
  PlanSide plan_side = PlanSide::After;
};

// `name=value`; the error is what was expected.
[[nodiscard]] std::expected<GivenParameter, std::string> parse_parameter(std::string_view text);

// A deployment parameters file, `{"parameters":{"name":{"value":…}}}`, with or without its schema;
// JSON with comments.
[[nodiscard]] Result<std::vector<GivenParameter>> read_parameters(std::string_view bytes,
                                                                  const std::string& file);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_DEPLOYMENT_H_
