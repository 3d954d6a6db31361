// Functions on address ranges.

#include <fmt/format.h>

#include <array>

#include "sim/document/template/arguments.h"
#include "sim/net/address.h"

namespace nsp {
namespace {

std::expected<IpPrefix, std::string> prefix_argument(const Call& call, std::size_t i) {
  const auto text = string_argument(call, i);
  if (!text) return NotThis(text.error());
  const auto prefix = IpPrefix::parse(*text);
  if (!prefix || text->find('/') == std::string_view::npos) {
    return NotThis(
        fmt::format("`{}` is no address range, expected one such as `10.0.0.0/16`", *text));
  }
  return *prefix;
}

unsigned width_of(const IpPrefix& prefix) { return prefix.network.v4 ? 32 : 128; }

IpAddress moved(IpAddress address, std::int64_t by) {
  address.bits += static_cast<Uint128>(by);
  return address;
}

IpAddress netmask(const IpPrefix& prefix) {
  const unsigned host = width_of(prefix) - prefix.length;
  const Uint128 all = prefix.network.v4 ? Uint128{0xffffffff} : ~Uint128{0};
  IpAddress mask = prefix.network;
  mask.bits = prefix.length == 0 ? Uint128{0} : (all >> host) << host;
  return mask;
}

// The first and the last address of a range of IPv4 name the network and everybody.
bool reserves_ends(const IpPrefix& prefix) { return prefix.network.v4 && prefix.length < 31; }

FunctionResult run_parse_cidr(const Call& call) {
  const auto prefix = prefix_argument(call, 0);
  if (!prefix) return NotThis(prefix.error());
  Node out = Node::object(call.where);
  const auto add = [&](std::string name, const IpAddress& address) {
    out.add(std::move(name), string_node(to_string(address), call.where));
  };
  const int inside = reserves_ends(*prefix) ? 1 : 0;
  add("network", prefix->first());
  add("netmask", netmask(*prefix));
  if (prefix->network.v4) add("broadcast", prefix->last());
  add("firstUsable", moved(prefix->first(), inside));
  add("lastUsable", moved(prefix->last(), -inside));
  out.add("cidr", integer_node(prefix->length, call.where));
  return give(std::move(out));
}

FunctionResult run_cidr_subnet(const Call& call) {
  const auto prefix = prefix_argument(call, 0);
  const auto length = integer_argument(call, 1);
  const auto index = integer_argument(call, 2);
  if (!prefix) return NotThis(prefix.error());
  if (!length || !index) return NotThis((length ? index : length).error());
  const auto width = static_cast<std::int64_t>(width_of(*prefix));
  if (*length < prefix->length || *length > width) {
    return NotThis(
        fmt::format("expected a length of {} to {}, found {}", prefix->length, width, *length));
  }
  const auto bits = static_cast<unsigned>(*length - prefix->length);
  constexpr unsigned kIndexBits = 63;
  if (*index < 0 || (bits < kIndexBits && (*index >> bits) != 0)) {
    return NotThis(
        fmt::format("{} has no subnet {} of length {}", to_string(*prefix), *index, *length));
  }
  IpPrefix subnet = *prefix;
  subnet.length = static_cast<std::uint8_t>(*length);
  // A subnet as long as the whole range has index 0: the shift by the full width is not made.
  if (*index != 0) {
    subnet.network.bits += static_cast<Uint128>(*index) << static_cast<unsigned>(width - *length);
  }
  return give(call, to_string(subnet));
}

FunctionResult run_cidr_host(const Call& call) {
  const auto prefix = prefix_argument(call, 0);
  const auto index = integer_argument(call, 1);
  if (!prefix) return NotThis(prefix.error());
  if (!index) return NotThis(index.error());
  // Host 0 is the address behind the network's own, of IPv6 too.
  const bool alone = prefix->length == width_of(*prefix);
  const IpAddress host = moved(prefix->first(), *index + (alone ? 0 : 1));
  const IpAddress last = moved(prefix->last(), reserves_ends(*prefix) ? -1 : 0);
  if (*index < 0 || *index == INT64_MAX || host < prefix->first() || last < host) {
    return NotThis(fmt::format("{} has no host {}", to_string(*prefix), *index));
  }
  return give(call, to_string(host));
}

constexpr std::array kNetworkFunctions{
    Function{"cidrHost", 2, 2, run_cidr_host, false, "template-functions-cidr#cidrhost"},
    Function{"cidrSubnet", 3, 3, run_cidr_subnet, false, "template-functions-cidr#cidrsubnet"},
    Function{"parseCidr", 1, 1, run_parse_cidr, false, "template-functions-cidr#parsecidr"}};

}  // namespace

std::span<const Function> network_functions() { return kNetworkFunctions; }

}  // namespace nsp
