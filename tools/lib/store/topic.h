#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/store/segment.h"

namespace ks::store {

// What the store holds of one partition.
struct StoredPartition {
  std::int32_t number = 0;
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;  // of the segments
  std::uint64_t records = 0;
  std::int64_t end_offset = 0;  // one behind the last record; 0: there is none
  std::vector<std::int64_t> base_offsets;
};

// The topic's objects stand at TOPIC/PARTITION/ below the store's place, which is that of a
// KafScale namespace: an error is where nothing there looks like one. A topic of which nothing is
// stored has no partitions.
class StoredTopic {
 public:
  static cli::Result<StoredTopic> find(target::ObjectStore& store, const std::string& topic,
                                       Damages& damages);

  // Every topic of the place.
  static cli::Result<std::vector<std::string>> all(target::ObjectStore& store);

  const std::vector<std::int32_t>& partitions() const { return partitions_; }

  // What the names of its objects tell of one: not its records and its end.
  cli::Result<StoredPartition> list(std::int32_t partition, Damages& damages);

  // Reads every segment of one, in the order of their names.
  cli::Result<StoredPartition> read(std::int32_t partition, Damages& damages, RecordSink& sink);

 private:
  struct Names;  // of the objects of a partition
  StoredTopic(target::ObjectStore& store, std::string topic)
      : store_(&store), topic_(std::move(topic)) {}
  cli::Result<Names> names_of(std::int32_t partition, Damages& damages);

  target::ObjectStore* store_;
  std::string topic_;
  std::vector<std::int32_t> partitions_;
};

}  // namespace ks::store
