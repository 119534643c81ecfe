#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "lib/history/event.h"
#include "lib/verify/anomaly.h"
#include "lib/verify/partition_log.h"

namespace ks::verify {

// Judges one group by itself, in one partition: whether its commits are what the coordinator says
// they are, and whether its members together read every record that they committed.
class GroupOffsets {
 public:
  // `by_member`: by a consumer that has the partition. Who else commits moves the group on purpose.
  void commit(const history::Event& event, bool by_member);
  void fetched(const history::Event& event);
  void read(std::int64_t offset) {
    if (newest_ != read_.end() && newest_->second == offset && std::next(newest_) == read_.end()) {
      ++newest_->second;  // most reads are of what comes next
    } else {
      rereads_ += is_read(offset) ? 1 : 0;
      mark_read(offset, offset + 1);
    }
  }

  // Where who gets the partition now has to begin, at the least: at the newest commit, unless one
  // that may have been stored since says less. -1: there is none.
  std::int64_t floor() const;
  // How often a member read what one had read before.
  std::uint64_t rereads() const { return rereads_; }

  // After the last event. `where` is for people: "group g, orders[0]".
  void judge(const PartitionLog& log, const std::string& where, Anomalies& anomalies);

 private:
  struct Commit {
    std::int64_t offset = -1;
    std::int64_t invoke_ns = 0;
    std::int64_t time_ns = 0;
    std::int64_t replaced_ns = 0;  // when one that began after it was acknowledged; 0: not yet
  };
  // An answer that no commit known so far explains: one under way may have been there already.
  struct Doubt {
    std::int64_t invoke_ns = 0;
    std::int64_t time_ns = 0;
    std::int64_t offset = -1;
    std::int64_t latest = -1;   // the commit that was known last
    std::int64_t highest = -1;  // of those known then
  };

  bool explains(const Commit& commit, const Doubt& doubt) const;
  bool is_explained(const Doubt& doubt) const;
  bool is_read(std::int64_t offset) const;
  void mark_read(std::int64_t from, std::int64_t to);

  std::vector<Commit> commits_;  // acknowledged
  std::vector<Commit> unknown_;  // may have been stored at any time from their begin on
  std::vector<Doubt> doubts_;
  std::map<std::int64_t, std::int64_t> read_;  // ranges, begin to end; disjoint
  std::map<std::int64_t, std::int64_t>::iterator newest_ = read_.end();  // the range that grew last
  std::int64_t highest_commit_ = -1;
  std::uint64_t rereads_ = 0;
};

}  // namespace ks::verify
