// A scenario page from an environment: the matrix of who reaches whom, as it is now and if
// enforced, one case a pair.
//
// The page is a snapshot of the present: `nspsim run` finds it green until the environment, or what
// is known of how Azure decides, changes. Thread safety: pure function.
#ifndef NSP_SIM_REPORT_PAGE_WRITER_H_
#define NSP_SIM_REPORT_PAGE_WRITER_H_

#include <string>
#include <vector>

#include "sim/model/effective.h"
#include "sim/report/matrix.h"

namespace nsp {

struct PageFacts {
  std::string title;
  std::vector<std::string> environment;  // paths relative to the page
  std::vector<std::string> assume;       // `C5=publicNetworkAccess`
  std::vector<Caller> callers;
  EffectiveSide effective = EffectiveSide::Perimeter;  // which side the policy was made of
};

// REQUIRES: `matrix` was made with the callers of `facts` and with each row's own credential.
[[nodiscard]] std::string write_page(const Policy& policy, const Matrix& matrix,
                                     const PageFacts& facts);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_PAGE_WRITER_H_
