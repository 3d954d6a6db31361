#include "sim/access_log/captured_text.h"

#include <gtest/gtest.h>

namespace nsp {
namespace {

CapturedTraffic sample() {
  CapturedTraffic traffic;
  traffic.files = 2;
  traffic.packets = 30;
  traffic.flows = 3;
  traffic.problems = {{"cut payload", 4}};
  traffic.warnings = {{Severity::Warning, {"a.pcap", 0, 0, {}}, "ends early"}};
  Observation plain;
  plain.attempt.from = "caf\u00e9 \"x\"";
  plain.attempt.outside = true;
  plain.attempt.to = "stdocs";
  plain.seen.add(2, *parse_instant("2026-06-01T10:00:00.123456789Z"),
                 *parse_instant("2026-06-03T10:00:00Z"));
  plain.packets = 20;
  traffic.add(plain);
  Observation full = plain;
  full.attempt.credential = Credential::ManagedIdentity;
  full.attempt.via = Via::ServiceEndpoint;
  full.attempt.address = IpAddress::parse("2001:db8::1");
  full.attempt.address_hidden = true;
  full.attempt.subscription = Guid::parse("11111111-1111-1111-1111-111111111111");
  full.attempt.subnet = "vnet/apps";
  full.attempt.name = DomainName::parse("stdocs.blob.core.windows.net").value();
  full.attempt.protocol = Protocol::Nfs;
  full.attempt.operation = "fine-tuning";
  full.attempt.trusted_service = true;
  traffic.add(full);
  return traffic;
}

TEST(CapturedText, Reads_back_what_it_wrote) {
  const CapturedTraffic traffic = sample();
  const auto back = read_captured_text(captured_text(traffic));
  ASSERT_TRUE(back.has_value()) << back.error();
  EXPECT_EQ(*back, traffic);
  EXPECT_EQ(captured_text(*back), captured_text(traffic));
  EXPECT_EQ(read_captured_text(captured_text({})).value(), CapturedTraffic{});
}

TEST(CapturedText, Says_which_member_is_wrong) {
  EXPECT_EQ(read_captured_text("[]").error(), "expected an object in `captures`");
  EXPECT_EQ(read_captured_text("{}").error(), "expected a whole number in `captures.files`");
  EXPECT_EQ(read_captured_text(R"({"files":1,"packets":1,"flows":1,"problems":{},"warnings":[],)"
                               R"("attempts":[{"address":"nowhere"}]})")
                .error(),
            "expected an address in `captures.address`");
}

TEST(CapturedTraffic, Merges_in_any_order) {
  CapturedTraffic one = sample();
  CapturedTraffic other = sample();
  Observation more;
  more.attempt.to = "elsewhere";
  more.seen.add(1, *parse_instant("2026-05-01T00:00:00Z"), *parse_instant("2026-05-01T00:00:00Z"));
  other.add(more);
  CapturedTraffic ab = one;
  ab.merge(other);
  CapturedTraffic ba = other;
  ba.merge(one);
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab.files, 4U);
  EXPECT_EQ(ab.attempts.size(), 3U);
  EXPECT_EQ(ab.problems.at("cut payload"), 8U);
  EXPECT_EQ(ab.warnings.size(), 2U);
}

}  // namespace
}  // namespace nsp
