// The clauses of the semantics in one table: id, grade, source, sentence. A verdict names the
// clause it rests on.
//
// scenarios/SEMANTICS.md states them for people; a test holds the two together.
// Thread safety: constant data.
#ifndef NSP_SIM_DECISION_CLAUSE_H_
#define NSP_SIM_DECISION_CLAUSE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sim/base/vocabulary.h"

namespace nsp {

// In the order of the table. `C11` stands for the rule on non-HTTPS protocols, which has no number
// of its own.
enum class Clause : std::uint8_t {
  G1,
  G2,
  G3,
  G4,
  G5,
  G6,
  G7,
  G8,
  G9,
  G10,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  P8,
  P9,
  In1,
  In2,
  In3,
  In4,
  In5,
  In6,
  In7,
  In8,
  In9,
  In10,
  Out1,
  Out2,
  Out3,
  Out4,
  Out5,
  Out6,
  Out7,
  Out8,
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R7,
  R8,
  C11,
};

struct ClauseFacts {
  Clause clause;
  std::string_view id;  // `IN-5`
  Grade grade;
  std::string_view source;    // short names of documents, `CON, LOG`
  std::string_view sentence;  // one plain sentence
};

[[nodiscard]] std::span<const ClauseFacts> all_clauses();
[[nodiscard]] const ClauseFacts& facts(Clause clause);
[[nodiscard]] std::optional<Clause> parse_clause(std::string_view id);

// A short name of a source document (`FOUNDRY`, `TR24`) and what it stands for.
struct SourceFacts {
  std::string_view id;
  std::string_view document;
};
[[nodiscard]] std::span<const SourceFacts> all_sources();

// True for anything a page may cite: a clause, a contradiction, an assumption, a source.
[[nodiscard]] bool is_citable(std::string_view id);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_CLAUSE_H_
