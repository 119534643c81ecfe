#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fake_broker.h"
#include "fake_log.h"

namespace ks::test {

// What becomes of a batch on its way into the log.
struct Fate {
  bool is_written = true;
  std::int16_t error_code = 0;  // of the answer, where it is not the log's own
  Answer::Kind kind = Answer::Kind::kBody;
  std::map<std::int32_t, std::string> record_errors;

  static Fate error(std::int16_t code) { return {false, code, Answer::Kind::kBody, {}}; }
  static Fate lost(Answer::Kind kind = Answer::Kind::kClose) { return {false, 0, kind, {}}; }
  static Fate written_and(Answer::Kind kind) { return {true, 0, kind, {}}; }
  static Fate written_and(std::int16_t error) { return {true, error, Answer::Kind::kBody, {}}; }
};

// One topic on a few brokers that take what a producer sends, as Kafka would, unless a test wants a
// batch to fare worse.
class FakeCluster {
 public:
  static constexpr const char* kTopic = "orders";
  static constexpr wire::Uuid kTopicId{7, 7, 7};
  static constexpr std::int16_t kNotLeader = 6;

  // Partition p's leader is broker p modulo the number of brokers.
  FakeCluster(std::size_t brokers, std::size_t partitions, wire::VersionRange produce = {3, 13});

  std::vector<std::string> addresses() const;
  FakeBroker& broker(std::size_t index) { return *brokers_[index]; }

  // All of these may be called while the brokers serve.
  void move(std::size_t partition, std::size_t broker);
  void set_topic_error(std::int16_t code, int answers);  // of so many Metadata answers
  void decree(std::vector<Fate> fates);     // of the next batches, in the order they come
  void decree(std::function<Fate()> fate);  // of every batch behind those
  void forget_producers();
  std::vector<LoggedRecord> log(std::size_t partition) const;

  // Of all partitions of all brokers.
  std::size_t produce_requests() const;

 private:
  void serve(std::size_t index, wire::VersionRange produce);
  Answer metadata();
  Answer init_producer_id();
  Answer produce(std::size_t broker, const Request& request);
  Fate next_fate();

  mutable std::mutex mutex_;
  std::vector<std::size_t> leaders_;
  std::vector<FakeLog> logs_;
  std::deque<Fate> fates_;
  std::function<Fate()> later_fate_;
  std::int16_t topic_error_ = 0;
  int topic_errors_left_ = 0;
  std::int64_t next_producer_id_ = 1000;
  std::vector<std::unique_ptr<FakeBroker>> brokers_;  // last: their threads use the rest
};

}  // namespace ks::test
