#include "sim/lab/wire/enclosure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "sim/base/text.h"
#include "sim/lab/address_plan.h"

namespace nsp::lab {
namespace {

using SetupStep = SetupFailure::Step;
namespace fs = std::filesystem;

std::unexpected<SetupFailure> failed(SetupStep step, int error = errno) {
  return std::unexpected(SetupFailure{step, error});
}

// A file of /proc takes its content in one write.
bool write_whole(const char* path, std::string_view text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::write(fd, text.data(), text.size()) == std::ssize(text);
  const int error = errno;
  ::close(fd);
  errno = error;
  return done;
}

// Everybody in the new user namespace is who he was.
Setup<void> enter_as_user() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0)
    return failed(SetupStep::Namespace);
  const bool mapped = write_whole("/proc/self/setgroups", "deny") &&
                      write_whole("/proc/self/uid_map", fmt::format("{} {} 1", user, user)) &&
                      write_whole("/proc/self/gid_map", fmt::format("{} {} 1", group, group));
  if (!mapped) return failed(SetupStep::User);
  return {};
}

ifreq request_for(const char* interface, const IpAddress& address) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(address.bits));
  std::memcpy(&request.ifr_addr, &in, sizeof in);
  return request;
}

bool bring_up(int fd) {
  ifreq request = request_for("lo", {});
  if (::ioctl(fd, SIOCGIFFLAGS, &request) != 0) return false;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ::ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

// A second address, under the label of an alias.
bool add_metadata_service(int fd) {
  ifreq request = request_for("lo:imds", kMetadataService);
  if (::ioctl(fd, SIOCSIFADDR, &request) != 0) return false;
  request = request_for("lo:imds", IpAddress::from_v4(0xffff'ffff));
  return ::ioctl(fd, SIOCSIFNETMASK, &request) == 0;
}

Setup<void> set_up_loopback() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed(SetupStep::Interface);
  const bool done = bring_up(fd) && add_metadata_service(fd);
  const int error = errno;
  ::close(fd);
  if (!done) return failed(SetupStep::Interface, error);
  return {};
}

Setup<int> open_door(const Door& door) {
  constexpr int kBacklog = 1024;
  const int kind = door.datagrams ? SOCK_DGRAM : SOCK_STREAM;
  const int fd = ::socket(AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed(SetupStep::Door);
  const int yes = 1;
  const SocketAddress at = to_socket_address(door.at);
  const bool done =
      (door.datagrams || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0) &&
      ::bind(fd, reinterpret_cast<const sockaddr*>(&at.storage), at.size) == 0 &&
      (door.datagrams || ::listen(fd, kBacklog) == 0);
  if (done) return fd;
  const int error = errno;
  ::close(fd);
  return failed(SetupStep::Door, error);
}

std::string content_of(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// `target` may be a link: the file behind it is covered.
bool bind_over(const fs::path& source, const char* target, std::string_view text) {
  constexpr mode_t kForAll = 0644;
  if (!(std::ofstream(source, std::ios::binary) << text << std::flush)) return false;
  if (::chmod(source.c_str(), kForAll) != 0) return false;
  return ::mount(source.c_str(), target, nullptr, MS_BIND, nullptr) == 0;
}

bool cover_files(const fs::path& folder) {
  const std::string resolv = fmt::format("nameserver {}\n", nsp::to_string(kNameServer));
  if (!bind_over(folder / "resolv.conf", "/etc/resolv.conf", resolv)) return false;
  constexpr const char* kSwitch = "/etc/nsswitch.conf";
  // Without one hosts come from DNS and files.
  if (::access(kSwitch, F_OK) != 0) return true;
  return bind_over(folder / "nsswitch.conf", kSwitch, with_hosts_by_dns(content_of(kSwitch)));
}

// The cache of names answers over a Unix socket, past the namespace.
bool hide_name_cache() {
  constexpr const char* kCache = "/run/nscd";
  if (::access(kCache, F_OK) != 0) return true;
  return ::mount("tmpfs", kCache, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k") == 0;
}

std::string_view words(SetupStep step) {
  switch (step) {
    case SetupStep::Process:
      return "start a process";
    case SetupStep::Namespace:
      return "make a network namespace";
    case SetupStep::User:
      return "map the user into a namespace";
    case SetupStep::Interface:
      return "set up loopback in the namespace";
    case SetupStep::Door:
      return "listen in the namespace";
    case SetupStep::Names:
      break;
  }
  return "set up name resolution in the namespace";
}

}  // namespace

std::string to_string(const SetupFailure& failure) {
  return fmt::format("cannot {}: {}", words(failure.step),
                     std::generic_category().message(failure.error));
}

Setup<void> enter_namespace() {
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
    if (errno != EPERM) return failed(SetupStep::Namespace);
    if (auto entered = enter_as_user(); !entered) return entered;
  }
  return set_up_loopback();
}

Setup<std::vector<int>> open_doors(const std::vector<Door>& doors) {
  std::vector<int> sockets;
  for (const Door& door : doors) {
    const Setup<int> socket = open_door(door);
    if (!socket) {
      for (const int fd : sockets) ::close(fd);
      return std::unexpected(socket.error());
    }
    sockets.push_back(*socket);
  }
  return sockets;
}

Setup<void> cover_resolver_files(const fs::path& folder) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return failed(SetupStep::Names);
  if (::mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              "mode=0755,size=1m") != 0) {
    return failed(SetupStep::Names);
  }
  const bool covered = cover_files(folder) && hide_name_cache();
  const int error = errno;
  // The files stay where they are bound.
  if (::umount2(folder.c_str(), MNT_DETACH) != 0 && covered) return failed(SetupStep::Names);
  if (!covered) return failed(SetupStep::Names, error);
  return {};
}

std::string with_hosts_by_dns(std::string_view nsswitch) {
  std::string text;
  for (const std::string_view line : split(nsswitch, '\n')) {
    if (!line.empty() && !line.starts_with("hosts:")) text.append(line).append("\n");
  }
  return text + "hosts: files dns\n";
}

}  // namespace nsp::lab
