#include "lib/scenario/read.h"

#include <gtest/gtest.h>

namespace ks::scenario {
namespace {

using Texts = std::vector<std::string>;
using std::chrono::seconds;

Reading reading_of(const std::string& yaml) {
  const auto document = parse_document(yaml, "f.yaml");
  EXPECT_TRUE(document) << (document ? "" : document.error().message());
  auto reading = read_scenario(*document);
  EXPECT_TRUE(reading) << (reading ? "" : reading.error().message());
  return std::move(*reading);
}

// What is wrong with a file, each as "line field: what".
Texts complaints(const std::string& yaml) {
  Texts out;
  for (const Complaint& c : reading_of(yaml).complaints) {
    out.push_back(std::to_string(c.line) + " " + c.field + ": " + c.what);
  }
  return out;
}

// A file with one producer, to which a test adds keys.
std::string producing(const std::string& keys, const std::string& rest = "") {
  return "topics: [{name: t, partitions: 2}]\nscenarios:\n  p: {type: produce, " + keys + "}\n" +
         rest;
}

std::string consuming(const std::string& keys, const std::string& rest = "") {
  return producing("messages: 10", "  c: {type: consume, " + keys + "}\n" + rest);
}

TEST(Scenario, TheExampleOfTheRequirementsIsRight) {
  const Reading reading = reading_of(R"(profile: local-service
brokers: [localhost:39092]
topics:
  - {name: smoke, partitions: 1}
scenarios:
  producer: {type: produce, clients: 5, messages: 1000, rate: 50/s, value: {json: {uuid: "{{uuid}}", ts: "{{now}}"}}}
  consumer: {type: consume, clients: 1, topic: smoke, partition: 0, offset: earliest, limit: 1000}
checks:
  - {name: delivered_all, type: count_equals, expected: 1000}
)");
  ASSERT_TRUE(reading.complaints.empty());
  const Traffic& producer = *reading.scenario.find("producer");
  EXPECT_EQ(producer.topic, "smoke");  // the only one
  EXPECT_EQ(producer.messages, 1000u);
  EXPECT_EQ(producer.rate_per_s, 50);
  EXPECT_EQ(producer.value, R"({"uuid":"{{uuid}}","ts":"{{now}}"})");
  const Traffic& consumer = *reading.scenario.find("consumer");
  EXPECT_EQ(consumer.offset, "beginning");
  EXPECT_EQ(consumer.limit, 1000u);
  // It reads while 20 s of records are being sent.
  EXPECT_EQ(bound_of(consumer, reading.scenario), seconds(80));
  EXPECT_EQ(bound_of(producer, reading.scenario), seconds(50));
}

TEST(Scenario, TheFormatOfTheKaf6RunnerIsReadAsItIs) {
  const auto document = parse_document(R"({
  "name": "smoke_single", "description": "one", "profile": "local-service", "brokers": [],
  "topics": [{"name": "smoke-{{run_id}}", "partitions": 1, "recreate": true}],
  "scenarios": {
    "producer": {"type": "produce", "clients": 1, "messages": 2, "rate_per_s": 0,
                 "topic": "smoke-{{run_id}}", "value": {"json": {"uuid": "{{uuid}}"}}, "headers": {"n": 1}},
    "consumer": {"type": "consume", "clients": 1, "group": {"id": "g-{{run_id}}"},
                 "topic": "smoke-{{run_id}}", "offset": "earliest", "limit": 2, "timeout": "30s"},
    "metrics": {"type": "metrics", "url": ""}},
  "checks": [{"name": "sent", "type": "count_equals", "metric": "produced", "expected": 2}]})",
                                       "f.json");
  ASSERT_TRUE(document);
  const auto reading = read_scenario(*document);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->complaints.size(), 0u);
  EXPECT_EQ(reading->scenario.name, "smoke_single");
  EXPECT_EQ(reading->scenario.find("consumer")->group, "g-{{run_id}}");
  EXPECT_TRUE(reading->scenario.topics[0].recreate);
  EXPECT_TRUE(reading->scenario.checks[0].of_produced);
}

TEST(Scenario, EveryComplaintIsMade) {
  EXPECT_EQ(complaints("scenarios:\n  p: {type: produce, ratee: 5}\n  c: {type: consumee}\n"
                       "checks:\n  - {type: count_equals}\nextra: 1\n"),
            (Texts{"2 scenarios.p: unknown key 'ratee'", "3 scenarios.c.type: unknown 'consumee'",
                   "5 checks[0]: 'expected' is missing", "6 : unknown key 'extra'"}));
}

