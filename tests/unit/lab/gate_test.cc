#include "sim/lab/gate.h"

#include <gmock/gmock.h>

#include "sim/decision/describe.h"
#include "sim/lab/denial.h"
#include "sim/lab/ruling.h"
#include "tests/reference/small_world.h"

namespace nsp::lab {
namespace {

using reference::SmallWorld;

constexpr Index kStorage = 0;
constexpr Index kSearch = 1;

// Two perimeters, a storage account enforced in the first, a search service without an association,
// a private endpoint of the account, an office whose address a rule admits.
struct World {
  World() {
    world.add_perimeter("nsp-a", {"default"});
    world.add_perimeter("nsp-b", {"default"});
    world.add_resource("stdocs", Service::Storage, reference::guid(1));
    world.add_resource("search-1", Service::Search, reference::guid(1));
    world.add_resource("kv", Service::KeyVault, reference::guid(1));
    world.associate(kStorage, {0, 0}, AccessMode::Enforced);
    world.add_rule({0, 0}, "office", Direction::Inbound).prefixes = {
        reference::prefix("203.0.113.0/28")};
    world.add_endpoint("pe", kStorage, ConnectionStatus::Approved);
    world.add_subnet("vnet", "apps", {"Microsoft.Storage"});
    world.add_subnet("vnet", "plain", {});
    edition = make_edition(world.env, posts()).value();
  }

  static std::vector<Post> posts() {
    std::vector<Post> posts(4);
    posts[0].caller.name = "office";
    posts[0].caller.address = reference::address("203.0.113.7");
    posts[1].caller.name = "machine";
    posts[1].caller.subnet = "vnet/apps";
    posts[2].caller.name = "plain machine";
    posts[2].caller.subnet = "vnet/plain";
    posts[3].caller.name = "shown search";
    posts[3].caller.address = reference::address("203.0.113.8");
    posts[3].acts_for = world_search_id();
    return posts;
  }

  static ResourceId world_search_id() {
    SmallWorld other;
    return other.add_resource("search-1", Service::Search, reference::guid(1)).id;
  }

  [[nodiscard]] IpAddress storage() const {
    return edition->plan.of_resource(edition->environment().resources[kStorage]);
  }
  [[nodiscard]] IpAddress search() const {
    return edition->plan.of_resource(edition->environment().resources[kSearch]);
  }
  [[nodiscard]] IpAddress endpoint() const {
    return edition->plan.of_endpoint(edition->environment(),
                                     edition->environment().private_endpoints[0]);
  }
  [[nodiscard]] IpAddress post(std::size_t index) const {
    return edition->plan.of_caller(edition->posts[index].caller);
  }
  [[nodiscard]] Arrival at_storage(IpAddress peer) const {
    return {storage(), peer, "stdocs.blob.core.windows.net", "data"};
  }
  [[nodiscard]] Proven search_identity() const {
    Proven proven;
    proven.credential = Credential::ManagedIdentity;
    proven.identity = edition->environment().resources[kSearch].id;
    return proven;
  }

  SmallWorld world;
  EditionPtr edition;
};

std::string outcome(const std::expected<GateDecision, std::string>& decided) {
  if (!decided) return decided.error();
  return outcome_text(decided->edition->policy, decided->decision);
}

TEST(Gate, TakesTheCallersFactsFromItsSeat) {
  World world;
  Gate gate({});
  Proven user;
  user.credential = Credential::User;
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, world.at_storage(world.post(0)), user)),
            "allow: inbound rule office");
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, world.at_storage(world.post(1)), user)),
            "deny: no inbound rule");
}

TEST(Gate, KnowsNothingOfSomebodyAtNoSeat) {
  World world;
  const auto attempt =
      attempt_of(*world.edition, kStorage, world.at_storage(reference::address("127.0.0.1")), {});
  ASSERT_TRUE(attempt.has_value());
  EXPECT_TRUE(attempt->outside);
  EXPECT_EQ(attempt->from, "127.0.0.1");
  EXPECT_EQ(attempt->credential, Credential::Anonymous);
  Gate gate({});
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage,
                                  world.at_storage(reference::address("127.0.0.1")), {})),
            "undecided: missing address");
}

TEST(Gate, ReadsThePathFromTheAddressCalled) {
  World world;
  Arrival arrival = world.at_storage(world.post(2));
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->via, Via::Public);
  arrival.peer = world.post(1);
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->via, Via::ServiceEndpoint);
  arrival.peer = world.post(0);
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->via, Via::Auto);
  arrival.local = world.endpoint();
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->via, Via::PrivateEndpoint);
  Gate gate({});
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, arrival, {})),
            "allow: private endpoint");
  arrival.local = world.search();
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {}).error(),
            "127.77.1.2 is no address of `stdocs`");
}

