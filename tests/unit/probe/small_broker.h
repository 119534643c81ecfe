#pragma once

#include <string>
#include <utility>

#include "../support/fake_broker.h"
#include "lib/wire/error_code.h"
#include "lib/wire/record_batch_reader.h"

namespace ks::test {

// A broker that serves a few APIs in one version each, ends the connection over anything else, and
// keeps the rules as far as ks-probe judges them. A test that wants a rule broken serves that API
// itself.
class SmallBroker : public FakeBroker {
 public:
  SmallBroker() {
    using wire::ApiKey;
    expect_nonsense();
    serve_only(ApiKey::kMetadata, 1, [this](const Request& request) { return metadata(request); });
    serve_only(ApiKey::kCreateTopics, 2, [](const Request& request) -> Answer {
      return wire::Value{
          {"topics", wire::Value::array({{{"name", request.body["topics"][0]["name"]}}})}};
    });
    serve_only(ApiKey::kDeleteTopics, 1, [](const Request& request) -> Answer {
      return wire::Value{
          {"responses", wire::Value::array({{{"name", request.body["topic_names"][0]}}})}};
    });
    serve_only(ApiKey::kProduce, 3, [](const Request& request) -> Answer {
      return produced(request, is_whole(request) ? 0 : kCorruptMessage);
    });
    serve_only(ApiKey::kFetch, 4, [](const Request& request) { return fetched(request, 0); });
    serve_only(ApiKey::kHeartbeat, 0, [](const Request&) -> Answer {
      return wire::Value{
          {"error_code", static_cast<std::int16_t>(wire::ErrorCode::kUnknownMemberId)}};
    });
  }

  void serve_only(wire::ApiKey api, std::int16_t version, Script script) {
    serve(api, {version, version}, [version, script = std::move(script)](const Request& request) {
      return request.version == version ? script(request) : Answer(Answer::Kind::kClose);
    });
  }

  Answer metadata(const Request& request) const {
    wire::Value::Array topics;
    for (const wire::Value& topic : request.body["topics"].items()) {
      topics.push_back(
          {{"name", topic["name"]},
           {"partitions", wire::Value::array({{{"partition_index", 0}, {"leader_id", 1}}})}});
    }
    return wire::Value{
        {"brokers", wire::Value::array(
                        {{{"node_id", 1}, {"host", address().host}, {"port", address().port}}})},
        {"topics", std::move(topics)}};
  }

  static Answer produced(const Request& request, std::int16_t error_code) {
    return wire::Value{
        {"responses", wire::Value::array(
                          {{{"name", request.body["topic_data"][0]["name"]},
                            {"partition_responses",
                             wire::Value::array({{{"index", 0}, {"error_code", error_code}}})}}})}};
  }

  static Answer fetched(const Request& request, std::int16_t error_code) {
    return wire::Value{
        {"responses", wire::Value::array(
                          {{{"topic", request.body["topics"][0]["topic"]},
                            {"partitions", wire::Value::array({{{"partition_index", 0},
                                                                {"error_code", error_code}}})}}})}};
  }

  static constexpr std::int16_t kCorruptMessage = 2;

 private:
  static bool is_whole(const Request& request) {
    wire::RecordReader reader;
    reader.open(request.body["topic_data"][0]["partition_data"][0]["records"].as_bytes(), true);
    const auto batch = reader.next_batch();
    return batch && *batch;
  }
};

}  // namespace ks::test
