// One question asked of both environments, as they are and if enforced. Inside of diff_verdicts().
//
// Thread safety: a Judge counts what it evaluates; one thread.
#ifndef NSP_SIM_ANALYSIS_DIFF_CELL_H_
#define NSP_SIM_ANALYSIS_DIFF_CELL_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/analysis/diff_world.h"
#include "sim/decision/evaluate.h"

namespace nsp {

// The same attempt in the names of each side.
using AttemptPair = std::array<Attempt, 2>;
// … bound; nothing where that side has no such attempt.
using BoundPair = std::array<std::optional<BoundAttempt>, 2>;

// The four answers: as it is and if enforced, of base and candidate; nothing where it is absent.
struct Cell {
  std::array<std::array<std::optional<Decision>, 2>, 2> at;

  // In a verdict; absent and denied are alike.
  [[nodiscard]] bool differs() const;
  // Some answer does not deny.
  [[nodiscard]] bool is_open() const;
  // In one of the two: 0 as it is, 1 if enforced.
  [[nodiscard]] bool differs(std::size_t scope) const;
  // The verdicts of the outbound legs differ where those of the attempts do not.
  [[nodiscard]] bool hides_a_leg() const;
  // The verdicts of the outbound legs, as one number.
  [[nodiscard]] std::uint16_t leaving() const;
  // With a claim that the outside world was asked about, it would differ where neither it does
  // without, nor the outside world with it.
  [[nodiscard]] bool shows_more_with(const Cell& outside) const;
};

// Cells of equal keys are told as one change.
struct CellKey {
  std::uint16_t verdicts = 0;
  std::string reasons;  // where they count

  auto operator<=>(const CellKey&) const = default;
};

class Judge {
 public:
  explicit Judge(const DiffWorld& world) : world_(world) {}

  // `attempt` in the names of each side: from and to these resources (kNone: as it stands), to
  // their host name of that index.
  [[nodiscard]] AttemptPair in_names(const Attempt& attempt, Index from, Index to,
                                     std::optional<std::size_t> host = {}) const;
  [[nodiscard]] BoundPair bind(const AttemptPair& attempts) const;
  [[nodiscard]] Cell judge(const BoundPair& bound);

  [[nodiscard]] CellKey key(const Cell& cell) const;
  // A change worth telling: of a verdict, or of a reason where those count.
  [[nodiscard]] bool is_change(const Cell& cell) const;

  [[nodiscard]] VerdictChange change(Asked asked, const Cell& cell,
                                     const AttemptPair& witness) const;
  // The reasons of one more cell of the same key.
  void add_reasons(VerdictChange& change, const Cell& cell) const;

  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] const DiffWorld& world() const { return world_; }

 private:
  [[nodiscard]] std::string reason(std::size_t side, const Decision& decision) const;

  const DiffWorld& world_;
  std::uint64_t evaluations_ = 0;
};

// `blob`, or the whole name where the service has no word for it.
[[nodiscard]] std::string host_word(const Resource& resource, std::size_t host);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DIFF_CELL_H_
