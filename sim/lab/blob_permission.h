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

// `copies`: the request copies from a URL. An error: the target has a SAS that lacks what the
// request needs (403), or one that the lab cannot judge (501): by a stored policy, or for a copy.
// The addresses and protocols that a SAS may be used from (`sip`, `spr`) are not judged.
[[nodiscard]] BlobResult<void> check_sas(const Target& target, const std::string& method,
                                         bool copies);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_PERMISSION_H_
