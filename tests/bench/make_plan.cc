// Writes a fresh Terraform plan of about so many bytes: `nspsim_make_plan MEGABYTES FILE`.
// A perimeter with a profile, and so many storage accounts, each with its firewall, an association
// and a private endpoint; what azurerm leaves to an apply is unknown, and the configuration ties
// all together. On one line, as `terraform show -json` prints.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace {

struct Plan {
  std::string changes;
  std::string blocks;
};

// What azurerm lists as unknown of a new storage account.
constexpr std::string_view kUnknown =
    R"("id":true,"access_tier":true,"blob_properties":true,"identity":[],"large_file_share_enabled":true,)"
    R"("network_rules":[{"bypass":[false],"ip_rules":[false],"private_link_access":[],"virtual_network_subnet_ids":true}],)"
    R"("primary_access_key":true,"primary_blob_connection_string":true,"primary_blob_endpoint":true,)"
    R"("primary_blob_host":true,"primary_connection_string":true,"primary_dfs_endpoint":true,"primary_dfs_host":true,)"
    R"("primary_file_endpoint":true,"primary_file_host":true,"primary_location":true,"primary_queue_endpoint":true,)"
    R"("primary_queue_host":true,"primary_table_endpoint":true,"primary_table_host":true,"primary_web_endpoint":true,)"
    R"("primary_web_host":true,"secondary_access_key":true,"secondary_blob_endpoint":true,"secondary_location":true,)"
    R"("share_properties":true,"static_website":[])";

void add(Plan& plan, std::string_view type, std::string_view name, std::string_view after,
         std::string_view unknown, std::string_view expressions) {
  const std::string_view comma = plan.changes.empty() ? "" : ",";
  const std::string head =
      fmt::format(R"("address":"{0}.{1}","mode":"managed","type":"{0}","name":"{1}")", type, name);
  plan.changes += fmt::format(
      R"({}{{{},"provider_name":"registry.terraform.io/hashicorp/azurerm","change":{{"actions":["create"],)"
      R"("before":null,"after":{{{}}},"after_unknown":{{{}}},"before_sensitive":false,"after_sensitive":{{}}}}}})",
      comma, head, after, unknown);
  plan.blocks += fmt::format(R"({}{{{},"provider_config_key":"azurerm","expressions":{{{}}}}})",
                             comma, head, expressions);
}

void add_perimeter(Plan& plan) {
  add(plan, "azurerm_network_security_perimeter", "nsp",
      R"("name":"nsp","resource_group_name":"rg","location":"westeurope","tags":null)",
      R"("id":true)", R"("name":{"constant_value":"nsp"})");
  add(plan, "azurerm_network_security_perimeter_profile", "data", R"("name":"data")",
      R"("id":true,"network_security_perimeter_id":true)",
      R"("network_security_perimeter_id":{"references":["azurerm_network_security_perimeter.nsp.id",)"
      R"("azurerm_network_security_perimeter.nsp"]})");
}

void add_account(Plan& plan, std::uint64_t number) {
  const std::string account = fmt::format("st{}", number);
  const std::string id = fmt::format(
      R"("references":["azurerm_storage_account.{0}.id","azurerm_storage_account.{0}"])", account);
  add(plan, "azurerm_storage_account", account,
      fmt::format(
          R"("name":"{}","resource_group_name":"rg-{}","location":"westeurope","account_kind":"StorageV2",)"
          R"("account_replication_type":"LRS","account_tier":"Standard","allow_nested_items_to_be_public":false,)"
          R"("customer_managed_key":[],"https_traffic_only_enabled":true,"is_hns_enabled":false,)"
          R"("min_tls_version":"TLS1_2","network_rules":[{{"bypass":["AzureServices"],"default_action":"Deny",)"
          R"("ip_rules":["20.{}.{}.{}"],"private_link_access":[]}}],"nfsv3_enabled":false,)"
          R"("public_network_access_enabled":true,"sftp_enabled":false,"shared_access_key_enabled":false,)"
          R"("tags":{{"owner":"data","cost":"{}"}},"timeouts":null)",
          account, number % 100, number / 62'500 % 250, number / 250 % 250, number % 250, number),
      kUnknown, fmt::format(R"("name":{{"constant_value":"{}"}})", account));
  add(plan, "azurerm_network_security_perimeter_association", account,
      fmt::format(R"("name":"{}","access_mode":"Enforced")", account),
      R"("id":true,"network_security_perimeter_profile_id":true,"resource_id":true)",
      fmt::format(R"("network_security_perimeter_profile_id":{{"references":)"
                  R"(["azurerm_network_security_perimeter_profile.data.id",)"
                  R"("azurerm_network_security_perimeter_profile.data"]}},"resource_id":{{{}}})",
                  id));
  add(plan, "azurerm_private_endpoint", account,
      fmt::format(
          R"("name":"pe-{}","resource_group_name":"rg","location":"westeurope","ip_configuration":[],)"
          R"("private_dns_zone_group":[],"private_service_connection":[{{"is_manual_connection":false,)"
          R"("name":"c","subresource_names":["blob"]}}],"tags":null,"timeouts":null)",
          account),
      R"("id":true,"custom_dns_configs":true,"network_interface":true,"private_dns_zone_configs":true,)"
      R"("private_service_connection":[{"private_connection_resource_id":true,"private_ip_address":true,)"
      R"("subresource_names":[false]}],"subnet_id":true)",
      fmt::format(R"("private_service_connection":[{{"private_connection_resource_id":{{{}}}}}],)"
                  R"("subnet_id":{{"references":["var.subnet_id"]}})",
                  id));
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t megabytes = 0;
  const std::string_view size = argc == 3 ? argv[1] : "";
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), megabytes);
  if (error != std::errc{} || end != size.data() + size.size()) {
    fmt::print(stderr, "usage: nspsim_make_plan MEGABYTES FILE\n");
    return 2;
  }
  Plan plan;
  add_perimeter(plan);
  std::uint64_t accounts = 0;
  while (plan.changes.size() + plan.blocks.size() < megabytes * 1'000'000) {
    add_account(plan, accounts++);
  }
  std::ofstream out(argv[2], std::ios::binary | std::ios::trunc);
  out << R"({"format_version":"1.2","terraform_version":"1.11.4","variables":{"subnet_id":{"value":)"
      << R"("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/)"
      << R"(Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"}},"resource_changes":[)"
      << plan.changes << R"(],"configuration":{"root_module":{"resources":[)" << plan.blocks
      << "]}}}\n";
  out.close();
  fmt::print("{} resources\n", 2 + 3 * accounts);
  return out ? 0 : 3;
}
