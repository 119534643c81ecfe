#include "lib/target/toxiproxy.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

// As Toxiproxy 2.12.0 answers GET /proxies, apart from the order.
constexpr const char* kProxies = R"({
  "store": {"name":"store","listen":"[::]:29402","upstream":"127.0.0.1:9000","enabled":false,
            "Logger":{},"toxics":[]},
  "broker": {"name":"broker","listen":"127.0.0.1:23900","upstream":"127.0.0.1:9092","enabled":true,
             "Logger":{},"toxics":[
    {"attributes":{"latency":200,"jitter":0},"name":"slow","type":"latency",
     "stream":"downstream","toxicity":1},
    {"attributes":{},"name":"mark","type":"noop","stream":"upstream","toxicity":0}]}})";

TEST(ToxiproxyTest, ReadsProxiesByName) {
  const auto proxies = parse_proxies(kProxies);
  ASSERT_TRUE(proxies.has_value()) << proxies.error().message();
  ASSERT_EQ(proxies->size(), 2U);
  const Proxy& broker = proxies->front();
  EXPECT_EQ(broker.name, "broker");
  EXPECT_EQ(broker.listen, "127.0.0.1:23900");
  EXPECT_EQ(broker.upstream, "127.0.0.1:9092");
  EXPECT_TRUE(broker.enabled);
  ASSERT_EQ(broker.toxics.size(), 2U);
  EXPECT_EQ(broker.toxics[0].name, "slow");
  EXPECT_EQ(broker.toxics[0].type, "latency");
  EXPECT_EQ(broker.toxics[0].stream, "downstream");
  EXPECT_EQ(broker.toxics[0].toxicity, 1);
  EXPECT_EQ(broker.toxics[0].attributes["latency"], 200);
  EXPECT_EQ(broker.toxics[1].toxicity, 0);
  EXPECT_FALSE(proxies->back().enabled);
}

TEST(ToxiproxyTest, WithoutProxiesThereAreNone) {
  const auto proxies = parse_proxies("{}");
  ASSERT_TRUE(proxies.has_value());
  EXPECT_TRUE(proxies->empty());
}

class HostileProxiesTest : public testing::TestWithParam<const char*> {};

TEST_P(HostileProxiesTest, AreRefused) {
  const auto proxies = parse_proxies(GetParam());
  ASSERT_FALSE(proxies.has_value());
  EXPECT_FALSE(proxies.error().what.empty());
}

#define PROXY R"("name":"p","listen":"a:1","upstream":"b:2","enabled":true)"
INSTANTIATE_TEST_SUITE_P(
    ToxiproxyTest, HostileProxiesTest,
    testing::Values(
        "", "<html>", "[]", "null", "7", "{", "\"\xff\"", R"({"p":7})", R"({"p":{}})",
        "{\"p\":{" PROXY "}}", "{\"p\":{" PROXY ",\"toxics\":{}}}",
        "{\"p\":{" PROXY ",\"toxics\":[7]}}", "{\"p\":{" PROXY ",\"toxics\":[{}]}}",
        R"({"p":{"name":1,"listen":"a:1","upstream":"b:2","enabled":true,"toxics":[]}})",
        R"({"p":{"name":"p","listen":"a:1","upstream":"b:2","enabled":1,"toxics":[]}})",
        "{\"p\":{" PROXY R"(,"toxics":[{"name":"t","type":"x","stream":"up","toxicity":"1"}]}})"));
#undef PROXY

TEST(ToxiproxyTest, TheProxyThatCannotBeReadIsNamed) {
  const auto proxies = parse_proxies(R"({"odd":{}})");
  ASSERT_FALSE(proxies.has_value());
  EXPECT_EQ(proxies.error().where, "proxy 'odd'");
}

TEST(ToxiproxyTest, AProxyThatListensEverywhereIsReachedAtTheApisHost) {
  Proxy proxy;
  for (const char* everywhere : {"[::]:9092", "0.0.0.0:9092", ":9092"}) {
    proxy.listen = everywhere;
    EXPECT_EQ(address_of(proxy, "http://toxi.example:8474")->text(), "toxi.example:9092");
  }
  EXPECT_EQ(address_of(proxy, "http://[::1]:8474")->text(), "[::1]:9092");
  proxy.listen = "10.0.0.1:9092";
  EXPECT_EQ(address_of(proxy, "http://toxi.example:8474")->text(), "10.0.0.1:9092");
  proxy.listen = "nonsense:";
  EXPECT_FALSE(address_of(proxy, "http://toxi.example:8474").has_value());
}

}  // namespace
}  // namespace ks::target
