#include <array>

#include "lib/admin/commands.h"
#include "lib/admin/tools.h"

namespace ks::admin {
namespace {

namespace po = cli::po;
using Settings = std::vector<cli::SettingArg>;

constexpr const char* kAbout =
    R"(Asks and changes topics, configurations, groups and brokers.

  topics create NAME... [--partitions N] [--replication-factor N|-1] [--config k=v]...
  topics list [NAME...]             all, or those of the names that exist
  topics describe NAME...           partitions, leaders, replicas, in-sync replicas
  topics delete NAME...
  topics add-partitions NAME --partitions TOTAL
  configs describe topic|broker NAME [--expect-config k=v]...
  configs alter topic|broker NAME k=v... [--expect-config k=v]...
                                    Kafka's AlterConfigs replaces all settings of the resource, so
                                    those that are set and not named are read first and sent along;
                                    then the new values are read back and must be there
  groups list [NAME...]
  groups describe NAME...           state, assignor, coordinator, members and what they hold
  groups delete NAME...
  brokers                           does each bootstrap and each advertised address answer, and have
                                    groups a coordinator?
  view [ADDRESS...]                 does each broker, asked alone, tell the same of brokers, topics,
                                    leaders and in-sync replicas? (--client wire)
  identify                          who answers; status 2 where the profile expects KafScale and
                                    something else does, or where no client could work, with the reason

  ks-admin topics create orders --partitions 3
  ks-admin topics list orders --expect 'topics == 0' --wait 10s
  ks-admin groups describe billing --expect 'members == 2' --wait 10s

Output is one line a row, tab separated, the header first. A request that the broker refuses is
status 2 with Kafka's name of the error; status 1 is an expectation that does not hold.
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("partitions", po::value<cli::CountArg>(), "partitions of a topic (create: 1)");
  add("replication-factor", po::value<std::string>(),
      "replicas of a new topic (1); -1: the broker's default");
  add("config", po::value<Settings>(), "setting of a new topic, name=value (repeatable)");
  add("expect-config", po::value<Settings>(), "setting that must be read, name=value (repeatable)");
  add("wait", po::value<cli::DurationArg>(),
      "ask again until all that is expected holds, at most this long");
  return options;
}

const std::array kCommands{
    Command{"topics create",
            "NAME...",
            1,
            kAnyNumber,
            {"partitions", "replication-factor", "config"},
            false,
            false,
            create_topics},
    Command{"topics list", "[NAME...]", 0, kAnyNumber, {"wait"}, true, false, list_topics},
    Command{"topics describe", "NAME...", 1, kAnyNumber, {"wait"}, true, false, describe_topics},
    Command{"topics delete", "NAME...", 1, kAnyNumber, {}, false, false, delete_topics},
    Command{"topics add-partitions", "NAME", 1, 1, {"partitions"}, false, false, add_partitions},
    Command{"configs describe",
            "topic|broker NAME",
            2,
            2,
            {"expect-config", "wait"},
            true,
            false,
            describe_configs},
    Command{"configs alter",
            "topic|broker NAME k=v...",
            3,
            kAnyNumber,
            {"expect-config", "wait"},
            false,
            false,
            alter_configs},
    Command{"groups list", "[NAME...]", 0, kAnyNumber, {"wait"}, true, false, list_groups},
    Command{"groups describe", "NAME...", 1, kAnyNumber, {"wait"}, true, false, describe_groups},
    Command{"groups delete", "NAME...", 1, kAnyNumber, {}, false, false, delete_groups},
    Command{"brokers", "", 0, 0, {"wait"}, true, false, probe_brokers},
    Command{"view", "[ADDRESS...]", 0, kAnyNumber, {"wait"}, true, false, compare_views},
    Command{"identify", "", 0, 0, {}, false, false, identify_broker},
};

}  // namespace

tool::Spec admin_tool() {
  return spec_of("ks-admin", "COMMAND [NAME...] [options]", kAbout, options(), kCommands);
}

}  // namespace ks::admin
