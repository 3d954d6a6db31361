// `flow` tables: how they are read, which flows a row names, the closed world, and every option of
// a run. The traffic is the test's own: a reader that answers with a list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/flow_match.h"
#include "sim/scenario/flow_runner.h"
#include "sim/scenario/run.h"
#include "sim/scenario/update.h"
#include "tests/unit/scenario/page_folder.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing_support::PageFolder;
using Lines = std::vector<std::string>;

// One perimeter, one rule, two members. The block names a capture; the flow table is the test's.
constexpr std::string_view kHead = R"(# Flows

Prose.
```scenario
status: local
capture: a.pcap
```

| resource | kind | profile | mode |
|---|---|---|---|
| st | storage | data | Enforced |
| search-1 | search | data | Enforced |

| rule | profile | direction | allows |
|---|---|---|---|
| office | data | inbound | 203.0.113.0/28 |

)";
constexpr std::uint32_t kTableLine = 18;

Observation flow(std::string from, std::string to, std::string_view address, std::string_view name,
                 std::uint64_t packets) {
  Observation seen;
  seen.attempt.from = std::move(from);
  seen.attempt.outside = true;
  seen.attempt.to = std::move(to);
  seen.attempt.address = IpAddress::parse(address);
  if (!name.empty()) seen.attempt.name = *DomainName::parse(name);
  seen.seen.weight = 1;
  seen.packets = packets;
  return seen;
}

Observation office() { return flow("office", "st", "203.0.113.7", "st.blob.core.windows.net", 12); }
Observation cafe() { return flow("cafe", "st", "198.51.100.9", "st.blob.core.windows.net", 3); }

Observation record(std::string from, std::string to, std::string_view address, LogCategory category,
                   std::uint64_t events) {
  Observation seen = flow(std::move(from), std::move(to), address, "", 0);
  seen.recorded = Recorded{category, {}, "data"};
  seen.seen.weight = events;
  return seen;
}

RunOptions options_of(const PageFolder& folder, std::vector<Observation> seen) {
  RunOptions options;
  options.paths = {folder.path()};
  options.read_traffic = [seen = std::move(seen)](const TrafficFiles&, const Policy&) {
    return Result<std::vector<Observation>>(seen);
  };
  return options;
}

void write_page(const PageFolder& folder, std::string_view table) {
  folder.write("page.md", std::string(kHead) + std::string(table));
  folder.write("a.pcap", "");
}

// `line:column case [column] expected / actual`, each cell.
Lines cells(const RunResult& result) {
  Lines lines;
  for (const auto& page : result.pages) {
    for (const auto& diagnostic : page.diagnostics) lines.push_back(diagnostic.message);
    for (const auto& cell : page.cells) {
      lines.push_back(fmt::format("{}:{} {} [{}] {} / {}", cell.place.line, cell.place.column,
                                  cell.case_name, cell.column, cell.expected, cell.actual));
    }
  }
  return lines;
}

Lines run(std::string_view table, std::vector<Observation> seen) {
  const PageFolder folder;
  write_page(folder, table);
  return cells(run_pages(options_of(folder, std::move(seen))));
}

TEST(Flows, AreEachNamedAndJudged) {
  EXPECT_THAT(
      run("| flow | from | to | packets | expect | Learning | because | logged |\n"
          "|---|---|---|---|---|---|---|---|\n"
          "| in | office | st | 12 | allow | | inbound rule office | "
          "NspPublicInboundPerimeterRulesAllowed |\n"
          "| out | cafe | st | | undecided: missing credential | | | |\n",
          {office(), cafe()}),
      ElementsAre("20:3 in [flow] 12 packets / 12 packets",
                  "20:27 in [expect] allow: inbound rule office / allow: inbound rule office",
                  "20:59 in [logged] NspPublicInboundPerimeterRulesAllowed / "
                  "NspPublicInboundPerimeterRulesAllowed",
                  "21:3 out [flow] seen / seen",
                  "21:23 out [expect] undecided: missing credential / deny: no inbound rule",
                  "18:3 closed world [flow] no other flow / no other flow"));
}

TEST(Flows, ThatNoRowNamesFailAtTheTable) {
  const PageFolder folder;
  write_page(folder, "| flow | from | to |\n|---|---|---|\n| in | office | st |\n");
  Observation unknown = flow("10.0.0.9", "", "10.0.0.9", "", 2);
  const auto result = run_pages(options_of(folder, {cafe(), office(), unknown}));
  EXPECT_EQ(exit_status(result), 1);
  const auto& cell = result.pages.at(0).cells.at(1);
  EXPECT_EQ(cell.status, CellStatus::Failed);
  EXPECT_EQ(cell.place.line, kTableLine);
  EXPECT_EQ(cell.actual,
            "cafe -> st, address 198.51.100.9, name st.blob.core.windows.net, 3 packets\n"
            "10.0.0.9 -> unknown, 2 packets");
}

