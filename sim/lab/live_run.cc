#include "sim/lab/live_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/decision/describe.h"
#include "sim/lab/lab.h"
#include "sim/lab/scoped.h"
#include "sim/lab/sending.h"
#include "sim/lab/wire/inside.h"
#include "sim/lab/wire/live_call.h"

namespace nsp::lab {
namespace {

// A leg in one line: what is compared.
std::string leg_text(std::string_view verdict, std::string_view reason, std::string_view clause) {
  return fmt::format("{}: {} ({})", verdict, reason, clause);
}

std::string leg_text(const Policy& policy, const Leg& leg) {
  return leg_text(to_string(leg.verdict), reason_text(policy, leg), facts(leg.clause).id);
}

const Leg* leg_of(const Decision& decision, Direction direction) {
  return decision.find(direction);
}

bool refused_on_its_way_out(const Decision& decision) {
  const Leg* leg = leg_of(decision, Direction::Outbound);
  return leg != nullptr && leg->verdict != Verdict::Allow;
}

// What the caller should see: nothing, a status, or anything that is no denial.
std::string expected_sight(const Policy& policy, const Decision& decision) {
  if (refused_on_its_way_out(decision)) return "refused on its way out";
  const Leg* leg = leg_of(decision, Direction::Inbound);
  if (leg == nullptr || leg->verdict == Verdict::Allow) return "an answer";
  if (leg->reason == Reason::PrivateEndpointNotApproved) return "a cut connection";
  const Denial* denial =
      denial_seen(policy.environment().resources[leg->resource].service, leg->clause);
  const bool has_status = denial != nullptr && !denial->status.empty();
  return fmt::format("status {}", has_status ? denial->status : "403");
}

std::string actual_sight(const LiveAnswer& answer, const std::string& expected) {
  if (answer.refused) return "refused on its way out";
  if (answer.cut) {
    return expected == "a cut connection" ? expected : "no answer: " + answer.problem;
  }
  return expected == "an answer" ? expected : fmt::format("status {}", answer.status);
}

// Runs all cases in one lab, one after the other.
class LiveRunner {
 public:
  LiveRunner(Lab::Inside& lab, const LiveCases& cases) : lab_(lab), cases_(cases) {
    lab_.core.on_decision = [this](const Ruling& ruling) {
      decided_.push_back(ruling.decided);
      lab_.record(ruling);
    };
  }

  Awaitable<void> run() {
    for (const LiveWorld& world : cases_.worlds()) co_await run_world(world);
    lab_.ask_to_stop();
  }

  LiveResult result;
  std::string failure;

 private:
  struct Planned {
    const LiveCase* live = nullptr;
    Sending sending;
  };

  Awaitable<void> run_world(const LiveWorld& world) {
    const Policy policy = compile(world.environment);
    lab_.core.gate = Gate(world.readings);
    std::vector<Post> posts;
    std::vector<Planned> planned = plan(policy, world, posts);
    const Scope* scope = nullptr;
    for (const Planned& one : planned) {
      const bool same = scope != nullptr && is_same(*scope, one.live->scope);
      scope = &one.live->scope;
      if (!same && !publish(environment_in(world.environment, *scope), posts)) co_return;
      co_await run_case(policy, one);
    }
  }

  std::vector<Planned> plan(const Policy& policy, const LiveWorld& world,
                            std::vector<Post>& posts) {
    std::vector<Planned> planned;
    for (const LiveCase& live : world.cases) {
      auto sending = plan_sending(policy, live.attempt, live.bound);
      if (!sending) {
        ++result.not_sent[sending.error()];
        continue;
      }
      if (!sending->own_address) {
        sending->post.caller.name = fmt::format("post {}", posts.size());
        posts.push_back(sending->post);
      }
      planned.push_back({&live, *std::move(sending)});
    }
    return planned;
  }

  static bool is_same(const Scope& a, const Scope& b) {
    return a.mode == b.mode && a.only == b.only &&
           a.resource_with_access == b.resource_with_access &&
           a.public_network_access == b.public_network_access &&
           a.not_associated == b.not_associated;
  }

  // Connections of before would keep the state of before.
  bool publish(Environment environment, const std::vector<Post>& posts) {
    const EditionPtr before = lab_.core.timeline.control_plane();
    auto edition = make_edition(std::move(environment), posts, before.get());
    if (!edition) failure = edition.error();
    if (!edition) return false;
    const auto published = lab_.publish(*std::move(edition), "", {});
    if (!published) failure = published.error().front();
    lab_.core.client.forget();
    return published.has_value();
  }

  Awaitable<void> run_case(const Policy& policy, const Planned& one) {
    decided_.clear();
    records_ = lab_.feed.count();
    const LiveAnswer answer = co_await send_live(lab_.core, *one.live, one.sending);
    ++result.sent;
    compare_outbound(policy, *one.live);
    compare_inbound(policy, *one.live, answer);
    const std::string sight = expected_sight(policy, one.live->decision);
    compare(*one.live, "caller sees", sight, actual_sight(answer, sight));
    compare(*one.live, "log", expected_log(one.live->decision), actual_log());
  }

  void compare(const LiveCase& live, const char* what, const std::string& expected,
               const std::string& actual) {
    if (expected == actual) return;
    result.differences.push_back({live.name, live.place, what, expected, actual});
  }

