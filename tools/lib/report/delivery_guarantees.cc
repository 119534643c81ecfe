#include "lib/report/delivery_guarantees.h"

#include <algorithm>

namespace ks::report {
namespace {

std::vector<Guarantee> all_guarantees() {
  return {
      {"Broker restart",
       "Whatever was acknowledged (`acks=all`) is read back, at least once, when brokers are "
       "restarted in order and when they are killed, and in each producer's order as far as its "
       "client keeps one: a librdkafka without idempotence does so only while the leader stays. "
       "No error reaches the application.",
       "While records are produced and read, each broker in turn is stopped in order and comes "
       "back "
       "(`rolling_upgrade`), and brokers chosen by chance are killed with SIGKILL "
       "(`broker_chaos`). Afterwards a fresh client reads everything.",
       {"rolling_upgrade", "broker_chaos"},
       false,
       {},
       GuaranteeState::kNotTested,
       ""},
      {"Consumer restart",
       "Who takes the place of a consumer that was killed begins at the group's last commit: it "
       "skips nothing, and reads again only what came after that commit.",
       "The only consumer of a group is killed with SIGKILL twice and stopped in order once, while "
       "records go on; each time another follows once the group is seconds behind.",
       {"consumer_restart"},
       true,
       {},
       GuaranteeState::kNotTested,
       ""},
      {"Network partition",
       "Clients that are cut off from the brokers come back by themselves: nothing acknowledged is "
       "lost, and no error reaches the application.",
       "Toxiproxy cuts the network between the clients and all brokers, and makes it whole again.",
       {"client_partition"},
       false,
       {},
       GuaranteeState::kNotTested,
       ""},
      {"Several consumer groups",
       "Each group reads every record, whatever becomes of the members of others.",
       "Three groups read the same topic: of one a member is killed and replaced, of one the only "
       "member is stopped and replaced, one is left in peace.",
       {"consumer_groups"},
       true,
       {},
       GuaranteeState::kNotTested,
       ""},
      {"Debezium offset recovery",
       "Every change that is committed in PostgreSQL arrives, in the order of the commits. A "
       "worker "
       "that was killed resumes at the offset that the brokers keep: no gap, no new snapshot, and "
       "nothing repeated from before that offset.",
       "Debezium's connector for PostgreSQL runs on a distributed worker of Kafka Connect, which "
       "is killed with SIGKILL twice and stopped in order once, while rows are inserted, updated "
       "and deleted.",
       {"debezium_recovery"},
       false,
       {},
       GuaranteeState::kNotTested,
       ""}};
}

bool is_tested(const Row& row) { return row.ran && row.status != Status::kSkip; }

// Of a check that failed the reason, else of one that is not shown.
void judge(Guarantee& guarantee) {
  bool is_shown = true;
  bool any_tested = false;
  for (const DeliveryCheck& check : guarantee.checks) {
    const Row& row = *check.row;
    any_tested = any_tested || is_tested(row);
    is_shown = is_shown && row.status == Status::kPass;
    if (row.status == Status::kPass) continue;
    const bool is_worse = row.ran && row.status == Status::kFail;
    if (is_worse && guarantee.state != GuaranteeState::kBroken) guarantee.reason.clear();
    if (is_worse) guarantee.state = GuaranteeState::kBroken;
    if (guarantee.reason.empty()) guarantee.reason = row_name(row) + ": " + row.reason;
  }
  if (guarantee.state == GuaranteeState::kBroken || !any_tested) return;
  guarantee.state = is_shown ? GuaranteeState::kShown : GuaranteeState::kNotShown;
}

}  // namespace

std::string_view to_string(GuaranteeState state) {
  switch (state) {
    case GuaranteeState::kShown:
      return "shown";
    case GuaranteeState::kBroken:
      return "broken";
    case GuaranteeState::kNotShown:
      return "not shown";
    case GuaranteeState::kNotTested:
      break;
  }
  return "not tested";
}

std::vector<Guarantee> judge_guarantees(const Summary& summary) {
  std::vector<Guarantee> out = all_guarantees();
  for (Guarantee& guarantee : out) {
    for (const std::string_view check : guarantee.by) {
      for (const Row& row : summary.rows) {
        if (row.spec.name != check || row.requirement == Requirement::kEvidence) continue;
        guarantee.checks.push_back(read_delivery(row));
      }
    }
    judge(guarantee);
    if (guarantee.checks.empty()) guarantee.reason = "this run has no such check";
  }
  return out;
}

}  // namespace ks::report
