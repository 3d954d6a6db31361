#include "sim/access_log/record_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <string_view>

#include "sim/access_log/line_protocol_text.h"
#include "sim/decision/describe.h"

namespace nsp {
namespace {

// Everything that a record of either shape says, but for its times; what does not apply is empty.
struct Record {
  LogCategory category = LogCategory::NspPublicInboundResourceRulesAllowed;
  std::string perimeter;  // its id, as written
  std::string location;
  std::string profile;
  std::string rule;
  std::string version = "0";  // accessRulesVersion: no document carries it
  std::string operation;
  std::string service;  // the id of the resource that writes the record
  std::string service_name;
  std::string source_address;
  std::string source_resource;
  std::string source_guid;
  std::string source_protocol;
  std::string source_parameters;
  std::string destination_name;
  std::string destination_resource;
  std::string destination_protocol;
  // Of the table only.
  std::string subscription;
  std::string_view action;
  std::string_view direction;
  std::string_view rule_type;
  std::string_view traffic_type;
};

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return out;
}

// `HTTPS:TCP`: the application's protocol and the transport's.
std::string protocol_text(Protocol protocol) { return upper(to_string(protocol)) + ":TCP"; }

bool contains(LogCategory category, std::string_view part) {
  return to_string(category).find(part) != std::string_view::npos;
}

std::string_view rule_type_of(LogCategory category) {
  if (contains(category, "PerimeterRules")) return "NSP";
  return contains(category, "ResourceRules") ? "PaaS resource" : "";
}

// An outbound attempt is told apart by why it was let out.
std::string_view traffic_type_of(LogCategory category, Reason reason) {
  if (category == LogCategory::NspOutboundAttempt) {
    return reason == Reason::PerimeterLink ? "Cross" : "Intra";
  }
  for (const std::string_view type : {"Private", "Intra", "Cross"}) {
    if (to_string(category).starts_with(fmt::format("Nsp{}", type))) return type;
  }
  return "Public";
}

bool admitted_by_guid(LogCategory category) {
  return category == LogCategory::NspIntraPerimeterInboundAllowed ||
         category == LogCategory::NspCrossPerimeterInboundAllowed;
}

// Takes one leg of a decision apart.
class Teller {
 public:
  Teller(const Decided& decided, const Leg& leg, LogCategory category)
      : decided_(decided),
        bound_(decided.bound),
        environment_(decided.policy.environment()),
        leg_(leg) {
    assert(leg.association != kNone);
    record_.category = category;
  }

  Record tell() && {
    tell_place();
    tell_outcome();
    record_.operation = decided_.attempt.operation.empty() ? "data" : decided_.attempt.operation;
    if (leg_.direction == Direction::Inbound) {
      tell_source();
    } else {
      tell_destination();
    }
    return std::move(record_);
  }

 private:
  [[nodiscard]] const Resource& resource(Index index) const {
    return environment_.resources[index];
  }

  // Under which perimeter and profile, and which resource writes it by which of its names.
  void tell_place() {
    const Association& association = environment_.associations[leg_.association];
    const Perimeter& perimeter = environment_.perimeters[association.perimeter];
    record_.perimeter = perimeter.id.text();
    record_.subscription = perimeter.id.subscription_text();
    record_.location = perimeter.location;
    record_.profile = perimeter.profiles[association.profile].name;
    record_.service = resource(leg_.resource).id.text();
    const auto& names = resource(leg_.resource).host_names;
    if (leg_.direction == Direction::Inbound) {
      record_.service_name = bound_.host.text;
    } else if (!names.empty()) {
      record_.service_name = names.front().text();
    }
  }

  void tell_outcome() {
    const LogCategory category = record_.category;
    record_.rule = matched_rule(decided_.policy, leg_);
    record_.action = is_denial(category) ? "Denied" : "Approved";
    record_.direction = leg_.direction == Direction::Inbound ? "Inbound" : "Outbound";
    record_.rule_type = rule_type_of(category);
    record_.traffic_type = traffic_type_of(category, leg_.reason);
  }