TEST(Scenario, WhatCannotEndIsRefused) {
  EXPECT_EQ(complaints(producing("rate: 5/s")), (Texts{"3 scenarios.p: it would never end"}));
  EXPECT_EQ(complaints(consuming("topic: t")), (Texts{"4 scenarios.c: it would never end"}));
  for (const char* end : {"limit: 5", "timeout: 5s", "duration: 5s"}) {
    EXPECT_EQ(complaints(consuming(end)), Texts()) << end;
  }
  EXPECT_EQ(complaints(producing("duration: 5s")), Texts());
}

TEST(Scenario, TopicsMustBeKnown) {
  EXPECT_EQ(complaints(producing("messages: 1, topic: u")),
            (Texts{"3 scenarios.p.topic: unknown topic 'u'"}));
  EXPECT_EQ(complaints("scenarios:\n  p: {type: produce, messages: 1}\n"),
            (Texts{"2 scenarios.p: no topic"}));
  EXPECT_EQ(complaints("topics: [{name: a}, {name: b}]\nscenarios:\n  p: {type: produce, "
                       "messages: 1}\n"),
            (Texts{"3 scenarios.p: no topic"}));
  EXPECT_EQ(complaints("topics: [{name: a}, {name: a}]\nscenarios:\n  p: {type: produce, "
                       "messages: 1, topic: a}\n"),
            (Texts{"1 topics[1].name: topic 'a' twice"}));
  EXPECT_EQ(complaints(producing("messages: 1, partition: 2")),
            (Texts{"3 scenarios.p.partition: no such partition"}));
}

TEST(Scenario, ContradictionsOfAProducer) {
  EXPECT_EQ(complaints(producing("messages: 2, clients: 3")),
            (Texts{"3 scenarios.p.clients: more clients than messages"}));
  EXPECT_EQ(complaints(producing("messages: 2, rate: 5/s, rate_per_s: 5")),
            (Texts{"3 scenarios.p.rate_per_s: rate is there, too"}));
  EXPECT_EQ(complaints(producing("messages: 100, rate: 1/s, timeout: 5s")),
            (Texts{"3 scenarios.p.timeout: its schedule takes longer, 1 m 40 s"}));
  EXPECT_EQ(complaints(producing("messages: 1, value: {}")),
            (Texts{"3 scenarios.p.value: neither json nor text"}));
  EXPECT_EQ(complaints(producing("messages: 1, value: {text: a}, size: 100")),
            (Texts{"3 scenarios.p.size: a value is given, too"}));
  EXPECT_EQ(complaints(producing("messages: 1, size: 10")),
            (Texts{"3 scenarios.p.size: too small for the identity of a record"}));
  EXPECT_EQ(complaints(producing("messages: 1, key: a, keys: 5")),
            (Texts{"3 scenarios.p.keys: a key is given, too"}));
  EXPECT_EQ(complaints(producing("messages: 1, value: {json: {a: [\"{{uuid}}\", \"{{uid}}\"]}}")),
            (Texts{"3 scenarios.p.value.json.a[1]: unknown placeholder '{{uid}}'"}));
}

TEST(Scenario, ContradictionsOfAConsumer) {
  EXPECT_EQ(complaints(consuming("limit: 5, group: g, partition: 0")),
            (Texts{"4 scenarios.c.partition: a member of a group cannot choose partitions"}));
  EXPECT_EQ(complaints(consuming("limit: 5, group: g, offset: 7")),
            (Texts{"4 scenarios.c.offset: a member starts at its group's commit, else at an end"}));
  EXPECT_EQ(complaints(consuming("limit: 5, offset: stored")),
            (Texts{"4 scenarios.c.offset: only a group has stored offsets"}));
  EXPECT_EQ(
      complaints(consuming("limit: 5, clients: 3")),
      (Texts{
          "4 scenarios.c.clients: more clients than partitions: one would have nothing to read"}));
  EXPECT_EQ(complaints(consuming("limit: 5, clients: 3, group: g")), Texts());
  EXPECT_EQ(complaints(consuming("limit: 2, clients: 3, partition: 0")),
            (Texts{"4 scenarios.c.clients: more clients than the limit"}));
  EXPECT_EQ(complaints(consuming("timeout: 2s, duration: 3s")),
            (Texts{"4 scenarios.c.duration: a timeout is given, too"}));
}

TEST(Scenario, WhoWaitsForWhom) {
  EXPECT_EQ(complaints(consuming("limit: 5, after: x")),
            (Texts{"4 scenarios.c.after: no scenario 'x'"}));
  EXPECT_EQ(complaints(consuming("limit: 5, after: c")),
            (Texts{"4 scenarios.c.after: waits for itself"}));
  const Reading reading = reading_of(
      producing("messages: 100, rate: 10/s, start_delay: 2s",
                "  c: {type: consume, limit: 5, timeout: 5s, after: p, start_delay: 1s}\n"));
  EXPECT_EQ(latest_start(*reading.scenario.find("c"), reading.scenario), seconds(2 + 40 + 1));
  EXPECT_EQ(latest_end(*reading.scenario.find("c"), reading.scenario), seconds(43 + 5));
}

