// From a record to who called whom.
#include "sim/access_log/observe_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/access_log/log_texts.h"
#include "tests/unit/decision/small_environment.h"

namespace nsp::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Policy& policy() {
  static const Policy small = compile(small_environment(AccessMode::Learning));
  return small;
}

std::string id_text(std::string_view type, std::string_view name) {
  return id_of(type, name).key();
}

// A record that the account `st` wrote of a call from outside.
LogTuple inbound() {
  LogTuple tuple;
  tuple.service = id_text("Microsoft.Storage/storageAccounts", "st");
  tuple.service_name = "st.blob.core.windows.net";
  tuple.source_address = "203.0.113.9";
  tuple.profile = "p1";
  tuple.rule = "default action";
  return tuple;
}

LogTuple outbound() {
  LogTuple tuple;
  tuple.category = LogCategory::NspPublicOutboundPerimeterRulesAllowed;
  tuple.service = id_text("Microsoft.Search/searchServices", "search");
  tuple.service_name = "search.search.windows.net";
  tuple.destination_name = "api.partner.example";
  return tuple;
}

LogObservations observe(const std::vector<LogTuple>& tuples, const Bindings& bindings = {}) {
  static LogTable table;  // outlives the result
  table = LogTable();
  for (const LogTuple& tuple : tuples) {
    table.tuples[tuple].merge(activity(2, "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z"));
  }
  return observe_log(table, policy(), bindings);
}

Observation observe_one(const LogTuple& tuple, const Bindings& bindings = {}) {
  const LogObservations all = observe({tuple}, bindings);
  EXPECT_EQ(all.observations.size(), 1U);
  return all.observations.front();
}

Attempt attempt_of(const LogTuple& tuple, const Bindings& bindings = {}) {
  return observe_one(tuple, bindings).attempt;
}

Bindings bind_address(std::string_view prefix, std::string_view caller,
                      std::string_view resource = "", std::string_view visible = "") {
  Binding binding;
  binding.prefix = IpPrefix::parse(prefix).value();
  binding.caller.name = caller.empty() ? resource : caller;
  binding.caller.credential = Credential::ManagedIdentity;
  binding.caller.subscription = Guid::parse(kListed);
  binding.caller.trusted_service = true;
  if (!visible.empty()) binding.caller.address = IpAddress::parse(visible);
  binding.resource = resource;
  return Bindings({binding});
}

Attempt from_address() {
  Attempt expected;
  expected.from = "203.0.113.9";
  expected.outside = true;
  expected.to = "st";
  expected.via = Via::Public;
  expected.address = IpAddress::parse("203.0.113.9");
  expected.name = DomainName::parse("st.blob.core.windows.net").value();
  return expected;
}

TEST(ObserveLog, ACallFromAnAddress) {
  const Observation seen = observe_one(inbound());
  EXPECT_EQ(seen.attempt, from_address());
  EXPECT_EQ(seen.recorded,
            (Recorded{LogCategory::NspPublicInboundResourceRulesAllowed, "default action", "p1"}));
  EXPECT_EQ(seen.seen, activity(2, "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z"));
}

TEST(ObserveLog, AMemberCalls) {
  LogTuple tuple = inbound();
  tuple.category = LogCategory::NspIntraPerimeterInboundAllowed;
  tuple.source_resource = id_text("Microsoft.Search/searchServices", "search");
  tuple.source_address = "";
  Attempt expected = from_address();
  expected.from = "search";
  expected.outside = false;
  expected.address.reset();
  expected.address_hidden = true;
  EXPECT_EQ(attempt_of(tuple), expected);
  // A part of a resource stands for it.
  tuple.source_resource += "/indexes/i";
  tuple.service += "/blobservices/default";
  EXPECT_EQ(attempt_of(tuple), expected);
}

TEST(ObserveLog, AResourceOfSomebodyElseCalls) {
  LogTuple tuple = inbound();
  tuple.source_resource = "/subscriptions/" + std::string(kListed) +
                          "/resourcegroups/g/providers/microsoft.datafactory/factories/adf";
  Attempt expected = from_address();
  expected.from = "adf";
  expected.subscription = Guid::parse(kListed);
  EXPECT_EQ(attempt_of(tuple), expected);
}

TEST(ObserveLog, BindingsNameCallers) {
  Attempt expected = from_address();
  expected.from = "ci";
  expected.credential = Credential::ManagedIdentity;
  expected.subscription = Guid::parse(kListed);
  expected.trusted_service = true;
  EXPECT_EQ(attempt_of(inbound(), bind_address("203.0.113.0/24", "ci")), expected);
  // Behind a NAT that the binding states.
  EXPECT_EQ(attempt_of(inbound(), bind_address("10.1.0.4", "ci", "", "203.0.113.9")), expected);
  expected.from = "search";
  expected.outside = false;
  expected.subscription.reset();
  EXPECT_EQ(attempt_of(inbound(), bind_address("203.0.113.9", "", "search")), expected);
}

TEST(ObserveLog, ANatOfTwoCallersNamesNeither) {
  std::vector<Binding> two = bind_address("10.1.0.4", "a", "", "203.0.113.9").all();
  two.push_back(bind_address("10.1.0.5", "b", "", "203.0.113.9").all().front());
  EXPECT_EQ(attempt_of(inbound(), Bindings(two)), from_address());
}

