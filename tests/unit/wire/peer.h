#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>

#include "lib/wire/address.h"
#include "lib/wire/bytes.h"

namespace ks::wire {

// A server for one connection, on a loopback port of its own; `serve` is what it does with it.
class Peer {
 public:
  explicit Peer(const std::function<void(int fd)>& serve) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::listen(listener_, 1);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve] {
      sockaddr_in from{};
      socklen_t from_size = sizeof from;
      const int fd = ::accept(listener_, reinterpret_cast<sockaddr*>(&from), &from_size);
      if (fd < 0) return;
      client_ = inet_ntoa(from.sin_addr);
      serve(fd);
      ::close(fd);
    });
  }
  ~Peer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  Address address() const { return {"127.0.0.1", port_}; }
  std::string client() { return client_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::string client_;
  std::thread thread_;
};

inline std::string receive(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::recv(fd, bytes.data() + got, size - got, 0);
    if (n <= 0) return bytes.substr(0, got);
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

// A request's bytes after its length; empty at the end.
inline std::string receive_request(int fd) {
  const std::string length = receive(fd, 4);
  if (length.size() < 4) return {};
  return receive(fd, ByteReader(length).integer<std::uint32_t>());
}

inline std::int32_t correlation_id(const std::string& request) {
  return ByteReader(std::string_view(request).substr(4)).integer<std::int32_t>();
}

inline void answer(int fd, std::int32_t id, std::string_view body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.integer(static_cast<std::int32_t>(body.size() + sizeof id));
  out.integer(id);
  out.bytes(body);
  ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

inline void wait_for_end(int fd) {
  while (!receive(fd, 1).empty()) {
  }
}

// Sends the piece, and waits until the client's system has it.
inline void deliver(int fd, std::string_view piece) {
  ::send(fd, piece.data(), piece.size(), MSG_NOSIGNAL);
  for (int left = 1; left > 0;) ::ioctl(fd, SIOCOUTQ, &left);
}

}  // namespace ks::wire
