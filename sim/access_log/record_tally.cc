#include "sim/access_log/record_tally.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "sim/access_log/record_reader.h"
#include "sim/base/secrets.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kKeyBlock = std::size_t{1} << 18;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t word(const char* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Four lanes of sixteen bytes, so that multiplications overlap; after the construction of wyhash
// (public domain). REQUIRES: kTail bytes of zeros behind the key.
constexpr std::size_t kTail = 64;

std::uint64_t hash_of(const char* key, std::size_t size) {
  constexpr std::uint64_t kOne = 0xa076'1d64'78bd'642fULL;
  constexpr std::uint64_t kTwo = 0xe703'7ed1'a0b4'28dbULL;
  std::array<std::uint64_t, 4> lanes{size, kOne, kTwo, ~size};
  for (std::size_t i = 0; i < size; i += kTail) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const char* const at = key + i + 16 * lane;
      lanes[lane] = fold(word(at) ^ kOne ^ lanes[lane], word(at + 8) ^ kTwo);
    }
  }
  return fold(fold(lanes[0] ^ kOne, lanes[1] ^ kTwo), fold(lanes[2] ^ kOne, lanes[3] ^ kTwo));
}

// Whole blocks, past the end of the text on both sides. REQUIRES: room for that.
constexpr std::size_t kCopyBlock = 32;
static_assert(kCopyBlock <= RawRecord::kPadding && kCopyBlock <= kTail);

void copy_blocks(char* out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); i += kCopyBlock) {
    std::memcpy(out + i, text.data() + i, kCopyBlock);
  }
}

// The name in a text such as `{ "accessRule": "IP firewall" }`; any other text is the name itself.
std::string rule_in(const std::string& text) {
  const std::string_view trimmed = trim(text);
  if (!trimmed.starts_with('{')) return std::string(trimmed);
  // Read as the record that holds it would be: the reader knows objects and strings of objects.
  std::string record = "{\"MatchedRule\":";
  record += trimmed;
  record += '}';
  const std::size_t size = record.size();
  record.resize(size + RecordReader::kPadding);
  RecordReader reader;
  RawRecord raw;
  if (reader.read(std::string_view(record).substr(0, size), raw) != ReadStatus::Record) {
    return std::string(trimmed);
  }
  return token_text(raw.tokens[static_cast<std::size_t>(Slot::Rule)]).value_or(std::string());
}

// The texts of a record's tokens; nothing when one is damaged.
std::optional<std::array<std::string, kSlotCount>> texts_of(const RawRecord& record) {
  std::array<std::string, kSlotCount> texts;
  for (std::size_t i = 0; i < kSlotCount; ++i) {
    auto text = token_text(record.tokens[i]);
    if (!text) return std::nullopt;
    // Nothing that comes later needs a secret: neither a report nor a part.
    texts[i] = looks_secret(*text) ? std::string(kRedacted) : std::move(*text);
  }
  return texts;
}

LogTuple make_tuple(std::array<std::string, kSlotCount>& texts, bool service_endpoint) {
  const auto text = [&](Slot slot) -> std::string& {
    return texts[static_cast<std::size_t>(slot)];
  };
  LogTuple tuple;
  tuple.perimeter = lower(text(Slot::Perimeter));
  tuple.service = lower(text(Slot::Service));
  tuple.service_name = lower(text(Slot::ServiceName));
  tuple.profile = std::move(text(Slot::Profile));
  tuple.rule = text(Slot::Rule).empty() ? rule_in(text(Slot::RuleText)) : text(Slot::Rule);
  tuple.version = std::move(text(Slot::Version));
  tuple.source_address = std::move(text(Slot::SourceAddress));
  tuple.source_resource = lower(text(Slot::SourceResource));
  tuple.source_app = lower(text(Slot::SourceApp));
  tuple.source_protocol = std::move(text(Slot::SourceProtocol));
  tuple.service_endpoint = service_endpoint;
  tuple.destination_name = lower(text(Slot::DestinationName));
  tuple.destination_resource = lower(text(Slot::DestinationResource));
  tuple.operation = std::move(text(Slot::Operation));
  return tuple;
}

// Midnight before, and a day later.
Instant begin_of_day(Instant instant) { return std::chrono::floor<std::chrono::days>(instant); }

}  // namespace

