#include "lib/wire/connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "lib/cli/file.h"

namespace ks::wire {
namespace {

constexpr const char* kIsItUp = "is the broker running and is the address right?";

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

cli::Result<AddressList> resolve(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (code != 0) return cli::fail("unknown host", address.text(), gai_strerror(code));
  return AddressList(found, freeaddrinfo);
}

// Linux may join a client to its own ephemeral port when nothing listens there.
bool is_connected_to_itself(int fd) {
  sockaddr_storage local{};
  sockaddr_storage peer{};
  socklen_t local_size = sizeof local;
  socklen_t peer_size = sizeof peer;
  return getsockname(fd, reinterpret_cast<sockaddr*>(&local), &local_size) == 0 &&
         getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
         local_size == peer_size && std::memcmp(&local, &peer, local_size) == 0;
}

// 0 when `fd` is connected, else the error number.
int finish_connect(int fd, const addrinfo& to, cli::Deadline deadline) {
  if (::connect(fd, to.ai_addr, to.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    pollfd ready{fd, POLLOUT, 0};
    int polled = 0;
    do {
      polled = ::poll(&ready, 1, cli::remaining_ms(deadline));
    } while (polled < 0 && errno == EINTR);
    if (polled == 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  return is_connected_to_itself(fd) ? ECONNREFUSED : 0;
}

}  // namespace

cli::Result<Connection> Connection::open(const Address& address, cli::Deadline deadline) {
  const auto candidates = resolve(address);
  if (!candidates) return tl::make_unexpected(candidates.error());
  int error = ECONNREFUSED;
  for (const addrinfo* to = candidates->get(); to != nullptr; to = to->ai_next) {
    const int fd = ::socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return cli::fail("cannot open a socket", address.text(), cli::system_error(errno));
    Connection connection(fd, address);
    error = finish_connect(fd, *to, deadline);
    if (error == 0) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return connection;
    }
  }
  return cli::fail("cannot connect to broker (" + cli::system_error(error) + ")", address.text(),
                   kIsItUp);
}

Connection::Connection(Connection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), address_(std::move(other.address_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(address_, other.address_);
  return *this;
}

Connection::~Connection() {
  if (fd_ >= 0) ::close(fd_);
}

cli::Result<void> Connection::wait(short events, cli::Deadline deadline) const {
  pollfd ready{fd_, events, 0};
  const int polled = ::poll(&ready, 1, cli::remaining_ms(deadline));
  if (polled == 0) return cli::fail("no answer in time", address_.text(), "is it a Kafka broker?");
  if (polled < 0 && errno != EINTR) {
    return cli::fail("cannot wait for the broker", address_.text(), cli::system_error(errno));
  }
  return {};
}

cli::Result<void> Connection::send_frame(const std::string& frame, cli::Deadline deadline) {
  const std::uint32_t length = htonl(static_cast<std::uint32_t>(frame.size()));
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  bytes += frame;
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n >= 0) {
      sent += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      if (auto ready = wait(POLLOUT, deadline); !ready) return ready;
    } else if (errno != EINTR) {
      return cli::fail("cannot send", address_.text(), cli::system_error(errno));
    }
  }
  return {};
}

cli::Result<void> Connection::receive_exactly(char* out, std::size_t size, cli::Deadline deadline) {
  while (size > 0) {
    const ssize_t n = ::recv(fd_, out, size, 0);
    if (n == 0) return cli::fail("broker closed the connection", address_.text());
    if (n > 0) {
      out += n;
      size -= static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      if (auto ready = wait(POLLIN, deadline); !ready) return ready;
    } else if (errno != EINTR) {
      return cli::fail("cannot receive", address_.text(), cli::system_error(errno));
    }
  }
  return {};
}

cli::Result<std::string> Connection::receive_frame(std::size_t most_bytes, cli::Deadline deadline) {
  std::uint32_t prefix = 0;
  if (auto got = receive_exactly(reinterpret_cast<char*>(&prefix), sizeof prefix, deadline); !got) {
    return tl::make_unexpected(got.error());
  }
  const std::uint32_t length = ntohl(prefix);
  if (length > most_bytes) {
    return cli::fail(
        "frame length " + std::to_string(static_cast<std::int32_t>(length)) + " is not a response",
        address_.text(), "is it a Kafka broker?");
  }
  std::string frame(length, '\0');
  if (auto got = receive_exactly(frame.data(), length, deadline); !got) {
    return tl::make_unexpected(got.error());
  }
  return frame;
}

}  // namespace ks::wire
