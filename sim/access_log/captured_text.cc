#include "sim/access_log/captured_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "sim/access_log/line_protocol_text.h"

namespace nsp {
namespace {

namespace dom = simdjson::dom;

// -- writing --

class TextWriter {
 public:
  std::string take() { return std::move(out_); }

  void open(char bracket) {
    before();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    before();
    append_json_string(out_, name);
    out_ += ':';
    first_ = true;
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    first_ = false;
  }
  void stated(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    out_ += std::to_string(value);
    first_ = false;
  }
  void item(std::int64_t value) {
    before();
    out_ += std::to_string(value);
  }

 private:
  void before() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  std::string out_;
  bool first_ = true;
};

void write_attempt(TextWriter& out, const Attempt& attempt) {
  out.stated("from", attempt.from);
  if (attempt.outside) out.text("outside", "yes");
  out.stated("to", attempt.to);
  if (attempt.credential) out.text("credential", to_string(*attempt.credential));
  if (attempt.via != Via::Auto) out.text("via", to_string(attempt.via));
  if (attempt.address) out.text("address", to_string(*attempt.address));
  if (attempt.address_hidden) out.text("hidden", "yes");
  if (attempt.subscription) out.text("subscription", to_string(*attempt.subscription));
  out.stated("subnet", attempt.subnet);
  if (attempt.name) out.text("name", attempt.name->text());
  if (attempt.protocol != Protocol::Https) out.text("protocol", to_string(attempt.protocol));
  if (attempt.operation != "data") out.text("operation", attempt.operation);
  if (attempt.trusted_service) out.text("trustedService", "yes");
}

void write_flows(TextWriter& out, const Attempt& attempt, const CapturedTraffic::Flows& flows) {
  out.open('{');
  write_attempt(out, attempt);
  out.number("weight", flows.seen.weight);
  out.number("packets", flows.packets);
  out.text("first", to_string(flows.seen.first));
  out.text("last", to_string(flows.seen.last));
  out.key("days");
  out.open('[');
  for (const Day day : flows.seen.days.days()) out.item(day);
  out.close(']');
  out.close('}');
}

void write_warning(TextWriter& out, const Diagnostic& warning) {
  out.open('{');
  out.text("severity", to_string(warning.severity));
  out.text("file", warning.place.file);
  out.number("line", warning.place.line);
  out.text("message", warning.message);
  out.close('}');
}

// -- reading --

// A member of an object; what is missing or of another type is remembered, the first one.
class TextReader {
 public:
  TextReader(dom::object object, std::string& error) : object_(object), error_(error) {}

  std::string text(std::string_view name) {
    std::string_view value;
    const auto member = object_.at_key(name);
    if (member.error() != simdjson::SUCCESS) return {};
    if (member.get_string().get(value) != simdjson::SUCCESS) fail(name, "a string");
    return std::string(value);
  }
  bool flag(std::string_view name) { return text(name) == "yes"; }
  std::uint64_t number(std::string_view name) {
    std::uint64_t value = 0;
    if (object_.at_key(name).get_uint64().get(value) != simdjson::SUCCESS) {
      fail(name, "a whole number");
    }
    return value;
  }
  // What `parse` makes of the text, which may be missing.
  template <class Parse>
  auto stated(std::string_view name, Parse parse, std::string_view expected)
      -> decltype(parse(std::string())) {
    const std::string word = text(name);
    if (word.empty()) return {};
    auto value = parse(word);
    if (!value) fail(name, expected);
    return value;
  }
  template <class Each>
  void each_element(std::string_view name, Each each) {
    dom::array elements;
    if (object_.at_key(name).get_array().get(elements) != simdjson::SUCCESS) {
      return fail(name, "an array");
    }
    for (const dom::element element : elements) each(element);
  }
  template <class Each>
  void each_number(std::string_view name, Each each) {
    dom::object counts;
    if (object_.at_key(name).get_object().get(counts) != simdjson::SUCCESS) {
      return fail(name, "an object");
    }
    for (const auto field : counts) each(field.key, TextReader(counts, error_).number(field.key));
  }
  template <class Each>
  void each_object(std::string_view name, Each each) {
    each_element(name, [&](dom::element element) {
      dom::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return fail(name, "objects");
      each(TextReader(object, error_));
    });
  }
  void fail(std::string_view name, std::string_view expected) {
    if (error_.empty()) error_ = fmt::format("expected {} in `captures.{}`", expected, name);
  }

