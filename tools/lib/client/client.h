#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/cli/units.h"
#include "lib/wire/findings.h"

// One small interface to Kafka for every executable, and two implementations of it.
namespace ks::client {

enum class Implementation {
  kLibrdkafka,
  kWire,  // this toolkit's own, on lib/wire
};
std::string_view to_string(Implementation implementation);  // as --client names it

// librdkafka, wire, or librdkafka-VERSION: that one, which has to be the one that is loaded.
cli::Result<Implementation> parse_implementation(std::string_view name);

// The file that librdkafka's functions come from: a preloaded one goes before the system's.
std::string librdkafka_file();

struct Config {
  std::vector<std::string> brokers;               // host:port
  std::map<std::string, std::string> properties;  // librdkafka's names; they win over our defaults
  Implementation implementation = Implementation::kLibrdkafka;
  wire::OnFinding on_finding;  // what the wire client notices on its way; may be empty
};

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
  std::string text() const;  // topic[3]
};

// Special start positions, as librdkafka numbers them.
inline constexpr std::int64_t kBeginning = -2;
inline constexpr std::int64_t kEnd = -1;
inline constexpr std::int64_t kStored = -1000;
inline constexpr std::int32_t kAnyPartition = -1;

struct Position {
  TopicPartition at;
  std::int64_t offset = 0;
};

struct Header {
  std::string name;
  std::string value;
};

// ---- producing ----------------------------------------------------------------------------------

struct OutgoingRecord {
  std::int32_t partition = kAnyPartition;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::span<const Header> headers;
  std::uint64_t token = 0;  // given back with the delivery
  // The value stays where it is, unchanged, until the delivery or the producer's end: it need not
  // be copied.
  bool is_lasting = false;
  // The wall clock's, for a client that would have to look: when it is sent; 0: let it look.
  std::int64_t wall_ns = 0;
};

// What is known of an attempt. Unknown: it may or may not be in the log (a time-out, a lost
// connection, a retriable error after sending); it is never counted as failed.
enum class Outcome : std::uint8_t { kOk, kFailed, kUnknown };

struct Delivery {
  std::uint64_t token = 0;
  Outcome outcome = Outcome::kUnknown;
  int error_code = 0;      // Kafka's error code; negative: the client's own
  std::string_view error;  // for people; empty when ok; valid during the call
  std::int32_t partition = kAnyPartition;
  std::int64_t offset = -1;  // -1: the broker did not tell (acks=0)
};

class Producer {
 public:
  // Gets those that became known at the same time, all before the call.
  using OnDelivery = std::function<void(std::span<const Delivery>)>;
  virtual ~Producer() = default;

  // How many partitions the topic has; creates it where the broker auto-creates topics. Waits for
  // the metadata, bounded.
  virtual cli::Result<int> partitions(cli::Deadline deadline) = 0;

  // Puts the record into the send queue, a copy of it but for a value that lasts. False: the queue
  // is full; poll and try again.
  virtual cli::Result<bool> send(const OutgoingRecord& record) = 0;

  // Whether it makes use of values that last.
  virtual bool sends_in_place() const = 0;

  // Serves deliveries, waiting up to `timeout` for the first.
  virtual void poll(cli::Duration timeout) = 0;

  // The same, and meanwhile no record is held back for a fuller batch.
  virtual void flush(cli::Duration timeout) = 0;

  // Records sent and not yet delivered.
  virtual std::size_t in_flight() const = 0;

  // How often a connection broke or could not be opened; the client keeps trying. No error of the
  // application's.
  virtual std::uint64_t disconnects() const = 0;
};

// ---- consuming ----------------------------------------------------------------------------------

struct ConsumedRecord {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = -1;  // -1: none
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::function<std::vector<Header>()> headers;  // decoded on demand
};

// What a poll saw, in order. The views are valid during the call.
class ConsumerListener {
 public:
  virtual ~ConsumerListener() = default;
  virtual void on_record(const ConsumedRecord& record) = 0;
  virtual void on_end(const TopicPartition& at, std::int64_t end_offset) = 0;
  virtual void on_assigned(const std::vector<Position>& assignment) = 0;
  virtual void on_revoked(const std::vector<TopicPartition>& partitions) = 0;
  virtual void on_error(const cli::Error& error) = 0;
  // What the client recovers from by itself: a connection that broke, a leader that moved. No error
  // of the application's.
  virtual void on_transient(const cli::Error& error) = 0;

  // What a broker said to a request that was made at `asked_ns` of the monotonic clock: the
  // partition's end, or what a new assignment's group has committed (-1: nothing). librdkafka does
  // not tell when a fetch was made, so its ends say nothing about what was acknowledged before.
  virtual void on_high_watermark(const TopicPartition& /*at*/, std::int64_t /*end_offset*/,
                                 std::int64_t /*asked_ns*/) {}
  virtual void on_committed(const Position& /*committed*/, std::int64_t /*asked_ns*/) {}
};

class Consumer {
 public:
  virtual ~Consumer() = default;