  // As the caller's own node decided.
  [[nodiscard]] const GateDecision* decision_of(Direction direction) const {
    for (const GateDecision& decided : decided_) {
      if (decided.leg(direction) != nullptr) return &decided;
    }
    return nullptr;
  }

  void compare_outbound(const Policy& policy, const LiveCase& live) {
    const Leg* leg = leg_of(live.decision, Direction::Outbound);
    if (leg == nullptr) return;
    const GateDecision* decided = decision_of(Direction::Outbound);
    compare(live, "outbound leg", leg_text(policy, *leg),
            decided == nullptr
                ? "none"
                : leg_text(decided->edition->policy, *decided->leg(Direction::Outbound)));
  }

  // As the answer's own fields say; of a connection that was cut, as the node decided.
  void compare_inbound(const Policy& policy, const LiveCase& live, const LiveAnswer& answer) {
    const Leg* leg = leg_of(live.decision, Direction::Inbound);
    if (leg == nullptr || refused_on_its_way_out(live.decision)) return;
    const GateDecision* decided = decision_of(Direction::Inbound);
    std::string actual = leg_text(answer.verdict, answer.reason, answer.clause);
    if (answer.cut && decided != nullptr) {
      actual = leg_text(decided->edition->policy, *decided->leg(Direction::Inbound));
    }
    compare(live, "inbound leg", leg_text(policy, *leg), actual);
  }

  static std::string expected_log(const Decision& decision) {
    std::vector<LogCategory> all;
    for (const Leg& leg : decision.legs()) {
      const auto view = leg.categories.view();
      all.insert(all.end(), view.begin(), view.end());
      if (leg.direction == Direction::Outbound && leg.verdict != Verdict::Allow) break;
    }
    return categories_text(all);
  }

  // Of the records that were written since the case began.
  [[nodiscard]] std::string actual_log() {
    std::string text;
    const std::string lines = lab_.feed.since(records_);
    for (const std::string_view line : split_words(lines, '\n')) {
      constexpr std::string_view kMember = R"("category":")";
      const std::size_t start = line.find(kMember) + kMember.size();
      if (!text.empty()) text += " + ";
      text += line.substr(start, line.find('"', start) - start);
    }
    return text.empty() ? "none" : text;
  }

  Lab::Inside& lab_;
  const LiveCases& cases_;
  std::vector<GateDecision> decided_;
  std::uint64_t records_ = 0;
};

// Ports that are free at this moment.
std::expected<std::uint16_t, std::string> free_port(const IpAddress& address) {
  Endpoint endpoint{address, 0};
  const Result<int> socket = listen_at(endpoint, Reach::Loopback);
  if (!socket) return std::unexpected(socket.error().text);
  ::close(*socket);
  return endpoint.port;
}

std::expected<LabOptions, std::string> options_for_live() {
  LabOptions options;
  options.home = std::filesystem::temp_directory_path() / fmt::format("nspsim-live-{}", ::getpid());
  options.name = "live";
  for (std::uint16_t* port :
       {&options.ports.https, &options.ports.dns, &options.ports.identity, &options.ports.proxy}) {
    const auto found = free_port(kOutsideWorld);
    if (!found) return std::unexpected(found.error());
    *port = *found;
  }
  return options;
}

}  // namespace

void LiveCases::add(const Decided& decided) {
  const Place& section = decided.cell->section;
  const bool same =
      !worlds_.empty() && section_ == section && worlds_.back().readings == decided.readings;
  if (!same) worlds_.push_back({decided.policy.environment(), decided.readings, {}});
  section_ = section;
  worlds_.back().cases.push_back({std::string(decided.cell->name), decided.cell->place,
                                  decided.attempt, decided.bound, decided.scope, decided.decision});
}

std::size_t LiveResult::total() const {
  std::size_t count = sent;
  for (const auto& [reason, times] : not_sent) count += times;
  return count;
}

std::expected<LiveResult, std::string> run_live(const LiveCases& cases) {
  auto options = options_for_live();
  if (!options) return std::unexpected(std::move(options.error()));
  const std::filesystem::path home = options->home;
  auto lab = Lab::start({}, {}, *std::move(options));
  if (!lab) return std::unexpected(std::move(lab.error()));
  LiveRunner runner((*lab)->inside(), cases);
  spawn((*lab)->inside().io, runner.run());
  (*lab)->run();
  lab->reset();
  std::error_code ignored;
  std::filesystem::remove(home, ignored);
  if (!runner.failure.empty()) return std::unexpected(std::move(runner.failure));
  return std::move(runner.result);
}

std::string live_text(const LiveResult& result) {
  std::string text = fmt::format("live: {} of {} attempts sent, {}\n", result.sent, result.total(),
                                 result.differences.empty()
                                     ? "all as decided"
                                     : fmt::format("{} differences", result.differences.size()));
  for (const auto& [reason, times] : result.not_sent) {
    text += fmt::format("  {} not sent: {}\n", times, reason);
  }
  for (const LiveDifference& one : result.differences) {
    text += fmt::format("\n{}: {}: {}\n  decided  {}\n  live     {}\n", to_string(one.place),
                        one.name, one.what, one.expected, one.actual);
  }
  return text;
}

}  // namespace nsp::lab
