#include "lib/report/anomaly_words.h"

#include <map>

namespace ks::report {

std::string meaning_of_anomaly(const std::string& type) {
  static const std::map<std::string, const char*> kMeanings{
      // of lib/verify
      {"lost", "The broker acknowledged a record, and it is not in the log."},
      {"truncation", "The log ends before a record that was acknowledged."},
      {"inconsistent-offset",
       "A record is not at the offset of its acknowledgement, or two records share one offset."},
      {"duplicate", "One record stands in the log more than once."},
      {"phantom", "The log holds a record that its run never sent there."},
      {"aborted-read", "A record that the broker refused can be read."},
      {"producer-order", "Records of one producer stand in another order than it sent them."},
      {"nonmonotonic-send", "A record that was sent later got a lower offset."},
      {"nonmonotonic-poll", "A consumer was given records that lie before those it had read."},
      {"poll-skip", "A consumer was not given a record that stands between two it was given."},
      {"offset-gap", "The log has offsets without a record between two of the run's records."},
      {"stale-read", "The broker showed an end before a record that it had acknowledged."},
      {"commit-regressed",
       "The coordinator forgot a group's commit, or went back to an older one."},
      {"commit-ahead", "The coordinator told an offset that the group never committed."},
      {"group-skip", "A group passed over a record that none of its members read."},
      {"group-replay", "A new member read what its group had committed before."},
      {"corrupt", "A record's bytes are not those that were sent."},
      // of lib/verify's change data capture
      {"cdc-lost", "A committed change never arrived, nor did any later one of its table."},
      {"cdc-gap", "A committed change never arrived, though later ones of its table did."},
      {"cdc-order", "Changes of a table arrived in another order than they were committed."},
      {"cdc-duplicate", "A change arrived again, without a restart that explains it."},
      {"cdc-replay", "A worker repeated changes from before the offset that it resumed at."},
      {"cdc-phantom", "An event tells of a change that was never committed."},
      {"cdc-new-snapshot", "A worker that had an offset to resume at read the tables again."},
      {"cdc-offset-regressed", "The worker's committed offset went back."},
      // of lib/membership
      {"assigned-twice", "Two members of a group read the same partition."},
      {"unassigned", "No member of a group reads the partition."},
      {"stray-assignment", "A member was given a partition that the topic does not have."},
      {"leaders-differ", "Members of one generation know different leaders."},
      {"generation-regressed", "A member was put back into an earlier generation."},
      {"not-settled", "A group did not become stable in time."},
      {"commit-refused", "A member in good standing may not commit."},
      {"fenced-commit-accepted", "A commit counts whose member had been replaced."},
      {"fenced-heartbeat-accepted", "A member that had been replaced may go on."},
  };
  const auto found = kMeanings.find(type);
  return found == kMeanings.end() ? "" : found->second;
}

}  // namespace ks::report