TEST(ObserveLog, WhatTheServiceSawOfTheAddress) {
  LogTuple tuple = inbound();
  tuple.source_address = "";
  Attempt hidden = from_address();
  hidden.from = "";
  hidden.address.reset();
  hidden.address_hidden = true;
  EXPECT_EQ(attempt_of(tuple), hidden);
  tuple.service_endpoint = true;
  hidden.via = Via::ServiceEndpoint;
  EXPECT_EQ(attempt_of(tuple), hidden);
  // Masked by whoever exported it: there was one, and nobody knows which.
  tuple = inbound();
  tuple.source_address = "203.0.113.xxx";
  Attempt unknown = from_address();
  unknown.from = "203.0.113.xxx";
  unknown.address.reset();
  EXPECT_EQ(attempt_of(tuple), unknown);
}

TEST(ObserveLog, APrivateEndpoint) {
  LogTuple tuple = inbound();
  tuple.category = LogCategory::NspPrivateInboundAllowed;
  tuple.source_address = "10.1.0.4:51000";
  Attempt expected = from_address();
  expected.from = "10.1.0.4";
  expected.via = Via::PrivateEndpoint;
  expected.address = IpAddress::parse("10.1.0.4");
  EXPECT_EQ(attempt_of(tuple), expected);
}

TEST(ObserveLog, ServicesThatTheEnvironmentDoesNotHave) {
  LogTuple tuple = inbound();
  tuple.service =
      "/subscriptions/x/resourcegroups/g/providers/microsoft.storage/storageaccounts/other";
  Attempt expected = from_address();
  expected.to = tuple.service;
  expected.name.reset();
  EXPECT_EQ(attempt_of(tuple), expected);
  tuple.service = "";
  EXPECT_EQ(attempt_of(tuple), from_address());  // by its host name
}

TEST(ObserveLog, Protocols) {
  const auto protocol = [](std::string_view text) {
    LogTuple tuple = inbound();
    tuple.source_protocol = text;
    return attempt_of(tuple).protocol;
  };
  EXPECT_EQ(protocol("HTTPS:TCP"), Protocol::Https);
  EXPECT_EQ(protocol(""), Protocol::Https);
  EXPECT_EQ(protocol("NFSv4.1:TCP"), Protocol::Nfs);
  EXPECT_EQ(protocol("SMB"), Protocol::Smb);
  EXPECT_EQ(protocol("sftp:TCP"), Protocol::Sftp);
}

TEST(ObserveLog, AMemberCallsOut) {
  Attempt expected;
  expected.from = "search";
  expected.to = "api.partner.example";
  expected.via = Via::Public;
  EXPECT_EQ(attempt_of(outbound()), expected);
  LogTuple tuple = outbound();
  for (const std::string_view name :
       {"https://API.partner.example:443/v1", "api.partner.example."}) {
    tuple.destination_name = name;
    EXPECT_EQ(attempt_of(tuple), expected) << name;
  }
  // A resource, by its host name or its id.
  tuple.destination_name = "st.blob.core.windows.net";
  expected.to = "st";
  expected.name = DomainName::parse("st.blob.core.windows.net").value();
  EXPECT_EQ(attempt_of(tuple), expected);
  tuple.destination_name = "";
  tuple.destination_resource = id_text("Microsoft.Storage/storageAccounts", "st");
  expected.name.reset();
  EXPECT_EQ(attempt_of(tuple), expected);
  tuple.destination_resource = "";
  expected.to = "";
  EXPECT_EQ(attempt_of(tuple), expected);
}

TEST(ObserveLog, EqualOnesAreOne) {
  LogTuple other = inbound();
  other.operation = "PutBlob";
  LogTuple third = inbound();
  third.profile = "p2";
  const LogObservations all = observe({inbound(), other, third});
  ASSERT_EQ(all.observations.size(), 2U);
  EXPECT_EQ(all.observations[0].seen.weight, 4U);
  EXPECT_EQ(all.observations[1].seen.weight, 2U);
  ASSERT_EQ(all.tuples.size(), 2U);
  ASSERT_EQ(all.tuples[0].size(), 2U);
  EXPECT_EQ(*all.tuples[0][0], inbound());
  EXPECT_EQ(*all.tuples[0][1], other);
  EXPECT_EQ(*all.tuples[1][0], third);
  EXPECT_THAT(all.unusable, IsEmpty());
}

TEST(ObserveLog, RecordsOfNoResourceAreLeftOut) {
  LogTuple tuple = inbound();
  tuple.service = tuple.service_name = "";
  const LogObservations all = observe({tuple});
  EXPECT_THAT(all.observations, IsEmpty());
  EXPECT_THAT(all.unusable, ElementsAre(Pair("no service resource", 2)));
}

TEST(ObserveLog, AddressesAsLogged) {
  const auto text = [](std::string_view logged) {
    const auto address = parse_logged_address(logged);
    return address ? to_string(*address) : "none";
  };
  EXPECT_EQ(text("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(text(" 203.0.113.7:443 "), "203.0.113.7");
  EXPECT_EQ(text("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(text("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(text("[2001:db8::1]:443"), "2001:db8::1");
  EXPECT_EQ(text("::ffff:203.0.113.7"), "203.0.113.7");
  for (const std::string_view bad :
       {"", "203.0.113.7:", "203.0.113.7:x", "203.0.113.7:65536", "[2001:db8::1",
        "[2001:db8::1]443", "[2001:db8::1]:", "unknown"}) {
    EXPECT_EQ(text(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace nsp::test
