#include "lib/workload/consume_command.h"

#include <unistd.h>

#include "lib/audit/allowances.h"
#include "lib/cli/output.h"
#include "lib/cli/progress.h"
#include "lib/client/offset_word.h"
#include "lib/client/partitions.h"
#include "lib/tool/record.h"
#include "lib/tool/series_file.h"
#include "lib/workload/consume.h"
#include "lib/workload/recorded_ends.h"
#include "lib/workload/tally_file.h"
#include "lib/workload/verification.h"

namespace ks::workload {
namespace {

namespace po = cli::po;
using Words = std::vector<std::string>;

constexpr const char* kAbout =
    "Reads records by partition (default) or as a member of a group, and prints or verifies "
    "them.\n\n"
    "  ks-consume -b localhost:9092 -t orders -o beginning -e\n"
    "  ks-consume -t orders -p 0 -o -10 -c 10 --format json\n"
    "  ks-consume -t orders -e --verify --history runs/a\n"
    "  ks-consume -t orders -G billing -c 100\n";

constexpr const char* kSharedHelp = "file in which all that name it count together, also up to -c";

// What bounds a read that has an end when --timeout is not given.
constexpr auto kDefaultTimeout = std::chrono::seconds(60);

po::options_description options() {
  po::options_description out("Options");
  out.add_options()("topic,t", po::value<std::string>(), "topic")(
      "partition,p", po::value<std::vector<cli::PartitionArg>>(),
      "only this partition (repeatable)")(
      "offset,o", po::value<std::string>(),
      "where to start: beginning (default), end, stored, N, -N (before the end), s@MS (time)")(
      "from-ends", po::value<std::string>(),
      "start each partition where it ended by this result of 'ks-offsets list'; a newer partition "
      "at its beginning")("group,G", po::value<std::string>(),
                          "read as a member of this consumer group")(
      "count,c", po::value<cli::CountArg>(),
      "stop after so many records; fewer are a violation, with -e as soon as the end is reached")(
      "exit,e", "stop at the end of the partitions")(
      "until", po::value<Words>(), "stop when 'metric op value' holds (repeatable: all of them)")(
      "format,f", po::value<std::string>(),
      "text (the value, default), json (a line each) or none")(
      "json-lines,J", "the same as --format json")("no-commit",
                                                   "group: do not commit what was read")(
      "commit-every", po::value<cli::DurationArg>(),
      "group: commit that often, too (default: on revocation and at the end)")(
      "verify",
      "read to the end (or what -c or --until ask) and judge identity, loss, duplicates and order "
      "against --history")("allow", po::value<Words>(), audit::kAllowHelp)(
      "match-uuid", "each value must contain the UUID of its record's identity")(
      "shard", po::value<cli::ShardArg>(), "i/N: of the partitions every N-th, from the i-th on")(
      "tally", po::value<std::string>(), kSharedHelp)("series", po::value<std::string>(),
                                                      tool::kSeriesHelp);
  return out;
}

// ---- where to start -----------------------------------------------------------------------------

struct Start {
  std::vector<std::int32_t> partitions;  // -p; empty: all
  cli::ShardArg shard;                   // of these
  client::OffsetWord offset;
  std::optional<RecordedEnds> ends;  // win over it

