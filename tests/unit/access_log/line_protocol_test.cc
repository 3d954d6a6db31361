// The line protocol of `eval`: whole answers, errors in their place, streams however they are cut.
#include "sim/access_log/line_protocol.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decision/small_environment.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Caller office() {
  Caller caller;
  caller.name = "office";
  caller.address = IpAddress::parse("203.0.113.7");
  caller.credential = Credential::User;
  return caller;
}

// The answers to `lines`, from `environment` with the caller `office`.
std::string answers(const Environment& environment, std::string_view lines,
                    const Readings& readings = {}) {
  const Policy policy = compile(environment);
  LineEvaluator evaluator(policy, CallerBook({office()}), readings);
  LineStream stream(evaluator);
  std::string out;
  stream.feed(lines, out);
  stream.finish(out);
  return out;
}

std::string answer(std::string_view line) { return answers(small_environment(), line); }

std::string error_line(std::string_view id, std::string_view message, int line, int column) {
  return fmt::format("{{\"id\":{},\"error\":{{\"message\":\"{}\",\"line\":{},\"column\":{}}}}}\n",
                     id, message, line, column);
}

TEST(LineProtocol, AnswersWithEveryMemberInOrder) {
  EXPECT_EQ(
      answer(R"({"id":"42","from":"office","to":"st"})"),
      R"({"id":"42","verdict":"allow","reason":"inbound rule office","legs":[)"
      R"({"direction":"inbound","resource":"st","perimeter":"nsp","profile":"p1","accessMode":"Enforced",)"
      R"("publicNetworkAccess":"Enabled","verdict":"allow","reason":"inbound rule office","rule":"office",)"
      R"("clause":"IN-4","grade":"documented","logCategory":["NspPublicInboundPerimeterRulesAllowed"],)"
      R"("assumptions":[],"notes":[]}],)"
      R"("ifEnforced":{"verdict":"allow","reason":"inbound rule office"},"change":"unchanged"})"
      "\n");
}

TEST(LineProtocol, WritesNoRuleWhereNoneDecided) {
  EXPECT_EQ(
      answer(R"({"id":7,"from":"office","to":"st","address":"198.51.100.1"})"),
      R"({"id":7,"verdict":"deny","reason":"no inbound rule","legs":[)"
      R"({"direction":"inbound","resource":"st","perimeter":"nsp","profile":"p1","accessMode":"Enforced",)"
      R"("publicNetworkAccess":"Enabled","verdict":"deny","reason":"no inbound rule","rule":null,)"
      R"("clause":"IN-5","grade":"documented","logCategory":["NspPublicInboundPerimeterRulesDenied"],)"
      R"("assumptions":[],"notes":[]}],)"
      R"("ifEnforced":{"verdict":"deny","reason":"no inbound rule"},"change":"unchanged"})"
      "\n");
}

TEST(LineProtocol, WritesNullForAResourceThatIsNotAssociated) {
  EXPECT_THAT(
      answer(R"({"from":"office","to":"lone"})"),
      StartsWith(R"({"id":null,"verdict":"deny","reason":"resource rules","legs":[)"
                 R"({"direction":"inbound","resource":"lone","perimeter":null,"profile":null,)"
                 R"("accessMode":null,"publicNetworkAccess":"Enabled",)"));
}

TEST(LineProtocol, PutsTheOutboundLegBeforeTheInboundOne) {
  const std::string out = answer(R"({"from":"search","to":"st"})");
  EXPECT_THAT(out, HasSubstr(R"("legs":[{"direction":"outbound","resource":"search")"));
  EXPECT_THAT(out, HasSubstr(R"(},{"direction":"inbound","resource":"st")"));
  EXPECT_THAT(out, HasSubstr(R"("logCategory":["NspOutboundAttempt"])"));
}

TEST(LineProtocol, HasNoLegsForTheControlPlane) {
  EXPECT_EQ(answer(R"({"id":"c","from":"office","to":"st","operation":"control"})"),
            R"({"id":"c","verdict":"allow","reason":"control plane","legs":[],)"
            R"("ifEnforced":{"verdict":"allow","reason":"control plane"},"change":"unchanged"})"
            "\n");
}

TEST(LineProtocol, SaysWhatEnforcingRevokes) {
  Environment environment = small_environment(AccessMode::Learning);
  environment.resources[0].firewall.default_allow = true;
  const std::string out =
      answers(environment, R"({"from":"office","to":"st","address":"198.51.100.1"})");
  EXPECT_THAT(out,
              HasSubstr(R"("verdict":"allow","reason":"resource rule default action","legs")"));
  EXPECT_THAT(out, HasSubstr(R"("rule":"default action","clause":"IN-9")"));
  EXPECT_THAT(
      out,
      HasSubstr(
          R"("ifEnforced":{"verdict":"deny","reason":"no inbound rule"},"change":"revoked"})"));
}

