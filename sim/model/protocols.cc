// What a Storage account speaks besides HTTPS: switches of the account, and its file shares.

#include <utility>

#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

void build_share(Builder& builder, const ResourceDocument& document) {
  const auto owner = builder.resource_at.find(document.id.ancestor(types::kStorage).key());
  if (owner == builder.resource_at.end()) {
    ++builder.environment.ignored[document.type];
    return;
  }
  const Spot body = body_of(document);
  FileShare share{.name = document.name,
                  .id = document.id,
                  .protocols = builder.text(builder.properties(body), "enabledProtocols"),
                  .place = body.place(),
                  .unknown = builder.unknown(document, kFileShareShape)};
  builder.environment.resources[owner->second].protocols.shares.push_back(std::move(share));
}

}  // namespace

void read_protocols(Builder& builder, const Spot& properties, StorageProtocols& protocols) {
  protocols.sftp = builder.boolean(properties, "isSftpEnabled");
  protocols.nfs = builder.boolean(properties, "isNfsV3Enabled");
  protocols.is_hierarchical = builder.boolean(properties, "isHnsEnabled");
  protocols.https_only = builder.boolean(properties, "supportsHttpsTrafficOnly");
  protocols.files_directory =
      builder.text(builder.object(properties, "azureFilesIdentityBasedAuthentication"),
                   "directoryServiceOptions");
}

void build_shares(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kFileShare)) {
    build_share(builder, *document);
  }
}

}  // namespace nsp
