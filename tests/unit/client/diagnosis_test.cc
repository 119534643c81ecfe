#include "lib/client/diagnosis.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"

namespace ks::client {
namespace {

using test::Answer;
using test::Request;
using wire::Address;
using wire::ApiKey;
using wire::ErrorCode;
using wire::FindingId;
using wire::Value;

constexpr auto kBound = std::chrono::milliseconds(500);

Answer nothing(const Request&) { return Answer::Kind::kNone; }

// Brokers of which a client is given the first; what that lists and names is up to the test.
class DiagnosisTest : public testing::Test {
 protected:
  DiagnosisTest() {
    advertise({broker_.address()});
    coordinate(0, broker_.address());
  }

  void advertise(const std::vector<Address>& addresses) {
    Value::Array brokers;
    for (const Address& address : addresses) {
      brokers.push_back({{"node_id", static_cast<std::int32_t>(brokers.size())},
                         {"host", address.host},
                         {"port", static_cast<std::int32_t>(address.port)}});
    }
    broker_.serve(ApiKey::kMetadata, {1, 12}, [brokers](const Request&) {
      return Value{{"brokers", brokers}};
    });
  }

  void coordinate(std::int32_t id, const Address& address, ErrorCode error = ErrorCode::kNone) {
    broker_.serve(ApiKey::kFindCoordinator, {3, 3}, [=](const Request&) {
      return Value{{"error_code", static_cast<std::int16_t>(error)},
                   {"node_id", id},
                   {"host", address.host},
                   {"port", static_cast<std::int32_t>(address.port)}};
    });
  }

  using Diagnose = std::vector<Trouble>(const std::vector<std::string>&, const wire::Access&,
                                        cli::Deadline);

  // "id: evidence" of each trouble, "!" before one that stops everything.
  std::vector<std::string> found(Diagnose* diagnose, std::vector<std::string> first = {}) {
    first.push_back(broker_.address().text());
    const cli::Deadline began = cli::Clock::now();
    std::vector<std::string> out;
    for (const Trouble& trouble : diagnose(first, {}, began + kBound)) {
      const auto finding = trouble.finding();
      EXPECT_FALSE(trouble.error.action.empty()) << "no word on what to do";
      out.push_back((trouble.stops_everything ? "! " : "") +
                    std::string(wire::kind_of(finding->id).name) + ": " + finding->evidence);
    }
    EXPECT_LT(cli::Clock::now() - began, 3 * kBound) << "not bounded";
    return out;
  }

