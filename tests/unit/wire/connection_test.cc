#include "lib/wire/connection.h"

#include <gtest/gtest.h>

#include <cstring>
#include <future>
#include <optional>

#include "peer.h"

namespace ks::wire {
namespace {

using std::chrono::milliseconds;

cli::Deadline in(milliseconds delay) { return cli::Clock::now() + delay; }
constexpr auto kPlenty = std::chrono::seconds(10);

// A request whose API key, version and body nobody looks at.
std::string request(std::string_view body = "") {
  return std::string(Connection::kLengthBytes + 8, '\0') + std::string(body);
}

std::string exchange_error(const std::function<void(int fd)>& serve,
                           milliseconds deadline = milliseconds(10'000)) {
  Peer peer(serve);
  auto connection = BlockingConnection::open(peer.address(), in(kPlenty));
  if (!connection) return "not open: " + connection.error().message();
  const auto frame = connection->exchange(request(), in(deadline));
  return frame ? "" : frame.error().message();
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

TEST(Connection, ExchangesFrames) {
  Peer peer([](int fd) {
    const std::string got = receive_request(fd);
    answer(fd, correlation_id(got), got.substr(8) + " back");
  });
  auto connection = BlockingConnection::open(peer.address(), in(kPlenty));
  ASSERT_TRUE(connection) << connection.error().message();
  const auto frame = connection->exchange(request("there"), in(kPlenty));
  ASSERT_TRUE(frame) << frame.error().message();
  EXPECT_EQ(frame->view().substr(4), "there back");
}

TEST(Connection, LongFramesMayComeInPiecesOfAnyLength) {
  const std::vector<std::size_t> sizes{300'000, 1, 3'000'000, 900'000};
  constexpr int kRounds = 10;  // a client may also find that all has come when it looks
  Peer peer([&](int fd) {
    for (int i = 0; i < kRounds; ++i) {
      for (const std::size_t size : sizes) {
        const std::string got = receive_request(fd);
        if (got.empty()) return;
        std::string bytes;
        ByteWriter out(bytes);
        out.integer(static_cast<std::int32_t>(size + sizeof(std::int32_t)));
        out.integer(correlation_id(got));
        out.bytes(std::string(size, 'x'));
        // Behind the last piece nothing comes that could wake who waits for more.
        for (std::size_t piece = 5; !bytes.empty(); piece = 250'000) {
          deliver(fd, std::string_view(bytes).substr(0, piece));
          bytes.erase(0, piece);
        }
      }
    }
  });
  auto connection = BlockingConnection::open(peer.address(), in(kPlenty));
  ASSERT_TRUE(connection);
  for (int i = 0; i < kRounds; ++i) {
    for (const std::size_t size : sizes) {
      const auto frame = connection->exchange(request(), in(kPlenty));
      ASSERT_TRUE(frame) << frame.error().message();
      EXPECT_EQ(frame->view().size() - sizeof(std::int32_t), size);
    }
  }
}

TEST(Connection, AnswersToPipelinedRequestsComeInOrder) {
  constexpr int kRequests = 100;
  Peer peer([](int fd) {
    std::vector<std::string> all;
    while (all.size() < kRequests) all.push_back(receive_request(fd));  // only then answers
    for (const std::string& got : all) answer(fd, correlation_id(got), got.substr(8));
  });
  Loop loop;
  Connection connection(loop, peer.address());
  std::string seen;
  std::string expected;
  connection.open(in(kPlenty), [&](const cli::Result<void>& opened) {
    ASSERT_TRUE(opened);
    for (int i = 0; i < kRequests; ++i) {
      expected += std::to_string(i) + " ";
      connection.send(request(std::to_string(i)), in(kPlenty), [&](cli::Result<FrameBytes> frame) {
        ASSERT_TRUE(frame) << frame.error().message();
        seen += std::string(frame->view().substr(4)) + " ";
      });
    }
    EXPECT_EQ(connection.in_flight(), kRequests);
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return seen.size() == 290; }));
  EXPECT_EQ(seen, expected);
}

// More than sockets hold, so that it is sent in several parts.
TEST(Connection, RecordsThatAFrameLeavesApartAreSentInTheirPlaces) {
  const std::string large(8'000'000, 'r');
  Peer peer([](int fd) {
    const std::string got = receive_request(fd);
    answer(fd, correlation_id(got), got.substr(8));
  });
  auto connection = BlockingConnection::open(peer.address(), in(kPlenty));
  ASSERT_TRUE(connection) << connection.error().message();
  const std::string frame = request("beforebetweenafter");
  const std::size_t start = frame.size() - std::strlen("beforebetweenafter");
  std::optional<cli::Result<FrameBytes>> got;
  connection->connection().send(
      frame, in(kPlenty), [&](cli::Result<FrameBytes> answered) { got = std::move(answered); },
      {{start + 6, large}, {start + 13, "small"}});
  connection->loop().run_until(in(kPlenty), [&] { return got.has_value(); });
  ASSERT_TRUE(got && *got);
  EXPECT_TRUE((*got)->view().substr(4) == "before" + large + "between" + "small" + "after");
}

// Whoever is answered uses the memory of the records again, which were still being sent from it.
TEST(Connection, AnAnswerToARequestThatIsNotSentYetIsRefused) {
  Peer peer([](int fd) {
    receive(fd, 12);  // the header, and no more
    answer(fd, 1, "so soon");
    wait_for_end(fd);
  });
  Loop loop;
  const std::string large(64 << 20, 'r');  // more than sockets hold
  Connection connection(loop, peer.address());
  std::optional<cli::Result<FrameBytes>> got;
  connection.open(in(kPlenty), [&](const cli::Result<void>& opened) {
    ASSERT_TRUE(opened);
    const std::string frame = request();
    connection.send(frame, in(kPlenty),
                    [&](cli::Result<FrameBytes> answered) { got = std::move(answered); },
                    {{frame.size(), large}});
  });
  ASSERT_TRUE(loop.run_until(in(kPlenty), [&] { return got.has_value(); }));
  ASSERT_FALSE(*got);
  EXPECT_EQ(got->error().what, std::string(kNotKafka) + " (answer to a request before its end)");
}

// Requests that wait leave together.
TEST(Connection, ARequestIsAnsweredWhileTheOneBehindItIsStillBeingSent) {
  std::promise<void> answered;
  Peer peer([second = answered.get_future().share()](int fd) {
    for (int i = 0; i < 2; ++i) {
      const std::string got = receive_request(fd);
      answer(fd, correlation_id(got), "");
    }
    second.wait();
    answer(fd, correlation_id(receive_request(fd)), "");
  });
  Loop loop;
  Connection connection(loop, peer.address());
  int answers = 0;
  connection.open(in(kPlenty), [&](const cli::Result<void>& opened) {
    ASSERT_TRUE(opened);
    for (const std::size_t size : {1, 1, 64 << 20}) {
      connection.send(request(std::string(size, 'x')), in(kPlenty), [&](const auto& frame) {
        ASSERT_TRUE(frame) << frame.error().message();
        if (++answers == 2) answered.set_value();
      });
    }
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return answers == 3; }));
  if (answers < 2) answered.set_value();
}

TEST(Connection, SaysWhenARequestWithoutAnAnswerWasSent) {
  Peer peer([](int fd) {
    answer(fd, 1, receive_request(fd).substr(8));
    wait_for_end(fd);
  });
  Loop loop;
  Connection connection(loop, peer.address());
  bool sent = false;
  connection.open(in(kPlenty), [&](const cli::Result<void>& opened) {
    ASSERT_TRUE(opened);
    connection.send_without_answer(request("x"),
                                   [&](const cli::Result<void>& done) { sent = done.has_value(); });
    EXPECT_FALSE(sent) << "not inside the call";
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return sent; }));
}

TEST(Connection, ARequestWithoutAnAnswerThatCannotBeSentFails) {
  std::promise<void> seen;
  Peer peer([end = seen.get_future().share()](int) { end.wait(); });  // reads nothing
  Loop loop;
  Connection connection(loop, peer.address());
  std::vector<std::string> failures;
  connection.open(in(kPlenty), [&](const cli::Result<void>& opened) {
    ASSERT_TRUE(opened);
    for (int i = 0; i < 2; ++i) {  // more than sockets hold, and what waits behind it
      connection.send_without_answer(request(std::string(64 << 20, 'x')),
                                     [&](const cli::Result<void>& done) {
                                       failures.push_back(done ? "" : done.error().what);
                                     });
    }
    loop.post([&] { connection.close({"enough", "", ""}); });
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return failures.size() == 2; }));
  EXPECT_EQ(failures, (std::vector<std::string>{"enough", "enough"}));
  seen.set_value();
}