RecordTally::RecordTally() : slots_(kFirstSlots, nullptr) {}

// A length for each token, the mark, the tokens; zeros behind for the hash.
void RecordTally::make_key(const RawRecord& record) {
  std::size_t size = kSlotCount * sizeof(std::uint32_t) + 1;
  for (const std::string_view token : record.tokens) size += token.size();
  if (key_.size() < size + kTail) key_.resize(2 * size + kTail);
  char* out = key_.data();
  for (const std::string_view token : record.tokens) {
    const auto length = static_cast<std::uint32_t>(token.size());
    std::memcpy(out, &length, sizeof length);
    out += sizeof length;
  }
  *out++ = record.service_endpoint ? '1' : '0';
  for (const std::string_view token : record.tokens) {
    copy_blocks(out, token);
    out += token.size();
  }
  std::memset(out, 0, kTail);
  key_size_ = size;
}

std::string_view RecordTally::keep(std::string_view key) {
  if (block_left_ < key.size()) {
    block_left_ = std::max(kKeyBlock, key.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_next_ = blocks_.back().get();
  }
  char* const at = block_next_;
  std::memcpy(at, key.data(), key.size());
  block_next_ += key.size();
  block_left_ -= key.size();
  return {at, key.size()};
}

void RecordTally::grow() {
  slots_.assign(2 * slots_.size(), nullptr);
  for (Entry& entry : entries_) {
    std::size_t at = entry.hash & (slots_.size() - 1);
    while (slots_[at] != nullptr) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = &entry;
  }
}

RecordTally::Entry& RecordTally::find(const RawRecord& record) {
  make_key(record);
  const std::string_view key(key_.data(), key_size_);
  const std::uint64_t hash = hash_of(key.data(), key.size());
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] != nullptr; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at]->hash == hash && slots_[at]->key == key) return *slots_[at];
  }
  Entry& entry = entries_.emplace_back();
  entry.hash = hash;
  entry.key = keep(key);
  slots_[at] = &entry;
  understand(record, entry);
  if (2 * entries_.size() > slots_.size()) grow();
  return entry;
}

void RecordTally::understand(const RawRecord& record, Entry& entry) {
  auto texts = texts_of(record);
  if (!texts) {
    entry.why = "not JSON";
    return;
  }
  const std::string& word = (*texts)[static_cast<std::size_t>(Slot::Category)];
  if (word.empty()) {
    entry.why = "no category";
    return;
  }
  const auto category = parse_word<LogCategory>(word);
  if (!category) {
    entry.unknown = &table_.unknown_categories[std::string(cut_name(word))];
    return;
  }
  LogTuple tuple = make_tuple(*texts, record.service_endpoint);
  tuple.category = *category;
  entry.activity = &table_.tuples[std::move(tuple)];
}

void RecordTally::count(Entry& entry, const RawRecord& record) {
  entry.weight += record.count;
  entry.first = std::min(entry.first, record.first);
  entry.last = std::max(entry.last, record.last);
  if (record.first >= entry.day_begin && record.last < entry.day_end) return;
  // The first and the last event are known to have happened, those between are not.
  entry.activity->days.insert(day_of(record.first));
  entry.activity->days.insert(day_of(record.last));
  entry.day_begin = begin_of_day(record.last);
  entry.day_end = entry.day_begin + std::chrono::days(1);
}

bool RecordTally::add(const RawRecord& record) {
  Entry& entry = find(record);
  why_ = entry.why;
  if (entry.unknown != nullptr) {
    ++*entry.unknown;
  } else if (entry.activity == nullptr) {
    return false;
  } else if (!record.problem.empty()) {
    why_ = record.problem;
    return false;
  } else {
    count(entry, record);
  }
  ++table_.records;
  return true;
}

LogTable RecordTally::take() {
  for (const Entry& entry : entries_) {
    if (entry.activity == nullptr || entry.first > entry.last) continue;
    entry.activity->weight += entry.weight;
    entry.activity->first = std::min(entry.activity->first, entry.first);
    entry.activity->last = std::max(entry.activity->last, entry.last);
  }
  // A tuple whose records all lack a time was made and never counted.
  std::erase_if(table_.tuples, [](const auto& item) { return item.second.days.empty(); });
  return std::move(table_);
}

}  // namespace nsp
