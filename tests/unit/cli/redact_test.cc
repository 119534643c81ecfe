#include "lib/cli/redact.h"

#include <gtest/gtest.h>

namespace ks::cli {
namespace {

// Secrets are remembered for the life of the process, so each test has its own.

TEST(Redact, PasswordOfAProperty) {
  add_secrets_of("sasl.password=swordfish-1");
  EXPECT_EQ(redact("sasl.password=swordfish-1"), "sasl.password=***");
  EXPECT_EQ(redact("login failed with swordfish-1, swordfish-1"), "login failed with ***, ***");
}

TEST(Redact, OrdinaryPropertiesStay) {
  add_secrets_of("client.id=visible-client");
  EXPECT_EQ(redact("client.id=visible-client"), "client.id=visible-client");
}

TEST(Redact, UserInfoOfUrls) {
  add_secrets_of("http://anna:hunter2-pass@host:9090/metrics?x=1");
  EXPECT_EQ(redact("GET http://anna:hunter2-pass@host:9090/metrics"),
            "GET http://***@host:9090/metrics");
  EXPECT_EQ(redact("password hunter2-pass was refused"), "password *** was refused");
}

TEST(Redact, UrlInsideAPropertyAndSeveralUrls) {
  add_secrets_of("proxies=http://u1:first-secret@a,http://u2:second-secret@b");
  EXPECT_EQ(redact("first-secret second-secret"), "*** ***");
}

TEST(Redact, ASecretInsideAnotherDoesNotUncoverIt) {
  add_secret("inner-part");
  add_secret("outer-inner-part-end");
  EXPECT_EQ(redact("outer-inner-part-end"), "***");
}

TEST(Redact, VeryShortSecretsWouldGarbleEverything) {
  add_secret("e");
  add_secret("");
  EXPECT_EQ(redact("here"), "here");
}

TEST(IsSecretName, KnowsTheUsualNames) {
  for (const char* name :
       {"sasl.password", "ssl.key.password", "SSL.KEYSTORE.PASSWORD", "KAFSCALE_S3_SECRET_KEY",
        "KAFSCALE_S3_ACCESS_KEY", "auth-token", "sasl.jaas.config", "ssl.key.pem"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name : {"client.id", "bootstrap.servers", "acks", "ssl.ca.location"}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

}  // namespace
}  // namespace ks::cli
