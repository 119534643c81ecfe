#include "lib/verify/cdc.h"

#include <algorithm>
#include <utility>

#include "lib/verify/cdc_changes.h"
#include "lib/verify/cdc_lives.h"

namespace ks::verify {
namespace {

std::string place_of(const CdcEvent& event) {
  return event.table + "[" + std::to_string(event.partition) + "] offset " +
         std::to_string(event.offset);
}

std::string phantom_text(const CdcEvent& event) {
  if (event.op == CdcEvent::kForeign) return "no event of a change: " + place_of(event);
  return std::string("op ") + event.op + " of " + event.table + " " + std::to_string(event.id) +
         " (value " + std::to_string(event.value) + ") at " + place_of(event) +
         ", which was never committed";
}

class Judge {
 public:
  explicit Judge(const CdcInput& input) : input_(input), changes_(input.commits), lives_(input) {}

  CdcVerdict judge() {
    count_changes();
    for (const CdcEvent& event : input_.events) take(event);
    judge_offsets();
    judge_coverage();
    judge_outages();
    fill_seconds();
    std::ranges::sort(verdict_.delays_ms);
    verdict_.missing = missing();
    verdict_.outages = lives_.outages();
    return std::move(verdict_);
  }

 private:
  // How far the last worker has come in a partition.
  struct Progress {
    std::size_t life = 0;
    std::size_t number = 0;  // of the change
  };

  void found(const char* type, const std::string& example) {
    Anomaly& anomaly = verdict_.anomalies[type];
    ++anomaly.count;
    if (anomaly.examples.size() < kMostExamples) anomaly.examples.push_back(example);
  }

  void count_changes() {
    for (std::size_t i = 0; i < changes_.size(); ++i) ++verdict_.changes[changes_[i].change->op];
  }

  void take(const CdcEvent& event) {
    ++verdict_.events[event.op];
    if (event.op == CdcEvent::kTombstone) return;
    const auto number = changes_.find(event);
    if (!number) {
      found(kCdcPhantom, phantom_text(event));
      return;
    }
    if (is_overtaken(event)) {
      found(kCdcOrder, cdc_text(*changes_[*number].change) + " at " + place_of(event) +
                           ", of an earlier worker, came after what a later one took up");
    }
    if (event.op == 'r') {
      take_snapshot(event, *number);
    } else {
      take_change(event, *number);
    }
  }

  void take_snapshot(const CdcEvent& event, std::size_t number) {
    if (lives_.at(event.time_ms) > 0) {
      found(kCdcNewSnapshot, event.table + " " + std::to_string(event.id) + " was read again at " +
                                 place_of(event) + ", by a worker that had an offset to resume at");
      return;
    }
    changes_.snapshot(number, event.lsn);
  }

  void take_change(const CdcEvent& event, std::size_t number) {
    const std::size_t life = lives_.at(event.time_ms);
    CdcChanges::Change& change = changes_[number];
    const bool is_repeated = change.arrived_ms.has_value();
    if (is_repeated) {
      take_repetition(event, *change.change, life, change.last_life);
    } else {
      change.arrived_ms = event.time_ms;
      verdict_.delays_ms.push_back(event.time_ms - change.time_ms);
    }
    judge_order(event, *change.change, {life, number}, is_repeated && change.last_life == life);
    change.last_life = is_repeated ? std::max(change.last_life, life) : life;
    resume(life, event.time_ms);
  }

  // Explained by a restart behind whose offset it lies, and by nothing else. The later of both
  // workers is who repeated it, also where its event stands first.
  void take_repetition(const CdcEvent& event, const CdcChange& change, std::size_t life,
                       std::size_t last_life) {
    const std::string what = cdc_text(change) + " came again at " + place_of(event);
    if (life == last_life) {
      found(kCdcDuplicate, what + ", without a restart between");
      return;
    }
    CdcOutage& outage = lives_.outages()[std::max(life, last_life) - 1];
    ++outage.replayed;
    if (outage.resumed_lsn && event.lsn < *outage.resumed_lsn) {
      found(kCdcReplay, what + ": log position " + std::to_string(event.lsn) +
                            " is before the offset " + std::to_string(*outage.resumed_lsn) +
                            " that the worker resumed at");
    }
  }

