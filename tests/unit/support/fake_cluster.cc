#include "fake_cluster.h"

#include <utility>

namespace ks::test {

using wire::ApiKey;
using wire::Value;

FakeCluster::FakeCluster(std::size_t brokers, std::size_t partitions, wire::VersionRange produce)
    : logs_(partitions) {
  for (std::size_t p = 0; p < partitions; ++p) leaders_.push_back(p % brokers);
  for (std::size_t b = 0; b < brokers; ++b) brokers_.push_back(std::make_unique<FakeBroker>());
  for (std::size_t b = 0; b < brokers; ++b) serve(b, produce);
}

void FakeCluster::serve(std::size_t index, wire::VersionRange produce_versions) {
  FakeBroker& broker = *brokers_[index];
  broker.serve(ApiKey::kMetadata, {0, 13}, [this](const Request&) { return metadata(); });
  broker.serve(ApiKey::kInitProducerId, {0, 5},
               [this](const Request&) { return init_producer_id(); });
  broker.serve(ApiKey::kProduce, produce_versions,
               [this, index](const Request& request) { return produce(index, request); });
}

std::vector<std::string> FakeCluster::addresses() const {
  std::vector<std::string> out;
  for (const auto& broker : brokers_) out.push_back(broker->address().text());
  return out;
}

void FakeCluster::move(std::size_t partition, std::size_t broker) {
  const std::scoped_lock lock(mutex_);
  leaders_[partition] = broker;
}

void FakeCluster::set_topic_error(std::int16_t code, int answers) {
  const std::scoped_lock lock(mutex_);
  topic_error_ = code;
  topic_errors_left_ = answers;
}

void FakeCluster::decree(std::vector<Fate> fates) {
  const std::scoped_lock lock(mutex_);
  fates_.assign(fates.begin(), fates.end());
}

void FakeCluster::decree(std::function<Fate()> fate) {
  const std::scoped_lock lock(mutex_);
  later_fate_ = std::move(fate);
}

void FakeCluster::forget_producers() {
  const std::scoped_lock lock(mutex_);
  for (FakeLog& log : logs_) log.forget_producers();
}

std::vector<LoggedRecord> FakeCluster::log(std::size_t partition) const {
  const std::scoped_lock lock(mutex_);
  return logs_[partition].records();
}

std::size_t FakeCluster::produce_requests() const {
  std::size_t count = 0;
  for (const auto& broker : brokers_) count += broker->requests(ApiKey::kProduce).size();
  return count;
}

Answer FakeCluster::metadata() {
  const std::scoped_lock lock(mutex_);
  Value::Array brokers;
  for (std::size_t b = 0; b < brokers_.size(); ++b) {
    const wire::Address& address = brokers_[b]->address();
    brokers.push_back({{"node_id", b}, {"host", address.host}, {"port", address.port}});
  }
  Value::Array partitions;
  for (std::size_t p = 0; p < leaders_.size(); ++p) {
    partitions.push_back({{"partition_index", p}, {"leader_id", leaders_[p]}});
  }
  const bool fails = topic_errors_left_ > 0;
  if (fails) --topic_errors_left_;
  Value topic = {
      {"error_code", fails ? topic_error_ : 0}, {"name", kTopic}, {"topic_id", kTopicId}};
  if (!fails) topic.set("partitions", std::move(partitions));
  return Value{{"brokers", std::move(brokers)}, {"topics", Value::array({std::move(topic)})}};
}

Answer FakeCluster::init_producer_id() {
  const std::scoped_lock lock(mutex_);
  return Value{{"producer_id", next_producer_id_++}, {"producer_epoch", 0}};
}

Fate FakeCluster::next_fate() {
  if (fates_.empty()) return later_fate_ ? later_fate_() : Fate();
  Fate fate = std::move(fates_.front());
  fates_.pop_front();
  return fate;
}

Answer FakeCluster::produce(std::size_t broker, const Request& request) {
  const std::scoped_lock lock(mutex_);
  const Value& topic = request.body["topic_data"][0];
  Answer::Kind kind = Answer::Kind::kBody;
  Value::Array answers;
  for (const Value& batch : topic["partition_data"].items()) {
    const auto partition = static_cast<std::size_t>(batch["index"].as_int());
    Fate fate = leaders_[partition] == broker ? next_fate() : Fate::error(kNotLeader);
    FakeLog::Appended done{fate.error_code, -1};
    if (fate.is_written) done = logs_[partition].append(batch["records"].as_bytes());
    if (fate.error_code != 0) done = {fate.error_code, -1};
    if (fate.kind != Answer::Kind::kBody) kind = fate.kind;
    Value::Array record_errors;
    for (const auto& [index, words] : fate.record_errors) {
      record_errors.push_back({{"batch_index", index}, {"batch_index_error_message", words}});
    }
    answers.push_back({{"index", partition},
                       {"error_code", done.error_code},
                       {"base_offset", done.base_offset},
                       {"record_errors", std::move(record_errors)}});
  }
  const bool has_answer = request.body["acks"].as_int() != 0;
  Answer answer(
      Value{{"responses", Value::array({{{"name", topic["name"]},
                                         {"topic_id", topic["topic_id"]},
                                         {"partition_responses", std::move(answers)}}})}});
  answer.kind = has_answer || kind != Answer::Kind::kBody ? kind : Answer::Kind::kNone;
  return answer;
}

}  // namespace ks::test
