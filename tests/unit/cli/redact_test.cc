#include "lib/cli/redact.h"

#include <gtest/gtest.h>

namespace ks::cli {
namespace {

// Secrets are remembered for the life of the process, so each test has its own.

TEST(Mask, ValuesOfSecretSettings) {
  EXPECT_EQ(mask("sasl.password=ab"), "sasl.password=***");
  EXPECT_EQ(mask("--property=sasl.password=ab and more"), "--property=sasl.password=*** and more");
  EXPECT_EQ(mask("KAFSCALE_S3_SECRET_KEY=a&b,c stop"), "KAFSCALE_S3_SECRET_KEY=*** stop");
  EXPECT_EQ(mask("PlainLoginModule required password=\"a b\";"),
            "PlainLoginModule required password=\"***\";");
  EXPECT_EQ(mask("password="), "password=");
  EXPECT_EQ(mask("password='never closed"), "password='***");
}

TEST(Mask, UsersOfUrlsAndAddresses) {
  EXPECT_EQ(mask("GET http://anna:ab@host:9090/metrics"), "GET http://***@host:9090/metrics");
  EXPECT_EQ(mask("no 'SASL_SSL://u:p,w/d@e@h:1'"), "no 'SASL_SSL://***@h:1'");
  EXPECT_EQ(mask("proxies=http://u1:p1@a,http://u2:p2@b"), "proxies=http://***@a,http://***@b");
  EXPECT_EQ(mask("user:pw@host:9092"), "***@host:9092");
  EXPECT_EQ(mask("http://@host"), "http://@host");
}

TEST(Mask, SecretParametersOfUrls) {
  EXPECT_EQ(mask("http://h:1/m?a=1&api_key=ab&b=2"), "http://h:1/m?a=1&api_key=***&b=2");
  EXPECT_EQ(mask("http://h:1/m?sig=ab#top"), "http://h:1/m?sig=***#top");
  EXPECT_EQ(mask("http://u:p@h/m?token=t&a=1"), "http://***@h/m?token=***&a=1");
}

TEST(Mask, TheRestStays) {
  for (const char* text :
       {"", " ", "client.id=visible", "http://127.0.0.1:1/metrics", "-o s@1700000000000",
        "read twice: orders[0]@42", "expected authz_denied_total == 0, observed 3",
        "ssl.key.location=/etc/client.key", "127.0.0.1:9092,[::1]:9093"}) {
    EXPECT_EQ(mask(text), text);
  }
}

TEST(Mask, MaskedOnceIsMaskedForGood) {
  const std::string masked = mask("http://u:p@h?token=a sasl.password=b");
  EXPECT_EQ(mask(masked), masked);
}

TEST(MaskArgument, ASecretSettingIsHiddenToItsEnd) {
  EXPECT_EQ(mask_argument("sasl.jaas.config=Module required x=y;"), "sasl.jaas.config=***");
  EXPECT_EQ(mask_argument("sasl.password:a=b"), "sasl.password:***");
  EXPECT_EQ(mask_argument("client.id=visible one"), "client.id=visible one");
  EXPECT_EQ(mask_argument("http://token.example/m?a=1&sig=ab"),
            "http://token.example/m?a=1&sig=***");
}

TEST(Redact, RegisteredValuesAnywhere) {
  add_secrets_of("sasl.password=swordfish-1");
  EXPECT_EQ(redact("login failed with swordfish-1, swordfish-1"), "login failed with ***, ***");
}

TEST(Redact, OrdinaryValuesAreNotRegistered) {
  add_secrets_of("client.id=visible-client");
  EXPECT_EQ(redact("as visible-client"), "as visible-client");
}

TEST(Redact, UsersOfUrlsAndTheirPasswords) {
  add_secrets_of("proxies=http://u1:first-secret@a,http://u2:second-secret@b");
  EXPECT_EQ(redact("first-secret second-secret"), "*** ***");
}

TEST(Redact, ASecretInsideAnotherDoesNotUncoverIt) {
  add_secret("inner-part");
  add_secret("outer-inner-part-end");
  EXPECT_EQ(redact("outer-inner-part-end"), "***");
}

// Such a value is in every other sentence; "*** Kafka: 1*** of 1***" would even tell it.
TEST(Redact, ShortValuesAreHiddenByTheirPlaceAlone) {
  for (const char* word : {"", "0", "pass", "kafka"})
    add_secrets_of("sasl.password=" + std::string(word));
  EXPECT_EQ(redact("kafka: 10 of 10 passed"), "kafka: 10 of 10 passed");
  EXPECT_EQ(redact("sasl.password=kafka refused"), "sasl.password=*** refused");
}

TEST(IsSecretName, KnowsTheUsualNames) {
  for (const char* name : {"sasl.password", "ssl.key.password", "SSL.KEYSTORE.PASSWORD",
                           "KAFSCALE_S3_SECRET_KEY", "KAFSCALE_S3_ACCESS_KEY", "auth-token",
                           "sasl.jaas.config", "ssl.key.pem", "sasl.oauthbearer.config", "api_key",
                           "apikey", "sig", "X-Amz-Signature", "Authorization"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name :
       {"", "client.id", "bootstrap.servers", "acks", "ssl.ca.location", "ssl.key.location",
        "sasl.oauthbearer.token.endpoint.url", "kafscale_authz_denied_total", "design", "monkey"}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

}  // namespace
}  // namespace ks::cli
