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

  // The tokens by number, for loops that keep the number themselves: a walk that moves for each
  // token waits for its own last move.
  struct Tokens {
    const char* text = nullptr;
    std::size_t size = 0;
    const std::uint32_t* starts = nullptr;
    std::size_t count = 0;

    // The first character of a token; 0 behind the last one.
    [[nodiscard]] char peek(std::size_t index) const {
      return index < count ? text[starts[index]] : '\0';
    }
    // What stands there, whatever its length. REQUIRES: index < count.
    [[nodiscard]] const char* from(std::size_t index) const { return text + starts[index]; }
    // Without the blanks behind it. A string has its quotes and escapes. REQUIRES: index < count.
    [[nodiscard]] std::string_view token(std::size_t index) const {
      const char* const begin = from(index);
      const char* end = index + 1 < count ? from(index + 1) : text + size;
      while (end > begin && static_cast<unsigned char>(end[-1]) <= ' ') --end;
      return {begin, static_cast<std::size_t>(end - begin)};
    }
  };
  [[nodiscard]] const Tokens& tokens() const { return tokens_; }
  [[nodiscard]] std::size_t index() const { return at_; }  // of the token at hand
  void move_to(std::size_t index) { at_ = index; }

  // The same for the token at hand.
  [[nodiscard]] char peek() const { return tokens_.peek(at_); }
  [[nodiscard]] bool at_end() const { return at_ >= tokens_.count; }
  [[nodiscard]] std::string_view token() const { return tokens_.token(at_); }
  void skip(std::size_t count) { at_ += count; }

  // Over a whole value; false where its brackets do not close. `into`: its text, where asked for.
  [[nodiscard]] bool skip_value(std::string_view* into = nullptr);

 private:
  struct Stage;

  std::unique_ptr<Stage> stage_;
  Tokens tokens_;
  std::size_t at_ = 0;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_JSON_WALK_H_
