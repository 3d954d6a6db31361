#include "sim/lab/edition.h"

#include <gmock/gmock.h>

namespace nsp::lab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EditionPtr edition_after(const Edition* previous) {
  return make_edition(Environment(), {}, previous).value();
}

TEST(Timeline, ShowsAChangeAtOnceAndObeysItAfterTheDelay) {
  const LabTime start{};
  EditionPtr first = edition_after(nullptr);
  EditionPtr second = edition_after(first.get());
  EditionPtr third = edition_after(second.get());
  Timeline timeline(first, seconds(90));
  timeline.publish(second, start);
  timeline.publish(third, start + seconds(10));
  EXPECT_EQ(timeline.control_plane(), third);
  EXPECT_EQ(timeline.data_plane(start + seconds(89)), first);
  EXPECT_EQ(timeline.behind(start + seconds(89)), seconds(11));
  EXPECT_EQ(timeline.data_plane(start + seconds(90)), second);
  EXPECT_EQ(timeline.data_plane(start + seconds(100)), third);
  EXPECT_EQ(timeline.behind(start + seconds(100)), milliseconds(0));
}

TEST(Timeline, WithoutADelayIsNeverBehind) {
  const LabTime start{};
  EditionPtr first = edition_after(nullptr);
  EditionPtr second = edition_after(first.get());
  Timeline timeline(first, milliseconds(0));
  timeline.publish(second, start);
  EXPECT_EQ(timeline.behind(start), milliseconds(0));
  EXPECT_EQ(timeline.data_plane(start), second);
}

TEST(Edition, CountsFromOneAndFindsPosts) {
  std::vector<Post> posts(2);
  posts[0].caller.name = "office";
  posts[1].caller.name = "build agent";
  EditionPtr first = make_edition(Environment(), posts).value();
  EXPECT_EQ(first->number, 1U);
  EXPECT_EQ(edition_after(first.get())->number, 2U);
  EXPECT_EQ(first->find_post("build agent"), &first->posts[1]);
  EXPECT_EQ(first->find_post("nobody"), nullptr);
}

TEST(Edition, RefusesTwoCallersOfOneName) {
  std::vector<Post> posts(2);
  posts[0].caller.name = posts[1].caller.name = "office";
  auto refused = make_edition(Environment(), posts);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), "two callers are named `office`, expected one");
}

}  // namespace
}  // namespace nsp::lab