TEST(Gate, TakesTheNameFromTheHostField) {
  World world;
  Arrival arrival = world.at_storage(world.post(0));
  arrival.host = "StDocs.DFS.core.windows.net";
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->name->text(),
            "stdocs.dfs.core.windows.net");
  arrival.host = "127.77.1.1";
  EXPECT_EQ(attempt_of(*world.edition, kStorage, arrival, {})->name, std::nullopt);
}

TEST(Gate, ManagedIdentityProvesAResourceWhereverItCallsFrom) {
  World world;
  const std::string search = world.edition->environment().resources[kSearch].id.text();
  for (const IpAddress& peer : {world.search(), world.post(0), reference::address("127.0.0.1")}) {
    const auto attempt =
        attempt_of(*world.edition, kStorage, world.at_storage(peer), world.search_identity());
    EXPECT_EQ(attempt->from, search);
    EXPECT_FALSE(attempt->outside);
  }
  Proven key;
  key.credential = Credential::Key;
  EXPECT_EQ(attempt_of(*world.edition, kStorage, world.at_storage(world.search()), key)->from,
            search);
  const auto shown = attempt_of(*world.edition, kStorage, world.at_storage(world.post(3)), key);
  EXPECT_EQ(shown->from, search);
  EXPECT_EQ(shown->address, reference::address("203.0.113.8"));
}

TEST(Gate, BelievesTheMembershipOfTheToken) {
  World world;
  Gate gate({});
  const Guid a = world.edition->environment().perimeters[0].guid;
  const Guid b = world.edition->environment().perimeters[1].guid;
  Proven proven = world.search_identity();
  const Arrival arrival = world.at_storage(world.search());
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, arrival, proven)),
            "deny: no inbound rule");
  proven.perimeters = {a};  // it was a member when the token was issued
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, arrival, proven)),
            "allow: same perimeter");
  proven.perimeters = {b};
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, arrival, proven)),
            "deny: no inbound rule");
  proven.perimeters = {Guid{1, 2}};  // a perimeter that nobody knows any more
  EXPECT_EQ(outcome(gate.arriving(world.edition, kStorage, arrival, proven)),
            "deny: no inbound rule");

  world.world.associate(kSearch, {0, 0}, AccessMode::Learning);
  const EditionPtr joined =
      make_edition(world.world.env, World::posts(), world.edition.get()).value();
  proven.perimeters = {a};
  EXPECT_EQ(outcome(gate.arriving(joined, kStorage, arrival, proven)), "allow: same perimeter");
  proven.perimeters.emplace();  // issued before it joined
  EXPECT_EQ(outcome(gate.arriving(joined, kStorage, arrival, proven)), "deny: no inbound rule");
}

TEST(Gate, JudgesACallThatLeaves) {
  World world;
  Gate gate({});
  Attempt attempt;
  attempt.from = "stdocs";
  attempt.to = "example.org";
  attempt.credential = Credential::Key;
  EXPECT_EQ(outcome(gate.leaving(world.edition, attempt)), "deny: no outbound rule");
}

// A question that differs in anything is another one.
TEST(Ruling, IsRememberedForTheSameQuestionAlone) {
  World world;
  Gate gate({});
  RulingMemo memo;
  Shown shown;
  shown.credential = Credential::ManagedIdentity;
  shown.claims.emplace().mirid = world.search_identity().identity.text();
  ArrivalQuestion question{
      world.edition, kStorage, world.storage(), world.search(), "stdocs.blob.core.windows.net",
      "data",        shown};
  EXPECT_EQ(memo.find(question, {}), nullptr);
  const RulingPtr ruled = rule(gate, memo, question).value();
  EXPECT_EQ(memo.find(question, {}), ruled);
  EXPECT_EQ(rule(gate, memo, question).value(), ruled);

  const auto known_if = [&](const auto& change) {
    ArrivalQuestion other = question;
    change(other);
    return memo.find(other, {}) != nullptr;
  };
  EXPECT_TRUE(known_if([](ArrivalQuestion&) {}));
  EXPECT_FALSE(known_if([](ArrivalQuestion& other) { other.resource = kSearch; }));
  EXPECT_FALSE(known_if([&](ArrivalQuestion& other) { other.local = world.endpoint(); }));
  EXPECT_FALSE(known_if([&](ArrivalQuestion& other) { other.peer = world.post(0); }));
  EXPECT_FALSE(known_if([](ArrivalQuestion& other) { other.host = "127.77.1.1"; }));
  EXPECT_FALSE(known_if([](ArrivalQuestion& other) { other.operation = "assistants"; }));
  const EditionPtr next = make_edition(world.world.env, World::posts(), nullptr).value();
  EXPECT_EQ(
      memo.find({next, kStorage, world.storage(), world.search(), question.host, "data", shown},
                {}),
      nullptr);
  shown.claims->perimeters = {Guid{1, 2}};
  EXPECT_EQ(memo.find(question, {}), nullptr);
  shown.claims->perimeters.clear();
  shown.claims->mirid += "2";
  EXPECT_EQ(memo.find(question, {}), nullptr);
  shown.claims.reset();
  EXPECT_EQ(memo.find(question, {}), nullptr);
  Readings others;
  others.set(Matter::C5, 1);
  shown.claims.emplace().mirid = world.search_identity().identity.text();
  EXPECT_EQ(memo.find(question, others), nullptr);
  EXPECT_EQ(memo.find(question, {}), ruled);
  shown.credential = Credential::User;
  EXPECT_EQ(memo.find(question, {}), nullptr);
}