 private:
  dom::object object_;
  std::string& error_;
};

std::optional<DomainName> parse_name(const std::string& text) {
  auto name = DomainName::parse(text);
  return name ? std::optional(std::move(*name)) : std::nullopt;
}

Attempt read_attempt(TextReader& in) {
  Attempt attempt;
  attempt.from = in.text("from");
  attempt.outside = in.flag("outside");
  attempt.to = in.text("to");
  attempt.credential = in.stated("credential", &parse_word<Credential>, "a credential");
  attempt.via = in.stated("via", &parse_word<Via>, "a path").value_or(Via::Auto);
  attempt.address = in.stated("address", &IpAddress::parse, "an address");
  attempt.address_hidden = in.flag("hidden");
  attempt.subscription = in.stated("subscription", &Guid::parse, "a GUID");
  attempt.subnet = in.text("subnet");
  attempt.name = in.stated("name", &parse_name, "a host name");
  attempt.protocol =
      in.stated("protocol", &parse_word<Protocol>, "a protocol").value_or(Protocol::Https);
  if (const std::string operation = in.text("operation"); !operation.empty()) {
    attempt.operation = operation;
  }
  attempt.trusted_service = in.flag("trustedService");
  return attempt;
}

CapturedTraffic::Flows read_flows(TextReader& in) {
  CapturedTraffic::Flows flows;
  flows.seen.weight = in.number("weight");
  flows.packets = in.number("packets");
  flows.seen.first = in.stated("first", &parse_instant, "a time").value_or(Instant::max());
  flows.seen.last = in.stated("last", &parse_instant, "a time").value_or(Instant::min());
  in.each_element("days", [&](dom::element element) {
    constexpr std::int64_t kMostDays = 110'000;  // what an Instant can hold
    std::int64_t day = 0;
    if (element.get_int64().get(day) != simdjson::SUCCESS || day < -kMostDays || day > kMostDays) {
      in.fail("days", "days since 1970-01-01");
    } else {
      flows.seen.days.insert(static_cast<Day>(day));
    }
  });
  return flows;
}

Diagnostic read_warning(TextReader& in) {
  constexpr std::uint64_t kMost = 0xffff'ffff;
  Diagnostic warning;
  const std::string severity = in.text("severity");
  warning.severity = severity == to_string(Severity::Warning) ? Severity::Warning
                     : severity == to_string(Severity::Note)  ? Severity::Note
                                                              : Severity::Error;
  warning.place.file = in.text("file");
  warning.place.line = static_cast<std::uint32_t>(std::min(in.number("line"), kMost));
  warning.message = in.text("message");
  return warning;
}

}  // namespace

std::string captured_text(const CapturedTraffic& traffic) {
  TextWriter out;
  out.open('{');
  out.number("files", traffic.files);
  out.number("packets", traffic.packets);
  out.number("flows", traffic.flows);
  out.key("problems");
  out.open('{');
  for (const auto& [kind, count] : traffic.problems) out.number(kind, count);
  out.close('}');
  out.key("warnings");
  out.open('[');
  for (const Diagnostic& warning : traffic.warnings) write_warning(out, warning);
  out.close(']');
  out.key("attempts");
  out.open('[');
  for (const auto& [attempt, flows] : traffic.attempts) write_flows(out, attempt, flows);
  out.close(']');
  out.close('}');
  return out.take();
}

std::expected<CapturedTraffic, std::string> read_captured_text(std::string_view text) {
  const simdjson::padded_string padded(text);
  dom::parser parser;
  dom::object object;
  if (parser.parse(padded).get_object().get(object) != simdjson::SUCCESS) {
    return std::unexpected("expected an object in `captures`");
  }
  std::string error;
  TextReader in(object, error);
  CapturedTraffic traffic;
  traffic.files = in.number("files");
  traffic.packets = in.number("packets");
  traffic.flows = in.number("flows");
  in.each_number("problems", [&](std::string_view kind, std::uint64_t count) {
    traffic.problems[std::string(kind)] = count;
  });
  in.each_object("warnings",
                 [&](TextReader warning) { traffic.warnings.push_back(read_warning(warning)); });
  in.each_object("attempts", [&](TextReader one) {
    Attempt attempt = read_attempt(one);
    traffic.attempts[std::move(attempt)] = read_flows(one);
  });
  if (!error.empty()) return std::unexpected(std::move(error));
  return traffic;
}

}  // namespace nsp
