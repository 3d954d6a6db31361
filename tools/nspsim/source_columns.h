// Columns as people count them, for reports that need them.
//
// A place counts bytes. Where a line holds more than ASCII, the column in code points takes the
// line itself, so the file is read once more; one that cannot be (standard input, a file that has
// gone) has no known columns.
//
// Thread safety: one thread. Copies share what they have read.
#ifndef NSP_TOOLS_NSPSIM_SOURCE_COLUMNS_H_
#define NSP_TOOLS_NSPSIM_SOURCE_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp::cli {

class SourceColumns {
 public:
  // In code points, from 1; 0: not known.
  [[nodiscard]] std::uint32_t operator()(const Place& place) const;

 private:
  struct Source {
    std::string bytes;                     // empty when it cannot be read
    std::vector<std::size_t> line_starts;  // offsets
  };
  std::shared_ptr<std::map<std::string, Source>> files_ =
      std::make_shared<std::map<std::string, Source>>();
};

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_SOURCE_COLUMNS_H_
