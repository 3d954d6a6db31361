// HTTP requests and responses as plain values, for whoever answers a request that is read whole.
//
// What streams (the body on its way to a storage backend) never takes this form; see
// sim/lab/wire/exchange.h.
//
// Header names compare without case, and keep the case they came in. Bodies are bytes. Thread
// safety: plain values.
#ifndef NSP_SIM_LAB_MESSAGE_H_
#define NSP_SIM_LAB_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsp::lab {

class Headers {
 public:
  // The first of that name; nothing where there is none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  void set(std::string name, std::string value);  // instead of any of that name
  void add(std::string name, std::string value);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
    return fields_;
  }

  bool operator==(const Headers&) const = default;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string method;  // `GET`
  std::string target;  // path and query as they stand in the request line: `/c/b?comp=list`
  Headers headers;
  std::string body;

  bool operator==(const Request&) const = default;
};

struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;

  bool operator==(const Response&) const = default;
};

// A target taken apart. `path` is percent-decoded, segment by segment (an encoded slash stays
// within its segment); of the query, names and values are. Nothing where a `%` is not followed by
// two hexadecimal digits or the target does not start with `/`.
struct Target {
  std::vector<std::string> path;  // `/a/b` → a, b; `/` → none; `/a/` → a, empty
  std::vector<std::pair<std::string, std::string>> query;

  // The first of that name, compared without case, as Azure's services do.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  bool operator==(const Target&) const = default;
};
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_MESSAGE_H_