TEST(Connection, ARefusedPortIsNamed) {
  Address closed;
  {
    Peer peer([](int) {});
    closed = peer.address();
    ASSERT_TRUE(BlockingConnection::open(closed, in(kPlenty)));
  }
  const auto connection = BlockingConnection::open(closed, in(kPlenty));
  ASSERT_FALSE(connection);
  EXPECT_TRUE(contains(connection.error().message(), "Connection refused"));
  EXPECT_TRUE(contains(connection.error().message(), closed.text().c_str()));
}

TEST(Connection, AnUnknownHostIsNamed) {
  const auto connection = BlockingConnection::open({"no.such.host.invalid", 9092}, in(kPlenty));
  ASSERT_FALSE(connection);
  EXPECT_TRUE(contains(connection.error().message(), "unknown host"));
}

TEST(Connection, ASilentBrokerEndsAtTheDeadline) {
  const std::string error = exchange_error(wait_for_end, milliseconds(50));
  EXPECT_TRUE(contains(error, "no answer in time")) << error;
}

TEST(Connection, AnEarlierDeadlineOfALaterRequestHolds) {
  Peer peer(wait_for_end);
  Loop loop;
  Connection connection(loop, peer.address());
  int failed = 0;
  connection.open(in(kPlenty), [&](const cli::Result<void>&) {
    const auto count = [&](const cli::Result<FrameBytes>& frame) { failed += frame ? 0 : 1; };
    connection.send(request(), in(kPlenty), count);
    connection.send(request(), in(milliseconds(20)), count);
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return failed == 2; })) << "both fail together";
  EXPECT_FALSE(connection.is_open());
}

