#include "sim/capture/dns_answers.h"

#include <algorithm>
#include <chrono>

#include "sim/base/text.h"
#include "sim/capture/privatelink_name.h"

namespace nsp {
namespace {

using std::chrono::seconds;

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLongestDnsName = 255;
constexpr int kMostPointers = 32;
constexpr int kMostRecords = 256;
constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kAaaa = 28;
constexpr std::uint16_t kInternet = 1;

// The name at `at`, in lower case with dots between its labels, and where the message goes on.
// Nothing for a damaged one. A label with a dot in it cannot be told from two; such a name is no
// host name, and `\` makes it one that DomainName refuses.
struct NameAt {
  std::string text;
  std::size_t end = 0;
};

void append_label(std::string& text, Bytes label) {
  if (!text.empty()) text += '.';
  for (const std::uint8_t byte : label) {
    if (byte == '.') text += '\\';
    text += ascii_lower(static_cast<char>(byte));
  }
}

std::optional<NameAt> read_name(Bytes message, std::size_t at) {
  NameAt name;
  for (int pointers = 0; at < message.size();) {
    const std::uint8_t length = message[at];
    if (length == 0) {
      if (pointers == 0) name.end = at + 1;
      return name;
    }
    if (length >= 0xc0) {
      if (at + 2 > message.size()) return std::nullopt;
      const std::size_t target = big16(message.data() + at) & 0x3fffU;
      if (pointers == 0) name.end = at + 2;
      if (target >= at || ++pointers > kMostPointers) return std::nullopt;
      at = target;
      continue;
    }
    if (length > 63 || at + 1 + length > message.size()) return std::nullopt;
    append_label(name.text, message.subspan(at + 1, length));
    if (name.text.size() > kLongestDnsName) return std::nullopt;
    at += 1 + length;
  }
  return std::nullopt;
}

struct ResourceRecord {
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::string alias = {};  // of a CNAME
  IpAddress address = {};  // of A and AAAA
};

IpAddress read_address(Bytes data) {
  if (data.size() == 4) return IpAddress::from_v4(big32(data.data()));
  return {(Uint128{big64(data.data())} << 64) | big64(data.data() + 8), false};
}

// One record at `at`, which moves behind it. Records of other types and classes have type 0.
std::optional<ResourceRecord> read_record(Bytes message, std::size_t& at) {
  auto owner = read_name(message, at);
  if (!owner || owner->end + 10 > message.size()) return std::nullopt;
  ByteReader fixed(message.subspan(owner->end, 10));
  ResourceRecord record{.owner = std::move(owner->text)};
  const std::uint16_t type = fixed.u16();
  const std::uint16_t record_class = fixed.u16();
  record.ttl = fixed.u32();
  const std::size_t length = fixed.u16();
  const std::size_t begin = owner->end + 10;
  if (begin + length > message.size()) return std::nullopt;
  at = begin + length;
  if (record_class != kInternet) return record;
  if ((type == kA && length == 4) || (type == kAaaa && length == 16)) {
    record.type = type;
    record.address = read_address(message.subspan(begin, length));
  } else if (type == kCname) {
    auto alias = read_name(message, begin);
    if (!alias || alias->end != at) return std::nullopt;
    record.type = type;
    record.alias = std::move(alias->text);
  } else if (type == kA || type == kAaaa) {
    return std::nullopt;
  }
  return record;
}

// A name that the asked one leads to.
struct Step {
  std::string name;
  std::uint32_t ttl = 0;
  bool privatelink = false;
};

// The asked name and its aliases. A loop ends where it comes back.
std::vector<Step> follow_aliases(const std::string& asked,
                                 const std::vector<ResourceRecord>& records) {
  std::vector<Step> steps{{asked, UINT32_MAX, has_privatelink_label(asked)}};
  while (steps.size() <= kMostAliases) {
    const Step last = steps.back();
    const auto next = std::ranges::find_if(records, [&](const ResourceRecord& record) {
      return record.type == kCname && record.owner == last.name;
    });
    if (next == records.end()) break;
    const auto same = [&](const Step& step) { return step.name == next->alias; };
    if (std::ranges::any_of(steps, same)) break;
    steps.push_back({next->alias, std::min(last.ttl, next->ttl),
                     last.privatelink || has_privatelink_label(next->alias)});
  }
  return steps;
}

void collect_addresses(const std::vector<Step>& steps, const std::vector<ResourceRecord>& records,
                       DnsResponse& response) {
  for (const ResourceRecord& record : records) {
    if (record.type != kA && record.type != kAaaa) continue;
    const auto step =
        std::ranges::find_if(steps, [&](const Step& s) { return s.name == record.owner; });
    if (step == steps.end()) continue;
    response.addresses.push_back(
        {record.address, std::min(record.ttl, step->ttl), step->privatelink});
  }
}

// QR set, QUERY, NOERROR, one question, at least one answer.
bool is_answer(Bytes message) {
  return (message[2] & 0x80) != 0 && (message[2] & 0x78) == 0 && (message[3] & 0x0f) == 0 &&
         big16(message.data() + 4) == 1 && big16(message.data() + 6) > 0;
}

}  // namespace

std::expected<DnsResponse, DnsFault> read_dns_response(Bytes message) {
  if (message.size() < kHeader) return std::unexpected(DnsFault::Damaged);
  if (!is_answer(message)) return std::unexpected(DnsFault::Irrelevant);
  const auto asked = read_name(message, kHeader);
  if (!asked || asked->end + 4 > message.size()) return std::unexpected(DnsFault::Damaged);
  std::size_t at = asked->end + 4;
  std::vector<ResourceRecord> records;
  const int count = std::min<int>(big16(message.data() + 6), kMostRecords);
  for (int i = 0; i < count; ++i) {
    auto record = read_record(message, at);
    if (!record) return std::unexpected(DnsFault::Damaged);
    if (record->type != 0) records.push_back(std::move(*record));
  }
  auto name = DomainName::parse(asked->text);
  DnsResponse response;
  collect_addresses(follow_aliases(asked->text, records), records, response);
  if (!name || response.addresses.empty()) return std::unexpected(DnsFault::Irrelevant);
  response.asked = std::move(*name);
  return response;
}

std::size_t DnsAnswers::KeyHash::operator()(const Key& key) const {
  const Uint128 mixed = key.client.bits * 0x9e37'79b9'7f4a'7c15U + key.server.bits;
  const auto folded = static_cast<std::uint64_t>(mixed >> 64) ^ static_cast<std::uint64_t>(mixed);
  return static_cast<std::size_t>(folded * 0xd6e8'feb8'6659'fd93U);
}

void DnsAnswers::add(const IpAddress& client, Bytes message, Instant now, CaptureCounts& counts) {
  const auto response = read_dns_response(message);
  if (!response) {
    if (response.error() == DnsFault::Damaged) ++counts.damaged_dns;
    return;
  }
  ++counts.dns_answers;
  for (const DnsResponse::Address& given : response->addresses) {
    constexpr std::uint32_t kLeast = 60;
    constexpr std::uint32_t kMost = 24 * 60 * 60;
    const Instant until = now + seconds(std::clamp(given.ttl, kLeast, kMost));
    remember({client, given.address}, {response->asked, until, given.privatelink}, now, counts);
  }
}

void DnsAnswers::remember(const Key& key, Answer answer, Instant now, CaptureCounts& counts) {
  const auto [entry, is_new] = answers_.try_emplace(key);
  std::vector<Answer>& names = entry->second;
  std::erase_if(names,
                [&](const Answer& old) { return old.until < now || old.name == answer.name; });
  if (names.size() == kMostNames) {
    names.erase(std::ranges::min_element(names, {}, &Answer::until));
  }
  names.push_back(std::move(answer));
  if (!is_new) return;
  order_.push_back(key);
  if (order_.size() <= std::max(limits_.dns_addresses, 1U)) return;
  answers_.erase(order_.front());
  order_.pop_front();
  ++counts.forgotten_names;
}

std::optional<DnsAnswers::Found> DnsAnswers::find(const IpAddress& client, const IpAddress& server,
                                                  Instant now) const {
  const auto entry = answers_.find({client, server});
  if (entry == answers_.end()) return std::nullopt;
  Found found;
  std::size_t count = 0;
  for (const Answer& answer : entry->second) {
    if (answer.until < now) continue;
    ++count;
    found.privatelink = found.privatelink || answer.privatelink;
    found.name = answer.name;
  }
  if (count == 0) return std::nullopt;
  found.ambiguous = count > 1;
  if (found.ambiguous) found.name = {};
  return found;
}

}  // namespace nsp
