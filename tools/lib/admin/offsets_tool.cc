#include <array>

#include "lib/admin/commands.h"
#include "lib/admin/tools.h"

namespace ks::admin {
namespace {

namespace po = cli::po;

constexpr const char* kAbout =
    R"(Asks for offsets of partitions and for those that groups committed, and changes the latter.

  list   -t TOPIC [-p N]... [-o beginning|end|s@MS]    without -o: earliest and latest; s@MS: the
                                    first record at or after that time, ms since 1970
  commit -G GROUP -t TOPIC -p N -o N                   or words: commit -G GROUP orders[0]=42 ...
  fetch  -G GROUP -t TOPIC [-p N]...                   what the group has committed
  reset  -G GROUP -t TOPIC [-p N]... -o beginning|end|s@MS|N    refused while the group has members
  lag    -G GROUP -t TOPIC [-p N]...                   committed, end and the records between them;
                                    a partition without a commit lags by all that it holds, a commit
                                    ahead of the end is a violation; a group that has committed
                                    nothing is inconclusive unless --expect names
                                    partitions_without_commit
  epochs -t TOPIC [-p N]... [--epoch N]                where a leader epoch ends (--client wire)

  ks-offsets list -t orders --expect 'records == 1000' --wait 5s
  ks-offsets lag -G billing -t orders --expect 'lag_records_total == 0'

Output is one line a row, tab separated, the header first; '-' stands for no offset. A request that
the broker refuses is status 2 with Kafka's name of the error; status 1 is an expectation that does
not hold. --history keeps commits, fetched commits and ends.
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("topic,t", po::value<std::string>(), "topic");
  add("partition,p", po::value<std::vector<cli::PartitionArg>>(),
      "partition (repeatable; default: all)");
  add("offset,o", po::value<std::string>(), "beginning, end, s@MS or a number");
  add("group,G", po::value<std::string>(), "consumer group");
  add("epoch", po::value<cli::CountArg>(), "epochs: this leader epoch (default: the present one)");
  add("wait", po::value<cli::DurationArg>(),
      "list, fetch, lag: ask again until every --expect holds, at most this long");
  return options;
}

const std::array kCommands{
    Command{"list", "", 0, 0, {"topic", "partition", "offset", "wait"}, true, true, list_offsets},
    Command{"commit",
            "[TOPIC[N]=OFFSET...]",
            0,
            kAnyNumber,
            {"topic", "partition", "offset", "group"},
            false,
            true,
            commit_offsets},
    Command{"fetch", "", 0, 0, {"topic", "partition", "group", "wait"}, true, true, fetch_offsets},
    Command{
        "reset", "", 0, 0, {"topic", "partition", "offset", "group"}, false, true, reset_offsets},
    Command{
        "epochs", "", 0, 0, {"topic", "partition", "epoch", "wait"}, true, true, list_epoch_ends},
    Command{"lag", "", 0, 0, {"topic", "partition", "group", "wait"}, true, true, measure_lag},
};

}  // namespace

tool::Spec offsets_tool() {
  return spec_of("ks-offsets", "COMMAND [options]", kAbout, options(), kCommands);
}

}  // namespace ks::admin
