// The first page, and the page of an environment as it is.
#include "sim/report/init.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/report/page_writer.h"
#include "tests/unit/report/page_environment.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;

TEST(StarterPage, IsAPageWithoutMistakes) {
  const Page page = read_page(starter_page(), "nsp.md");
  EXPECT_THAT(page.diagnostics, testing::IsEmpty());
  EXPECT_EQ(page.title, "Our network security perimeter");
  ASSERT_EQ(page.sections.size(), 1U);
  EXPECT_EQ(page.sections[0].cases.size(), 10U);
  EXPECT_EQ(page.sections[0].callers.size(), 4U);
  const BuildResult built = build_section(page, 0);
  EXPECT_THAT(built.diagnostics, testing::IsEmpty());
}

TEST(StarterPipeline, RunsThePagesOnBothServices) {
  EXPECT_THAT(std::string(starter_pipeline()), HasSubstr("run: nspsim run . --format github\n"));
  EXPECT_THAT(std::string(starter_pipeline()),
              HasSubstr("#   - script: nspsim run . --format junit --output nspsim.xml\n"));
}

TEST(PageWriter, WritesOneRowAPair) {
  const PageEnvironment environment = sample_environment();
  Caller agent = environment.callers[0];
  agent.name = "agent | one";
  agent.address_hidden = true;
  agent.address.reset();
  agent.subscription = Guid::parse("11111111-1111-1111-1111-111111111111");
  agent.trusted_service = true;
  agent.note = "builds";
  const std::vector<Caller> callers{agent, environment.callers[1]};
  const Matrix matrix = make_matrix(environment.policy, {callers, {}, {}});
  EXPECT_EQ(write_page(environment.policy, matrix,
                       {"Site", {"../a.json", "b.json"}, {"U4=one-label"}, callers}),
            R"(# Site

Who can reach whom as the documents stand, and what would be left if every association were Enforced.
The rows were filled in by `nspsim init --from-env`; read them, strike what does not interest you, and write
what you expect where you expect something else. `nspsim run` tells when a change of the documents moves a row.

```scenario
environment: ../a.json, b.json
status: local
assume: U4=one-label
```

## Who calls from outside

| caller       | address       | credential | subscription                         | subnet | trusted service | note   |
| ------------ | ------------- | ---------- | ------------------------------------ | ------ | --------------- | ------ |
| agent \| one | hidden        | user       | 11111111-1111-1111-1111-111111111111 |        | yes             | builds |
| partner      | 198.51.100.33 | key        |                                      |        |                 |        |

## Who reaches whom

| case                     | from         | to       | expect                                  | Enforced              |
| ------------------------ | ------------ | -------- | --------------------------------------- | --------------------- |
| agent \| one to st       | agent \| one | st       | deny: resource rules                    | deny: no inbound rule |
| agent \| one to search-1 | agent \| one | search-1 | deny: no inbound rule                   | deny: no inbound rule |
| partner to st            | partner      | st       | allow: resource rule ip 198.51.100.0/24 | deny: no inbound rule |
| partner to search-1      | partner      | search-1 | deny: no inbound rule                   | deny: no inbound rule |
| st to search-1           | st           | search-1 | allow: same perimeter                   | allow: same perimeter |
| search-1 to st           | search-1     | st       | allow: same perimeter                   | allow: same perimeter |
)");
}

}  // namespace
}  // namespace nsp::test
