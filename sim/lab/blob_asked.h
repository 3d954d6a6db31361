// A request to the Blob service, read; and the parts of answers that its calls share. Used by
// sim/lab/blob_*.cc alone.
#ifndef NSP_SIM_LAB_BLOB_ASKED_H_
#define NSP_SIM_LAB_BLOB_ASKED_H_

#include <string>
#include <string_view>
#include <utility>

#include "sim/lab/blob_api.h"
#include "sim/lab/message.h"

namespace nsp::lab {

struct BlobApi::Asked {
  const ServiceCall& call;
  Target target;
  std::string container;
  std::string blob;

  [[nodiscard]] const Request& request() const { return call.request; }
  [[nodiscard]] const std::string& method() const { return call.request.method; }
  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(call.request.headers.find(name).value_or(""));
  }
  // Of the snapshot that is asked for; empty: of none.
  [[nodiscard]] std::string moment() const {
    return std::string(target.find("snapshot").value_or(""));
  }
  // In lower case.
  [[nodiscard]] std::string query(std::string_view name) const;
};

// 501: `the lab's Blob service has no WHAT`.
[[nodiscard]] std::unexpected<BlobProblem> not_in_lab(std::string_view what);
[[nodiscard]] Metadata metadata_in(const Headers& headers);
void put_metadata(const Metadata& metadata, Headers& headers);
// With ETag and Last-Modified.
[[nodiscard]] Response changed(unsigned status, const std::string& etag, Utc modified);
[[nodiscard]] Response xml_answer(std::string body);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_ASKED_H_
