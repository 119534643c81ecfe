#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../support/fake_cluster.h"
#include "lib/client/implementations.h"

namespace ks::client {

inline constexpr auto kPlenty = std::chrono::seconds(10);

// A producer on a fake cluster, and what it delivered. A record's token is its number.
class Producing {
 public:
  using Properties = std::map<std::string, std::string>;

  explicit Producing(const test::FakeCluster& cluster, Properties properties = {}) {
    properties.try_emplace("retry.backoff.ms", "1");
    properties.try_emplace("linger.ms", "0");
    Config config;
    config.brokers = cluster.addresses();
    config.properties = std::move(properties);
    auto made = make_wire_producer(config, test::FakeCluster::kTopic, [this](auto deliveries) {
      for (const Delivery& d : deliveries) take(d);
    });
    EXPECT_TRUE(made) << made.error().message();
    producer_ = std::move(*made);
  }

  Producer& operator*() { return *producer_; }
  Producer* operator->() { return producer_.get(); }
  void destroy() { producer_.reset(); }

  // Waits for the metadata; 0: there is none.
  int start() {
    const auto partitions = producer_->partitions(cli::Clock::now() + kPlenty);
    EXPECT_TRUE(partitions) << partitions.error().message();
    return partitions.value_or(0);
  }

  bool send(std::string_view value, std::int32_t partition = 0) {
    OutgoingRecord record;
    record.partition = partition;
    record.value = value;
    return send(record);
  }
  bool send(OutgoingRecord record) {
    record.token = sent_;
    const auto sent = producer_->send(record);
    EXPECT_TRUE(sent) << sent.error().message();
    if (sent && *sent) ++sent_;
    return sent && *sent;
  }

  // Polls until every record is delivered; false: some are not.
  bool flush() {
    return poll_until([this] { return producer_->in_flight() == 0; });
  }

  template <typename Done>
  bool poll_until(const Done& done) {
    const cli::Deadline deadline = cli::Clock::now() + kPlenty;
    while (!done()) {
      if (cli::Clock::now() >= deadline) return false;
      producer_->poll(std::chrono::milliseconds(5));
    }
    return true;
  }

  struct Seen {
    std::uint64_t token;
    Outcome outcome;
    int error_code;
    std::string error;
    std::int32_t partition;
    std::int64_t offset;
  };
  const std::vector<Seen>& seen() const { return seen_; }

  // "0 ok at 0, 1 failed 10, 2 unknown -195", in the order of the deliveries.
  std::string text() const {
    std::string out;
    for (const Seen& each : seen_) {
      out += (out.empty() ? "" : ", ") + std::to_string(each.token);
      if (each.outcome == Outcome::kOk) {
        out += " ok at " + std::to_string(each.offset);
      } else {
        out += each.outcome == Outcome::kFailed ? " failed " : " unknown ";
        out += std::to_string(each.error_code);
      }
    }
    return out;
  }

 private:
  void take(const Delivery& delivery) {
    seen_.push_back({delivery.token, delivery.outcome, delivery.error_code,
                     std::string(delivery.error), delivery.partition, delivery.offset});
  }

  std::uint64_t sent_ = 0;
  std::vector<Seen> seen_;
  std::unique_ptr<Producer> producer_;
};

inline std::string values_of(const std::vector<test::LoggedRecord>& log) {
  std::string out;
  for (const test::LoggedRecord& record : log) {
    out += (out.empty() ? "" : " ") + record.value.value_or("null");
  }
  return out;
}

}  // namespace ks::client
