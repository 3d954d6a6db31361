// Azurite, Microsoft's storage emulator, as a lab starts it: which command, with which arguments.
//
// It is found as npm would: in the folders of PATH, then in `node_modules/.bin` of a folder and of
// those above it (what `npx --no-install` runs, without npx between the lab and it).
//
// Sources: Azurite's README, "Supported Command Line Options" and "Customized Storage Accounts &
// Keys"; npm's folders(5). Thread safety: pure but for looking at the file system.
#ifndef NSP_SIM_LAB_AZURITE_H_
#define NSP_SIM_LAB_AZURITE_H_

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/keys.h"

namespace nsp::lab {

// The words of a command that runs Azurite's Blob service. `given` by the user, words between
// spaces; empty: it is looked for. The error says how to install it.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> find_azurite(
    std::string_view given, std::string_view path, const std::filesystem::path& folder);

// The command with its arguments: it listens at any free port of the address, keeps its data in the
// folder, and takes requests of any version.
[[nodiscard]] std::vector<std::string> azurite_words(std::vector<std::string> command,
                                                     const IpAddress& address,
                                                     const std::filesystem::path& folder);

// The value of AZURITE_ACCOUNTS: `account:key1:key2;…`, every storage account of the environment
// with both of its keys.
[[nodiscard]] std::string azurite_accounts(const Environment& environment, const LabKeys& keys);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_AZURITE_H_
