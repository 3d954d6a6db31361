#include "sim/model/roles.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::uint8_t bit(DataAccess access) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(access));
}

constexpr std::uint8_t kNoService = 0;
constexpr std::uint8_t kReadBlobs = bit(DataAccess::ReadBlobs);
constexpr std::uint8_t kWriteBlobs = kReadBlobs | bit(DataAccess::WriteBlobs);
constexpr std::uint8_t kQueryIndexes = bit(DataAccess::QueryIndexes);
constexpr std::uint8_t kWriteIndexes = kQueryIndexes | bit(DataAccess::WriteIndexes);
constexpr std::uint8_t kCallModels = bit(DataAccess::CallModels);
constexpr std::uint8_t kReadSecrets = bit(DataAccess::ReadSecrets);
constexpr std::uint8_t kUseKeys = bit(DataAccess::UseKeys);

struct RoleRow {
  std::string_view id;
  std::string_view name;
  std::uint8_t grants;
};

constexpr std::array kRows{
    RoleRow{"64702f94-c441-49e6-a78b-ef80e0188fee", "Azure AI Developer", kCallModels},
    RoleRow{"53ca6127-db72-4b80-b1b0-d745d6d5456d", "Azure AI User", kCallModels},
    RoleRow{"f526a384-b230-433a-b45c-95f59c4a2dec", "Azure Event Hubs Data Owner", kNoService},
    RoleRow{"a638d3c7-ab3a-418d-83e6-5f17a39d4fde", "Azure Event Hubs Data Receiver", kNoService},
    RoleRow{"2b629674-e913-4c01-ae53-ef4638d8f975", "Azure Event Hubs Data Sender", kNoService},
    RoleRow{"090c5cfd-751d-490a-894a-3ce6f1109419", "Azure Service Bus Data Owner", kNoService},
    RoleRow{"4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0", "Azure Service Bus Data Receiver", kNoService},
    RoleRow{"69a216fc-b8fb-44d8-bc22-1f3c2cd27a39", "Azure Service Bus Data Sender", kNoService},
    RoleRow{"25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68", "Cognitive Services Contributor", kNoService},
    RoleRow{"a001fd3d-188f-4b5d-821b-7da978bf7442", "Cognitive Services OpenAI Contributor",
            kCallModels},
    RoleRow{"5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", "Cognitive Services OpenAI User", kCallModels},
    RoleRow{"a97b65f3-24c7-4388-baec-2e87135dc908", "Cognitive Services User", kCallModels},
    RoleRow{"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", kNoService},
    RoleRow{"230815da-be43-4aae-9cb4-875f7bd000aa", "Cosmos DB Operator", kNoService},
    RoleRow{"00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator",
            kReadSecrets | kUseKeys},
    RoleRow{"14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", kUseKeys},
    RoleRow{"e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User",
            kUseKeys},
    RoleRow{"12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", kUseKeys},
    RoleRow{"b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", kReadSecrets},
    RoleRow{"4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", kReadSecrets},
    RoleRow{"3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher", kNoService},
    RoleRow{"43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader", kNoService},
    RoleRow{"4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", kNoService},
    RoleRow{"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", kNoService},
    RoleRow{"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", kNoService},
    RoleRow{"8ebe5a00-799e-43f5-93ac-243d3dce84a7", "Search Index Data Contributor", kWriteIndexes},
    RoleRow{"1407120a-92aa-4202-b7e9-c0e197c71c8f", "Search Index Data Reader", kQueryIndexes},
    RoleRow{"7ca78c08-252a-4471-8644-bb5ff32d4ba0", "Search Service Contributor", kNoService},
    RoleRow{"17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor", kNoService},
    RoleRow{"ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", kWriteBlobs},
    RoleRow{"b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", kWriteBlobs},
    RoleRow{"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", kReadBlobs},
    RoleRow{"974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor", kNoService},
    RoleRow{"8a0f0c08-91a1-4084-bc3d-661d67233fed", "Storage Queue Data Message Processor",
            kNoService},
    RoleRow{"c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "Storage Queue Data Message Sender",
            kNoService},
    RoleRow{"19e7f393-937e-4f77-808e-94535e297925", "Storage Queue Data Reader", kNoService},
    RoleRow{"0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor", kNoService},
    RoleRow{"76199698-9eea-4c19-bc75-cec21354c6b6", "Storage Table Data Reader", kNoService}};

std::vector<BuiltInRole> make_roles() {
  std::vector<BuiltInRole> roles;
  for (const RoleRow& row : kRows) {
    roles.push_back({Guid::parse(row.id).value_or(Guid{}), row.name, row.grants});
  }
  return roles;
}

template <class Fits>
const BuiltInRole* find_if(Fits fits) {
  const auto roles = built_in_roles();
  const auto found = std::ranges::find_if(roles, fits);
  return found == roles.end() ? nullptr : &*found;
}

}  // namespace

std::span<const BuiltInRole> built_in_roles() {
  static const std::vector<BuiltInRole> roles = make_roles();
  return roles;
}

const BuiltInRole* find_role(const Guid& id) {
  return find_if([&](const BuiltInRole& role) { return role.id == id; });
}

const BuiltInRole* find_role(std::string_view name) {
  return find_if([&](const BuiltInRole& role) { return iequals(role.name, name); });
}

}  // namespace nsp