  // Whether an event of a later worker stands before it in its partition.
  bool is_overtaken(const CdcEvent& event) const {
    const auto last = progress_.find({event.table, event.partition});
    return last != progress_.end() && lives_.at(event.time_ms) < last->second.life;
  }

  void judge_order(const CdcEvent& event, const CdcChange& change, Progress now, bool is_repeated) {
    const auto [last, is_first] = progress_.try_emplace({event.table, event.partition}, now);
    const bool is_of_one_worker = !is_first && last->second.life == now.life;
    const bool goes_back = is_of_one_worker && now.number < last->second.number;
    if (goes_back && !is_repeated) {
      found(kCdcOrder, cdc_text(change) + " at " + place_of(event) + " came after the " +
                           cdc_text(*changes_[last->second.number].change) +
                           ", which was committed later");
    }
    if (!goes_back && now.life >= last->second.life) last->second = now;
  }

  void resume(std::size_t life, std::int64_t time_ms) {
    if (life == 0) return;
    auto& resumed = lives_.outages()[life - 1].resumed_ms;
    resumed = std::min(resumed.value_or(time_ms), time_ms);
  }

  void judge_offsets() {
    for (std::size_t i = 1; i < input_.offsets.size(); ++i) {
      const std::int64_t before = input_.offsets[i - 1].lsn;
      const std::int64_t now = input_.offsets[i].lsn;
      if (now >= before) continue;
      found(kCdcOffsetRegressed,
            "offset " + std::to_string(now) + " was committed after " + std::to_string(before));
    }
  }

  // What never arrived is a gap where the table's stream went on behind it, and lost with all that
  // followed otherwise.
  void judge_coverage() {
    std::map<std::string, std::size_t> last;  // number of the last change that arrived, by table
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].arrived_ms) last[changes_[i].change->table] = i;
    }
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const CdcChange& change = *changes_[i].change;
      if (changes_.is_covered(i)) {
        ++verdict_.arrived_changes;
        continue;
      }
      const auto end = last.find(change.table);
      if (end != last.end() && end->second > i) {
        found(kCdcGap, cdc_text(change) + " never arrived, though later changes of its table did");
      } else {
        found(kCdcLost, cdc_text(change) + " never arrived, nor any later change of its table");
      }
    }
  }

  // Caught up is a worker when it has taken up what was committed before it began.
  void judge_outages() {
    for (CdcOutage& outage : lives_.outages()) {
      if (!outage.started_ms || !outage.resumed_ms) continue;
      outage.caught_up_ms = outage.resumed_ms;
      for (std::size_t i = 0; i < changes_.size(); ++i) {
        const CdcChanges::Change& change = changes_[i];
        const bool was_waiting = change.time_ms <= *outage.started_ms && change.arrived_ms &&
                                 *change.arrived_ms >= *outage.started_ms;
        if (was_waiting) outage.caught_up_ms = std::max(*outage.caught_up_ms, *change.arrived_ms);
      }
    }
  }

  void fill_seconds() {
    std::map<std::int64_t, CdcSecond> seconds;
    for (const CdcCommit& commit : input_.commits) {
      seconds[commit.time_ms / 1000].committed += commit.changes.size();
    }
    for (const CdcEvent& event : input_.events) {
      if (event.op != CdcEvent::kTombstone) ++seconds[event.time_ms / 1000].arrived;
    }
    for (auto& [second, figures] : seconds) {
      figures.begin_ms = second * 1000;
      verdict_.seconds.push_back(figures);
    }
  }

  std::vector<std::string> missing() const {
    std::vector<std::string> out;
    if (changes_.size() == 0) out.emplace_back("nothing was committed");
    if (input_.offsets.empty()) out.emplace_back("no offset was committed");
    for (std::string& what : lives_.missing()) out.push_back(std::move(what));
    return out;
  }

  const CdcInput& input_;
  CdcChanges changes_;
  CdcLives lives_;
  std::map<std::pair<std::string, std::int32_t>, Progress> progress_;
  CdcVerdict verdict_;
};

}  // namespace

CdcVerdict judge_cdc(const CdcInput& input) { return Judge(input).judge(); }

}  // namespace ks::verify
