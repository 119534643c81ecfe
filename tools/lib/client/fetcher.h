#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/client/cluster.h"
#include "lib/wire/record_batch_reader.h"

namespace ks::client {

// Fetches a set of partitions from their leaders, one request under way for each broker, and asks
// for more before what came was looked at. Fetch sessions (KIP-227) are not used: every request
// says all that it wants.
class Fetcher {
 public:
  // What becomes of a partition whose offset is not in the log.
  enum class OutOfRange {
    kFails,   // an error; the partition is left alone from then on
    kResets,  // goes on where auto.offset.reset says
  };

  Fetcher(Cluster& cluster, OutOfRange out_of_range)
      : cluster_(cluster), out_of_range_(out_of_range), timer_(cluster.loop()) {}

  // Replaces all partitions; kBeginning and kEnd are looked up first.
  void assign(const std::vector<Position>& positions);
  void add(const std::vector<Position>& positions);
  void remove(const std::vector<TopicPartition>& partitions);

  // Sends the requests that are due, here and then whenever the loop runs.
  void pump();

  bool has_news() const { return !answers_.empty() || !troubles_.empty(); }

  // Tells the listener of one answer, or of the errors since the last call.
  void deliver(ConsumerListener& listener);

 private:
  struct Partition {
    std::int64_t position = 0;      // of the next record for the listener
    std::int64_t fetch_offset = 0;  // of the next request
    std::int64_t told_end = -1;     // on_end was called at this position
    std::int32_t max_bytes = 0;
    bool busy = false;  // in a request, or in an answer whose error was not looked at
    bool failed = false;
    cli::Deadline not_before{};
    cli::Deadline unknown_since{};  // the broker says that it does not know the partition
    std::uint64_t assignment = 0;   // tells answers to an earlier one
  };
  struct Asked {
    TopicPartition at;
    std::uint64_t assignment;
    std::int32_t max_bytes;
  };
  struct Answer {
    wire::Reply reply;
    std::vector<Asked> asked;
    std::int64_t asked_ns = 0;
  };
  struct Trouble {
    cli::Error error;
    bool is_transient;
  };

  void request_metadata();
  void look_up_start(const TopicPartition& at, Partition& partition);
  void start_at(const TopicPartition& at, Partition& partition, const wire::Value* answer);
  void request(const wire::Address& broker, const std::vector<TopicPartition>& partitions);
  wire::Value fetch_request(const std::vector<TopicPartition>& partitions) const;
  void on_reply(const wire::Address& broker, std::vector<Asked> asked, std::int64_t asked_ns,
                cli::Result<wire::Reply> reply);
  void fail_asked(const std::vector<Asked>& asked, const cli::Error& error);
  void look_ahead(const Answer& answer);
  void deliver_answer(const Answer& answer, ConsumerListener& listener);
  void deliver_partition(const Asked& asked, Partition& partition, const wire::Value& data,
                         ConsumerListener& listener);
  void deliver_records(const Asked& asked, Partition& partition, std::string_view records,
                       ConsumerListener& listener);
  void ask_for_more(const Asked& asked, Partition& partition, ConsumerListener& listener);
  void handle_error(const std::string& what, const TopicPartition& at, Partition& partition,
                    std::int16_t code);
  Partition* find(const Asked& asked);
  template <typename Take>
  void for_each(const Answer& answer, const Take& take);
  void pause(Partition& partition);

  Cluster& cluster_;
  const OutOfRange out_of_range_;
  wire::Timer timer_;  // for partitions that wait
  std::map<TopicPartition, Partition> partitions_;
  std::set<std::string> asked_brokers_;
  bool asking_metadata_ = false;
  bool metadata_is_stale_ = true;
  std::uint64_t assignment_ = 0;
  std::deque<Answer> answers_;
  std::size_t answer_bytes_ = 0;
  std::vector<Trouble> troubles_;
  wire::RecordReader reader_;
};

}  // namespace ks::client
