// The two names of a private endpoint's target: the public one, which clients use, and the
// `privatelink` one, to which the public one is an alias.
//
// Source: clause P-4, the table of sim/model/services.h. For a service that the table does not
// have, the label `privatelink` is left out or put behind the first label, as Azure does for most.
#ifndef NSP_SIM_CAPTURE_PRIVATELINK_NAME_H_
#define NSP_SIM_CAPTURE_PRIVATELINK_NAME_H_

#include <string_view>

#include "sim/net/domain.h"

namespace nsp {

// `st.privatelink.blob.core.windows.net` → `st.blob.core.windows.net`; a name without the label as
// it is.
[[nodiscard]] DomainName public_name(const DomainName& name);
// The other way; a name with the label as it is, as is one that would be too long.
[[nodiscard]] DomainName privatelink_name(const DomainName& name);
// True for a name with the label `privatelink`.
[[nodiscard]] bool has_privatelink_label(std::string_view lower_case_name);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_PRIVATELINK_NAME_H_