TEST(Flows, ThatAreNotThereFailTheirRow) {
  EXPECT_THAT(
      run("| flow | from | to | expect | logged |\n|---|---|---|---|---|\n"
          "| in | office | search-1 | allow | none |\n",
          {}),
      ElementsAre("20:3 in [flow] seen / no such flow", "20:28 in [expect] allow / no such flow",
                  "20:36 in [logged] none / no such flow",
                  "18:3 closed world [flow] no other flow / no other flow"));
}

TEST(Flows, AreNamedByOneRowOnly) {
  EXPECT_THAT(
      run("| flow | from | packets |\n|---|---|---|\n| a | office | 13 |\n| b | | |\n", {office()}),
      ElementsAre("20:3 a [flow] 13 packets / office -> st, address 203.0.113.7, name "
                  "st.blob.core.windows.net, 12 packets\nis named by `b`, too",
                  "21:3 b [flow] seen / office -> st, address 203.0.113.7, name "
                  "st.blob.core.windows.net, 12 packets\nis named by `a`, too",
                  "18:3 closed world [flow] no other flow / no other flow"));
}

TEST(Flows, OfOneRowAddUpAndMustAllHold) {
  Observation dfs = office();
  dfs.attempt.name = *DomainName::parse("st.dfs.core.windows.net");
  Observation far = office();
  far.attempt.address = IpAddress::parse("203.0.113.99");
  far.attempt.credential = Credential::Key;
  EXPECT_THAT(run("| flow | from | to | packets | expect |\n|---|---|---|---|---|\n"
                  "| in | office | st | 36 | allow |\n",
                  {office(), dfs, far}),
              ElementsAre("20:3 in [flow] 36 packets / 36 packets",
                          "20:27 in [expect] allow / allow: inbound rule office\ndeny: no inbound "
                          "rule",
                          "18:3 closed world [flow] no other flow / no other flow"));
}

// What the credential would change is undecided, and the failure says what each value gives.
TEST(Flows, SayWhatEachMissingValueGives) {
  Observation inside = flow("search-1", "st", "198.51.100.9", "", 4);
  inside.attempt.outside = false;
  inside.attempt.credential = Credential::Unknown;
  const PageFolder folder;
  write_page(folder,
             "| flow | from | to | expect | outbound | inbound |\n|---|---|---|---|---|---|\n"
             "| in | search-1 | st | allow | undecided | undecided: missing credential |\n");
  const auto result = run_pages(options_of(folder, {inside}));
  EXPECT_THAT(cells(result),
              ElementsAre("20:3 in [flow] seen / seen",
                          "20:24 in [expect] allow / undecided: missing credential",
                          "20:32 in [outbound] undecided / undecided: missing credential",
                          "20:44 in [inbound] undecided: missing credential / undecided: missing "
                          "credential",
                          "18:3 closed world [flow] no other flow / no other flow"));
  EXPECT_THAT(result.pages.at(0).cells.at(1).trace,
              testing::StartsWith("search-1 -> st, address 198.51.100.9, 4 packets\n"
                                  "  credential user: deny: no outbound rule\n"
                                  "  credential managed identity: allow: same perimeter\n"));
}

// Both records of a call between members are one row: each is judged by its own leg.
TEST(Flows, OfRecordsAreJudgedByTheirOwnLeg) {
  Observation out = record("search-1", "st", "198.51.100.9", LogCategory::NspOutboundAttempt, 7);
  Observation in =
      record("search-1", "st", "198.51.100.9", LogCategory::NspIntraPerimeterInboundAllowed, 7);
  out.attempt.outside = in.attempt.outside = false;
  const PageFolder folder;
  std::string page(kHead);
  page.replace(page.find("capture: a.pcap"), 15, "logs: records");
  page +=
      "| flow | from | to | packets | outbound | inbound | logged "
      "|\n|---|---|---|---|---|---|---|\n"
      "| in | search-1 | st | 14 | allow: same perimeter | allow: same perimeter | "
      "NspOutboundAttempt + NspIntraPerimeterInboundAllowed |\n";
  folder.write("page.md", page);
  folder.write("records/PT1H.json", "");
  EXPECT_THAT(cells(run_pages(options_of(folder, {in, out}))),
              ElementsAre("20:3 in [flow] 14 events / 14 events",
                          "20:29 in [outbound] allow: same perimeter / allow: same perimeter",
                          "20:53 in [inbound] allow: same perimeter / allow: same perimeter",
                          "20:77 in [logged] NspOutboundAttempt + NspIntraPerimeterInboundAllowed "
                          "/ NspOutboundAttempt + NspIntraPerimeterInboundAllowed",
                          "18:3 closed world [flow] no other flow / no other flow"));
}

