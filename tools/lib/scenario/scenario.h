#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/units.h"
#include "lib/scenario/document.h"

// What a scenario file says (reports/schema/scenario-v1.json), before anybody decides where it
// runs.
namespace ks::scenario {

using cli::Duration;
using Texts = std::map<std::string, std::string>;

struct Topic {
  std::string name;
  int partitions = 1;
  int replication = 0;  // 0: KS_REPLICATION, else 1
  bool recreate = false;
  bool keep = false;
  Texts configs;
};

enum class Type { kProduce, kConsume, kMetrics };

// One of the named scenarios. What does not belong to its type keeps its default.
struct Traffic {
  std::string name;
  std::string at;  // its JSON pointer, for complaints
  Type type = Type::kProduce;
  int clients = 1;
  std::string client;     // empty: the file's
  std::string principal;  // empty: the file's
  std::string topic;
  std::optional<int> partition;
  Duration start_delay{};
  std::string after;
  std::optional<Duration> timeout;
  std::optional<Duration> duration;
  Texts properties;  // of the client
  // ---- produce
  std::optional<std::uint64_t> messages;
  double rate_per_s = 0;  // 0: as fast as it goes
  std::string value;      // with placeholders; empty: generated
  std::string size;       // of a generated value, as the option takes it; empty: the default
  std::string key;
  std::uint64_t keys = 0;
  Texts headers;
  std::string acks;
  std::string idempotence;
  std::string most_lag;
  // ---- consume
  std::string group;   // empty: by partition
  std::string offset;  // as the option takes it; empty: the default
  std::optional<std::uint64_t> limit;
  // ---- metrics
  std::string url;  // empty: the profile's
};

struct Fault {
  std::string at;  // its JSON pointer
  Duration when{};
  std::string verb;
  std::vector<std::string> words;    // nodes, paths, a number of brokers
  std::vector<std::string> options;  // of ks-restart or ks-fault
  Duration lasts{};                  // of its own accord
  std::optional<Duration> timeout;

  // Whether ks-restart does it; otherwise ks-fault.
  bool is_of_brokers() const;
};

enum class CheckType {
  kCountEquals,
  kCountAtLeast,
  kNoDuplicates,
  kNoLoss,
  kUuidMatch,
  kLatency,
  kOffsetsMonotonic,
  kOrder,
  kErrorRate,
  kThroughput,
  kMetric,
  kAnomalies,
  kRecovery,
  kAuthorization,
};

struct Check {
  std::string name;
  std::string at;  // its JSON pointer
  CheckType type = CheckType::kCountEquals;
  std::string type_name;
  std::string scenario;      // empty: all that it can be about
  bool of_produced = false;  // counts: what was sent instead of what was read
  double expected = 0;       // counts
  bool refused = false;      // authorization: that is what is wanted
  bool explained = false;    // no_duplicates, order: those that are explained are allowed
  double quantile = 0.95;    // latency; 1: the highest
  double limit = 0;          // latency and recovery: ms; error_rate, throughput
  std::string metric;
  bool moves = false;                                  // metric: it has to grow meanwhile
  std::vector<std::pair<std::string, double>> bounds;  // metric: operator and limit
  std::vector<std::string> allow;                      // anomalies
  std::string operation;                               // recovery: empty: both

  // Whether it is judged by what ks-verify says of the history.
  bool needs_history() const;
};

struct Scenario {
  std::string file;
  std::string name;  // of the file in reports
  std::string title;
  std::string profile;
  std::vector<std::string> brokers;
  std::string client;     // empty: the default
  std::string principal;  // of the profile; empty: nobody
  std::vector<Topic> topics;
  std::vector<Traffic> traffic;
  std::vector<Fault> faults;
  std::vector<Check> checks;

  const Traffic* find(const std::string& wanted) const;
  const Topic* topic(const std::string& wanted) const;
  // The checks of a type that are about it, by name or because they name none.
  std::vector<const Check*> checks_of(CheckType type, const Traffic& about) const;
  bool needs_history() const;
  bool needs_principals() const;
};

}  // namespace ks::scenario
