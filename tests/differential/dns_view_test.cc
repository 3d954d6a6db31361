// Names lead where attempts are judged to go: for everybody and every name, the address that the
// lab's name server gives is private where the engine's path is, and the resource's own.
#include "sim/lab/dns_view.h"

#include <gtest/gtest.h>

#include <utility>

#include "sim/decision/bind.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

using lab::Asker;
using lab::Edition;
using lab::EditionPtr;
using lab::Seat;
using lab::SeatKind;

// Enough for several endpoints, zones and shared links to meet at a resource.
constexpr Size kSmall{10, 2};

std::uint64_t worlds() { return sampling(4) == 1 ? 400 : 100; }

// A caller in every subnet and in none, and a post of every resource in some subnet.
std::vector<lab::Post> posts_for(Dice& dice, const Environment& environment) {
  std::vector<lab::Post> posts;
  for (const Subnet& subnet : environment.subnets) {
    lab::Post& post = posts.emplace_back();
    post.caller.name = "in " + subnet.id.text();
    post.caller.subnet = subnet.id.text();
  }
  posts.emplace_back().caller.name = "away";
  for (const Resource& resource : environment.resources) {
    lab::Post& post = posts.emplace_back();
    post.caller.name = "job of " + resource.name;
    post.caller.subnet = dice.pick(environment.subnets).id.text();
    post.acts_for = resource.id;
  }
  return posts;
}

struct Question {
  Attempt attempt;  // without a destination
  IpAddress from;
};

std::vector<Question> questions(const Edition& edition) {
  std::vector<Question> all;
  for (const lab::Post& post : edition.posts) {
    Question& question = all.emplace_back();
    question.from = edition.plan.of_caller(post.caller);
    question.attempt.outside = post.acts_for.empty();
    question.attempt.from = post.acts_for.empty() ? post.caller.name : post.acts_for.text();
    question.attempt.subnet = post.caller.subnet;
  }
  for (const Resource& resource : edition.environment().resources) {
    Question& question = all.emplace_back();
    question.from = edition.plan.of_resource(resource);
    question.attempt.from = resource.id.text();
  }
  return all;
}

// Where the address is: `private of ID`, `public of ID`, `nobody`.
std::string place_of(const Edition& edition, const IpAddress& address) {
  const Seat* seat = edition.plan.at(address);
  if (seat == nullptr) return "nobody";
  const bool is_private = seat->kind == SeatKind::PrivateEndpoint;
  return (is_private ? "private of " : "public of ") + seat->key.substr(seat->key.find('>') + 1);
}

std::string place_by_engine(const Edition& edition, const Attempt& attempt) {
  const auto bound = bind(edition.policy, attempt);
  if (!bound) return bound.error();
  const Resource& target = edition.environment().resources[bound->destination];
  return (bound->path == Path::PrivateEndpoint ? "private of " : "public of ") + target.id.key();
}

std::string place_by_name(const Edition& edition, const Question& question,
                          const std::string& name) {
  const Asker asker = lab::asker_at(edition, question.from);
  const lab::DnsAnswer answer =
      lab::look_up(edition, asker, name, std::to_underlying(lab::DnsType::A));
  if (!answer.address) return "no address";
  // An alias leads to where it says.
  for (const std::string& alias : answer.aliases) {
    const lab::DnsAnswer next =
        lab::look_up(edition, asker, alias, std::to_underlying(lab::DnsType::A));
    EXPECT_EQ(next.address, answer.address) << name;
  }
  return place_of(edition, *answer.address);
}

struct Seen {
  std::uint64_t paths[2] = {0, 0};  // public, private
};

void compare_world(const Edition& edition, Seen& seen) {
  for (const Question& question : questions(edition)) {
    for (const Resource& resource : edition.environment().resources) {
      for (const DomainName& name : resource.host_names) {
        Attempt attempt = question.attempt;
        attempt.to = resource.id.text();
        attempt.name = name;
        const std::string expected = place_by_engine(edition, attempt);
        EXPECT_EQ(place_by_name(edition, question, name.text()), expected)
            << name.text() << " asked by " << question.attempt.from << " in "
            << question.attempt.subnet;
        ++seen.paths[expected.starts_with("private") ? 1 : 0];
      }
    }
  }
}

TEST(DnsView, LeadsWhereTheEngineSays) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= worlds() && !::testing::Test::HasFailure(); ++seed) {
    Dice dice(seed);
    Environment environment = random_environment(dice, kSmall);
    std::vector<lab::Post> posts = posts_for(dice, environment);
    compare_world(*lab::make_edition(std::move(environment), std::move(posts)).value(), seen);
  }
  EXPECT_GT(seen.paths[0], worlds() * 100);
  EXPECT_GT(seen.paths[1], worlds() * 5);
}

}  // namespace
}  // namespace nsp::differential