// A record's category tells rows apart, and where the model predicts another the cell fails.
TEST(Flows, OfRecordsAreNamedByTheirCategory) {
  const PageFolder folder;
  std::string page(kHead);
  page.replace(page.find("capture: a.pcap"), 15, "logs: records");
  page +=
      "| flow | from | logged |\n|---|---|---|\n"
      "| a | office | NspPublicInboundPerimeterRulesAllowed |\n"
      "| b | office | NspPublicInboundPerimeterRulesDenied |\n";
  folder.write("page.md", page);
  folder.write("records/PT1H.json", "");
  const auto options = options_of(
      folder,
      {record("office", "st", "203.0.113.7", LogCategory::NspPublicInboundPerimeterRulesAllowed, 3),
       record("office", "st", "203.0.113.7", LogCategory::NspPublicInboundPerimeterRulesDenied,
              1)});
  EXPECT_THAT(cells(run_pages(options)),
              ElementsAre("20:3 a [flow] seen / seen",
                          "20:16 a [logged] NspPublicInboundPerimeterRulesAllowed / "
                          "NspPublicInboundPerimeterRulesAllowed",
                          "21:3 b [flow] seen / seen",
                          "21:16 b [logged] NspPublicInboundPerimeterRulesDenied / "
                          "NspPublicInboundPerimeterRulesAllowed",
                          "18:3 closed world [flow] no other flow / no other flow"));
  // What was recorded is evidence: it is not written over.
  EXPECT_TRUE(update_pages(options).updated.empty());
  EXPECT_EQ(folder.read("page.md"), page);
}

TEST(Flows, AreFilteredListedAndUpdated) {
  const PageFolder folder;
  write_page(folder,
             "| flow | from | to | packets | expect | logged |\n|---|---|---|---|---|---|\n"
             "| in | office | st | 12 | deny | none |\n| out | cafe | st | 4 | allow | |\n");
  RunOptions options = options_of(folder, {office(), cafe()});
  options.filter = "OUT";
  EXPECT_THAT(cells(run_pages(options)),
              ElementsAre("21:3 out [flow] 4 packets / 3 packets",
                          "21:25 out [expect] allow / deny: no inbound rule"));
  options.filter = "";
  options.list = true;
  options.read_traffic = nullptr;
  EXPECT_THAT(
      cells(run_pages(options)),
      ElementsAre("20:3 in [flow] 12 packets / ", "20:27 in [expect] deny / ",
                  "20:34 in [logged] none / ", "21:3 out [flow] 4 packets / ",
                  "21:25 out [expect] allow / ", "18:3 closed world [flow] no other flow / "));
  const auto update = update_pages(options_of(folder, {office(), cafe()}));
  ASSERT_EQ(update.updated.size(), 1U);
  EXPECT_EQ(update.updated.front().cells, 3U);
  EXPECT_EQ(folder.read("page.md"),
            std::string(kHead) +
                "| flow | from | to | packets | expect | logged |\n|---|---|---|---|---|---|\n"
                "| in | office | st | 12 | allow | NspPublicInboundPerimeterRulesAllowed |\n"
                "| out | cafe | st | 4 | deny  | |\n");
}

TEST(Flows, ShowWhatAChangedEnvironmentMoves) {
  const PageFolder folder;
  write_page(folder,
             "| flow | from | to | expect | logged |\n|---|---|---|---|---|\n"
             "| in | office | st | allow | NspPublicInboundPerimeterRulesAllowed |\n");
  std::string other(kHead);
  other.replace(other.find("203.0.113.0/28"), 14, "203.0.113.8/32");
  other.replace(other.find("capture: a.pcap"), 15, "");
  RunOptions options = options_of(folder, {office()});
  options.replace_environment = {folder.write("other/base.md", other)};
  options.paths = {folder.path() / "page.md"};
  const auto result = run_pages(options);
  const auto& moved = result.pages.at(0).cells.at(1);
  EXPECT_EQ(moved.actual, "deny: no inbound rule");
  EXPECT_EQ(moved.before, "allow: inbound rule office");
  EXPECT_EQ(result.pages.at(0).cells.at(2).before, "NspPublicInboundPerimeterRulesAllowed");
}