TEST(LineProtocol, NamesTheMissingFact) {
  EXPECT_THAT(answer(R"({"to":"st","credential":"user"})"),
              StartsWith(R"({"id":null,"verdict":"undecided","reason":"missing address")"));
}

TEST(LineProtocol, TakesTheCallerFromTheLineWhenFromIsAbsent) {
  EXPECT_THAT(answer(R"({"to":"st","credential":"key","address":"203.0.113.3"})"),
              StartsWith(R"({"id":null,"verdict":"allow","reason":"inbound rule office")"));
}

TEST(LineProtocol, LetsTheLineOverrideTheCaller) {
  constexpr std::string_view kLine =
      R"({"from":"office","to":"st","address":"hidden","credential":"managed identity",)"
      R"("subscription":"11111111-1111-1111-1111-111111111111"})";
  EXPECT_THAT(answer(kLine),
              StartsWith(R"({"id":null,"verdict":"allow","reason":"inbound rule ci")"));
}

TEST(LineProtocol, ListsTheReadingsThatWereUsed) {
  Environment environment = small_environment(AccessMode::Learning);
  environment.resources[0].public_network_access = PublicNetworkAccess::Disabled;
  EXPECT_THAT(answers(environment, R"({"from":"office","to":"st"})"),
              HasSubstr(R"("assumptions":["C5"])"));
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "C5=publicNetworkAccess"));
  EXPECT_THAT(answers(environment, R"({"from":"office","to":"st"})", readings),
              HasSubstr(R"("reason":"public access disabled")"));
}

TEST(LineProtocol, KeepsTheIdAsWritten) {
  for (const std::string_view id :
       {R"("a\"b\u00e9")", "12345678901234567890", "-1.50e3", R"("")"}) {
    EXPECT_THAT(answer(fmt::format(R"({{"id": {} ,"from":"office","to":"st"}})", id)),
                StartsWith(fmt::format(R"({{"id":{},"verdict")", id)));
  }
}

