#include "lib/target/s3_store.h"

#include <gtest/gtest.h>

#include "../wire/peer.h"

namespace ks::target {
namespace {

// What refuses a small part of an object says more than the part is long.
TEST(S3Store, ARefusedPartOfAnObjectSaysWhy) {
  wire::Peer server([](int fd) {
    std::string request;
    while (!request.ends_with("\r\n\r\n")) {
      const std::string byte = wire::receive(fd, 1);
      if (byte.empty()) return;
      request += byte;
    }
    const std::string body = "<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>";
    const std::string answer =
        "HTTP/1.1 403 Forbidden\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  S3Access access;
  access.endpoint = "http://" + server.address().text();
  access.access_key = "key";
  access.secret_key = "word";
  S3Store store("bucket", "", access);
  const auto part = store.read("segment", 0, 32);
  ASSERT_FALSE(part);
  EXPECT_EQ(part.error().code, "AccessDenied") << part.error().message();
}

}  // namespace
}  // namespace ks::target
