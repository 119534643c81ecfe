#include "lib/target/port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ks::target {
namespace {

// A TCP socket bound to a loopback port that the system chose.
class BoundSocket {
 public:
  BoundSocket() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;
  ~BoundSocket() { ::close(fd_); }
  void listen() const { EXPECT_EQ(::listen(fd_, 5), 0); }
  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

cli::Deadline soon() { return cli::Clock::now() + std::chrono::seconds(1); }

TEST(PortTest, TellsAListenerFromNone) {
  const BoundSocket socket;
  const wire::Address address{"127.0.0.1", socket.port()};
  EXPECT_FALSE(accepts_connections(address, soon()));
  socket.listen();
  EXPECT_TRUE(accepts_connections(address, soon()));
}

TEST(PortTest, ListenerThatSaysNothingDoesNotAnswer) {
  const BoundSocket socket;
  socket.listen();
  const auto deadline = cli::Clock::now() + std::chrono::milliseconds(50);
  EXPECT_FALSE(answers_api_versions({"127.0.0.1", socket.port()}, {}, deadline));
}

TEST(PortTest, NamesWhoHoldsAPort) {
  const BoundSocket socket;
  socket.listen();
  const auto holder = find_port_holder(socket.port(), 0);
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->pid, ::getpid());
  EXPECT_EQ(holder->text(), "process " + std::to_string(::getpid()) + " (" + holder->program + ")");
  EXPECT_FALSE(find_port_holder(socket.port(), ::getpid()).has_value()) << "left out";
}

TEST(PortTest, FreePortHasNoHolder) {
  std::uint16_t port = 0;
  {
    const BoundSocket socket;
    port = socket.port();
  }
  EXPECT_FALSE(find_port_holder(port, 0).has_value());
}

}  // namespace
}  // namespace ks::target