TEST(Flows, ThatNobodyExpectedToBeOpenAreErrorsWhenStrict) {
  const PageFolder folder;
  write_page(folder,
             "| flow | from | to | expect |\n|---|---|---|---|\n"
             "| lost | 10.0.0.9 | | deny |\n| found | office | st | allow |\n");
  RunOptions options = options_of(folder, {office(), flow("10.0.0.9", "", "10.0.0.9", "", 2)});
  options.strict = true;
  EXPECT_THAT(
      cells(run_pages(options)),
      ElementsAre("`lost` could not be decided: missing host name", "20:3 lost [flow] seen / seen",
                  "20:23 lost [expect] deny / undecided: missing host name",
                  "21:3 found [flow] seen / seen",
                  "21:25 found [expect] allow / allow: inbound rule office",
                  "18:3 closed world [flow] no other flow / no other flow"));
}

Lines errors(const PageFolder& folder, const RunOptions& options) {
  Lines lines;
  const auto result = run_pages(options);
  for (const auto& each : result.pages.at(0).diagnostics) {
    Place place = each.place;
    place.file = std::filesystem::relative(place.file, folder.path()).string();
    lines.push_back(to_string(Diagnostic{each.severity, place, each.message}));
  }
  return lines;
}

TEST(Flows, NeedTheirFilesAndAReader) {
  const PageFolder folder;
  std::string page(kHead);
  page.replace(page.find("capture: a.pcap"), 15,
               "capture: a.pcap, b.pcap\nlogs: logs\nbindings: who.json");
  folder.write("page.md", page + "| flow | from |\n|---|---|\n");
  folder.write("a.pcap", "");
  RunOptions options;
  options.paths = {folder.path()};
  EXPECT_EQ(errors(folder, options),
            (Lines{"error page.md:6:18: no capture `b.pcap`, expected a file beside the page",
                   "error page.md:7:7: no log `logs`, expected a file beside the page",
                   "error page.md:8:11: no bindings `who.json`, expected a file beside the page"}));
  for (const auto* file : {"b.pcap", "logs/PT1H.json", "who.json"}) folder.write(file, "");
  EXPECT_EQ(errors(folder, options),
            (Lines{"error page.md:4:1: the page replays traffic, and this program reads none"}));
  TrafficFiles read;
  options.read_traffic = [&](const TrafficFiles& files,
                             const Policy&) -> Result<std::vector<Observation>> {
    read = files;
    return std::unexpected(one_error({"who.json", 1, 2, {}}, "broken"));
  };
  const auto result = run_pages(options);
  EXPECT_EQ(result.pages.at(0).diagnostics.at(0).message, "broken");
  EXPECT_EQ(exit_status(result), 3);
  EXPECT_EQ(read.captures, (std::vector{folder.path() / "a.pcap", folder.path() / "b.pcap"}));
  EXPECT_EQ(read.logs, std::vector{folder.path() / "logs"});
  EXPECT_EQ(read.bindings, folder.path() / "who.json");
}

Lines mistakes(std::string_view table) {
  Lines lines;
  const auto page = read_page(std::string(kHead) + std::string(table), "p.md");
  for (const auto& each : page.diagnostics) lines.push_back(to_string(each));
  return lines;
}

TEST(FlowTable, ReadsItsRows) {
  const auto page = read_page(std::string(kHead) +
                                  "| flow | from | to | name | packets | note |\n|---|---|---|---|"
                                  "---|---|\n| a | x | | None | 3 | why |\n| b | | y | N.example "
                                  "| | |\n\n| flow | from |\n|---|---|\n| c | z |\n",
                              "p.md");
  EXPECT_TRUE(page.diagnostics.empty());
  const Section& section = page.sections.at(0);
  ASSERT_EQ(section.flows.size(), 3U);
  EXPECT_EQ(section.flow_table->line, kTableLine);
  EXPECT_EQ(section.flows[0].to, "");
  EXPECT_TRUE(section.flows[0].nameless);
  EXPECT_EQ(section.flows[0].packets, 3U);
  EXPECT_EQ(section.flows[1].from, "");
  EXPECT_EQ(section.flows[1].to, "y");
  EXPECT_FALSE(section.flows[1].nameless);
  EXPECT_EQ(section.flows[1].host->text(), "n.example");
  EXPECT_EQ(section.flows[2].to, std::nullopt);
}

