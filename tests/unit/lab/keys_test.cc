#include "sim/lab/keys.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/lab/crypto.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab {
namespace {

using test::make_resource;

TEST(LabKeys, HaveTheFormOfTheirService) {
  const LabKeys keys("lab secret");
  // Computed with another implementation of HMAC.
  EXPECT_EQ(keys.of_resource(make_resource(Service::Storage, "stlab"), "key1"),
            "OImLfCm596+6zHRO9YEWdT+ICcAgrtnu3rQHWilH5hcqw37OsPkfZ3OJHM01TWS1DqaI8vJ+Cy1Z3iU6cvyh7Q"
            "==");
  EXPECT_EQ(keys.of_resource(make_resource(Service::Search, "s"), "key1").size(), 52U);
  EXPECT_EQ(keys.of_resource(make_resource(Service::Foundry, "f"), "key1").size(), 32U);
}

TEST(LabKeys, DependOnSecretResourceAndNameAlone) {
  const Resource one = make_resource(Service::Storage, "one");
  const Resource two = make_resource(Service::Storage, "two");
  const LabKeys keys("lab secret");
  EXPECT_EQ(keys.of_resource(one, "key1"), LabKeys("lab secret").of_resource(one, "key1"));
  const std::set<std::string> different{
      keys.of_resource(one, "key1"), keys.of_resource(one, "key2"), keys.of_resource(two, "key1"),
      LabKeys("other secret").of_resource(one, "key1")};
  EXPECT_EQ(different.size(), 4U);
}

TEST(LabKeys, OfDelegationsDependOnEveryFact) {
  const Resource account = make_resource(Service::Storage, "stlab");
  const LabKeys keys("lab secret");
  const DelegationKeyFacts facts{.object = "33333333-3333-3333-3333-333333333333",
                                 .tenant = "44444444-4444-4444-4444-444444444444",
                                 .start = "2026-06-01T00:00:00Z",
                                 .expiry = "2026-06-07T00:00:00Z",
                                 .service = "b",
                                 .version = "2020-02-10"};
  EXPECT_EQ(keys.delegation(account, facts), "y9qxh5pvWhRTUf12TkI1HRrnJgtsM0DB16g46ltYV5k=");
  std::set<std::string> all{keys.delegation(account, facts)};
  for (const auto member :
       {&DelegationKeyFacts::object, &DelegationKeyFacts::tenant, &DelegationKeyFacts::start,
        &DelegationKeyFacts::expiry, &DelegationKeyFacts::service, &DelegationKeyFacts::version}) {
    DelegationKeyFacts other = facts;
    other.*member += "x";
    all.insert(keys.delegation(account, other));
  }
  EXPECT_EQ(all.size(), 7U);
}

TEST(LabKeys, OfSeatsTellNothingOfEachOther) {
  const LabKeys keys("lab secret");
  const Seat caller{SeatKind::Caller, "office"};
  const Seat resource{SeatKind::Resource, "office"};
  const std::set<std::string> all{keys.identity_header(caller), keys.identity_header(resource),
                                  keys.client_secret(caller), keys.client_secret(resource)};
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(keys.identity_header(caller).size(), 64U);
}

TEST(LabKeys, OfTwoLabsDiffer) {
  const Resource account = make_resource(Service::Storage, "stlab");
  EXPECT_NE(LabKeys::make().value().of_resource(account, "key1"),
            LabKeys::make().value().of_resource(account, "key1"));
}

}  // namespace
}  // namespace nsp::lab
