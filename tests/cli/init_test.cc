// `nspsim init`: what it writes is green at once, and nothing is overwritten unasked.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Init : public ProgramTest {};

TEST_F(Init, WritesAPageThatRunsGreen) {
  const Ran init = run({"init", "demo"});
  EXPECT_EQ(init.status, 0);
  EXPECT_EQ(init.err, "");
  EXPECT_EQ(init.out,
            "wrote demo/nsp.md\nwrote demo/nspsim-pipeline.yml\n\n"
            "next:\n  nspsim run demo\n  nspsim matrix --env demo/nsp.md\n");
  const Ran ran = run({"run", "demo"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("1 page, 20 cells: 20 passed, 0 failed"));
  EXPECT_THAT(read("demo/nspsim-pipeline.yml"), HasSubstr("nspsim run"));
}

TEST_F(Init, OverwritesOnlyWithForce) {
  write("demo/nsp.md", "mine\n");
  const Ran refused = run({"init", "demo"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "nspsim: error: `demo/nsp.md` exists, use `--force` to replace it\n");
  EXPECT_EQ(read("demo/nsp.md"), "mine\n");
  EXPECT_FALSE(exists("demo/nspsim-pipeline.yml"));
  EXPECT_EQ(run({"init", "demo", "--force"}).status, 0);
  EXPECT_THAT(read("demo/nsp.md"), StartsWith("# Our network security perimeter\n"));
}

TEST_F(Init, TakesTheNameOfACommandAsItsFolder) {
  const Ran ran = run({"init", "run"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(exists("run/nsp.md"));
  EXPECT_THAT(ran.out, ::testing::Not(HasSubstr("passed")));
}

TEST_F(Init, ReportsNamesThatNoFileCanHave) {
  const Ran empty = run({"init", "d", "--from-env", ""});
  EXPECT_EQ(empty.status, 3);
  EXPECT_THAT(empty.err, ::testing::EndsWith("No such file or directory\n"));
  const std::string name(5000, 'a');
  const Ran longer = run({"init", "--from-env", "site.json", name});
  EXPECT_EQ(longer.status, 3);
  EXPECT_EQ(longer.err, "nspsim: error: cannot make `" + name + "`: File name too long\n");
}

class InitFromEnvironment : public ProgramTest {
 protected:
  InitFromEnvironment() {
    write("site.md", kSitePage);
    write("docs/readme.txt", "");
    EXPECT_EQ(run({"import", "site.md", "--format", "json", "--output", "docs/site.json"}).status,
              0);
    write("callers.json",
          R"([{"caller":"office","address":"203.0.113.7","credential":"user","note":"a | b"},
              {"caller":"roamer","credential":"managed identity",
               "subscription":"11111111-1111-1111-1111-111111111111"},{"caller":"ghost","address":"hidden"}])");
  }
};

TEST_F(InitFromEnvironment, WritesThePresentMatrixAsAGreenPage) {
  const Ran init =
      run({"init", "pages", "--from-env", "docs/site.json", "--callers", "callers.json"});
  EXPECT_EQ(init.status, 0) << init.err;
  EXPECT_EQ(
      init.out,
      "wrote pages/nsp.md\n\nnext:\n  nspsim run pages\n  nspsim matrix --env docs/site.json\n");
  const std::string page = read("pages/nsp.md");
  EXPECT_THAT(page, HasSubstr("```scenario\nenvironment: ../docs/site.json\nstatus: local\n```\n"));
  EXPECT_THAT(page, HasSubstr("| office to st "));
  EXPECT_THAT(page, HasSubstr("undecided: missing address"));
  const Ran ran = run({"run", "pages"});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err << page;
  EXPECT_THAT(ran.out, HasSubstr("16 cells: 16 passed, 0 failed"));
}

TEST_F(InitFromEnvironment, KeepsTheReadingsThatWereAsked) {
  EXPECT_EQ(
      run({"init", "pages", "--from-env", "docs/site.json", "--assume", "U14=profile"}).status, 0);
  EXPECT_THAT(read("pages/nsp.md"), HasSubstr("assume: U14=profile\n"));
  EXPECT_EQ(run({"run", "pages"}).status, 0);
}

TEST_F(InitFromEnvironment, RefusesAPageAsItsEnvironment) {
  const Ran ran = run({"init", "pages", "--from-env", "site.md"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.err, "nspsim: error: `site.md` is a page already, expected Azure documents\n");
  EXPECT_FALSE(exists("pages/nsp.md"));
}

}  // namespace
}  // namespace nsp::test