TEST(Ruling, ThatIsNoneIsNotRemembered) {
  World world;
  Gate gate({});
  RulingMemo memo;
  const Shown shown;
  const ArrivalQuestion question{world.edition, kStorage, world.search(), world.post(0),
                                 "x",           "data",   shown};
  EXPECT_EQ(rule(gate, memo, question).error(), "127.77.1.2 is no address of `stdocs`");
  EXPECT_EQ(memo.find(question, {}), nullptr);
}

TEST(Ruling, BringsItsRecords) {
  World world;
  Gate gate({});
  RulingMemo memo;
  Shown shown;
  shown.credential = Credential::Key;
  const ArrivalQuestion question{world.edition, kStorage, world.storage(), world.post(0), "",
                                 "data",        shown};
  const RulingPtr ruled = rule(gate, memo, question).value();
  ASSERT_EQ(ruled->records.size(), 1U);
  std::string line;
  append_record(*ruled->records.front(), Instant(std::chrono::seconds(1'780'315'200)), line);
  EXPECT_TRUE(line.starts_with(
      R"({"time":"2026-06-01T12:00:00Z","timeGeneratedEndTime":"2026-06-01T12:00:00Z",)"
      R"("count":"1","resourceId":")"))
      << line;
  EXPECT_TRUE(
      line.ends_with(R"("matchedRule":{"accessRule":"office"},"source":{"ipAddress":"203.0.113.7",)"
                     R"("protocol":"HTTPS:TCP"}}})"
                     "\n"))
      << line;
}

TEST(Denial, LooksAsTheServiceAnswers) {
  World world;
  Gate gate({});
  const auto decided = gate.arriving(world.edition, kStorage, world.at_storage(world.post(1)), {});
  const Response answer = denied_answer(*decided, *decided->leg(Direction::Inbound), "request-1",
                                        "2026-01-01T00:00:00Z");
  EXPECT_EQ(answer.status, 403U);
  EXPECT_EQ(answer.headers.find("x-ms-error-code"), "AuthorizationFailure");
  EXPECT_EQ(answer.headers.find("x-ms-request-id"), "request-1");
  EXPECT_EQ(answer.headers.find("x-nspsim-verdict"), "deny");
  EXPECT_EQ(answer.headers.find("x-nspsim-reason"), "no inbound rule");
  EXPECT_EQ(answer.headers.find("x-nspsim-clause"), "IN-5");
  EXPECT_EQ(
      answer.body,
      "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthorizationFailure"
      "</Code><Message>not authorized by network security perimeter\nRequestId:request-1\n"
      "Time:2026-01-01T00:00:00Z</Message></Error>");
}

TEST(Denial, IsNoneWithoutEnforcement) {
  Headers headers;
  add_no_verdict(headers);
  EXPECT_EQ(headers.find("x-nspsim-verdict"), "not asked");
  EXPECT_EQ(headers.find("x-nspsim-reason"), "enforcement is off");
  EXPECT_EQ(headers.find("x-nspsim-clause"), std::nullopt);
}

TEST(Denial, IsJsonForOthersThanStorage) {
  const Response answer = error_answer(Service::Foundry, 401, "PermissionDenied",
                                       "the \"principal\" lacks access", "r", "t");
  EXPECT_EQ(answer.body,
            R"({"error":{"code":"PermissionDenied","message":"the \"principal\" lacks access"}})");
  EXPECT_EQ(answer.headers.find("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.headers.find("x-ms-error-code"), std::nullopt);
}

}  // namespace
}  // namespace nsp::lab