  virtual cli::Result<void> assign(const std::vector<Position>& positions) = 0;
  virtual cli::Result<void> subscribe(const std::vector<std::string>& topics) = 0;
  virtual cli::Result<void> poll(cli::Duration timeout, ConsumerListener& listener) = 0;
  virtual cli::Result<void> commit(const std::vector<Position>& positions) = 0;

  // Leaves the group, if any; the listener sees the last revocation.
  virtual void close(ConsumerListener& listener) = 0;

  // How often a connection broke or could not be opened.
  virtual std::uint64_t disconnects() const = 0;

  // Why a member of a group has no assignment, or a reader without a group gets no further, in one
  // line with the counts that show it. Empty: there is nothing to tell.
  virtual std::string explain() const = 0;
};

// ---- administration -----------------------------------------------------------------------------

struct BrokerInfo {
  std::int32_t id = 0;
  std::string address;  // host:port as advertised
};

struct PartitionInfo {
  std::int32_t id = 0;
  std::int32_t leader = -1;
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> isr;
};

struct TopicInfo {
  std::string name;
  std::vector<PartitionInfo> partitions;
};

struct ClusterInfo {
  std::string cluster_id;
  std::int32_t controller_id = -1;
  std::vector<BrokerInfo> brokers;
  std::vector<TopicInfo> topics;
};

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1;
  std::int32_t replication_factor = 1;  // -1: the broker's default
  std::map<std::string, std::string> configs;
};

enum class ConfigResource { kTopic, kBroker };

struct ConfigEntry {
  std::string name;
  std::string value;
  bool is_default = false;
  bool is_read_only = false;
  bool is_sensitive = false;
};

struct GroupListing {
  std::string id;
  std::string state;
};

struct GroupMember {
  std::string id;
  std::string client_id;
  std::string host;
  std::vector<TopicPartition> assignment;
};

struct GroupDescription {
  std::string id;
  std::string state;
  std::string assignor;
  std::int32_t coordinator_id = -1;
  std::vector<GroupMember> members;
};

// Leader epochs count the leaders that a partition had (KIP-101).
inline constexpr std::int32_t kPresentEpoch = -1;
struct EpochEnd {
  std::int32_t epoch = -1;
  std::int64_t end_offset = -1;
};

// Every call is bounded by the deadline given to it; errors name the topic or group and Kafka's
// error name.
class Admin {
 public:
  virtual ~Admin() = default;

  // Every topic of the cluster; nothing is created by asking.
  virtual cli::Result<ClusterInfo> describe_cluster(cli::Deadline deadline) = 0;

  virtual cli::Result<void> create_topic(const NewTopic& topic, cli::Deadline deadline) = 0;
  virtual cli::Result<void> delete_topic(const std::string& name, cli::Deadline deadline) = 0;
  virtual cli::Result<void> set_partitions(const std::string& topic, std::int32_t total,
                                           cli::Deadline deadline) = 0;

  virtual cli::Result<std::vector<ConfigEntry>> describe_configs(ConfigResource resource,
                                                                 const std::string& name,
                                                                 cli::Deadline deadline) = 0;
  // Replaces the resource's dynamic configuration by `configs` (Kafka's AlterConfigs).
  virtual cli::Result<void> alter_configs(ConfigResource resource, const std::string& name,
                                          const std::map<std::string, std::string>& configs,
                                          cli::Deadline deadline) = 0;

  virtual cli::Result<std::vector<GroupListing>> list_groups(cli::Deadline deadline) = 0;
  virtual cli::Result<GroupDescription> describe_group(const std::string& id,
                                                       cli::Deadline deadline) = 0;
  virtual cli::Result<void> delete_group(const std::string& id, cli::Deadline deadline) = 0;

  // kBeginning, kEnd, or a timestamp in ms since 1970: the offset of the first record at or after
  // it, kEnd where there is none.
  virtual cli::Result<std::int64_t> list_offset(const TopicPartition& at, std::int64_t time,
                                                cli::Deadline deadline) = 0;

  // OffsetForLeaderEpoch: where the newest epoch that is not above `epoch` ends; kPresentEpoch: the
  // partition's present one. Both are -1 where the broker knows none. librdkafka has no call for
  // it.
  virtual cli::Result<EpochEnd> epoch_end(const TopicPartition& at, std::int32_t epoch,
                                          cli::Deadline deadline) = 0;

  // Committed offsets of a group; partitions without a commit are left out.
  virtual cli::Result<std::vector<Position>> committed(
      const std::string& group, const std::vector<TopicPartition>& partitions,
      cli::Deadline deadline) = 0;
  virtual cli::Result<void> commit(const std::string& group, const std::vector<Position>& positions,
                                   cli::Deadline deadline) = 0;
};

// ---- the implementations ------------------------------------------------------------------------

// The version that results name: librdkafka's, or the toolkit's own.
std::string version_of(Implementation implementation);

cli::Result<std::unique_ptr<Producer>> make_producer(const Config& config, const std::string& topic,
                                                     Producer::OnDelivery on_delivery);

// `group` empty: by partition, nothing is committed.
cli::Result<std::unique_ptr<Consumer>> make_consumer(const Config& config,
                                                     const std::string& group);

cli::Result<std::unique_ptr<Admin>> make_admin(const Config& config);

}  // namespace ks::client
