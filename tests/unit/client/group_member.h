#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../support/fake_group.h"
#include "lib/client/group_member.h"

namespace ks::client {

using Partitions = std::vector<TopicPartition>;

// Nothing here takes so long, unless it fails.
inline constexpr auto kLong = std::chrono::seconds(10);

inline WireOptions quick() {
  using namespace std::chrono_literals;
  WireOptions out;
  out.heartbeat_interval = 10ms;
  out.session_timeout = 5s;
  out.rebalance_timeout = 5s;
  out.retry_backoff = 5ms;
  out.request_timeout = 5s;
  return out;
}

// A member with a connection of its own, and all that it told its owner.
class Subject {
 public:
  Subject(wire::Loop& loop, const test::FakeGroup& group, const WireOptions& options = quick())
      : cluster(loop, {group.broker.address()}, options),
        member(cluster, "g", {"orders"}, events()) {
    cluster.on_finding([this](const wire::Finding& finding) { findings.push_back(finding); });
  }

  bool found(wire::FindingId id) const {
    return std::any_of(findings.begin(), findings.end(),
                       [id](const auto& f) { return f.id == id; });
  }

  Cluster cluster;
  ConsumerGroupMember member;
  std::vector<std::string> told;  // "assigned 1: orders[0] orders[1]"
  std::vector<wire::Finding> findings;
  std::optional<cli::Error> failure;

 private:
  static std::string text(const Partitions& partitions) {
    std::string out;
    for (const TopicPartition& at : partitions) out += " " + at.text();
    return out;
  }
  GroupEvents events() {
    return {[this](auto generation, const auto& p) {
              told.push_back("assigned " + std::to_string(generation) + ":" + text(p));
            },
            [this](const auto& p) { told.push_back("revoked" + text(p)); },
            [this](const auto& p) { told.push_back("lost" + text(p)); },
            [this](const auto& error) { failure = error; }};
  }
};

inline const std::string kAll = "orders[0] orders[1] orders[2] orders[3]";

class GroupMemberTest : public ::testing::Test {
 protected:
  bool wait(const std::function<bool()>& done) {
    return loop_.run_until(cli::Clock::now() + kLong, done);
  }
  bool wait_stable(const Subject& subject) {
    return wait([&] { return subject.member.is_stable(); });
  }
  // Until the broker has had so many requests of an API.
  bool wait_for(wire::ApiKey api, std::size_t count) {
    return wait([&] { return group_.count(api) >= count; });
  }
  cli::Result<std::int16_t> commit(ConsumerGroupMember& member, const Position& position) {
    std::optional<cli::Result<std::int16_t>> code;
    member.commit({position}, cli::Clock::now() + kLong,
                  [&](const auto& answer) { code = answer; });
    wait([&] { return code.has_value(); });
    return *code;
  }
  cli::Result<std::vector<Position>> fetch(ConsumerGroupMember& member, const Partitions& of) {
    std::optional<cli::Result<std::vector<Position>>> out;
    member.fetch_committed(of, cli::Clock::now() + kLong,
                           [&](const auto& answer) { out = answer; });
    wait([&] { return out.has_value(); });
    return *out;
  }
  cli::Result<void> leave(ConsumerGroupMember& member) {
    std::optional<cli::Result<void>> out;
    member.leave(cli::Clock::now() + kLong, [&](const auto& answer) { out = answer; });
    wait([&] { return out.has_value(); });
    return *out;
  }

  wire::Loop loop_;
  test::FakeGroup group_{loop_};
};

}  // namespace ks::client
