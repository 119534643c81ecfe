#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What steps leave behind for a timeline. Files are taken for what they are worth: what cannot be
// read is named in `problem`, the rest counts. Times are nanoseconds of the wall clock.
namespace ks::report {

struct Latency {
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
};

// A line of series/ (reports/README.md).
struct Second {
  std::int64_t begin_ns = 0;
  double records = 0;
  double errors = 0;
  std::optional<Latency> latency;
};

// A broker's own figures at one moment, by their names.
struct Reading {
  std::int64_t at_ns = 0;
  std::map<std::string, double> metrics;
};

// A file has lines of either kind.
struct Series {
  std::vector<Second> seconds;    // in the order of their times
  std::vector<Reading> readings;  // the same
  std::string problem;            // empty: none
};

Series parse_series(std::string_view lines);

struct Fault {
  std::string name;
  std::int64_t begun_ns = 0;
  std::optional<std::int64_t> confirmed_ns;
  std::optional<std::int64_t> healed_ns;
};

struct Recovery {
  std::string fault;
  std::int64_t confirmed_ns = 0;  // the fault was, which tells several of one name apart
  std::int64_t from_ns = 0;       // the last success before
  std::int64_t to_ns = 0;         // the first steady success; of an open one the end of the history
  bool is_open = false;

  double ms() const { return static_cast<double>(to_ns - from_ns) / 1e6; }
};

// How one operation went on in one partition.
struct Availability {
  std::string topic;
  std::int64_t partition = -1;
  std::string operation;  // produce | consume
  double attempts = 0;
  double success_rate = 0;
  double gap_ms = 0;  // the longest without a success
  std::optional<std::int64_t> gap_from_ns;
  std::vector<Recovery> recoveries;
};

// `faults` and `availability` of a judged history.
struct Disturbances {
  std::vector<Fault> faults;
  std::vector<Availability> partitions;
  std::string problem;  // empty: none
};

// Of a result's `data`; nothing where it is not of a judged history.
Disturbances parse_disturbances(const nlohmann::ordered_json& data);

}  // namespace ks::report
