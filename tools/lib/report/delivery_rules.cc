#include "lib/report/delivery_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

#include "lib/report/text.h"

namespace ks::report {
namespace {

using Checks = std::vector<DeliveryCheck>;
using Rule = std::optional<Recommendation> (*)(const Checks& checks, const std::string& target);

constexpr double kSecondMs = 1000;

std::string where(const WorstFigure& worst) { return "`" + row_name(*worst.check->row) + "`"; }

std::string text(std::string_view name, double value) { return figure_text(name, value); }

// As text with a unit, of what is about so long.
std::string about(double ms) { return figure_text("_ms", std::ceil(ms / kSecondMs) * kSecondMs); }

// ---- producers ----------------------------------------------------------------------------------

std::optional<Recommendation> loss(const Checks& checks, const std::string& target) {
  const WorstFigure lost = worst_figure(checks, "lost");
  if (lost.value <= 0) return std::nullopt;
  const std::string figure = "Of what was acknowledged with `acks=all`, " +
                             format_number(lost.value) + " records are lost in " + where(lost) +
                             ".";
  if (target == "kafscale") {
    return Recommendation{
        "none", figure,
        "Do not rely on this build: no setting of a client keeps what its broker "
        "gives up after the acknowledgement.",
        "A broker that acknowledges only what is in the object store loses none."};
  }
  return Recommendation{
      "min.insync.replicas", figure,
      "Set `min.insync.replicas=2` at three replicas, keep `unclean.leader.election.enable=false`, "
      "and read in the check's log which replica led when.",
      "What one replica alone has is no longer acknowledged; a write fails instead of vanishing."};
}

std::optional<Recommendation> errors(const Checks& checks, const std::string&) {
  const WorstFigure failed = worst_figure(checks, "produce_errors");
  if (failed.value <= 0) return std::nullopt;
  return Recommendation{
      "delivery.timeout.ms",
      "Errors that reached the producer in " + where(failed) + ": " + format_number(failed.value) +
          ".",
      "Leave `retries` at its default and give `delivery.timeout.ms` (librdkafka: "
      "`message.timeout.ms`) more than the longest pause; treat what fails as unknown, not as "
      "absent.",
      "Errors that pass are retried by the client, and none reaches the application."};
}

std::optional<Recommendation> pause(const Checks& checks, const std::string&) {
  const WorstFigure gap = worst_figure(checks, "produce_gap_ms");
  if (gap.value < kSecondMs) return std::nullopt;
  return Recommendation{
      "delivery.timeout.ms",
      "For " + text("_ms", gap.value) + " nothing was acknowledged in a partition, in " +
          where(gap) + ".",
      "Keep `delivery.timeout.ms` (librdkafka: `message.timeout.ms`) well above that, at " +
          about(std::max(2 * gap.value, 30 * kSecondMs)) +
          " or more (the gate's producers have 120 s), and give the producer's buffer room for as "
          "long (`buffer.memory`, librdkafka: `queue.buffering.max.messages`).",
      "An outage of this length costs latency alone: the producer waits it out."};
}

std::optional<Recommendation> duplicates(const Checks& checks, const std::string& target) {
  const WorstFigure twice = worst_figure(checks, "duplicates");
  if (twice.value <= 0) return std::nullopt;
  const std::string figure = "Records that stand twice in the log of " + where(twice) + ": " +
                             format_number(twice.value) +
                             ", sent again after an answer that was lost.";
  if (target == "kafscale") {
    return Recommendation{"none", figure,
                          "Let consumers drop what they have seen, by a key of the application's: "
                          "KafScale offers no `InitProducerId`, so that `enable.idempotence=true` "
                          "is refused.",
                          "Twice in the log stays once in the application."};
  }
  return Recommendation{
      "enable.idempotence", figure,
      "Set `enable.idempotence=true` (with librdkafka from 2.3 on: before, the failure of a broker "
      "could end such a producer with a fatal error). The gate's producers have it on where broker "
      "and client allow it.",
      "The broker recognises a repetition, and acknowledges it without storing it "
      "again."};
}

// Where brokers go and come back: a cut network is back when it is.
bool ends_brokers(const DeliveryCheck& check) {
  return check.row->spec.name == "rolling_upgrade" || check.row->spec.name == "broker_chaos";
}

std::optional<Recommendation> recovery(const Checks& checks, const std::string& target) {
  Checks of_brokers;
  std::ranges::copy_if(checks, std::back_inserter(of_brokers), ends_brokers);
  const WorstFigure produce = worst_figure(of_brokers, "produce_recovery_ms");
  const WorstFigure consume = worst_figure(of_brokers, "consume_recovery_ms");
  const bool is_reading = consume.value > produce.value;
  const WorstFigure& slow = is_reading ? consume : produce;
  if (slow.check == nullptr) return std::nullopt;
  const auto limit =
      slow.check->limits.find(is_reading ? "consume_recovery_ms" : "produce_recovery_ms");
  if (limit == slow.check->limits.end() || slow.value < limit->second.limit / 2)
    return std::nullopt;
  const std::string figure = std::string(is_reading ? "Reading" : "Producing") +
                             " was back after " + text("_ms", slow.value) + " in " + where(slow) +
                             ", of " + text("_ms", limit->second.limit) + " that are allowed.";
  if (target == "kafscale") {
    return Recommendation{
        "reconnect.backoff.max.ms", figure,
        "Give applications what the gate's clients ran with, `reconnect.backoff.max.ms=500`: "
        "what is shown here was measured with it.",
        "An application's client, too, tries the one address again at least twice a second; with "
        "its default it may come back later than the gate's."};
  }
  return Recommendation{
      "broker.session.timeout.ms", figure,
      "Keep `broker.session.timeout.ms` of the controllers below half of that limit "
      "(the default is 9,000; the gate's own Kafka, of profile `embedded`, runs with 2,000), with "
      "`broker.heartbeat.interval.ms` at a quarter of it, and give applications the "
      "`reconnect.backoff.max.ms=500` that the gate's clients ran with.",
      "The leaders of a broker that was killed move away after that time, and "
      "clients ask for the new ones at least twice a second."};
}

// ---- consumers ----------------------------------------------------------------------------------

std::optional<Recommendation> session(const Checks& checks, const std::string&) {
  const WorstFigure resume = worst_figure(checks, "resume_ms");
  const auto timeout =
      resume.check == nullptr ? std::nullopt : resume.check->figure("session_timeout_ms");
  if (!timeout || resume.value < *timeout / 2) return std::nullopt;
  return Recommendation{
      "session.timeout.ms",
      "A new consumer needed " + text("_ms", resume.value) + " to catch up in " + where(resume) +
          ", with `session.timeout.ms=" + format_number(*timeout) +
          "`: until then the group waits for the member that was killed.",
      "Where a group must not stand still for as long, set `session.timeout.ms` lower still (the "
      "default is 45,000) and keep `heartbeat.interval.ms` at a third of it or less; or give "
      "members a `group.instance.id`, so that a restarted one takes its own place at once.",
      "A group waits for a killed member no longer than that; much shorter, and pauses of a "
      "healthy "
      "one cost a rebalance."};
}

std::optional<Recommendation> rereads(const Checks& checks, const std::string&) {
  const WorstFigure again = worst_figure(checks, "rereads");
  if (again.value <= 0) return std::nullopt;
  const auto interval = again.check->figure("commit_interval_ms");
  return Recommendation{
      "auto.commit.interval.ms",
      "Records read again in " + where(again) + ": " + format_number(again.value) +
          (interval ? ", by a consumer that commits every " + text("_ms", *interval) : "") +
          (again.check->is_none("replays") ? "; none from before a commit." : "."),
      "Make what a consumer does repeatable, and commit as often as it can afford to do things "
      "again (`auto.commit.interval.ms`, 5,000 by default, or by hand after each batch).",
      "After a kill, what came in one interval is read again at most: half the interval, half as "
      "much."};
}

// ---- Debezium -----------------------------------------------------------------------------------

std::optional<Recommendation> flush(const Checks& checks, const std::string&) {
  const WorstFigure replayed = worst_figure(checks, "replayed_events");
  if (replayed.value <= 0) return std::nullopt;
  const auto interval = replayed.check->figure("flush_interval_ms");
  return Recommendation{
      "offset.flush.interval.ms",
      "Events that came again after restarts of the worker: " + format_number(replayed.value) +
          (interval ? ", of one that commits its offsets every " + text("_ms", *interval) : "") +
          (replayed.check->is_none("unexplained_events")
               ? "; none from before the offset that it resumed at."
               : "."),
      "Set `offset.flush.interval.ms` of the worker to a few seconds (the default is 60,000" +
          (interval ? "; the gate's worker runs with " + format_number(*interval) : "") +
          "), and let consumers drop what they have seen by the event's `source.lsn`: the interval "
          "makes repetitions fewer, and only that makes them none.",
      "After a kill, what was committed in one interval is repeated at most; after an orderly stop "
      "nothing."};
}

std::optional<Recommendation> second_worker(const Checks& checks, const std::string&) {
  const WorstFigure resume = worst_figure(checks, "worker_resume_ms");
  if (resume.value < kSecondMs) return std::nullopt;
  return Recommendation{
      "scheduled.rebalance.max.delay.ms",
      "The first event came " + text("_ms", resume.value) +
          " after the start of a worker: its JVM, the group's rebalance and the connector's own "
          "start.",
      "Run a second worker with the same `group.id`, and set `scheduled.rebalance.max.delay.ms` to "
      "what a restart takes (the default is 300,000: with several workers a lost one's tasks wait "
      "that long for it; the gate's worker is alone, with 0).",
      "A task moves to a worker that runs already, `session.timeout.ms` and that delay after the "
      "kill, whenever the dead one is started again."};
}

std::optional<Recommendation> retained_log(const Checks& checks, const std::string&) {
  const WorstFigure behind = worst_figure(checks, "log_behind_bytes");
  const auto outage = behind.check == nullptr ? std::nullopt : behind.check->figure("outage_ms");
  if (!outage || behind.value <= 0 || *outage <= 0) return std::nullopt;
  const double per_hour = behind.value / *outage * 3'600'000;
  return Recommendation{
      "max_slot_wal_keep_size",
      "PostgreSQL had kept " + text("_bytes", behind.value) +
          " of its log for the connector's slot, at the most, with no worker for up to " +
          text("_ms", *outage) + ".",
      "At this rate an hour without a worker keeps about " + text("_bytes", std::round(per_hour)) +
          ": give the database that much room, set `max_slot_wal_keep_size` above the longest "
          "outage that is to be survived, and watch `pg_replication_slots.wal_status`.",
      "An outage within that ends without a gap; beyond it the slot is lost, and only a new "
      "snapshot "
      "helps. The default, -1, never gives up and may fill the disk."};
}

constexpr std::array<Rule, 10> kRules{loss,    errors,  pause, duplicates,    recovery,
                                      session, rereads, flush, second_worker, retained_log};

}  // namespace

std::vector<Recommendation> recommend(const std::vector<DeliveryCheck>& checks,
                                      const std::string& target) {
  std::vector<Recommendation> out;
  for (const Rule rule : kRules) {
    if (auto found = rule(checks, target)) out.push_back(std::move(*found));
  }
  return out;
}

}  // namespace ks::report