  void tell_source() {
    record_.source_protocol = protocol_text(bound_.protocol);
    if (bound_.address_view == AddressView::Visible ||
        bound_.address_view == AddressView::Private) {
      record_.source_address = to_string(bound_.address);
    }
    if (bound_.path == Path::ServiceEndpoint) {
      record_.source_parameters = fmt::format(R"({{"ServiceEndpoint":{}}})", quoted_json(subnet()));
    }
    if (bound_.caller == kNone) return;
    record_.source_resource = resource(bound_.caller).id.text();
    if (admitted_by_guid(record_.category)) {
      const Index perimeter = decided_.policy.resource(bound_.caller).perimeter;
      record_.source_guid = to_string(environment_.perimeters[perimeter].guid);
    }
  }

  // The id of the caller's subnet, or as the attempt names one that the environment does not
  // describe.
  [[nodiscard]] std::string_view subnet() const {
    if (bound_.subnet < environment_.subnets.size()) {
      return environment_.subnets[bound_.subnet].id.text();
    }
    return decided_.attempt.subnet;
  }

  void tell_destination() {
    record_.destination_protocol = protocol_text(bound_.protocol);
    record_.destination_name = bound_.host.text;
    if (bound_.destination != kNone) {
      record_.destination_resource = resource(bound_.destination).id.text();
    }
  }

