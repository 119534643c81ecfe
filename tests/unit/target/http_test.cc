#include "lib/target/http.h"

#include <gtest/gtest.h>

#include "lib/cli/redact.h"

namespace ks::target {
namespace {

cli::Deadline soon() { return cli::Clock::now() + std::chrono::seconds(2); }

TEST(HttpTest, WhatIsNoUrlIsRefused) {
  const auto answer = http_get("127.0.0.1/metrics page", soon());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().what, "not a URL '127.0.0.1/metrics page'");
}

TEST(HttpTest, OtherProtocolsAreRefused) {
  const auto answer = http_get("file:///etc/hostname", soon());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().where, "file:///etc/hostname");
}

TEST(HttpTest, UnreachableNamesTheUrlWithoutItsSecrets) {
  const auto answer =
      http_get("http://me:hidden-word@127.0.0.1:1/metrics?api_key=key-word", soon());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().what, "cannot connect");
  EXPECT_EQ(answer.error().where, "http://***@127.0.0.1:1/metrics?api_key=***");
  EXPECT_EQ(cli::redact("hidden-word key-word"), "*** ***");
}

TEST(HttpTest, UnknownHostIsNamed) {
  const auto answer = http_get("http://no-such-host.invalid/metrics", soon());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().where, "http://no-such-host.invalid/metrics");
}

TEST(HttpTest, ASegmentOfAPathIsEscaped) {
  EXPECT_EQ(url_segment("broker-1_a.b~c"), "broker-1_a.b~c");
  EXPECT_EQ(url_segment("a b/c?d%\xc3\xa4"), "a%20b%2Fc%3Fd%25%C3%A4");
}

TEST(HttpTest, AUrlsHost) {
  EXPECT_EQ(url_host("http://me:word@proxy.example:8474/x"), "proxy.example");
  EXPECT_EQ(url_host("http://[::1]:8474"), "[::1]");
  EXPECT_EQ(url_host("not a url"), "");
}

}  // namespace
}  // namespace ks::target