TEST(FlowTable, NamesEveryMistakeWithItsPlace) {
  EXPECT_EQ(mistakes("| flow | form | packets | name | expect |\n|---|---|---|---|---|\n"
                     "| a | x | none | a b | alow |\n| a | x | 0 | | |\n| | x | -1 | | |\n"),
            (Lines{"error p.md:18:10: unknown column `form`, did you mean `from`?",
                   "error p.md:20:18: `a b` has `a b`, expected letters, digits, `-` and `_` "
                   "between dots",
                   "error p.md:20:11: `none` is no number of packets, expected 1 or more",
                   "error p.md:20:24: unknown verdict `alow`, did you mean `allow`?",
                   "error p.md:21:11: `0` is no number of packets, expected 1 or more",
                   "error p.md:22:1: the row has no `flow`",
                   "error p.md:22:9: `-1` is no number of packets, expected 1 or more",
                   "error p.md:21:3: flow `a` stands twice, first on line 20"}));
  EXPECT_EQ(mistakes(""), (Lines{"error p.md:4:1: the `scenario` block names traffic, but no "
                                 "`flow` table stands below it"}));
  EXPECT_EQ(mistakes("| case | from | to | expect |\n|---|---|---|---|\n| a | st | st | allow |\n\n"
                     "| flow |\n|---|\n| a |\n"),
            (Lines{"error p.md:24:3: flow `a` stands twice, first on line 20"}));
  EXPECT_EQ(mistakes("| Flow | from |\n|---|---|\n\n| flow |\n|---|\n"),
            (Lines{"error p.md:18:3: a table that begins with `Flow` is prose, but its columns are "
                   "those of `flow`: begin it with that word"}));
}

// A table of no rows claims that nothing was seen.
TEST(FlowTable, WithoutRowsClaimsThatNothingWasSeen) {
  EXPECT_THAT(run("| flow | from |\n|---|---|\n", {}),
              ElementsAre("18:3 closed world [flow] no other flow / no other flow"));
  EXPECT_THAT(run("| flow | from |\n|---|---|\n", {cafe()}),
              ElementsAre("18:3 closed world [flow] no other flow / cafe -> st, address "
                          "198.51.100.9, name st.blob.core.windows.net, 3 packets"));
}

// Which rows fit one flow; each column alone.
TEST(FlowMatch, FollowsWhatTheRowStates) {
  const PageFolder folder;
  write_page(folder, "| flow |\n|---|\n");
  std::vector<std::string> found;
  RunOptions options = options_of(folder, {});
  options.read_traffic = [&](const TrafficFiles&, const Policy& policy) {
    const Observation seen = office();
    Observation inside = flow("SEARCH-1", "ST", "198.51.100.9", "", 1);
    inside.attempt.outside = false;
    const Observation lost = flow("cafe", "", "198.51.100.9", "", 1);
    const Observation away = flow("cafe", "www.contoso.com", "198.51.100.9", "", 1);
    const Observation dark = flow("", "st", "", "", 1);
    const auto note = [&](std::string_view name, const FlowRow& row) {
      std::string line(name);
      for (const auto& [letter, one] :
           {std::pair{'o', &seen}, {'i', &inside}, {'l', &lost}, {'a', &away}, {'d', &dark}}) {
        if (fits(row, *one, policy)) line += letter;
      }
      found.push_back(std::move(line));
    };
    const auto from = [&](std::string text) {
      FlowRow row;
      row.from = text;
      note(text + " > ", row);
    };
    const auto to = [&](std::string text) {
      FlowRow row;
      row.to = text;
      note("> " + text + " ", row);
    };
    const auto name = [&](std::string text) {
      FlowRow row;
      row.nameless = text == "none";
      if (!row.nameless) row.host = *DomainName::parse(text);
      note(text + " ", row);
    };
    from(""), from("Office"), from("203.0.113.7"), from("198.51.100.9"), from("search-1");
    from("search-1.search.windows.net"), from("st"), from("203.0.113.8"), from("Unknown");
    to(""), to("st"), to("st.dfs.core.windows.net"), to("www.contoso.com"), to("search-1"),
        to("UNKNOWN");
    name("none"), name("st.blob.core.windows.net"), name("st.dfs.core.windows.net");
    name("www.contoso.com");
    return Result<std::vector<Observation>>(std::vector<Observation>{});
  };
  ASSERT_EQ(exit_status(run_pages(options)), 0);
  EXPECT_THAT(
      found,
      ElementsAre(" > oilad", "Office > o", "203.0.113.7 > o", "198.51.100.9 > ila", "search-1 > i",
                  "search-1.search.windows.net > i", "st > ", "203.0.113.8 > ", "Unknown > d",
                  ">  l", "> st oid", "> st.dfs.core.windows.net oid", "> www.contoso.com a",
                  "> search-1 ", "> UNKNOWN l", "none ild", "st.blob.core.windows.net o",
                  "st.dfs.core.windows.net ", "www.contoso.com a"));
}

}  // namespace
}  // namespace nsp
