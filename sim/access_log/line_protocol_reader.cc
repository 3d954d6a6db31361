#include "sim/access_log/line_protocol_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstring>
#include <vector>

#include "sim/access_log/line_protocol_callers.h"
#include "sim/access_log/line_protocol_text.h"
#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/model/caller_reader.h"

namespace nsp {

namespace od = simdjson::ondemand;

using Outcome = std::expected<void, LineError>;

struct AttemptLineReader::Parser {
  od::parser parser;
  std::vector<char> buffer;  // the line and the padding
};

namespace {

std::unexpected<LineError> wrong(std::string message, std::uint32_t column) {
  return std::unexpected(LineError{std::move(message), column});
}

std::string unknown_member(std::string_view name) {
  const std::string_view near = nearest_word(name, Vocabulary<LineMember>::words);
  if (!near.empty()) return fmt::format("unknown member `{}`, did you mean `{}`", name, near);
  return fmt::format("unknown member `{}`", name);
}

// Members are told apart by exact spelling, as JSON does; the words are few and short.
std::optional<LineMember> member_of(std::string_view name) {
  for (std::size_t i = 0; i < kLineMemberCount; ++i) {
    if (Vocabulary<LineMember>::words[i] == name) return static_cast<LineMember>(i);
  }
  return std::nullopt;
}

template <class E>
std::expected<E, std::string> parse_choice(std::string_view text, std::string_view expected) {
  if (const auto value = parse_word<E>(text)) return *value;
  return std::unexpected(fmt::format("`{}` is not expected here, expected {}", text, expected));
}

template <class T, class Into>
std::expected<void, std::string> keep(std::expected<T, std::string> value, Into& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = std::move(*value);
  return {};
}

std::expected<void, std::string> keep_name(std::string_view text, std::string_view what,
                                           std::string& into) {
  if (text.empty()) return std::unexpected(fmt::format("`{}` must not be empty", what));
  into.assign(text);
  return {};
}

std::expected<void, std::string> keep_address(std::string_view text, Attempt& attempt) {
  auto address = parse_visible_address(text);
  if (!address) return std::unexpected(std::move(address.error()));
  attempt.address = *address;
  attempt.address_hidden = !address->has_value();
  return {};
}

// Stores the text of a string member.
std::expected<void, std::string> store(LineMember member, std::string_view text, Attempt& attempt) {
  switch (member) {
    case LineMember::From:
      return keep_name(text, "from", attempt.from);
    case LineMember::To:
      return keep_name(text, "to", attempt.to);
    case LineMember::Credential:
      return keep(parse_credential(text), attempt.credential);
    case LineMember::Via:
      return keep(parse_choice<Via>(text, "auto, public, private endpoint or service endpoint"),
                  attempt.via);
    case LineMember::Address:
      return keep_address(text, attempt);
    case LineMember::Subscription:
      return keep(parse_subscription(text), attempt.subscription);
    case LineMember::Subnet:
      return keep_name(text, "subnet", attempt.subnet);
    case LineMember::Name:
      return keep(DomainName::parse(text), attempt.name);
    case LineMember::Protocol:
      return keep(parse_choice<Protocol>(text, "https, nfs, smb or sftp"), attempt.protocol);
    case LineMember::Operation:
      return keep_name(text, "operation", attempt.operation);
    case LineMember::Id:
    case LineMember::TrustedService:
      break;
  }
  return {};
}

// One pass over one line.
class LinePass {
 public:
  LinePass(const char* start, std::string_view line, AttemptLine& into)
      : start_(start), line_(line), into_(into) {}

  Outcome run(od::parser& parser, std::size_t capacity) {
    od::document document;
    if (parser.iterate(start_, line_.size(), capacity).get(document) != simdjson::SUCCESS) {
      return not_json();
    }
    od::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return not_json();
    for (auto field : object) {
      auto outcome = read_field(field);
      if (!outcome) return outcome;
    }
    // Out of bounds is how the parser says that nothing stands behind the value.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return not_json();
    if (!into_.says(LineMember::To)) return wrong("`to` is missing", 1);
    return {};
  }

 private:
  std::uint32_t column_of(const char* at) const {
    return static_cast<std::uint32_t>(at - start_) + 1;
  }

  // The reader of documents names the very place; what it accepts and JSON lines do not is said in
  // general.
  Outcome not_json() const {
    const auto root = parse_json(line_, "");
    if (!root) return wrong(root.error().front().message, root.error().front().place.column);
    if (!root->is_object()) {
      return wrong(fmt::format("expected a JSON object, got {}", kind_name(root->kind)), 1);
    }
    return wrong("expected strict JSON, without comments and trailing commas", 1);
  }

