#include "lie.h"

#include <optional>

namespace ks::lies {
namespace {

using wire::ApiKey;
using wire::Value;

// Where a message says something of partitions.
struct Shape {
  const char* topics;
  const char* partitions;
  const char* index;
};

std::optional<Shape> request_shape(ApiKey api) {
  switch (api) {
    case ApiKey::kProduce:
      return Shape{"topic_data", "partition_data", "index"};
    case ApiKey::kFetch:
      return Shape{"topics", "partitions", "partition"};
    case ApiKey::kListOffsets:
    case ApiKey::kOffsetCommit:
      return Shape{"topics", "partitions", "partition_index"};
    default:
      return std::nullopt;
  }
}

std::optional<Shape> response_shape(ApiKey api) {
  switch (api) {
    case ApiKey::kProduce:
      return Shape{"responses", "partition_responses", "index"};
    case ApiKey::kFetch:
      return Shape{"responses", "partitions", "partition_index"};
    case ApiKey::kListOffsets:
    case ApiKey::kOffsetCommit:
    case ApiKey::kOffsetFetch:
      return Shape{"topics", "partitions", "partition_index"};
    default:
      return std::nullopt;
  }
}

using Bytes = std::function<void(std::string&)>;

void change_part(Part& part, const Lie::Change& change, const Bytes& change_bytes) {
  const Value* records = part.fields.find("records");
  const bool has_records = records != nullptr && !records->as_bytes().empty();
  bool readable = false;
  if (has_records) {
    auto log = read_log(records->as_bytes());
    readable = log.has_value();
    if (readable) part.records = std::move(*log);
  }
  if (change) change(part);
  if (!readable) return;
  auto bytes = write_log(part.records);
  if (!bytes) return;
  if (change_bytes && !bytes->empty()) change_bytes(*bytes);
  part.fields.set("records", Value::owned_bytes(std::move(*bytes)));
}

const Value* find_asked(const Value* request, const Shape& shape, std::int64_t partition) {
  if (request == nullptr || request->find(shape.topics) == nullptr) return nullptr;
  for (const Value& topic : (*request)[shape.topics].items()) {
    for (const Value& asked : topic[shape.partitions].items()) {
      if (asked[shape.index].as_int() == partition) return &asked;
    }
  }
  return nullptr;
}

using ChangeOne = std::function<void(Part&)>;

void change_topics(Value& body, const Shape& shape, const ChangeOne& change) {
  if (body.find(shape.topics) == nullptr) return;
  Value::Array topics;
  for (Value topic : body[shape.topics].items()) {
    Value::Array partitions;
    for (const Value& fields : topic[shape.partitions].items()) {
      Part part{static_cast<std::int32_t>(fields[shape.index].as_int()), fields, {}, nullptr};
      change(part);
      partitions.push_back(std::move(part.fields));
    }
    topic.set(shape.partitions, std::move(partitions));
    topics.push_back(std::move(topic));
  }
  body.set(shape.topics, std::move(topics));
}

const Lie::Change& of_request(const Lie& lie, ApiKey api) {
  static const Lie::Change kNone;
  if (api == ApiKey::kProduce) return lie.produce;
  return api == ApiKey::kFetch ? lie.fetch : kNone;
}

const Lie::Change& of_response(const Lie& lie, ApiKey api) {
  switch (api) {
    case ApiKey::kProduce:
      return lie.produced;
    case ApiKey::kFetch:
      return lie.fetched;
    case ApiKey::kListOffsets:
      return lie.listed;
    case ApiKey::kOffsetCommit:
      return lie.committed;
    default:
      return lie.commit_found;
  }
}

}  // namespace

Persona::Verdict Liar::on_request(const Exchange& exchange, std::string& bytes) {
  const std::scoped_lock lock(mutex_);
  if (lie_.request) {
    const Verdict verdict = lie_.request(exchange, bytes);
    if (verdict != Verdict::kForward) return verdict;
  }
  rewrite_request(exchange, bytes);
  return Verdict::kForward;
}

void Liar::rewrite_request(const Exchange& exchange, std::string& bytes) {
  const auto shape = request_shape(exchange.api);
  if (!shape || exchange.request.body.is_null()) return;
  wire::Frame frame = exchange.request;
  change_topics(frame.body, *shape,
                [&](Part& part) { change_part(part, of_request(lie_, exchange.api), nullptr); });
  auto rewritten = wire::encode_request(frame);
  if (rewritten) bytes = std::move(*rewritten);
}

Persona::Sending Liar::on_response(const Exchange& exchange, std::string& bytes) {
  const std::scoped_lock lock(mutex_);
  rewrite_response(exchange, bytes);
  return lie_.answer ? lie_.answer(exchange, bytes) : Sending{};
}

void Liar::rewrite_response(const Exchange& exchange, std::string& bytes) {
  const auto shape = response_shape(exchange.api);
  if (!shape) return;
  auto frame = wire::decode_response(exchange.api, exchange.version, bytes);
  if (!frame) return;
  const auto asked_shape = request_shape(exchange.api);
  const auto change = [&](Part& part) {
    if (asked_shape) {
      part.asked = find_asked(&exchange.request.body, *asked_shape, part.partition);
    }
    change_part(part, of_response(lie_, exchange.api), lie_.fetched_bytes);
  };
  // OffsetFetch has its topics in groups since version 8.
  const Value* groups = frame->body.find("groups");
  if (exchange.api == ApiKey::kOffsetFetch && groups != nullptr && !groups->items().empty()) {
    Value::Array changed;
    for (Value group : groups->items()) {
      change_topics(group, *shape, change);
      changed.push_back(std::move(group));
    }
    frame->body.set("groups", std::move(changed));
  } else {
    change_topics(frame->body, *shape, change);
  }
  auto rewritten = wire::encode_response(exchange.api, exchange.version, *frame);
  if (rewritten) bytes = std::move(*rewritten);
}

}  // namespace ks::lies
