// An error of the Blob service, as its parts pass it on.
#ifndef NSP_SIM_LAB_BLOB_PROBLEM_H_
#define NSP_SIM_LAB_BLOB_PROBLEM_H_

#include <expected>
#include <string>
#include <utility>

namespace nsp::lab {

// An error as Storage words it: `404 BlobNotFound`.
struct BlobProblem {
  unsigned status = 400;
  std::string code;
  std::string message;

  bool operator==(const BlobProblem&) const = default;
};
template <class T>
using BlobResult = std::expected<T, BlobProblem>;

[[nodiscard]] inline std::unexpected<BlobProblem> blob_problem(unsigned status, std::string code,
                                                               std::string message) {
  return std::unexpected(BlobProblem{status, std::move(code), std::move(message)});
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_PROBLEM_H_
