#include "lib/probe/peer.h"

#include "probing.h"

namespace ks::probe {
namespace {

using test::Answer;
using test::Request;
using wire::ApiKey;
using Kind = Outcome::Kind;

class PeerTest : public ProbeTest {
 protected:
  Outcome exchange(Peer& peer, ApiKey api, std::int16_t version) {
    return peer.exchange(*wire::encode_call(api, version, wire::Value::structure(), "ks"));
  }
  Kind kind_of(const Answer& answer, cli::Duration patience = std::chrono::seconds(10)) {
    broker_.serve_only(ApiKey::kHeartbeat, 0, [answer](const Request&) { return answer; });
    Peer peer(broker_.address(), {}, patience);
    return exchange(peer, ApiKey::kHeartbeat, 0).kind;
  }
};

TEST_F(PeerTest, TellsTheWaysOfNotAnsweringApart) {
  EXPECT_EQ(kind_of(wire::Value{{"error_code", 0}}), Kind::kAnswered);
  EXPECT_EQ(kind_of(Answer::Kind::kClose), Kind::kClosed);
  EXPECT_EQ(kind_of(Answer::Kind::kNone, std::chrono::milliseconds(20)), Kind::kSilent);
  Peer nobody({"127.0.0.1", 1}, {}, std::chrono::seconds(10));
  EXPECT_EQ(exchange(nobody, ApiKey::kHeartbeat, 0).kind, Kind::kUnreachable);
  EXPECT_EQ(failed({"answer with another correlation id", "b:1", ""}).kind, Kind::kBroken);
}

TEST_F(PeerTest, OpensAnotherConnectionAfterOneBroke) {
  broker_.serve_only(ApiKey::kHeartbeat, 0, [](const Request& request) {
    return request.connection == 0 ? Answer(Answer::Kind::kClose)
                                   : Answer(wire::Value{{"error_code", 0}});
  });
  Peer peer(broker_.address(), {}, std::chrono::seconds(10));
  EXPECT_EQ(exchange(peer, ApiKey::kHeartbeat, 0).kind, Kind::kClosed);
  EXPECT_EQ(exchange(peer, ApiKey::kHeartbeat, 0).kind, Kind::kAnswered);
  EXPECT_EQ(exchange(peer, ApiKey::kHeartbeat, 0).kind, Kind::kAnswered);
  EXPECT_EQ(broker_.requests(ApiKey::kHeartbeat).back().connection, 1) << "and keeps it";
}

TEST_F(PeerTest, ReachesTheFirstBrokerThatAnswers) {
  session_.profile.brokers = {"127.0.0.1:1", broker_.address().text()};
  const auto peer = reach(session_, std::chrono::seconds(10));
  ASSERT_TRUE(peer) << peer.error().message();
  EXPECT_EQ(peer->address(), broker_.address());
  EXPECT_TRUE(session_.broker_versions.offers(ApiKey::kHeartbeat));
  EXPECT_TRUE(session_.result.broker.build.starts_with("apis-"));
}

TEST_F(PeerTest, NamesEveryBrokerThatDoesNot) {
  session_.profile.brokers = {"127.0.0.1:1", "127.0.0.1:2"};
  const auto peer = reach(session_, std::chrono::seconds(10));
  ASSERT_FALSE(peer);
  EXPECT_NE(peer.error().message().find("127.0.0.1:1"), std::string::npos);
  EXPECT_NE(peer.error().message().find(" | "), std::string::npos);
  EXPECT_NE(peer.error().message().find("127.0.0.1:2"), std::string::npos);
}

}  // namespace
}  // namespace ks::probe
