#include "sim/capture/http_host.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using State = SpokenName::State;

struct Row {
  std::string_view request;
  State state;
  std::string_view name;
};

TEST(HttpHost, IsReadFromTheFirstRequest) {
  const std::vector<Row> rows{
      {"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", State::Found, "a.example"},
      {"GET / HTTP/1.1\r\nAccept: */*\r\nhOsT:\ta.example:8080 \r\n", State::Found, "a.example"},
      {"GET / HTTP/1.1\nHost: a.example\n\n", State::Found, "a.example"},
      {"PUT /c/b?comp=block HTTP/1.1\r\nHost: a.example\r\n", State::Found, "a.example"},
      {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", State::Found, "[::1]:80"},
      {"GET http://b.example:81/x HTTP/1.1\r\nHost: a.example\r\n\r\n", State::Found, "b.example"},
      {"GET https://me@b.example HTTP/1.1\r\n", State::Found, "b.example"},
      {"GET /?u=http://b.example/ HTTP/1.1\r\nHost: a.example\r\n", State::Found, "a.example"},
      {"CONNECT b.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n", State::Found, "b.example"},
      {"GET / HTTP/1.0\r\n\r\n", State::None, ""},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", State::None, ""},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", State::Other, ""},
      {"GET /\r\n", State::Other, ""},
      {"get / HTTP/1.1\r\n", State::Other, ""},
      {"SSH-2.0-OpenSSH_9.2\r\n", State::Other, ""},
      {"GET / HTTP/1.1\r\nno field\r\nHost: a.example\r\n", State::Other, ""},
      {"EHLO a.example\r\n", State::Other, ""},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", State::Other, ""},
      {"GET \x01\x02", State::Other, ""}};
  for (const Row& row : rows) {
    const SpokenName spoken = read_http_host(as_bytes(row.request));
    EXPECT_EQ(spoken.state, row.state) << row.request;
    EXPECT_EQ(spoken.name, row.name) << row.request;
    EXPECT_FALSE(spoken.is_server_name);
  }
}

TEST(HttpHost, NeedsMoreUntilTheFieldEnds) {
  constexpr std::string_view kRequest = "GET /a HTTP/1.1\r\nAccept: */*\r\nHost: a.example\r\n";
  for (std::size_t length = 1; length < kRequest.size(); ++length) {
    const SpokenName spoken = read_http_host(as_bytes(kRequest.substr(0, length)));
    EXPECT_EQ(spoken.state, State::NeedMore) << length;
    EXPECT_EQ(spoken.need, length + 1);
    EXPECT_EQ(spoken.name, "");
  }
}

}  // namespace
}  // namespace nsp
