#include "lib/membership/group_command.h"

#include <filesystem>

#include "lib/cli/file.h"
#include "lib/history/writer.h"
#include "lib/membership/group_run.h"

namespace ks::membership {
namespace {

namespace po = cli::po;

constexpr const char* kAbout =
    "Tests the membership of a consumer group: members join, leave, die and pause by a schedule,\n"
    "and every stable generation is judged. Each partition must belong to exactly one member, and\n"
    "whoever was replaced must no longer commit or heartbeat. The group must be nobody else's.\n\n"
    "  ks-group -b localhost:9092 -t orders -G test --members 3\n"
    "  ks-group -t orders -G test --schedule '2s join; 4s kill 1; 6s pause 2 for 15s'\n"
    "  ks-group -t orders -G test --schedule FILE --expect 'rebalance_ms_max < 5000'\n\n"
    "Times count from when the first members are stable. Members are numbered from 1; `join` is "
    "of\n"
    "a new one, `join N` of one that has left or was killed. Other actions: leave N, kill N,\n"
    "pause N [for TIME], resume N. With -X group.instance.id=NAME members are static, NAME-1 on.\n";

constexpr auto kDefaultTimeout = std::chrono::minutes(10);
constexpr cli::DurationArg kDefaultPatience{std::chrono::seconds(15)};

// So short that a killed member is noticed soon, so long that brokers allow it.
const std::map<std::string, std::string> kDefaultProperties{
    {"session.timeout.ms", "6000"},
    {"heartbeat.interval.ms", "500"},
    {"max.poll.interval.ms", "30000"},
};

po::options_description options() {
  po::options_description out("Options");
  out.add_options()("topic,t", po::value<std::string>(), "topic to share out")(
      "group,G", po::value<std::string>(), "consumer group")(
      "members", po::value<cli::CountArg>(), "members that join at the beginning (3)")(
      "schedule", po::value<std::string>(), "what happens then: a file, or the text itself")(
      "duration", po::value<cli::DurationArg>(),
      "stay at least so long after the first are stable")(
      "settle", po::value<cli::DurationArg>(),
      "how long a rebalance may take, the session time-out apart (15s)");
  return out;
}

cli::Result<void> take_client(tool::Session& s) {
  if (s.implementation == client::Implementation::kWire) return {};
  return cli::fail("ks-group speaks the protocol itself", "--client librdkafka",
                   "leave out --client and KS_CLIENT, or say wire");
}

cli::Result<std::vector<Event>> schedule_of(const tool::Session& s, std::uint32_t members) {
  const auto given = s.option<std::string>("schedule", "");
  std::error_code not_a_path;
  if (!std::filesystem::is_regular_file(given, not_a_path)) return parse_schedule(given, members);
  const auto text = cli::read_file(given);
  if (!text) return tl::make_unexpected(text.error());
  return parse_schedule(*text, members);
}

cli::Result<GroupPlan> plan_of(const tool::Session& s) {
  GroupPlan plan;
  plan.topic = s.option<std::string>("topic", "");
  plan.group = s.option<std::string>("group", "");
  if (plan.topic.empty()) return cli::fail("no topic", "--topic", "give one with -t");
  if (plan.group.empty()) return cli::fail("no group", "--group", "give one with -G");
  const std::uint64_t members = s.option<cli::CountArg>("members", {plan.members}).value;
  constexpr std::uint64_t kMost = 1000;
  if (members == 0 || members > kMost) return cli::fail("not from 1 to 1000", "--members");
  plan.members = static_cast<std::uint32_t>(members);
  auto schedule = schedule_of(s, plan.members);
  if (!schedule) return tl::make_unexpected(schedule.error());
  plan.schedule = std::move(*schedule);
  plan.duration = s.option<cli::DurationArg>("duration", {}).value;
  plan.patience = s.option<cli::DurationArg>("settle", kDefaultPatience).value;
  std::map<std::string, std::string> properties = s.profile.librdkafka;
  properties.insert(kDefaultProperties.begin(), kDefaultProperties.end());
  auto parsed = client::parse_wire_options(properties);
  if (!parsed) return tl::make_unexpected(parsed.error());
  plan.options = std::move(*parsed);
  return plan;
}

cli::Result<void> run(tool::Session& s) {
  if (!s.words.empty()) {
    return cli::fail("unknown word '" + s.words.front() + "'", {}, "see --help");
  }
  if (auto ok = take_client(s); !ok) return ok;
  auto plan = plan_of(s);
  if (!plan) return tl::make_unexpected(plan.error());
  const auto config =
      s.connect({client::Operation::kMetadata, client::Operation::kGroupMembership});
  if (!config) return tl::make_unexpected(config.error());
  for (const std::string& broker : config->brokers) {
    auto address = wire::parse_address(broker);
    if (!address) return tl::make_unexpected(address.error());
    plan->brokers.push_back(std::move(*address));
  }
  auto history = s.open_history();
  if (!history) return tl::make_unexpected(history.error());
  std::function<void(const history::Event&)> on_event;
  if (*history != nullptr) {
    on_event = [&writer = **history, topic = (*history)->names().id(plan->topic),
                group = (*history)->names().id(plan->group)](history::Event event) {
      event.name = topic;
      event.group = group;
      writer.append(event);
    };
  }
  wire::Loop loop;
  GroupRun group(loop, std::move(*plan), config->on_finding, std::move(on_event));
  auto done = group.run(s.deadline());
  group.fill(s.result);
  if (*history == nullptr) return done;
  auto closed = (*history)->close();
  return done ? closed : done;
}

}  // namespace

tool::Spec group_command() {
  return {.name = "ks-group",
          .synopsis = "-t TOPIC -G GROUP [--members N] [--schedule FILE|TEXT] [options]",
          .about = kAbout,
          .options = options(),
          .default_timeout = kDefaultTimeout,
          .run = run,
          .default_client = client::Implementation::kWire};
}

}  // namespace ks::membership