TEST(Connection, AClosedConnectionFailsWhatIsUnderWay) {
  const std::string error = exchange_error([](int fd) { receive_request(fd); });
  EXPECT_TRUE(contains(error, "broker closed the connection")) << error;
}

TEST(Connection, HalfAnAnswerIsAnError) {
  const std::string error = exchange_error([](int fd) {
    receive_request(fd);
    ::send(fd, "\0\0\0\x10half", 8, MSG_NOSIGNAL);
  });
  EXPECT_TRUE(contains(error, "broker closed the connection")) << error;
}

TEST(Connection, AnotherCorrelationIdIsAnError) {
  const std::string error =
      exchange_error([](int fd) { answer(fd, correlation_id(receive_request(fd)) + 1, "body"); });
  EXPECT_TRUE(contains(error, "another correlation id")) << error;
}

TEST(Connection, AnAnswerNobodyAskedForIsAnError) {
  Peer peer([](int fd) {
    answer(fd, 1, "surprise");
    wait_for_end(fd);
  });
  Loop loop;
  Connection connection(loop, peer.address());
  std::string closed;
  connection.on_close([&](const cli::Error& why) { closed = why.message(); });
  connection.open(in(kPlenty), [](const cli::Result<void>&) {});
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return !closed.empty(); }));
  EXPECT_TRUE(contains(closed, "another correlation id")) << closed;
}

class AbsurdLength : public testing::TestWithParam<std::uint32_t> {};

