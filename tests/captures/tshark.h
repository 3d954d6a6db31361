// What tshark makes of a capture: the second reader that ours is compared with.
#ifndef NSP_TESTS_CAPTURES_TSHARK_H_
#define NSP_TESTS_CAPTURES_TSHARK_H_

#include <string>

#include "tests/captures/fixture.h"

namespace nsp::captures {

[[nodiscard]] bool has_tshark();

struct Tshark {
  Summary summary;
  bool complained = false;  // its exit status was not 0: the file is damaged
};
// Two passes, and segments out of order put in order, so that it sees all that it can.
[[nodiscard]] Tshark ask_tshark(const std::string& file);

}  // namespace nsp::captures

#endif  // NSP_TESTS_CAPTURES_TSHARK_H_
