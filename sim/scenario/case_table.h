// The tables of attempts: `caller`, `case` and `calls`, each row checked word by word.
#ifndef NSP_SIM_SCENARIO_CASE_TABLE_H_
#define NSP_SIM_SCENARIO_CASE_TABLE_H_

#include "sim/scenario/page.h"
#include "sim/scenario/page_problems.h"

namespace nsp {

void read_caller_table(const PageTable& table, Section& section, PageProblems& problems);
void read_case_table(const PageTable& table, Section& section, PageProblems& problems);
void read_calls_table(const PageTable& table, Section& section, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_CASE_TABLE_H_
