#include "sim/lab/blob_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/crypto.h"
#include "sim/lab/xml.h"

namespace nsp::lab {
namespace {

constexpr std::string_view kProlog = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

bool is_name_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }

std::string element(std::string_view name, std::string_view text) {
  if (text.empty()) return fmt::format("<{} />", name);
  return fmt::format("<{0}>{1}</{0}>", name, xml_text(text));
}

// A name that XML cannot hold is written percent-encoded, and says so.
std::string name_element(std::string_view name) {
  if (std::ranges::none_of(name, is_name_control)) return element("Name", name);
  std::string out;
  for (char c : name) {
    const bool plain = !is_name_control(c) && c != '%';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return fmt::format("<Name Encoded=\"true\">{}</Name>", xml_text(out));
}

std::string said(std::string_view name, std::string_view text) {
  return text.empty() ? std::string() : element(name, text);
}

std::string metadata_element(const Metadata& metadata, bool wanted) {
  if (!wanted) return {};
  if (metadata.empty()) return "<Metadata />";
  std::string out = "<Metadata>";
  for (const auto& [name, value] : metadata) out += element(name, value);
  return out + "</Metadata>";
}

std::string unquoted(std::string_view etag) {
  return std::string(etag.size() > 2 ? etag.substr(1, etag.size() - 2) : etag);
}

std::string lease_elements(const Lease& lease, Utc now) {
  const LeaseState state = lease.state(now);
  std::string out = element("LeaseStatus", lease.holds(now) ? "locked" : "unlocked") +
                    element("LeaseState", to_string(state));
  if (state != LeaseState::Leased) return out;
  return out + element("LeaseDuration", lease.duration ? "fixed" : "infinite");
}

std::string blob_properties(const Blob& blob, Utc now) {
  const BlobHeaders& headers = blob.headers;
  std::string out = "<Properties>";
  out += element("Creation-Time", http_date(blob.created));
  out += element("Last-Modified", http_date(blob.modified));
  out += element("Etag", unquoted(blob.etag));
  out += element("Content-Length", std::to_string(blob.content.size()));
  out += element("Content-Type", headers.type);
  out += element("Content-Encoding", headers.encoding);
  out += element("Content-Language", headers.language);
  out += element("Content-MD5", headers.md5);
  out += element("Cache-Control", headers.cache_control);
  out += element("Content-Disposition", headers.disposition);
  out += element("BlobType", blob.kind == BlobKind::Append ? "AppendBlob" : "BlockBlob");
  if (blob.kind == BlobKind::Block) {
    out += element("AccessTier", blob.tier.empty() ? "Hot" : blob.tier);
    if (blob.tier.empty()) out += "<AccessTierInferred>true</AccessTierInferred>";
  }
  out += lease_elements(blob.lease, now);
  out += "<ServerEncrypted>true</ServerEncrypted>";
  return out + "</Properties>";
}

// `moment`: of a snapshot; empty: the blob itself.
std::string blob_entry(std::string_view name, std::string_view moment, const Blob& blob,
                       const ListQuery& query) {
  return fmt::format("<Blob>{}{}{}{}</Blob>", name_element(name), said("Snapshot", moment),
                     blob_properties(blob, query.now),
                     metadata_element(blob.metadata, query.metadata));
}

std::string container_entry(std::string_view name, const Container& container,
                            const ListQuery& query) {
  return fmt::format(
      "<Container>{}<Properties>{}{}{}<HasImmutabilityPolicy>false</HasImmutabilityPolicy>"
      "<HasLegalHold>false</HasLegalHold></Properties>{}</Container>",
      name_element(name), element("Last-Modified", http_date(container.modified)),
      element("Etag", unquoted(container.etag)), lease_elements(container.lease, query.now),
      metadata_element(container.metadata, query.metadata));
}

// A marker is the first name of the next page.
std::string marker_of(std::string_view name) { return "2!" + base64url(name); }

std::string name_of(std::string_view marker) {
  if (!marker.starts_with("2!")) return std::string(marker);
  return parse_base64url(marker.substr(2)).value_or(std::string(marker));
}

std::string head_of_list(const ListQuery& query, bool blobs) {
  std::string out = said("Prefix", query.prefix) + said("Marker", query.marker);
  if (query.said_most) out += element("MaxResults", std::to_string(query.most));
  if (blobs) out += said("Delimiter", query.delimiter);
  return out;
}

// Of a name in a hierarchy: up to and with the delimiter after the prefix; nothing: it is a leaf.
std::optional<std::string> branch_of(std::string_view name, const ListQuery& query) {
  if (query.delimiter.empty()) return std::nullopt;
  const std::size_t at = name.find(query.delimiter, query.prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return std::string(name.substr(0, at + query.delimiter.size()));
}

// The first name that does not start with this one, which is a branch; names are in byte order.
template <class Map>
auto after_branch(const Map& names, std::string branch) {
  while (!branch.empty() && branch.back() == '\xff') branch.pop_back();
  if (branch.empty()) return names.end();
  branch.back() = static_cast<char>(static_cast<unsigned char>(branch.back()) + 1);
  return names.lower_bound(branch);
}

std::string entries_of(const Container& container, const ListQuery& query, std::string& next) {
  std::string out;
  auto blob = container.blobs.lower_bound(std::max(name_of(query.marker), query.prefix));
  for (std::size_t count = 0; blob != container.blobs.end(); ++count) {
    if (!blob->first.starts_with(query.prefix)) break;
    if (count == query.most) {
      next = marker_of(blob->first);
      break;
    }
    if (const auto branch = branch_of(blob->first, query)) {
      out += fmt::format("<BlobPrefix>{}</BlobPrefix>", name_element(*branch));
      blob = after_branch(container.blobs, *branch);
    } else {
      const auto snapshots = container.snapshots.find(blob->first);
      if (query.snapshots && snapshots != container.snapshots.end()) {
        for (const auto& [moment, was] : snapshots->second) {
          out += blob_entry(blob->first, moment, was, query);
        }
      }
      out += blob_entry(blob->first, {}, blob->second, query);
      ++blob;
    }
  }
  return out;
}

std::string block_element(std::string_view id, std::size_t size) {
  return fmt::format("<Block><Name>{}</Name><Size>{}</Size></Block>", id, size);
}

// Reads `<Name>text</Name>` off the front; nothing: there is none.
std::optional<std::pair<std::string_view, std::string_view>> next_element(std::string_view& xml) {
  xml = trim(xml);
  const std::size_t end = xml.find('>');
  if (!xml.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  const std::string_view name = xml.substr(1, end - 1);
  const std::string close = fmt::format("</{}>", name);
  const std::size_t closed = xml.find(close, end);
  if (closed == std::string_view::npos) return std::nullopt;
  const std::string_view text = xml.substr(end + 1, closed - end - 1);
  xml.remove_prefix(closed + close.size());
  return std::pair(name, trim(text));
}

std::optional<BlockChoice::From> from_of(std::string_view name) {
  using From = BlockChoice::From;
  if (name == "Committed") return From::Committed;
  if (name == "Uncommitted") return From::Uncommitted;
  if (name == "Latest") return From::Latest;
  return std::nullopt;
}

std::string_view without_prolog(std::string_view xml) {
  if (xml.starts_with("\xef\xbb\xbf")) xml.remove_prefix(3);
  xml = trim(xml);
  if (xml.starts_with("<?")) xml.remove_prefix(std::min(xml.size(), xml.find("?>") + 2));
  return trim(xml);
}

}  // namespace

std::string container_list(const BlobStore& store, std::string_view endpoint,
                           const ListQuery& query) {
  std::string next;
  std::string entries;
  const auto& all = store.containers();
  auto held = all.lower_bound(std::max(name_of(query.marker), query.prefix));
  for (std::size_t count = 0; held != all.end() && held->first.starts_with(query.prefix);
       ++held, ++count) {
    if (count == query.most) {
      next = marker_of(held->first);
      break;
    }
    entries += container_entry(held->first, held->second, query);
  }
  return fmt::format(
      "{}<EnumerationResults ServiceEndpoint=\"{}\">{}<Containers>{}</Containers>{}"
      "</EnumerationResults>",
      kProlog, xml_text(endpoint), head_of_list(query, false), entries,
      element("NextMarker", next));
}

std::string blob_list(const Container& container, std::string_view name, std::string_view endpoint,
                      const ListQuery& query) {
  std::string next;
  const std::string entries = entries_of(container, query, next);
  return fmt::format(
      "{}<EnumerationResults ServiceEndpoint=\"{}\" ContainerName=\"{}\">{}<Blobs>{}</Blobs>{}"
      "</EnumerationResults>",
      kProlog, xml_text(endpoint), xml_text(name), head_of_list(query, true), entries,
      element("NextMarker", next));
}

std::string block_list(const Blob* blob, const std::map<std::string, std::string>* staged,
                       std::string_view which) {
  const bool all = which == "all";
  std::string out = fmt::format("{}<BlockList>", kProlog);
  if (all || which != "uncommitted") {
    out += "<CommittedBlocks>";
    if (blob != nullptr) {
      for (const Block& block : blob->blocks) out += block_element(block.id, block.size);
    }
    out += "</CommittedBlocks>";
  }
  if (all || which == "uncommitted") {
    out += "<UncommittedBlocks>";
    if (staged != nullptr) {
      for (const auto& [id, bytes] : *staged) out += block_element(id, bytes.size());
    }
    out += "</UncommittedBlocks>";
  }
  return out + "</BlockList>";
}

std::string service_properties() {
  return fmt::format(
      "{}<StorageServiceProperties><Logging><Version>1.0</Version><Delete>false</Delete>"
      "<Read>false</Read><Write>false</Write><RetentionPolicy><Enabled>false</Enabled>"
      "</RetentionPolicy></Logging><HourMetrics><Version>1.0</Version><Enabled>false</Enabled>"
      "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics><MinuteMetrics>"
      "<Version>1.0</Version><Enabled>false</Enabled><RetentionPolicy><Enabled>false</Enabled>"
      "</RetentionPolicy></MinuteMetrics><Cors /><DeleteRetentionPolicy><Enabled>false</Enabled>"
      "</DeleteRetentionPolicy><StaticWebsite><Enabled>false</Enabled></StaticWebsite>"
      "</StorageServiceProperties>",
      kProlog);
}

std::optional<KeyTimes> parse_key_info(std::string_view xml) {
  xml = without_prolog(xml);
  const auto info = next_element(xml);
  if (!info || info->first != "KeyInfo" || !trim(xml).empty()) return std::nullopt;
  std::string_view rest = info->second;
  KeyTimes times;
  while (!rest.empty()) {
    const auto next = next_element(rest);
    if (!next || (next->first != "Start" && next->first != "Expiry")) return std::nullopt;
    (next->first == "Start" ? times.start : times.expiry) = trim(next->second);
  }
  return times;
}

std::string delegation_key(const DelegationKeyFacts& facts, std::string_view key) {
  std::string out = fmt::format("{}<UserDelegationKey>", kProlog);
  out += element("SignedOid", facts.object) + element("SignedTid", facts.tenant);
  out += element("SignedStart", facts.start) + element("SignedExpiry", facts.expiry);
  out += element("SignedService", facts.service) + element("SignedVersion", facts.version);
  return out + element("Value", key) + "</UserDelegationKey>";
}

std::optional<std::vector<BlockChoice>> parse_block_list(std::string_view xml) {
  xml = without_prolog(xml);
  if (xml == "<BlockList/>" || xml == "<BlockList />") return std::vector<BlockChoice>();
  auto list = next_element(xml);
  if (!list || list->first != "BlockList" || !trim(xml).empty()) return std::nullopt;
  std::string_view rest = list->second;
  std::vector<BlockChoice> choices;
  while (!rest.empty()) {
    const auto next = next_element(rest);
    if (!next) return std::nullopt;
    const auto from = from_of(next->first);
    if (!from || !parse_base64(next->second)) return std::nullopt;
    choices.push_back({*from, std::string(next->second)});
  }
  return choices;
}

}  // namespace nsp::lab