  client::OffsetWord offset_of(std::int32_t partition) const {
    if (!ends) return offset;
    const auto found = ends->find(partition);
    if (found == ends->end()) return {client::OffsetWord::Kind::kEarliest, 0};
    return {client::OffsetWord::Kind::kNumber, found->second};
  }
};

cli::Result<std::optional<RecordedEnds>> ends_of(const tool::Session& s, bool in_group) {
  if (!s.has("from-ends")) return std::nullopt;
  if (in_group || s.has("offset")) {
    return cli::fail("something else says where to start", "--from-ends", "leave out -o and -G");
  }
  auto ends = read_recorded_ends(s.option<std::string>("from-ends", ""),
                                 s.option<std::string>("topic", ""));
  if (!ends) return tl::make_unexpected(ends.error());
  return std::move(*ends);
}

cli::Result<Start> start_of(const tool::Session& s, bool in_group) {
  using Kind = client::OffsetWord::Kind;
  auto partitions = cli::partitions_option(s.options, "partition");
  if (!partitions) return tl::make_unexpected(partitions.error());
  if (in_group && !partitions->empty()) {
    return cli::fail("a group member cannot choose partitions", "--partition",
                     "leave out -p or -G");
  }
  if (in_group && s.has("shard")) {
    return cli::fail("the group shares the partitions out", "--shard", "leave out --shard or -G");
  }
  const auto offset =
      client::parse_offset_word(s.option<std::string>("offset", in_group ? "stored" : "beginning"));
  if (!offset) return tl::make_unexpected(offset.error());
  const bool is_end = offset->kind == Kind::kEarliest || offset->kind == Kind::kLatest;
  if (in_group && !is_end && offset->kind != Kind::kCommitted) {
    return cli::fail("a member starts at its group's commit, else at beginning or end", "--offset");
  }
  auto ends = ends_of(s, in_group);
  if (!ends) return tl::make_unexpected(ends.error());
  return Start{std::move(*partitions), s.option<cli::ShardArg>("shard", {}), *offset,
               std::move(*ends)};
}

// Real offsets, so that the history knows where reading began. Nothing for a member of a group,
// which gets partitions and offsets from the group; but the topic must be there, too.
cli::Result<std::vector<client::Position>> assignment_of(const tool::Session& s,
                                                         const client::Config& config,
                                                         const ConsumePlan& plan,
                                                         const Start& start) {
  auto admin = client::make_admin(config);
  if (!admin) return tl::make_unexpected(admin.error());
  const auto cluster = (*admin)->describe_cluster(s.deadline());
  if (!cluster) return tl::make_unexpected(cluster.error());
  const auto partitions = client::find_partitions(*cluster, plan.topic, start.partitions);
  if (!partitions) return tl::make_unexpected(partitions.error());
  std::vector<client::Position> out;
  if (!plan.group.empty()) return out;
  for (std::size_t i = start.shard.index; i < partitions->size(); i += start.shard.count) {
    const client::TopicPartition& at = (*partitions)[i];
    const auto offset = client::resolve(**admin, at, start.offset_of(at.partition), s.deadline());
    if (!offset) return tl::make_unexpected(offset.error());
    out.push_back({at, *offset});
  }
  if (out.empty()) {
    return cli::fail("no partition is left for this one", "--shard",
                     "the topic has " + std::to_string(partitions->size()));
  }
  return out;
}

// ---- what to print ------------------------------------------------------------------------------

cli::Result<std::function<void(const client::ConsumedRecord&)>> printer_of(const tool::Session& s) {
  using Printer = std::function<void(const client::ConsumedRecord&)>;
  const std::string format = s.option<std::string>("format", s.has("json-lines") ? "json" : "text");
  const bool silent = s.json_on_stdout || (s.has("verify") && !s.has("format"));
  if (format == "none" || silent) return Printer();
  if (format == "json") return Printer([](const auto& r) { cli::print(tool::json_line(r)); });
  if (format != "text") return cli::fail("not text, json or none", "--format " + format);
  return Printer([](const auto& r) {
    cli::print(r.value.value_or(std::string_view()));
    cli::print("\n");
  });
}

// What progress shows of them.
std::string figures_text(const report::Metrics& metrics) {
  const auto whole = [&](const char* name) {
    return std::to_string(static_cast<std::uint64_t>(metrics.at(name)));
  };
  return whole("read_records") + " read (" + whole("read_per_s") + "/s), " + whole("errors") +
         " errors";
}

cli::Result<void> run(tool::Session& s) {
  if (!s.words.empty())
    return cli::fail("unknown word '" + s.words.front() + "'", {}, "see --help");
  auto plan = consume_plan(s);
  if (!plan) return tl::make_unexpected(plan.error());
  const bool in_group = !plan->group.empty();
  const auto start = start_of(s, in_group);
  if (!start) return tl::make_unexpected(start.error());
  auto printer = printer_of(s);
  if (!printer) return tl::make_unexpected(printer.error());
  s.runs_until_stopped = !plan->timeout;
  const auto tally = open_tally(s);
  if (!tally) return tl::make_unexpected(tally.error());
  plan->tally = tally->get();
  auto config = in_group
                    ? s.connect({client::Operation::kGroupMembership, client::Operation::kFetch})
                    : s.connect({client::Operation::kFetch});
  if (!config) return tl::make_unexpected(config.error());
  // A member without a commit starts where -o says; a commit wins over it.
  if (in_group && start->offset.kind == client::OffsetWord::Kind::kLatest) {
    config->properties.try_emplace("auto.offset.reset", "latest");
  }
  auto assignment = assignment_of(s, *config, *plan, *start);
  if (!assignment) {
    // Where it is a refusal, that may be what is expected.
    s.result.metrics["read_records"] = 0;
    return tl::make_unexpected(assignment.error());
  }
  plan->assignment = std::move(*assignment);
  auto evidence = Evidence::open(s, *plan);
  if (!evidence) return tl::make_unexpected(evidence.error());
  auto consumer = client::make_consumer(*config, plan->group);
  if (!consumer) return tl::make_unexpected(consumer.error());
  ConsumeSinks sinks = (*evidence)->sinks(*printer);
  cli::Progress progress;
  // What is printed on the same terminal is progress enough.
  const bool is_shown = !*printer || ::isatty(STDOUT_FILENO) == 0;
  progress.begin(is_shown ? plan->topic : "", plan->timeout.value_or(cli::Duration{}));
  const ConsumeRun* running = nullptr;
  sinks.tick = [&, tick = std::move(sinks.tick)] {
    progress.tick([&] { return figures_text(running->metrics()); });
    return tick();
  };
  ConsumeRun consume(*plan, std::move(sinks), (*evidence)->topic_name(), (*evidence)->group_name());
  running = &consume;
  const auto outcome = consume.run(**consumer);
  progress.clear();
  consume.fill(s.result, s.judge());
  if (auto ok = tool::write_series(s, consume.take_series()); !ok || !outcome)
    return outcome ? ok : outcome;
  return (*evidence)->judge(s);
}

}  // namespace

cli::Result<ConsumePlan> consume_plan(const tool::Session& s) {
  ConsumePlan plan;
  plan.topic = s.option<std::string>("topic", "");
  plan.group = s.option<std::string>("group", "");
  if (plan.topic.empty()) return cli::fail("no topic", "--topic", "give one with -t");
  plan.count = s.option<cli::CountArg>("count", {}).value;
  plan.commit = !s.has("no-commit");
  if (s.has("commit-every")) {
    plan.commit_every = s.option<cli::DurationArg>("commit-every", {}).value;
    if (!plan.commit || plan.group.empty()) {
      return cli::fail("nobody commits", "--commit-every",
                       "give -G GROUP, and leave out --no-commit");
    }
  }
  plan.match_uuids = s.has("match-uuid");
  for (const std::string& text : s.option<Words>("until", {})) {
    auto condition = report::parse_expectation(text);
    if (!condition) return tl::make_unexpected(condition.error());
    plan.until.push_back(std::move(*condition));
  }
  const bool asks = plan.count != 0 || !plan.until.empty();
  plan.stop_at_end = s.has("exit") || (s.has("verify") && !asks);
  if (asks || plan.stop_at_end || s.has("timeout")) plan.timeout = s.timeout;
  const auto allowances = audit::Allowances::parse(s.option<Words>("allow", {}));
  if (!allowances) return tl::make_unexpected(allowances.error());
  return plan;
}

tool::Spec consume_command() {
  return {"ks-consume", "-t TOPIC [-G GROUP] [options]", kAbout, options(), kDefaultTimeout, true,
          run};
}

}  // namespace ks::workload
