// Functions on strings. Positions and lengths count characters as Resource Manager does; ours count
// code points, which is the same for all that a name in Azure may hold.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/template/arguments.h"
#include "sim/document/template/characters.h"
#include "sim/document/template/unique.h"

namespace nsp {
namespace {

using Text = std::expected<std::string_view, std::string>;

// Every argument is text or a number, joined by hyphens.
std::expected<std::string, std::string> hyphened(const Call& call) {
  std::string joined;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const auto text = string_argument(call, i);
    if (!text) return NotThis(text.error());
    if (i != 0) joined += '-';
    joined += *text;
  }
  return joined;
}

FunctionResult run_unique_string(const Call& call) {
  const auto joined = hyphened(call);
  if (!joined) return NotThis(joined.error());
  return give(call, unique_string(*joined));
}

FunctionResult run_guid(const Call& call) {
  const auto joined = hyphened(call);
  if (!joined) return NotThis(joined.error());
  return give(call, name_based_guid(*joined));
}

// A function from one text to one.
template <std::string (*change)(std::string_view)>
FunctionResult changed(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  return give(call, change(*text));
}

std::string trimmed(std::string_view text) { return std::string(trim(text)); }

// Only ASCII letters change: names in Azure hold no others.
std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

FunctionResult run_base64(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  return give(call, to_base64(*text));
}

FunctionResult run_base64_to_string(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  auto bytes = from_base64(*text);
  if (!bytes || !is_utf8(*bytes)) return NotThis("expected the base 64 of a text");
  return give(call, *std::move(bytes));
}

FunctionResult parsed(const Call& call, const std::string& text) {
  auto tree = parse_json(text, "json()");
  if (!tree) return NotThis(tree.error().front().message);
  // Its places are those of the expression: the text has none of its own.
  std::vector<Node*> open{&*tree};
  while (!open.empty()) {
    Node* node = open.back();
    open.pop_back();
    node->file = call.where.file;
    node->line = call.where.line;
    node->column = call.where.column;
    for (Node& item : node->items) open.push_back(&item);
    for (Member& member : node->members) open.push_back(&member.value);
  }
  return give(*std::move(tree));
}

FunctionResult run_json(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  return parsed(call, std::string(*text));
}

FunctionResult run_base64_to_json(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  auto bytes = from_base64(*text);
  if (!bytes) return NotThis("expected base 64");
  return parsed(call, *bytes);
}

FunctionResult run_ends_with(const Call& call) {
  const Text text = string_argument(call, 0);
  const Text end = string_argument(call, 1);
  if (!text || !end) return NotThis((text ? end : text).error());
  return give(call, lower(*text).ends_with(lower(*end)));
}

FunctionResult run_starts_with(const Call& call) {
  const Text text = string_argument(call, 0);
  const Text start = string_argument(call, 1);
  if (!text || !start) return NotThis((text ? start : text).error());
  return give(call, lower(*text).starts_with(lower(*start)));
}

// `{0}`, `{1}`, `{{`. A format after a colon, `{0:D3}`, pads integers; others are refused.
FunctionResult run_format(const Call& call) {
  const Text pattern = string_argument(call, 0);
  if (!pattern) return NotThis(pattern.error());
  std::string out;
  for (std::size_t i = 0; i < pattern->size(); ++i) {
    const char c = (*pattern)[i];
    if ((c == '{' || c == '}') && i + 1 < pattern->size() && (*pattern)[i + 1] == c) {
      out += c;
      ++i;
      continue;
    }
    if (c != '{') {
      out += c;
      continue;
    }
    const std::size_t end = pattern->find('}', i);
    if (end == std::string_view::npos) return NotThis("a `{` is never closed");
    const auto filled = format_item(call, pattern->substr(i + 1, end - i - 1));
    if (!filled) return NotThis(filled.error());
    out += *filled;
    if (out.size() > kLongestText) return too_long();
    i = end;
  }
  return give(call, std::move(out));
}

FunctionResult run_join(const Call& call) {
  if (!call[0].is_array()) return expected_instead("an array", call[0]);
  const Text separator = string_argument(call, 1);
  if (!separator) return NotThis(separator.error());
  std::string out;
  for (const Node& item : call[0].items) {
    if (&item != call[0].items.data()) out += *separator;
    out += text_of(item);
    if (out.size() > kLongestText) return too_long();
  }
  return give(call, std::move(out));
}

FunctionResult run_pad_left(const Call& call) {
  const auto width = integer_argument(call, 1);
  if (!width) return NotThis(width.error());
  std::string pad = " ";
  if (call.size() > 2) {
    const Text given = string_argument(call, 2);
    if (!given) return NotThis(given.error());
    pad = *given;
  }
  if (count_characters(pad) != 1) return NotThis("expected one character to pad with");
  constexpr std::int64_t kWidest = 100'000;
  if (*width < 0 || *width > kWidest) return NotThis("expected a width of 0 to 100000");
  const std::string text = text_of(call[0]);
  std::string out;
  for (auto i = static_cast<std::int64_t>(count_characters(text)); i < *width; ++i) out += pad;
  return give(call, out + text);
}

FunctionResult run_replace(const Call& call) {
  const Text text = string_argument(call, 0);
  const Text old = string_argument(call, 1);
  const Text by = string_argument(call, 2);
  if (!text || !old || !by) return NotThis((!text ? text : !old ? old : by).error());
  if (old->empty()) return NotThis("expected a text to replace, found an empty one");
  std::string out;
  std::size_t at = 0;
  for (std::size_t found; (found = text->find(*old, at)) != std::string_view::npos;) {
    out += text->substr(at, found - at);
    out += *by;
    at = found + old->size();
    if (out.size() > kLongestText) return too_long();
    if (!call.budget.spend(1 + by->size() / 64)) return too_many_steps();
  }
  return give(call, out += text->substr(at));
}

// By one text, or by any of an array of texts.
FunctionResult run_split(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  std::vector<std::string_view> separators;
  if (call[1].is_string()) separators.emplace_back(call[1].text);
  for (const Node& item : call[1].items) separators.emplace_back(item.text);
  Node out = Node::array(call.where);
  std::size_t start = 0;
  for (std::size_t i = 0; i < text->size();) {
    const auto here = std::ranges::find_if(separators, [&](std::string_view separator) {
      return !separator.empty() && text->substr(i).starts_with(separator);
    });
    if (here == separators.end()) {
      ++i;
      continue;
    }
    constexpr std::size_t kStepsPerPiece = 8;
    if (!call.budget.spend(kStepsPerPiece)) return too_many_steps();
    out.push(string_node(std::string(text->substr(start, i - start)), call.where));
    i += here->size();
    start = i;
  }
  out.push(string_node(std::string(text->substr(start)), call.where));
  return give(std::move(out));
}

FunctionResult run_string(const Call& call) { return give(call, text_of(call[0])); }

FunctionResult run_substring(const Call& call) {
  const Text text = string_argument(call, 0);
  const auto start = integer_argument(call, 1);
  if (!text || !start) return NotThis(!text ? text.error() : start.error());
  const auto size = static_cast<std::int64_t>(count_characters(*text));
  std::int64_t length = size - *start;
  if (call.size() > 2) {
    const auto given = integer_argument(call, 2);
    if (!given) return NotThis(given.error());
    length = *given;
  }
  if (*start < 0 || length < 0 || *start > size || length > size - *start) {
    return NotThis(
        fmt::format("{} characters from {} are outside a text of {}", length, *start, size));
  }
  return give(call, std::string(characters(*text, static_cast<std::size_t>(*start),
                                           static_cast<std::size_t>(length))));
}

FunctionResult run_uri(const Call& call) {
  const Text base = string_argument(call, 0);
  const Text relative = string_argument(call, 1);
  if (!base || !relative) return NotThis((base ? relative : base).error());
  // As RFC 3986 for the cases that the documentation shows: what follows the last `/` is replaced.
  std::string out(base->substr(0, base->rfind('/') + 1));
  if (out.ends_with("://")) out = std::string(*base) + "/";
  return give(call, out += relative->starts_with('/') ? relative->substr(1) : *relative);
}

FunctionResult run_data_uri(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  return give(call, "data:text/plain;charset=utf8;base64," + to_base64(*text));
}

FunctionResult run_data_uri_to_string(const Call& call) {
  const Text text = string_argument(call, 0);
  if (!text) return NotThis(text.error());
  const std::size_t comma = text->find(',');
  if (!text->starts_with("data:") || comma == std::string_view::npos) {
    return NotThis("expected a data URI");
  }
  const std::string_view body = text->substr(comma + 1);
  if (!text->substr(0, comma).ends_with(";base64")) return give(call, from_uri_component(body));
  auto bytes = from_base64(body);
  if (!bytes || !is_utf8(*bytes)) return NotThis("expected a data URI of a text");
  return give(call, *std::move(bytes));
}

constexpr std::array kStringFunctions{
    Function{"base64", 1, 1, run_base64, false, "template-functions-string#base64"},
    Function{"base64ToJson", 1, 1, run_base64_to_json, false,
             "template-functions-string#base64tojson"},
    Function{"base64ToString", 1, 1, run_base64_to_string, false,
             "template-functions-string#base64tostring"},
    Function{"dataUri", 1, 1, run_data_uri, false, "template-functions-string#datauri"},
    Function{"dataUriToString", 1, 1, run_data_uri_to_string, false,
             "template-functions-string#datauritostring"},
    Function{"endsWith", 2, 2, run_ends_with, false, "template-functions-string#endswith"},
    Function{"format", 1, kAnyNumber, run_format, false, "template-functions-string#format"},
    Function{"guid", 1, kAnyNumber, run_guid, false, "template-functions-string#guid"},
    Function{"join", 2, 2, run_join, false, "template-functions-string#join"},
    Function{"json", 1, 1, run_json, false, "template-functions-object#json"},
    Function{"padLeft", 2, 3, run_pad_left, false, "template-functions-string#padleft"},
    Function{"replace", 3, 3, run_replace, false, "template-functions-string#replace"},
    Function{"split", 2, 2, run_split, false, "template-functions-string#split"},
    Function{"startsWith", 2, 2, run_starts_with, false, "template-functions-string#startswith"},
    Function{"string", 1, 1, run_string, false, "template-functions-string#string"},
    Function{"substring", 2, 3, run_substring, false, "template-functions-string#substring"},
    Function{"toLower", 1, 1, changed<lower>, false, "template-functions-string#tolower"},
    Function{"toUpper", 1, 1, changed<upper>, false, "template-functions-string#toupper"},
    Function{"trim", 1, 1, changed<trimmed>, false, "template-functions-string#trim"},
    Function{"uniqueString", 1, kAnyNumber, run_unique_string, false,
             "template-functions-string#uniquestring"},
    Function{"uri", 2, 2, run_uri, false, "template-functions-string#uri"},
    Function{"uriComponent", 1, 1, changed<to_uri_component>, false,
             "template-functions-string#uricomponent"},
    Function{"uriComponentToString", 1, 1, changed<from_uri_component>, false,
             "template-functions-string#uricomponenttostring"}};

}  // namespace

std::span<const Function> string_functions() { return kStringFunctions; }

}  // namespace nsp
