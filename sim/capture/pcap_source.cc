#include "sim/capture/pcap_source.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <chrono>
#include <utility>

namespace nsp {
namespace {

constexpr std::array<std::pair<int, LinkType>, 8> kLinkTypes{
    {{DLT_EN10MB, LinkType::Ethernet},
     {DLT_LINUX_SLL, LinkType::LinuxCooked},
     {DLT_LINUX_SLL2, LinkType::LinuxCooked2},
     {DLT_RAW, LinkType::RawIp},
     {DLT_IPV4, LinkType::RawIpv4},
     {DLT_IPV6, LinkType::RawIpv6},
     {DLT_NULL, LinkType::BsdNull},
     {DLT_LOOP, LinkType::BsdLoop}}};

std::string name_of_link_type(int type) {
  const char* name = pcap_datalink_val_to_name(type);
  return name == nullptr ? fmt::format("{}", type) : name;
}

}  // namespace

void PcapCloser::operator()(pcap* handle) const { pcap_close(handle); }

std::expected<LinkType, std::string> link_type_of(pcap* handle) {
  const int type = pcap_datalink(handle);
  for (const auto& [known, link] : kLinkTypes) {
    if (known == type) return link;
  }
  return std::unexpected(
      fmt::format("has link type `{}`, expected Ethernet, Linux cooked, raw IP or BSD loopback",
                  name_of_link_type(type)));
}

std::expected<void, std::string> set_filter(pcap* handle, const std::string& filter) {
  if (filter.empty()) return {};
  bpf_program program{};
  if (pcap_compile(handle, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return std::unexpected(fmt::format("`{}` is not a filter that libpcap understands: {}", filter,
                                       pcap_geterr(handle)));
  }
  const int set = pcap_setfilter(handle, &program);
  pcap_freecode(&program);
  if (set == 0) return {};
  return std::unexpected(fmt::format("`{}` cannot be set: {}", filter, pcap_geterr(handle)));
}

void PcapPump::take(unsigned char* self, const pcap_pkthdr* header, const unsigned char* bytes) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  auto& pump = *reinterpret_cast<PcapPump*>(self);
  const std::int64_t fraction = header->ts.tv_usec * (pump.nanoseconds_ ? 1 : 1000);
  const Instant time(seconds(header->ts.tv_sec) + nanoseconds(fraction));
  pump.assembler_.add(pump.link_, time, Bytes(bytes, header->caplen), header->len);
  if (pump.copy_ != nullptr) {
    pcap_dump(reinterpret_cast<unsigned char*>(pump.copy_), header, bytes);
  }
}

int PcapPump::pump(int most) {
  return pcap_dispatch(handle_, most, &PcapPump::take, reinterpret_cast<unsigned char*>(this));
}

}  // namespace nsp
