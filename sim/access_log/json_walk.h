// A walk over the tokens of one JSON text, front to back.
//
// A vectorised pass finds where tokens start - brackets, colons, commas, strings, other scalars -
// and checks quotes and UTF-8. The walk then goes from start to start; nothing between is looked at
// unless asked for, so that skipping a member costs nothing. What is skipped is checked for
// brackets only.
//
// The pass is simdjson's first stage. Its own second stages (a tree, or on demand) do more than
// reading a few members of a record needs: this walk is about twice as fast as on demand is on such
// records.
//
// Thread safety: one thread's.
#ifndef NSP_SIM_ACCESS_LOG_JSON_WALK_H_
#define NSP_SIM_ACCESS_LOG_JSON_WALK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace nsp {

class JsonWalk {
 public:
  enum class Fault : std::uint8_t { None, NotUtf8, NotJson };

  JsonWalk();
  ~JsonWalk();
  JsonWalk(const JsonWalk&) = delete;
  JsonWalk& operator=(const JsonWalk&) = delete;

  // To the first token of `text`. REQUIRES: not blank; 64 readable bytes behind it; it outlives the
  // walk.
  [[nodiscard]] Fault start(std::string_view text);

  // The first character of the token at hand, or of one behind it; 0 at the end.
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < count_ ? text_[starts_[at_ + ahead]] : '\0';
  }
  [[nodiscard]] bool at_end() const { return at_ >= count_; }
  void skip(std::size_t tokens) { at_ += tokens; }

  // From the start of the token at hand: what stands there, whatever its length.
  [[nodiscard]] const char* here() const { return text_ + starts_[at_]; }
  // The token at hand without the blanks behind it. A string has its quotes and escapes.
  // REQUIRES: !at_end().
  [[nodiscard]] std::string_view token() const {
    const char* const begin = text_ + starts_[at_];
    const char* end = at_ + 1 < count_ ? text_ + starts_[at_ + 1] : text_ + size_;
    while (end > begin && static_cast<unsigned char>(end[-1]) <= ' ') --end;
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  // Over a whole value; false where its brackets do not close. `into`: its text, where asked for.
  [[nodiscard]] bool skip_value(std::string_view* into = nullptr);

 private:
  struct Stage;

  std::unique_ptr<Stage> stage_;
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  const std::uint32_t* starts_ = nullptr;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_JSON_WALK_H_
