#include "lib/verify/end_offsets.h"

namespace ks::verify {

using history::Event;
using history::Kind;

namespace {

// ListOffsets answers with an error until a new leader knows its end (KIP-207); the high watermark
// of its fetches lags behind for a moment. Kafka moves leaders back up to five minutes after a
// failure.
std::int64_t aftermath_ns(Kind kind) { return kind == Kind::kEndOffset ? 0 : 330'000'000'000; }

}  // namespace

void EndOffsets::ack(const Writer& writer, const Event& event, const std::string& partition,
                     Anomalies& anomalies) {
  if (frontiers_.size() <= writer.clock) frontiers_.resize(writer.clock + 1);
  AckFrontier& frontier = frontiers_[writer.clock];
  const std::int64_t before = frontier.before(event.invoke_ns).offset;
  if (event.offset < before) {
    anomalies.found(AnomalyType::kNonmonotonicSend, [&] {
      return partition + "@" + std::to_string(event.offset) +
             ": given to an attempt that began after offset " + std::to_string(before) +
             " was acknowledged";
    });
  }
  frontier.add(event.time_ns, event.offset);
  if (writer.acks != -1) all_in_sync_ = false;
}

std::int64_t EndOffsets::acked(const Writer& writer) const {
  return all_in_sync_ && writer.clock < frontiers_.size() ? frontiers_[writer.clock].highest() : -1;
}

void EndOffsets::end(const Writer& writer, const Event& event, const std::string& partition,
                     const Faults& faults, Anomalies& anomalies) {
  if (writer.clock >= frontiers_.size()) return;
  const AckFrontier::Reached acked = frontiers_[writer.clock].before(event.invoke_ns);
  const bool is_below = event.offset <= acked.offset;
  if (event.kind == Kind::kEndOffset && !faults.disturb(event.time_ns, event.time_ns, 0)) {
    shrunk_.reset();
    if (is_below) shrunk_ = {event.offset, acked.offset};
  }
  if (is_below && all_in_sync_ &&
      !faults.disturb(acked.time_ns, event.time_ns, aftermath_ns(event.kind))) {
    anomalies.found(AnomalyType::kStaleRead, [&] {
      return partition + ": the end was said to be " + std::to_string(event.offset) +
             ", after offset " + std::to_string(acked.offset) + " was acknowledged";
    });
  }
}

void EndOffsets::judge(const std::string& partition, Anomalies& anomalies) const {
  if (!shrunk_) return;
  anomalies.found(AnomalyType::kTruncation, [&] {
    return partition + ": the log ends at " + std::to_string(shrunk_->end) + ", though offset " +
           std::to_string(shrunk_->acked) + " was acknowledged";
  });
}

}  // namespace ks::verify
