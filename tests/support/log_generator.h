// Access logs made up from a seed, in the shapes that the services write, with the truth beside
// them: what a reader must find in them.
//
// A log is a number of distinct tuples, drawn again and again with unequal odds, with times that go
// on and counts in the spellings that occur (a string, a number, none). Shapes: raw inbound and
// outbound records of the platform, and the PascalCase of AI Search. The same seed gives the same
// bytes everywhere. Resources are those of fixtures/environments/rag.json.
#ifndef NSP_TESTS_SUPPORT_LOG_GENERATOR_H_
#define NSP_TESTS_SUPPORT_LOG_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "sim/access_log/log_table.h"

namespace nsp::test {

class LogGenerator {
 public:
  // Platform: the camelCase of the platform alone, for readers that know one spelling.
  enum class Shapes : std::uint8_t { All, Platform };

  explicit LogGenerator(std::uint32_t seed = 1, std::size_t tuples = 500,
                        Shapes shapes = Shapes::All);

  // Appends one record and a line end.
  void next(std::string& out);

  // Of all records so far. `files` is 0: the generator knows none.
  [[nodiscard]] LogTable truth() const;

 private:
  struct Event {
    Instant first;
    Instant last;
    std::uint64_t count = 1;
    unsigned spelling = 0;
  };

  // In [0, bound), by a rule of our own: the standard distributions differ between libraries.
  std::uint64_t below(std::uint64_t bound);
  LogTuple make_tuple(std::size_t number);
  Event make_event();
  static void write_raw(const LogTuple& tuple, const Event& event, std::string& out);
  static void write_pascal(const LogTuple& tuple, const Event& event, std::string& out);

  Shapes shapes_;
  std::mt19937_64 random_;
  std::vector<LogTuple> tuples_;
  Instant clock_;
  std::vector<Activity> seen_;  // parallel to tuples_
  std::uint64_t records_ = 0;
};

}  // namespace nsp::test

#endif  // NSP_TESTS_SUPPORT_LOG_GENERATOR_H_