  using Found = std::vector<std::string>;
  test::FakeBroker broker_;
  test::FakeBroker other_;
  const Address nowhere_{"127.0.0.1", 1};
  const std::string here_ = broker_.address().text();
};

TEST_F(DiagnosisTest, WhatWorksHasNothing) {
  advertise({broker_.address(), other_.address()});
  coordinate(1, other_.address());
  EXPECT_EQ(found(diagnose), Found{});
  EXPECT_EQ(found(diagnose_coordinator), Found{});
}

TEST_F(DiagnosisTest, BeginsWithWhoAnswersAtAll) {
  const auto soon = cli::Clock::now() + kBound;
  EXPECT_EQ(diagnose({nowhere_.text()}, {}, soon).at(0).id, FindingId::kNoListener);
  EXPECT_EQ(diagnose_coordinator({nowhere_.text()}, {}, soon).at(0).id, FindingId::kNoListener);
  broker_.serve(ApiKey::kApiVersions, {0, 4}, nothing);
  EXPECT_EQ(diagnose({here_}, {}, soon).at(0).id, FindingId::kNoApiVersions);
}

TEST_F(DiagnosisTest, MetadataWithoutABroker) {
  advertise({});
  EXPECT_EQ(found(diagnose), Found{"! no-brokers-in-metadata: " + here_});
}

TEST_F(DiagnosisTest, ABrokerThatListsSomeIsEnough) {
  other_.serve(ApiKey::kMetadata, {1, 12}, [](const Request&) { return Value::structure(); });
  EXPECT_EQ(found(diagnose, {other_.address().text(), nowhere_.text()}), Found{});
}

TEST_F(DiagnosisTest, MetadataThatIsNotAnsweredIsNotJudged) {
  broker_.serve(ApiKey::kMetadata, {1, 12}, nothing);
  EXPECT_EQ(found(diagnose), Found{});
}

TEST_F(DiagnosisTest, SomeAddressesThatNobodyReachesAreNamed) {
  other_.serve(ApiKey::kApiVersions, {0, 4}, nothing);
  advertise({broker_.address(), nowhere_, {"", 9092}, {"127.0.0.1", 0}, other_.address()});
  EXPECT_EQ(found(diagnose),
            Found{"advertised-unreachable: "
                  "node 1 at 127.0.0.1:1: cannot connect to broker (Connection refused) | "
                  "node 2 at :9092: it has no host | "
                  "node 3 at 127.0.0.1:0: it has no port | "
                  "node 4 at " +
                  other_.address().text() + ": no answer in time"});
}

TEST_F(DiagnosisTest, NoAddressThatAnybodyReachesStopsEverything) {
  advertise({nowhere_, nowhere_});
  const auto troubles = diagnose({here_}, {}, cli::Clock::now() + kBound);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_TRUE(troubles[0].stops_everything);
  EXPECT_TRUE(troubles[0].error.message().starts_with(
      "no broker is reachable at the address that it advertises: node 0 at 127.0.0.1:1: "))
      << troubles[0].error.message();
}

TEST_F(DiagnosisTest, ACoordinatorThatIsNeverAvailableIsAskedForAgainAndThenNamed) {
  coordinate(0, broker_.address(), ErrorCode::kCoordinatorNotAvailable);
  const Found all = found(diagnose_coordinator);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].starts_with("coordinator-missing: FindCoordinator at " + here_ +
                                 " answers COORDINATOR_NOT_AVAILABLE for "))
      << all[0];
  EXPECT_GT(broker_.requests(ApiKey::kFindCoordinator).size(), 2U);
}

TEST_F(DiagnosisTest, ACoordinatorThatComesInTimeIsNotMissing) {
  auto asked = std::make_shared<int>(0);
  broker_.serve(ApiKey::kFindCoordinator, {3, 3}, [asked, this](const Request&) {
    const auto error = ++*asked < 3 ? ErrorCode::kCoordinatorNotAvailable : ErrorCode::kNone;
    return Value{{"error_code", static_cast<std::int16_t>(error)},
                 {"host", broker_.address().host},
                 {"port", broker_.address().port}};
  });
  EXPECT_EQ(found(diagnose_coordinator), Found{});
  EXPECT_EQ(*asked, 3);
}

TEST_F(DiagnosisTest, ACoordinatorThatNobodyKnowsWhereNobodyListens) {
  coordinate(7, nowhere_);
  EXPECT_EQ(found(diagnose_coordinator),
            (Found{"coordinator-not-in-metadata: FindCoordinator names node 7 at 127.0.0.1:1, "
                   "Metadata 0 at " +
                       here_,
                   "coordinator-missing: FindCoordinator at " + here_ +
                       " names 127.0.0.1:1: cannot connect to broker (Connection refused)"}));
}

TEST_F(DiagnosisTest, NoAnswerToFindCoordinator) {
  broker_.serve(ApiKey::kFindCoordinator, {3, 3}, nothing);
  EXPECT_EQ(found(diagnose_coordinator),
            Found{"coordinator-missing: FindCoordinator at " + here_ +
                  " is not answered: no answer in time: " + here_ + "; is it a Kafka broker?"});
}

TEST_F(DiagnosisTest, ARefusalSaysNothingOfTheCoordinator) {
  constexpr auto kGroupAuthorizationFailed = ErrorCode{30};
  coordinate(-1, {"", 0}, kGroupAuthorizationFailed);
  EXPECT_EQ(found(diagnose_coordinator), Found{});
}

TEST_F(DiagnosisTest, ABrokerWithoutFindCoordinator) {
  broker_.serve(ApiKey::kFindCoordinator, {-1, -1}, nothing);
  EXPECT_EQ(found(diagnose_coordinator),
            Found{"group-apis-unreachable: FindCoordinator: the client speaks 0-6, the broker "
                  "serves none"});
}

}  // namespace
}  // namespace ks::client