TEST(Scenario, ContradictionsOfFaults) {
  const auto faults = [](const std::string& fault) {
    return complaints(producing("duration: 20s, rate: 5/s", "faults:\n  - {" + fault + "}\n"));
  };
  EXPECT_EQ(faults("at: 5s, verb: kill, random: 1"), Texts());
  EXPECT_EQ(faults("at: 5s, verb: latency, path: object-store, latency: 200ms, for: 5s"), Texts());
  EXPECT_EQ(faults("at: 20s, verb: kill"),
            (Texts{"5 faults[0].at: after the traffic's end, 20.0 s"}));
  EXPECT_EQ(faults("at: 5s, verb: kill, path: clients"), (Texts{"5 faults[0].path: not of kill"}));
  EXPECT_EQ(faults("at: 5s, verb: down"), (Texts{"5 faults[0]: 'path' is missing"}));
  EXPECT_EQ(faults("at: 5s, verb: scale"), (Texts{"5 faults[0]: 'count' is missing"}));
  EXPECT_EQ(faults("at: 5s, verb: latency, path: a"), (Texts{"5 faults[0]: 'latency' is missing"}));
  EXPECT_EQ(faults("at: 5s, verb: kil"), (Texts{"5 faults[0].verb: unknown 'kil'"}));
  EXPECT_EQ(faults("at: 5s, verb: kill, random: 1, nodes: [a]"),
            (Texts{"5 faults[0].random: nodes are given, too"}));
}

TEST(Scenario, ContradictionsOfChecks) {
  const auto checks = [](const std::string& check) {
    return complaints(consuming("limit: 5", "checks:\n  - {" + check + "}\n"));
  };
  EXPECT_EQ(checks("type: count_equals, expected: 5, scenario: c"), Texts());
  EXPECT_EQ(checks("type: count_equals, expected: 5, scenario: x"),
            (Texts{"6 checks[0].scenario: no scenario 'x'"}));
  EXPECT_EQ(checks("type: metric, metric: x, scenario: c"),
            (Texts{"6 checks[0].scenario: metric cannot be of 'c'",
                   "6 checks[0]: no scenario that it could be about"}));
  EXPECT_EQ(checks("type: recovery, max: 5s"), (Texts{"6 checks[0]: nothing to recover from"}));
  EXPECT_EQ(checks("type: throughput, min: 0"), (Texts{"6 checks[0].min: nothing could be less"}));
  EXPECT_EQ(checks("type: anomalies, allow: [lots]"),
            (Texts{"6 checks[0].allow: not an allowance 'lots'"}));
  EXPECT_EQ(checks("type: no_loss}\n  - {type: no_loss"),
            (Texts{"7 checks[1]: check 'no_loss' twice"}));
  EXPECT_EQ(
      complaints(producing("messages: 1", "checks:\n  - {type: count_equals, expected: 1}\n")),
      (Texts{"5 checks[0]: no scenario that it could be about"}));
  EXPECT_EQ(complaints("scenarios:\n  c: {type: consume, topic: t, limit: 1}\nchecks:\n"
                       "  - {type: no_loss}\n"),
            (Texts{"4 checks[0]: nothing is produced that could be judged"}));
  EXPECT_EQ(
      complaints(producing("messages: 1, value: {text: a}",
                           "  c: {type: consume, limit: 1}\nchecks:\n  - {type: uuid_match}\n")),
      (Texts{"6 checks[0]: the value of 'p' has no {{uuid}}"}));
}

TEST(Scenario, NamesOfStepsMustDiffer) {
  EXPECT_EQ(
      complaints(producing("messages: 5, clients: 2", "  p_1: {type: produce, messages: 1}\n")),
      (Texts{"4 scenarios.p_1: its results would be those of another step, 'p_1'"}));
}

TEST(Scenario, TheTimeOutOfAReaderIsItsOwnPart) {
  const Reading reading = reading_of(producing("messages: 100, rate: 1/s",
                                               "  c: {type: consume, limit: 100, timeout: 30s}\n"
                                               "  d: {type: consume, timeout: 30s}\n"));
  EXPECT_EQ(bound_of(*reading.scenario.find("c"), reading.scenario), seconds(130));
  EXPECT_EQ(bound_of(*reading.scenario.find("d"), reading.scenario), seconds(30));
}

}  // namespace
}  // namespace ks::scenario
