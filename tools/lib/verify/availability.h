#pragma once

#include <cstdint>
#include <vector>

#include "lib/verify/faults.h"

namespace ks::verify {

// How well one operation (producing, consuming) went on in one partition: success rate, the longest
// time without a success, and for each confirmed fault how long it took to recover: from the last
// success before its confirmation to the first of kSteady successes without a failure between them.
// What was on its way to a client when the fault came succeeds all the same: where a pause that
// began before the fault was healed is longer than that, the recovery is that pause.
class Availability {
 public:
  static constexpr int kSteady = 10;

  struct Recovery {
    std::size_t fault = 0;     // of Faults
    std::int64_t from_ns = 0;  // the last success before; where there was none, see fault()
    std::int64_t to_ns = 0;    // of an open one: the last event
    bool is_open = true;       // not recovered up to the end
  };

  void success(std::int64_t time_ns) {
    ++attempts_;
    ++successes_;
    if (last_success_ns_ != 0 && time_ns - last_success_ns_ > longest_gap_ns_) {
      longest_gap_ns_ = time_ns - last_success_ns_;
      longest_gap_from_ns_ = last_success_ns_;
    }
    if (!at_work_.empty()) recover(time_ns);
    last_success_ns_ = time_ns;
  }
  void failure();
  // Where there was no success before, the recovery counts from `since_ns`.
  void fault(std::size_t number, std::int64_t since_ns);
  void heal(std::size_t number);  // the same

  // Closes what is open at the history's end.
  void end(std::int64_t time_ns);

  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t successes() const { return successes_; }
  double success_rate() const;
  std::int64_t longest_gap_ns() const { return longest_gap_ns_; }
  std::int64_t longest_gap_from_ns() const { return longest_gap_from_ns_; }  // 0: there is no gap
  const std::vector<Recovery>& recoveries() const { return recoveries_; }

 private:
  // A fault whose recovery is not yet known.
  struct AtWork {
    std::size_t recovery = 0;
    bool may_pause = true;   // a pause that begins now is the fault's
    bool is_healed = false;  // one that has begun still is
    std::int64_t pause_from_ns = 0;
    std::int64_t pause_to_ns = 0;
  };

  void recover(std::int64_t time_ns);
  void take_pause(const AtWork& fault);

  std::uint64_t attempts_ = 0;
  std::uint64_t successes_ = 0;
  std::int64_t last_success_ns_ = 0;
  std::int64_t longest_gap_ns_ = 0;
  std::int64_t longest_gap_from_ns_ = 0;
  int steady_ = 0;  // successes since the last failure or fault, up to kSteady
  std::int64_t steady_since_ns_ = 0;
  std::vector<AtWork> at_work_;
  std::vector<Recovery> recoveries_;
};

}  // namespace ks::verify
