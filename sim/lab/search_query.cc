#include "sim/lab/search_query.h"

#include <algorithm>

#include "sim/base/text.h"
#include "sim/lab/search_index.h"

namespace nsp::lab {
namespace {

bool is_letter(char c) {
  const char small = ascii_lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '|'; }

// Cuts the next piece off: up to a space, or a whole quoted phrase with what stands before it.
std::string_view next_piece(std::string_view& text) {
  while (!text.empty() && is_space(text[0])) text.remove_prefix(1);
  std::size_t end = 0;
  bool quoted = false;
  while (end < text.size() && (quoted || !is_space(text[end]))) {
    if (text[end] == '"') quoted = !quoted;
    ++end;
  }
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end);
  return piece;
}

bool is_at(const QueryTerm& term, const std::vector<std::string>& words, std::size_t at) {
  for (std::size_t i = 0; i < term.words.size(); ++i) {
    const bool last = i + 1 == term.words.size();
    const std::string& word = words[at + i];
    if (term.prefix && last ? !word.starts_with(term.words[i]) : word != term.words[i])
      return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (char c : text) {
    if (is_letter(c)) {
      word.push_back(ascii_lower(c));
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

TextQuery parse_text_query(std::string_view text, bool all) {
  TextQuery query;
  query.all = all;
  while (true) {
    std::string_view piece = next_piece(text);
    if (piece.empty()) return query;
    QueryTerm term;
    if (piece[0] == '+' || piece[0] == '-') {
      (piece[0] == '+' ? term.required : term.excluded) = true;
      piece.remove_prefix(1);
    }
    const bool quoted = piece.starts_with('"');
    term.prefix = !quoted && piece.ends_with('*');
    std::vector<std::string> words = words_of(piece);
    if (words.empty()) continue;
    if (quoted || words.size() == 1) {
      term.words = std::move(words);
      query.terms.push_back(std::move(term));
      continue;
    }
    // `e-mail` is two words, and the star is the last one's.
    for (std::size_t i = 0; i < words.size(); ++i) {
      QueryTerm part = term;
      part.prefix = term.prefix && i + 1 == words.size();
      part.words = {words[i]};
      query.terms.push_back(std::move(part));
    }
  }
}

bool TextQuery::matches(const std::vector<std::size_t>& found) const {
  bool any = terms.empty();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const bool holds = (found[i] > 0) != terms[i].excluded;
    if (!holds && (all || terms[i].required)) return false;
    any = any || holds;
  }
  return any;
}

std::size_t occurrences(const QueryTerm& term, const std::vector<std::string>& words) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + term.words.size() <= words.size(); ++at) {
    if (is_at(term, words, at)) ++count;
  }
  return count;
}

}  // namespace nsp::lab