  const Decided& decided_;
  const BoundAttempt& bound_;
  const Environment& environment_;
  const Leg& leg_;
  Record record_;
};

std::string rule_object(const Record& record) {
  return record.rule.empty() ? std::string()
                             : fmt::format(R"({{"accessRule":{}}})", quoted_json(record.rule));
}

std::string perimeter_guids(const Record& record) {
  return record.source_guid.empty() ? std::string() : fmt::format(R"(["{}"])", record.source_guid);
}

// An object of which empty members are left out. Its beginning may stand elsewhere.
class MembersWriter {
 public:
  enum class Begun : std::uint8_t { Here, Elsewhere };
  explicit MembersWriter(std::string& out, Begun begun = Begun::Here) : out_(out) {
    if (begun == Begun::Here) out_ += '{';
  }
  void text(std::string_view name, std::string_view content) {
    if (!content.empty()) append_json_string(key(name), content);
  }
  // JSON made elsewhere.
  void json(std::string_view name, std::string_view content) {
    if (!content.empty()) key(name) += content;
  }
  std::string& key(std::string_view name) {
    if (!out_.ends_with('{')) out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
};

void write_source(const Record& record, std::string& out) {
  MembersWriter source(out);
  source.text("resourceId", record.source_resource);
  source.text("ipAddress", record.source_address);
  source.json("perimeterGuids", perimeter_guids(record));
  source.text("protocol", record.source_protocol);
  source.text("parameters", record.source_parameters);
  source.end();
}

void write_destination(const Record& record, std::string& out) {
  MembersWriter destination(out);
  destination.text("resourceId", record.destination_resource);
  destination.text("fullyQualifiedDomainName", record.destination_name);
  destination.text("protocol", record.destination_protocol);
  destination.end();
}

void write_properties(const Record& record, std::string& out) {
  MembersWriter properties(out);
  properties.text("serviceResourceId", record.service);
  properties.text("serviceFqdn", record.service_name);
  properties.text("accessRulesVersion", record.version);
  properties.text("profile", record.profile);
  properties.json("matchedRule", rule_object(record));
  if (direction_of(record.category) == Direction::Inbound) {
    write_source(record, properties.key("source"));
  } else {
    write_destination(record, properties.key("destination"));
  }
  properties.end();
}

// Both shapes begin with the times, so that the rest can be prepared.
void write_times(RecordShape shape, const RecordedTimes& times, std::string& out) {
  const bool raw = shape == RecordShape::Raw;
  const std::string first = to_string(times.first);
  MembersWriter members(out);
  members.text(raw ? "time" : "TimeGenerated", first);
  members.text(raw ? "timeGeneratedEndTime" : "TimeGeneratedEndTime",
               times.last == times.first ? first : to_string(times.last));
  // A string in the published sample of the raw shape.
  const std::string count = std::to_string(times.count);
  if (raw) {
    members.text("count", count);
  } else {
    members.json("Count", count);
  }
}

void prepare_raw(const Record& record, std::string& out) {
  MembersWriter members(out, MembersWriter::Begun::Elsewhere);
  members.text("resourceId", upper(record.perimeter));
  members.text("operationName", record.operation);
  members.text("category", to_string(record.category));
  members.text("location", record.location);
  write_properties(record, members.key("properties"));
  members.end();
}

// A column and its content as JSON.
struct Column {
  std::string_view name;
  std::string (*content)(const Record&);
};

std::string nothing(const Record&) { return R"("")"; }

template <auto Member>
std::string text_of(const Record& record) {
  return quoted_json(record.*Member);
}

// In the order of the table's reference (NSPAccessLogs, azure-monitor-docs), after TimeGenerated,
// TimeGeneratedEndTime and Count.
constexpr std::array<Column, 37> kColumns{{
    {"Category", [](const Record& record) { return quoted_json(to_string(record.category)); }},
    {"ResultAction", text_of<&Record::action>},
    {"ResultDirection", text_of<&Record::direction>},
    {"ResultDescription", nothing},
    {"RuleType", text_of<&Record::rule_type>},
    {"TrafficType", text_of<&Record::traffic_type>},
    {"MatchedRule", [](const Record& record) { return quoted_json(rule_object(record)); }},
    {"AccessRuleVersion", text_of<&Record::version>},
    {"Profile", text_of<&Record::profile>},
    {"ServiceResourceId", text_of<&Record::service>},
    {"ServiceFqdn", text_of<&Record::service_name>},
    {"AppId", nothing},
    {"Parameters", nothing},
    {"OperationName", text_of<&Record::operation>},
    {"OperationVersion", nothing},
    {"Location", text_of<&Record::location>},
    {"SourceIpAddress", text_of<&Record::source_address>},
    {"SourcePort", nothing},
    {"SourceProtocol", text_of<&Record::source_protocol>},
    {"SourceResourceId", text_of<&Record::source_resource>},
    {"SourceAppId", nothing},
    {"SourcePerimeterGuids",
     [](const Record& record) { return quoted_json(perimeter_guids(record)); }},
    {"SourceParameters", text_of<&Record::source_parameters>},
    {"DestinationFqdn", text_of<&Record::destination_name>},
    {"DestinationPort", nothing},
    {"DestinationProtocol", text_of<&Record::destination_protocol>},
    {"DestinationResourceId", text_of<&Record::destination_resource>},
    {"DestinationParameters", nothing},
    {"DestinationEmailAddress", nothing},
    {"DestinationPhoneNumber", nothing},
    {"_ResourceId", text_of<&Record::perimeter>},
    {"_SubscriptionId", text_of<&Record::subscription>},
    // What the workspace adds when it takes a row in; nobody has.
    {"_BilledSize", [](const Record&) { return std::string("null"); }},
    {"_IsBillable", nothing},
    {"SourceSystem", nothing},
    {"TenantId", nothing},
    {"Type", [](const Record&) { return std::string(R"("NSPAccessLogs")"); }},
}};

void prepare_row(const Record& record, std::string& out) {
  MembersWriter members(out, MembersWriter::Begun::Elsewhere);
  for (const Column& column : kColumns) members.json(column.name, column.content(record));
  members.end();
}

}  // namespace

void RecordWriter::write(const Decided& decided, std::string& out) {
  const Instant now = next_;
  next_ += std::chrono::seconds(1);
  write(decided, {now, now, 1}, std::nullopt, out);
}

void RecordWriter::write(const Decided& decided, const RecordedTimes& times,
                         std::optional<Direction> only, std::string& out) const {
  for (const std::string& prepared : prepare(decided, only)) write(prepared, times, out);
}

void RecordWriter::write(std::string_view prepared, const RecordedTimes& times,
                         std::string& out) const {
  write_times(shape_, times, out);
  out.append(prepared).append("\n");
}

PreparedRecords RecordWriter::prepare(const Decided& decided, std::optional<Direction> only) const {
  PreparedRecords all;
  const WrittenCategories written = written_categories(decided.decision);
  for (std::size_t i = 0; i < written.count; ++i) {
    const Leg& leg = decided.decision.leg[written.leg[i]];
    if (only && leg.direction != *only) continue;
    const Record record = Teller(decided, leg, written.list[i]).tell();
    std::string& prepared = all.emplace_back();
    if (shape_ == RecordShape::Raw) {
      prepare_raw(record, prepared);
    } else {
      prepare_row(record, prepared);
    }
  }
  return all;
}

}  // namespace nsp
