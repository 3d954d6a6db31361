#include "sim/lab/control.h"

#include <gmock/gmock.h>

namespace nsp::lab {
namespace {

using ::testing::ElementsAre;

std::vector<ControlRequest> one_of_each() {
  AddRule rule{"nsp-ai/default", "office", {"203.0.113.0/28"}, {"s"}, {"t"}, {"*.example.org"}};
  return {Edit(SetProperty{Bearer::Association, "a", {"accessMode", SetHow::Set, "Enforced"}}),
          Edit(SetProperty{Bearer::Resource, "r", {"publicNetworkAccess", SetHow::Set, ""}}),
          Edit(SetProperty{Bearer::Resource, "r", {"ipRules", SetHow::Add, "203.0.113.7"}}),
          Edit(SetProperty{Bearer::Zone, "z", {"virtualNetworkLinks", SetHow::Remove, "vnet"}}),
          Edit(rule),
          Edit(RemoveRule{"p", "office"}),
          Edit(Associate{"r", "p", "Enforced"}),
          Edit(Associate{"r", "p", ""}),
          Edit(Dissociate{"r"}),
          Reload{{"/a.json", "/b"}},
          Reload{},
          AskStatus{},
          AskLogs{true},
          AskLogs{false},
          AskCaller{"office \"x\""},
          AskKeys{},
          AskKeys{"stdocs"},
          StopLab{}};
}

TEST(Control, ReadsWhatItWrites) {
  for (const ControlRequest& request : one_of_each()) {
    const std::string line = control_line(request);
    const auto again = parse_control(line);
    ASSERT_TRUE(again.has_value()) << line << ": " << again.error();
    EXPECT_TRUE(*again == request) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(Control, SaysWhatIsWrong) {
  const auto problem = [](std::string_view line) {
    const auto parsed = parse_control(line);
    return parsed ? "none" : parsed.error();
  };
  EXPECT_EQ(problem("set"), "expected a JSON object of at most 1 MiB on one line");
  EXPECT_EQ(problem("[]"), "expected a JSON object of at most 1 MiB on one line");
  EXPECT_EQ(problem(std::string(kMostControlBytes + 1, ' ')),
            "expected a JSON object of at most 1 MiB on one line");
  EXPECT_EQ(problem("{}"), "`do` is missing");
  EXPECT_EQ(problem(R"({"do":"fly"})"),
            "`fly` is nothing to do, expected one of set, add-rule, remove-rule, associate, "
            "dissociate, reload, status, logs, caller, keys, stop");
  EXPECT_EQ(problem(R"({"do":"set","name":"a"})"), "`of` is missing");
  EXPECT_EQ(problem(R"({"do":"set","of":"planet","name":"a"})"),
            "`of` is not the name of something that has properties");
  EXPECT_EQ(problem(R"({"do":"set","of":"resource","name":"r"})"), "`property` is missing");
  EXPECT_EQ(problem(R"({"do":"set","of":"resource","name":"r","property":"p","value":true})"),
            "`value` is not a text");
  EXPECT_EQ(
      problem(R"({"do":"set","of":"zone","name":"z","property":"p","value":"v","how":"more"})"),
      "`how` is not `set`, `add` or `remove`");
  EXPECT_EQ(problem(R"({"do":"add-rule","profile":"p","name":"n","addressPrefixes":"x"})"),
            "`addressPrefixes` is not a list of texts");
  EXPECT_EQ(problem(R"({"do":"status","now":true})"), "unknown member `now`");
  EXPECT_EQ(problem(R"({"do":"dissociate","resource":1})"), "`resource` is not a text");
}

TEST(Control, AnswersInOneLine) {
  const ControlDone done{"office added to nsp-ai/default", {"careful"}, 3, 90'000};
  EXPECT_EQ(answer_line(done),
            R"({"ok":true,"done":"office added to nsp-ai/default","warnings":["careful"],)"
            R"("edition":3,"behindMs":90000})");
  EXPECT_EQ(parse_answer(answer_line(done)), done);
  const std::expected<ControlDone, Refusal> refusal = std::unexpected(Refusal{"a", "b"});
  EXPECT_EQ(answer_line(refusal), R"({"ok":false,"errors":["a","b"]})");
  EXPECT_THAT(parse_answer(answer_line(refusal)).error(), ElementsAre("a", "b"));
  EXPECT_THAT(parse_answer("nonsense").error(), ElementsAre("the lab's answer cannot be read"));
  EXPECT_THAT(parse_answer("{}").error(), ElementsAre("the lab's answer cannot be read"));
}

}  // namespace
}  // namespace nsp::lab
