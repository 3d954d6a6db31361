// The `--callers` file: what is read, and every mistake with its place.
#include <gtest/gtest.h>

#include "sim/access_log/line_protocol_callers.h"
#include "tests/unit/decision/small_environment.h"

namespace nsp::test {
namespace {

std::vector<std::string> mistakes(std::string_view text) {
  const auto callers = read_callers(text, "callers.json");
  std::vector<std::string> lines;
  if (callers) return lines;
  for (const Diagnostic& diagnostic : callers.error()) lines.push_back(to_string(diagnostic));
  return lines;
}

TEST(Callers, ReadsEveryMember) {
  const auto callers = read_callers(R"({"callers":[{"caller":"agent","address":"203.0.113.7",
      "credential":"managed identity","subscription":"/subscriptions/11111111-1111-1111-1111-111111111111",
      "subnet":"hub/apps","trusted service":"yes","note":"builds"},]})",
                                    "callers.json");
  ASSERT_TRUE(callers);
  ASSERT_EQ(callers->size(), 1U);
  const Caller& caller = callers->front();
  EXPECT_EQ(caller.name, "agent");
  EXPECT_EQ(caller.address, IpAddress::parse("203.0.113.7"));
  EXPECT_EQ(caller.credential, Credential::ManagedIdentity);
  EXPECT_EQ(caller.subscription, Guid::parse("11111111-1111-1111-1111-111111111111"));
  EXPECT_EQ(caller.subnet, "hub/apps");
  EXPECT_TRUE(caller.trusted_service);
  EXPECT_EQ(caller.note, "builds");
}

TEST(Callers, ReadsABareArrayAndAHiddenAddress) {
  const auto callers =
      read_callers(R"([{"name":"a","address":"hidden","trustedService":false}, {"name":"b"}])", "");
  ASSERT_TRUE(callers);
  ASSERT_EQ(callers->size(), 2U);
  EXPECT_TRUE((*callers)[0].address_hidden);
  EXPECT_FALSE((*callers)[0].address);
  EXPECT_FALSE((*callers)[0].trusted_service);
  EXPECT_FALSE((*callers)[1].address_hidden);
}

TEST(Callers, SaysEverythingThatIsWrong) {
  EXPECT_EQ(mistakes(R"({"callers":[
  {"caller":"a","adress":"203.0.113.7"},
  {"caller":"b","address":"203.0.113"},
  {"credential":"user"},
  {"caller":"c","credential":7,"trustedService":"perhaps"},
  "d",
  {"caller":"e"},
  {"caller":"E"}
]})"),
            (std::vector<std::string>{
                "error callers.json:2:17 /callers/0/adress: unknown member `adress`, did you mean "
                "`address`",
                "error callers.json:3:27 /callers/1/address: `203.0.113` is no IP address, "
                "expected one or `hidden`",
                "error callers.json:4:3 /callers/2: a caller needs a name in the member `caller`",
                "error callers.json:5:30 /callers/3/credential: expected a string in `credential`, "
                "got a number",
                "error callers.json:5:49 /callers/3/trustedService: expected true or false in "
                "`trustedService`",
                "error callers.json:6:3 /callers/4: expected a caller, an object, got a string",
                "error callers.json:8:3 /callers/6: caller `E` stands twice, first in line 7",
            }));
}

TEST(Callers, RefusesAnotherDocument) {
  EXPECT_EQ(mistakes(R"({"resources":[]})"),
            (std::vector<std::string>{
                "error callers.json:1:1: expected `{\"callers\":[…]}` or an array of callers"}));
}

TEST(Callers, RefusesTheNameOfAResource) {
  Caller caller;
  caller.name = "ST";
  caller.place = {"callers.json", 3, 5, "/callers/0"};
  const Diagnostics clashes = check_callers(small_environment(), {caller});
  ASSERT_EQ(clashes.size(), 1U);
  EXPECT_EQ(to_string(clashes.front()),
            "error callers.json:3:5 /callers/0: caller `ST` has the name of a resource, call it "
            "something else");
  caller.name = "office";
  EXPECT_TRUE(check_callers(small_environment(), {caller}).empty());
}

TEST(CallerBook, FindsWithoutCase) {
  Caller caller;
  caller.name = "Office";
  const CallerBook book({caller});
  ASSERT_NE(book.find("oFFICE"), nullptr);
  EXPECT_EQ(book.find("oFFICE")->name, "Office");
  EXPECT_EQ(book.find("factory"), nullptr);
}

}  // namespace
}  // namespace nsp::test