TEST(LineProtocol, EscapesNames) {
  Environment environment = small_environment();
  environment.perimeters[0].profiles[0].rules[0].name = "of\"fice\\\n\x01";
  EXPECT_THAT(answers(environment, R"({"from":"office","to":"st"})"),
              HasSubstr(R"("rule":"of\"fice\\\n\u0001")"));
}

struct BadLine {
  std::string_view line;
  std::string_view id;
  std::string_view message;
  int column;
};

class LineProtocolErrors : public testing::TestWithParam<BadLine> {};

TEST_P(LineProtocolErrors, StandInTheAnswersPlace) {
  const BadLine& bad = GetParam();
  EXPECT_EQ(answer(bad.line), error_line(bad.id, bad.message, 1, bad.column));
}

constexpr std::string_view kCredentials =
    "expected managed identity, user, service principal, key, sas or anonymous";
const std::string kBadCredential = fmt::format("`root` is no credential, {}", kCredentials);

INSTANTIATE_TEST_SUITE_P(
    All, LineProtocolErrors,
    testing::Values(
        BadLine{R"({"id":"1","from":"office"})", R"("1")", "`to` is missing", 1},
        BadLine{R"({"id":"1","from":"office","to":null})", R"("1")", "`to` is missing", 1},
        BadLine{R"({"to":"st","form":"office","id":"late"})", R"("late")",
                "unknown member `form`, did you mean `from`", 12},
        BadLine{R"({"to":"st","colour":"red"})", "null", "unknown member `colour`", 12},
        BadLine{R"({"to":"st","TO":"st"})", "null", "unknown member `TO`, did you mean `to`", 12},
        BadLine{R"({"to":"st","to":"st"})", "null", "member `to` stands twice", 12},
        BadLine{R"({"to":"st","via":null,"via":"auto"})", "null", "member `via` stands twice", 23},
        BadLine{R"({"to":7})", "null", "expected a string in `to`", 7},
        BadLine{R"({"to":""})", "null", "`to` must not be empty", 7},
        BadLine{R"({"id":[1],"to":"st"})", "null", "expected a string or a number in `id`", 7},
        BadLine{R"({"id":9,"to":"st","trustedService":"yes"})", "9",
                "expected true or false in `trustedService`", 36},
        BadLine{R"({"to":"st","credential":"root"})", "null", kBadCredential, 25},
        BadLine{R"({"to":"st","via":"train"})", "null",
                "`train` is not expected here, expected auto, public, private endpoint or service "
                "endpoint",
                18},
        BadLine{R"({"to":"st","protocol":"ftp"})", "null",
                "`ftp` is not expected here, expected https, nfs, smb or sftp", 23},
        BadLine{R"({"to":"st","address":"203.0.113"})", "null",
                "`203.0.113` is no IP address, expected one or `hidden`", 22},
        BadLine{R"({"to":"st","subscription":"mine"})", "null",
                "`mine` is no subscription, expected a GUID", 27},
        BadLine{R"({"id":"x","from":"nobody","to":"st"})", R"("x")",
                "`nobody` is neither a resource nor a caller; leave `from` out where the line "
                "itself says who calls",
                18},
        BadLine{R"(["to","st"])", "null", "expected a JSON object, got an array", 1},
        BadLine{R"({"to":"st",})", "null",
                "expected strict JSON, without comments and trailing commas", 1},
        BadLine{R"({"to":"st"} // note)", "null",
                "expected strict JSON, without comments and trailing commas", 1}));

// What the reader of documents says of broken JSON is its own; here only that the place and the
// form are right.
TEST(LineProtocol, RefusesWhatIsNoJson) {
  for (const std::string_view line :
       {"{", R"({"to":"st")", R"({"to":"st"}{})", R"({"to":"st)", "nonsense",
        R"({"to":"st","id":01})", R"({"to":"\x"})", "{\"to\":\"\xff\"}"}) {
    EXPECT_THAT(answer(line), StartsWith(R"({"id":null,"error":{"message":")")) << line;
    EXPECT_THAT(answer(line), HasSubstr(R"(","line":1,"column":)")) << line;
  }
}

TEST(LineProtocol, SkipsEmptyLinesAndCountsThem) {
  const std::string out = answers(small_environment(), "\xef\xbb\xbf\r\n\n  \n{\"to\":1}\r\n");
  EXPECT_EQ(out, error_line("null", "expected a string in `to`", 4, 7));
}

TEST(LineProtocol, GivesTheExitStatusOfTheContract) {
  EXPECT_EQ(exit_status({.lines = 3, .records = 0, .errors = 0, .undecided = 0}), 5);
  EXPECT_EQ(exit_status({.lines = 3, .records = 3, .errors = 0, .undecided = 0}), 0);
  EXPECT_EQ(exit_status({.lines = 3, .records = 3, .errors = 0, .undecided = 1}), 4);
  EXPECT_EQ(exit_status({.lines = 3, .records = 3, .errors = 1, .undecided = 1}), 3);
}

TEST(LineStream, CutsBytesIntoTheSameLinesHoweverTheyArrive) {
  const Policy policy = compile(small_environment());
  constexpr std::string_view kInput =
      "{\"id\":1,\"from\":\"search\",\"to\":\"st\"}\n\n{\"id\":2,\"to\":\"st\"}\nbroken\n{\"id\":3,"
      "\"to\":\"kv\"}";
  const std::string whole = answers(small_environment(), kInput);
  for (std::size_t size = 1; size < kInput.size(); ++size) {
    LineEvaluator evaluator(policy);
    LineStream stream(evaluator);
    std::string out;
    for (std::size_t at = 0; at < kInput.size(); at += size)
      stream.feed(kInput.substr(at, size), out);
    stream.finish(out);
    EXPECT_EQ(out, whole) << size;
    EXPECT_EQ(evaluator.counts(),
              (LineCounts{.lines = 5, .records = 4, .errors = 1, .undecided = 1}))
        << size;
  }
}

TEST(LineStream, RefusesALineThatIsTooLongAndGoesOn) {
  const Policy policy = compile(small_environment());
  const std::string input =
      std::string(100, 'x') + "\n{\"id\":2,\"to\":1}\n" + std::string(65, ' ');
  const std::string expected = error_line("null", "the line is longer than 64 bytes", 1, 1) +
                               error_line("2", "expected a string in `to`", 2, 14) +
                               error_line("null", "the line is longer than 64 bytes", 3, 1);
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{99}, input.size()}) {
    LineEvaluator evaluator(policy);
    LineStream stream(evaluator, 64);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += size) {
      stream.feed(std::string_view(input).substr(at, size), out);
    }
    stream.finish(out);
    EXPECT_EQ(out, expected) << size;
  }
}

// The writer glues fragments; this holds it to the words of describe.h.
TEST(LineProtocol, UsesTheWordsOfTheEngine) {
  const Environment environment = small_environment(AccessMode::Learning);
  const Policy policy = compile(environment);
  for (const std::string_view from : {"st", "search", "kv", "lone"}) {
    for (const std::string_view to : {"st", "search", "kv", "lone", "example.com"}) {
      if (from == to) continue;
      const auto bound = bind(policy, between(from, to));
      ASSERT_TRUE(bound) << bound.error();
      const Decision now = evaluate(policy, *bound);
      const Decision then = evaluate(policy, *bound, if_enforced());
      const std::string out =
          answers(environment, fmt::format(R"({{"from":"{}","to":"{}"}})", from, to));
      EXPECT_THAT(out, StartsWith(fmt::format(R"({{"id":null,"verdict":"{}","reason":"{}","legs":)",
                                              to_string(now.verdict), reason_text(policy, now))));
      EXPECT_THAT(out, HasSubstr(fmt::format(R"("ifEnforced":{{"verdict":"{}","reason":"{}"}})",
                                             to_string(then.verdict), reason_text(policy, then))));
    }
  }
}

}  // namespace
}  // namespace nsp::test
