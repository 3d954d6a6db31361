// What a SAS permits of the Blob service, whoever keeps the blobs.
//
// Source: Microsoft's REST reference "Create a service SAS", permissions of directories, containers
// and blobs. Thread safety: pure function.
#ifndef NSP_SIM_LAB_BLOB_PERMISSION_H_
#define NSP_SIM_LAB_BLOB_PERMISSION_H_

#include <string>

#include "sim/lab/blob_store.h"
#include "sim/lab/message.h"

namespace nsp::lab {

// An error: the target has a SAS whose `sp` lacks what the request needs.
[[nodiscard]] BlobResult<void> check_sas(const Target& target, const std::string& method);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_PERMISSION_H_
