#include "sim/lab/edition.h"

#include <fmt/format.h>

#include <utility>

namespace nsp::lab {
namespace {

std::vector<Caller> callers_of(const std::vector<Post>& posts) {
  std::vector<Caller> callers;
  callers.reserve(posts.size());
  for (const Post& post : posts) callers.push_back(post.caller);
  return callers;
}

}  // namespace

const Post* Edition::find_post(const std::string& name) const {
  auto found = post_of_name.find(name);
  return found == post_of_name.end() ? nullptr : &posts[found->second];
}

std::expected<EditionPtr, std::string> make_edition(Environment environment,
                                                    std::vector<Post> posts,
                                                    const Edition* previous) {
  auto plan = AddressPlan::make(environment, callers_of(posts),
                                previous == nullptr ? nullptr : &previous->plan);
  if (!plan) return std::unexpected(std::move(plan.error()));
  auto edition = std::make_shared<Edition>();
  edition->number = previous == nullptr ? 1 : previous->number + 1;
  edition->plan = *std::move(plan);
  for (std::size_t i = 0; i < posts.size(); ++i) {
    if (!edition->post_of_name.emplace(posts[i].caller.name, i).second) {
      return std::unexpected(
          fmt::format("two callers are named `{}`, expected one", posts[i].caller.name));
    }
  }
  edition->posts = std::move(posts);
  edition->policy = compile(std::move(environment));
  return edition;
}

const EditionPtr& Timeline::data_plane(LabTime now) {
  advance(now);
  return in_effect_;
}

void Timeline::advance(LabTime now) {
  while (!pending_.empty() && pending_.front().at <= now) {
    in_effect_ = std::move(pending_.front().edition);
    pending_.pop_front();
  }
}

void Timeline::publish(EditionPtr next, LabTime now) {
  newest_ = next;
  pending_.push_back({std::move(next), now + delay_});
}

std::chrono::milliseconds Timeline::behind(LabTime now) {
  advance(now);
  if (pending_.empty()) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(pending_.back().at - now);
}

}  // namespace nsp::lab
