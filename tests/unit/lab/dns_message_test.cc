// The messages are read again by the reader of captures, which shares nothing with ldns.
#include "sim/lab/dns_message.h"

#include <gtest/gtest.h>

#include "sim/capture/dns_answers.h"
#include "sim/capture/synthetic_messages.h"
#include "sim/lab/crypto.h"

namespace nsp::lab {
namespace {

using namespace std::string_literals;

std::string bytes_of(const Message& message) { return {message.begin(), message.end()}; }

std::string question(std::string_view name, bool v4 = true) {
  return bytes_of(make_dns_question(DomainName::parse(name).value(), v4, 0x1234));
}

// A header with these flags and counts.
std::string header(std::string_view flags, std::string_view counts) {
  return "\x12\x34"s + std::string(flags) + std::string(counts);
}
const std::string kOneQuestion = "\x00\x01\x00\x00\x00\x00\x00\x00"s;
const std::string kOneAndEdns = "\x00\x01\x00\x00\x00\x00\x00\x01"s;
// `a.example`
const std::string kName =
    "\x01"
    "a\x07"
    "example\x00"s;

DnsLookUp gives(DnsAnswer answer) {
  return [answer](std::string_view, std::uint16_t) { return answer; };
}
DnsAnswer address(std::string_view text) { return {.address = IpAddress::parse(text), .ttl = 60}; }

// Nobody may be asked.
DnsAnswer not_asked(std::string_view name, std::uint16_t) {
  ADD_FAILURE() << "asked for " << name;
  return {};
}

DnsResponse read(const std::string& response) {
  const auto read =
      read_dns_response({reinterpret_cast<const std::uint8_t*>(response.data()), response.size()});
  return read.value();
}

TEST(DnsMessage, AnswersAQuestion) {
  std::string asked;
  std::uint16_t asked_type = 0;
  const std::string response =
      answer_dns(question("st.blob.core.windows.net"), DnsTransport::Udp,
                 [&](std::string_view name, std::uint16_t type) {
                   asked = name;
                   asked_type = type;
                   DnsAnswer answer = address("127.78.1.1");
                   answer.aliases = {"st.privatelink.blob.core.windows.net"};
                   return answer;
                 });
  EXPECT_EQ(asked, "st.blob.core.windows.net");
  EXPECT_EQ(asked_type, 1);
  const DnsResponse told = read(response);
  EXPECT_EQ(told.asked.text(), "st.blob.core.windows.net");
  ASSERT_EQ(told.addresses.size(), 1U);
  EXPECT_EQ(to_string(told.addresses[0].address), "127.78.1.1");
  EXPECT_EQ(told.addresses[0].ttl, 60U);
  EXPECT_TRUE(told.addresses[0].privatelink);
}

TEST(DnsMessage, IsWhatTheStandardSays) {
  const std::string query = header("\x01\x00"s, kOneQuestion) + kName + "\x00\x01\x00\x01"s;
  const std::string response = answer_dns(query, DnsTransport::Udp, gives(address("127.77.0.1")));
  EXPECT_EQ(hex(response),
            hex("\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"s + kName + "\x00\x01\x00\x01"s +
                "\xc0\x0c\x00\x01\x00\x01"s + "\x00\x00\x00\x3c\x00\x04\x7f\x4d\x00\x01"s));
}

TEST(DnsMessage, KeepsTheCaseOfTheName) {
  const std::string name =
      "\x02"
      "sT\x07"
      "eXaMpLe\x00"s;
  const std::string query = header("\x00\x00"s, kOneQuestion) + name + "\x00\x01\x00\x01"s;
  std::string asked;
  const std::string response =
      answer_dns(query, DnsTransport::Udp, [&](std::string_view given, std::uint16_t) {
        asked = given;
        return address("127.77.0.1");
      });
  EXPECT_EQ(asked, "sT.eXaMpLe");
  EXPECT_EQ(response.substr(12, name.size()), name);
  EXPECT_EQ(response.substr(2, 2), "\x80\x80"s);  // recursion was not asked for
}

TEST(DnsMessage, SaysThatANameHasNothing) {
  const std::string none = answer_dns(question("a.example", false), DnsTransport::Udp, gives({}));
  EXPECT_EQ(hex(none.substr(0, 12)), "123481800001000000000000");
  const std::string missing = answer_dns(question("a.example"), DnsTransport::Udp,
                                         gives({.code = DnsAnswer::Code::NxDomain}));
  EXPECT_EQ(hex(missing.substr(0, 12)), "123481830001000000000000");
}

TEST(DnsMessage, TellsWhereTheZoneStarts) {
  const std::string query = question("a.example");
  DnsAnswer answer{.code = DnsAnswer::Code::NxDomain, .ttl = 10};
  answer.start = DnsZoneStart{"example", 0x1'0000'0007, false};
  const std::string missing = answer_dns(query, DnsTransport::Udp, gives(answer));
  EXPECT_EQ(hex(missing.substr(0, 12)), "123481830001000000010000");
  EXPECT_EQ(hex(missing.substr(query.size(), 12)),
            hex("\xc0\x0e\x00\x06\x00\x01\x00\x00\x00\x0a\x00"s + missing[query.size() + 11]));
  EXPECT_EQ(
      hex(missing.substr(missing.size() - 20)),
      hex("\x00\x00\x00\x07\x00\x00\x0e\x10\x00\x00\x01\x2c\x00\x24\xea\x00\x00\x00\x00\x0a"s));
  answer = DnsAnswer{.ttl = 10};
  answer.start = DnsZoneStart{"", 1, true};
  const std::string asked = answer_dns(query, DnsTransport::Udp, gives(answer));
  EXPECT_EQ(hex(asked.substr(0, 12)), "123481800001000100000000");
}

TEST(DnsMessage, TellsWhoHasAnAddress) {
  const std::string query = header("\x01\x00"s, kOneQuestion) + kName + "\x00\x0c\x00\x01"s;
  const std::string response =
      answer_dns(query, DnsTransport::Udp, gives({.pointer = "b.example", .ttl = 1}));
  EXPECT_EQ(hex(response.substr(query.size())),
            hex("\xc0\x0c\x00\x0c\x00\x01\x00\x00\x00\x01\x00\x04\x01"
                "b\xc0\x0e"s));
}

std::string edns(std::uint16_t size, char version) {
  return "\x00\x00\x29"s + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff) + "\x00"s +
         version + "\x00\x00\x00\x00"s;
}

// Twenty names of 250 characters: more than any datagram holds.
DnsAnswer long_answer(std::size_t aliases) {
  DnsAnswer answer = address("127.77.0.1");
  for (std::size_t i = 0; i < aliases; ++i) {
    const std::string label(60, static_cast<char>('a' + i));
    answer.aliases.push_back(label + '.' + label + '.' + label + '.' + label);
  }
  return answer;
}

TEST(DnsMessage, IsCutWhereItDoesNotFit) {
  const std::string plain = header("\x01\x00"s, kOneQuestion) + kName + "\x00\x01\x00\x01"s;
  const auto size_of = [&](const std::string& query, DnsTransport transport, std::size_t aliases) {
    return answer_dns(query, transport, gives(long_answer(aliases))).size();
  };
  EXPECT_GT(size_of(plain, DnsTransport::Udp, 1), 250U);
  EXPECT_EQ(hex(answer_dns(plain, DnsTransport::Udp, gives(long_answer(2)))),
            hex("\x12\x34\x83\x80\x00\x01\x00\x00\x00\x00\x00\x00"s + kName + "\x00\x01\x00\x01"s));
  EXPECT_GT(size_of(plain, DnsTransport::Tcp, 20), 5000U);
  const std::string rich =
      header("\x01\x00"s, kOneAndEdns) + kName + "\x00\x01\x00\x01"s + edns(4096, 0);
  EXPECT_GT(size_of(rich, DnsTransport::Udp, 2), 512U);
  EXPECT_GT(size_of(rich, DnsTransport::Udp, 4), 1000U);
  EXPECT_LT(size_of(rich, DnsTransport::Udp, 5), 100U);
  const std::string modest =
      header("\x01\x00"s, kOneAndEdns) + kName + "\x00\x01\x00\x01"s + edns(100, 0);
  EXPECT_GT(size_of(modest, DnsTransport::Udp, 1), 250U);
}

TEST(DnsMessage, SpeaksEdnsInVersionZero) {
  const std::string query =
      header("\x01\x00"s, kOneAndEdns) + kName + "\x00\x01\x00\x01"s + edns(4096, 0);
  const std::string response = answer_dns(query, DnsTransport::Udp, gives(address("127.77.0.1")));
  EXPECT_EQ(hex(response.substr(response.size() - 11)), "00002904d0000000000000");
  const std::string newer =
      header("\x01\x00"s, kOneAndEdns) + kName + "\x00\x01\x00\x01"s + edns(4096, 1);
  const std::string refused = answer_dns(newer, DnsTransport::Udp, not_asked);
  EXPECT_EQ(hex(refused.substr(0, 12)), "123481800001000000000001");
  EXPECT_EQ(hex(refused.substr(refused.size() - 11)), "00002904d0010000000000");
}

TEST(DnsMessage, RefusesWhatItDoesNotDo) {
  const auto flags = [](const std::string& query) {
    return hex(answer_dns(query, DnsTransport::Udp, not_asked).substr(0, 4));
  };
  const std::string tail = kName + "\x00\x01\x00\x01"s;
  EXPECT_EQ(flags(header("\x28\x00"s, kOneQuestion) + tail), "1234a884");  // an update
  EXPECT_EQ(flags(header("\x01\x00"s, kOneQuestion) + kName + "\x00\x10\x00\x03"s),
            "12348185");  // class CH
  EXPECT_EQ(flags(header("\x01\x00"s, kOneQuestion) + kName + "\x00\xfc\x00\x01"s),
            "12348184");  // a zone transfer
}

TEST(DnsMessage, RefusesWhatItCannotRead) {
  const auto whole = [](const std::string& query) {
    return hex(answer_dns(query, DnsTransport::Udp, not_asked));
  };
  const std::string tail = kName + "\x00\x01\x00\x01"s;
  const std::string format_error = "123481010000000000000000";
  EXPECT_EQ(whole(header("\x01\x00"s, kOneQuestion)), format_error);
  EXPECT_EQ(whole(header("\x01\x00"s, kOneQuestion) + "\x05"
                                                      "abc"),
            format_error);
  EXPECT_EQ(whole(header("\x01\x00"s, kOneQuestion) + "\xc0\x0c\x00\x01\x00\x01"s), format_error);
  EXPECT_EQ(whole(header("\x01\x00"s, "\x00\x00\x00\x00\x00\x00\x00\x00"s)), format_error);
  EXPECT_EQ(whole(header("\x01\x00"s, "\x00\x02\x00\x00\x00\x00\x00\x00"s) + tail + tail),
            format_error);
  EXPECT_EQ(whole(header("\x01\x00"s, kOneQuestion) + tail + std::string(kMostQueryBytes, 'x')),
            format_error);
}

TEST(DnsMessage, DoesNotAnswerAnswers) {
  EXPECT_EQ(answer_dns("", DnsTransport::Udp, not_asked), "");
  EXPECT_EQ(
      answer_dns("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00"s, DnsTransport::Udp, not_asked),
      "");
  EXPECT_EQ(answer_dns(header("\x81\x80"s, kOneQuestion) + kName + "\x00\x01\x00\x01"s,
                       DnsTransport::Udp, not_asked),
            "");
}

}  // namespace
}  // namespace nsp::lab
