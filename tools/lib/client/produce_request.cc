#include "lib/client/produce_request.h"

#include "lib/wire/error_code.h"

namespace ks::client {

using wire::Value;

Value produce_request(const ProduceTopic& topic, std::int16_t acks, cli::Duration timeout,
                      const std::vector<std::unique_ptr<ProduceBatch>>& batches) {
  Value::Array partitions;
  for (const auto& batch : batches) {
    partitions.push_back({{"index", batch->partition}, {"records", Value::bytes(batch->encoded)}});
  }
  return {{"acks", acks},
          {"timeout_ms", timeout / std::chrono::milliseconds(1)},
          {"topic_data", Value::array({{{"name", topic.name},
                                        {"topic_id", topic.id},
                                        {"partition_data", std::move(partitions)}}})}};
}

namespace {

std::string described(std::int16_t code, std::string_view words) {
  std::string text = wire::error_name(code);
  if (!words.empty()) text += ": " + std::string(words);
  return text;
}

ProduceAnswer to_answer(const Value& partition) {
  ProduceAnswer answer;
  answer.error_code = static_cast<std::int16_t>(partition["error_code"].as_int());
  answer.base_offset = partition["base_offset"].as_int();
  if (answer.error_code != 0) {
    answer.error = described(answer.error_code, partition["error_message"].as_string());
  }
  constexpr auto kInvalidRecord = static_cast<std::int16_t>(wire::ErrorCode::kInvalidRecord);
  for (const Value& record : partition["record_errors"].items()) {
    answer.record_errors[static_cast<std::int32_t>(record["batch_index"].as_int())] =
        described(answer.error_code != 0 ? answer.error_code : kInvalidRecord,
                  record["batch_index_error_message"].as_string());
  }
  return answer;
}

}  // namespace

std::optional<ProduceAnswer> find_answer(const Value& response, const ProduceTopic& topic,
                                         std::int32_t partition) {
  for (const Value& answered : response["responses"].items()) {
    const std::string_view name = answered["name"].as_string();
    if (name.empty() ? answered["topic_id"].as_uuid() != topic.id : name != topic.name) continue;
    for (const Value& each : answered["partition_responses"].items()) {
      if (each["index"].as_int() == partition) return to_answer(each);
    }
  }
  return std::nullopt;
}

bool leaves_open(std::int16_t code) {
  return wire::is_retriable(code) || !wire::is_known(code) ||
         wire::to_error(code) == wire::ErrorCode::kUnknownServerError;
}

}  // namespace ks::client