  Outcome read_field(simdjson::simdjson_result<od::field> found) {
    od::field field;
    std::string_view name;
    if (std::move(found).get(field) != simdjson::SUCCESS) return not_json();
    const char* const name_at = field.key().raw() - 1;  // at its quote
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return not_json();
    const auto member = member_of(name);
    if (!member) return wrong(unknown_member(name), column_of(name_at));
    if (into_.says(*member) || null_seen(*member)) {
      return wrong(fmt::format("member `{}` stands twice", name), column_of(name_at));
    }
    return read_value(*member, field.value());
  }

  bool null_seen(LineMember member) const {
    return (nulls_ >> static_cast<unsigned>(member) & 1U) != 0;
  }

  Outcome read_value(LineMember member, od::value& value) {
    od::json_type type{};
    const char* at = nullptr;
    if (value.current_location().get(at) != simdjson::SUCCESS) return not_json();
    if (value.type().get(type) != simdjson::SUCCESS) return not_json();
    if (type == od::json_type::null) {
      bool null = false;
      if (value.is_null().get(null) != simdjson::SUCCESS || !null) return not_json();
      nulls_ |= 1U << static_cast<unsigned>(member);
      return {};
    }
    into_.column[static_cast<std::size_t>(member)] = column_of(at);
    if (member == LineMember::Id) return read_id(value, type, at);
    if (member == LineMember::TrustedService) return read_flag(value, type, at);
    return read_text(member, value, type, at);
  }

  // Kept as written, and checked: what is written into the answer must be JSON.
  Outcome read_id(od::value& value, od::json_type type, const char* at) {
    const std::string_view token = trim(value.raw_json_token());
    std::string_view text;
    double number = 0;
    if (type == od::json_type::string) {
      if (value.get_string().get(text) != simdjson::SUCCESS) return not_json();
    } else if (type == od::json_type::number) {
      if (value.get_double().get(number) != simdjson::SUCCESS) return not_json();
    } else {
      return wrong("expected a string or a number in `id`", column_of(at));
    }
    into_.id.assign(token);
    return {};
  }

  Outcome read_flag(od::value& value, od::json_type type, const char* at) {
    if (type != od::json_type::boolean) {
      return wrong("expected true or false in `trustedService`", column_of(at));
    }
    if (value.get_bool().get(into_.attempt.trusted_service) != simdjson::SUCCESS) return not_json();
    return {};
  }

  Outcome read_text(LineMember member, od::value& value, od::json_type type, const char* at) {
    if (type != od::json_type::string) {
      return wrong(fmt::format("expected a string in `{}`", to_string(member)), column_of(at));
    }
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return not_json();
    auto stored = store(member, text, into_.attempt);
    if (!stored) return wrong(std::move(stored.error()), column_of(at));
    return {};
  }

  const char* start_;
  std::string_view line_;
  AttemptLine& into_;
  std::uint32_t nulls_ = 0;
};

void forget(AttemptLine& line) {
  line.id.assign("null");
  line.column = {};
  Attempt& attempt = line.attempt;
  attempt.from.clear();
  attempt.outside = false;
  attempt.to.clear();
  attempt.credential.reset();
  attempt.via = Via::Auto;
  attempt.address.reset();
  attempt.address_hidden = false;
  attempt.subscription.reset();
  attempt.subnet.clear();
  attempt.name.reset();
  attempt.protocol = Protocol::Https;
  attempt.operation.assign("data");
  attempt.trusted_service = false;
}

// The id of a line that could not be read, wherever in the line it stands; `null` when it cannot be
// told.
std::string recover_id(std::string_view line) {
  const auto root = parse_json(line, "");
  const Node* id = root ? root->find("id") : nullptr;
  if (id == nullptr) return "null";
  if (id->is(Node::Kind::Number)) return id->text;
  if (!id->is_string()) return "null";
  std::string quoted;
  append_json_string(quoted, id->text);
  return quoted;
}

}  // namespace

AttemptLineReader::AttemptLineReader() : parser_(std::make_unique<Parser>()) {}
AttemptLineReader::~AttemptLineReader() = default;

Outcome AttemptLineReader::read(std::string_view line, AttemptLine& into) {
  forget(into);
  std::vector<char>& buffer = parser_->buffer;
  const std::size_t capacity = line.size() + simdjson::SIMDJSON_PADDING;
  if (buffer.size() < capacity) buffer.resize(capacity);
  std::memcpy(buffer.data(), line.data(), line.size());
  std::memset(buffer.data() + line.size(), 0, simdjson::SIMDJSON_PADDING);
  auto outcome = LinePass(buffer.data(), line, into).run(parser_->parser, capacity);
  if (!outcome && into.id == "null") into.id = recover_id(line);
  return outcome;
}

}  // namespace nsp
