#include <gtest/gtest.h>

#include <memory>

#include "lib/wire/tls_impl.h"

namespace ks::wire {
namespace {

cli::Result<void> name(const std::string& host, bool verify_host = true) {
  Tls tls;
  tls.verify_host = verify_host;
  auto context = make_tls_context(tls);
  if (!context) return tl::make_unexpected(context.error());
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context->native_handle()),
                                                          SSL_free);
  return name_host(session.get(), tls, host);
}

TEST(Tls, AHostIsANameOrAnAddress) {
  for (const char* host : {"broker.example", "127.0.0.1", "::1"}) EXPECT_TRUE(name(host)) << host;
}

// Otherwise any certificate would do.
TEST(Tls, AHostThatCannotBeCheckedIsRefused) {
  const auto named = name("fe80::1%1");
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().what, "TLS cannot check the host");
  EXPECT_TRUE(name("fe80::1%1", false));
  EXPECT_FALSE(name(std::string(300, 'a')));
}

}  // namespace
}  // namespace ks::wire