TEST_P(AbsurdLength, IsRefusedBeforeAnythingIsAllocated) {
  const std::string error = exchange_error([length = GetParam()](int fd) {
    receive_request(fd);
    std::string bytes;
    ByteWriter(bytes).integer(length);
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    wait_for_end(fd);
  });
  EXPECT_TRUE(contains(error, "is not a response")) << error;
}

INSTANTIATE_TEST_SUITE_P(Connection, AbsurdLength,
                         testing::Values(0, 3, 0x10000001, 0x7fffffff, 0x80000000, 0xffffffff));

TEST(Connection, SendsFromTheAddressGiven) {
  Peer peer([](int fd) { answer(fd, correlation_id(receive_request(fd)), ""); });
  ConnectionOptions options;
  options.local_address = "127.0.0.9";
  auto connection = BlockingConnection::open(peer.address(), in(kPlenty), options);
  ASSERT_TRUE(connection) << connection.error().message();
  ASSERT_TRUE(connection->exchange(request(), in(kPlenty)));
  EXPECT_EQ(peer.client(), "127.0.0.9");
}

TEST(Connection, DestroyingItCallsNobodyBack) {
  Peer peer(wait_for_end);
  Loop loop;
  bool called = false;
  {
    Connection connection(loop, peer.address());
    bool open = false;
    connection.open(in(kPlenty), [&](const cli::Result<void>&) { open = true; });
    ASSERT_TRUE(loop.run_until(in(kPlenty), [&] { return open; }));
    connection.send(request(), in(milliseconds(1)), [&](const auto&) { called = true; });
    connection.on_close([&](const cli::Error&) { called = true; });
  }
  loop.run_until(in(milliseconds(20)), [] { return false; });
  EXPECT_FALSE(called);
}

TEST(Connection, ItsOwnAnswerMayEndIt) {
  Peer peer([](int fd) { answer(fd, correlation_id(receive_request(fd)), ""); });
  Loop loop;
  auto connection = std::make_unique<Connection>(loop, peer.address());
  connection->open(in(kPlenty), [&](const cli::Result<void>&) {
    connection->send(request(), in(kPlenty), [&](const auto&) { connection.reset(); });
  });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return connection == nullptr; }));
}

TEST(Connection, APlainPortRefusesTls) {
  Peer peer([](int fd) {
    receive(fd, 5);
    ::send(fd, "no TLS here", 11, MSG_NOSIGNAL);
  });
  ConnectionOptions options;
  options.tls.emplace();
  const auto connection = BlockingConnection::open(peer.address(), in(kPlenty), options);
  ASSERT_FALSE(connection);
  EXPECT_TRUE(contains(connection.error().message(), "TLS handshake failed"));
}

TEST(Connection, ASilentPortIsNotOneThatNobodyListensOn) {
  Peer peer(wait_for_end);
  ConnectionOptions options;
  options.tls.emplace();
  const auto connection = BlockingConnection::open(peer.address(), in(milliseconds(50)), options);
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().what, kNoAnswerInTime);
}

TEST(Timer, CallsOnceAndCanBeReplaced) {
  Loop loop;
  Timer timer(loop);
  std::string calls;
  timer.set(in(milliseconds(1)), [&] { calls += "replaced "; });
  timer.set(in(milliseconds(2)), [&] { calls += "second "; });
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return !timer.is_set(); }));
  EXPECT_EQ(calls, "second ");
  timer.set(in(milliseconds(1)), [&] { calls += "cancelled "; });
  timer.cancel();
  loop.run_until(in(milliseconds(10)), [] { return false; });
  EXPECT_EQ(calls, "second ");
}

TEST(Timer, MaySetItselfAgain) {
  Loop loop;
  Timer timer(loop);
  int rounds = 0;
  std::function<void()> again = [&] {
    if (++rounds < 5) timer.set(in(milliseconds(1)), again);
  };
  timer.set(in(milliseconds(1)), again);
  EXPECT_TRUE(loop.run_until(in(kPlenty), [&] { return rounds == 5; }));
}

}  // namespace
}  // namespace ks::wire
